"""What an administrator chooses for the whole installation, each declared once with its help and what holds where nothing was chosen."""
