"""The detector, which tells digits from what is not a digit: its network, its data, training and rates."""
