"""The detector, which tells digits from things that are none: its network, its data, training and rates."""
