"""Statutory returns: checking files."""

from .rights import Table

TABLE: Table = {"check-return": (frozenset({"performance_analyst"}), {}, False)}
