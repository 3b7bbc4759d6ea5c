"""The front door's part of a synthetic partnership: contacts, referrals, and the children in need that they lead to."""

from sightline.pathways.front_door.synthetic.rows import live, tables

ORDER = 50

__all__ = ["ORDER", "live", "tables"]
