"""Files of runs: their weights, and the records of how they were made and how good they are."""
