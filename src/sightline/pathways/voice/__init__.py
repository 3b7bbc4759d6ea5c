"""What children say of the help that they get."""
