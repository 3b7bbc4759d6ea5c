"""Looked-after children: periods of care, episodes, placements and reviews."""
