"""The looked-after part of a synthetic partnership. It lives first: care is the most bound of all pathways."""

from sightline.pathways.looked_after.synthetic.rows import live, tables

ORDER = 10

__all__ = ["ORDER", "live", "tables"]
