"""What every record carries: case notes, documents, management oversight and the tasks that come of it."""
