"""The assessments of a synthetic partnership, and the factors found in them."""

from sightline.pathways.assessment.synthetic.rows import live, tables

ORDER = 60

__all__ = ["ORDER", "live", "tables"]
