"""Who may open which address, one module for each area of the application: what the role matrix says, written down a second time."""
