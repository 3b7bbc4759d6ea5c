"""Rules that a partnership chooses for itself, each from a day on. See docs/decisions/0020-local-rules.md."""
