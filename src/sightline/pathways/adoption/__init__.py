"""Adoption: from the decision to the order."""
