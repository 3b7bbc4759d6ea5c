"""Statutory returns: for each a folder with its tables, the facts its rules share, and its rules. The engine is `engine.exchange.rules`."""
