"""Finding a person: the index, how a question is read, and what answers it."""
