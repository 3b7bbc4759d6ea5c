"""Where a postcode lies."""

from __future__ import annotations

from functools import lru_cache

from sightline.standards.areas import authority_of
from sightline.standards.distance import locate


@lru_cache(maxsize=20_000)
def authority_at(postcode: str | None) -> str:
    """The code of the authority in which a postcode lies; empty where that is not known."""
    found = locate(postcode)
    return authority_of(found.laua).code if found else ""
