"""Actions: the only way to write a record, one at a time or in bulk."""
