"""Commands, found by Django under their file names."""
