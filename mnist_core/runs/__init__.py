"""What the runs are, as data: architectures, and the recipes that they are trained with."""
