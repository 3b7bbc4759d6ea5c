"""Who may do what, and which records they may see."""
