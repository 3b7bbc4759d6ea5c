"""Sightline: a safeguarding partnership's line of sight, from one contact about one child to its annual report."""

__version__ = "0.1.0"
