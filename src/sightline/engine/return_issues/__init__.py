"""Issues of statutory returns: what the rules find in the record, whose it is to mend, what was answered, and what was sent."""
