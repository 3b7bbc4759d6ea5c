"""Repeatable measurements. `make bench` runs them all; `python -m bench NAME` runs one. None is a test: they print, and judge nothing."""
