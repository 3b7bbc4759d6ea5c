"""Charts: each with its picture, its words and its table from the same points."""
