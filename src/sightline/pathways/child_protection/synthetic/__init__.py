"""The child protection part of a synthetic partnership."""

from sightline.pathways.child_protection.synthetic.rows import live, tables

ORDER = 30

__all__ = ["ORDER", "live", "tables"]
