"""The board's own work. One folder for each part."""
