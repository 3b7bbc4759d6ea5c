"""Reads and writes the files that agencies exchange, and runs the rules of statutory returns."""

from sightline.engine.exchange.rules.run import run_rules

__all__ = ["run_rules"]
