"""What the Department works out from the file as it is loaded: the placement's authority, distance and location, and who is a UASC.

A file that holds these columns is taken at its word; one without them gets them here, from the same postcode table as the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sightline.standards.areas import area, authority_of
from sightline.standards.distance import distance_many, locate_many

Columns = dict[str, list[str | None]]
INSIDE, OUTSIDE = "IN", "OUT"


def prepare(tables: dict[str, Columns], context: Mapping[str, Any]) -> None:
    """Fill in what the file leaves to be worked out, in place. `context["authority"]` becomes the authority's present code."""
    authority = str(context.get("authority") or "")
    code = area(authority).code or authority if authority else ""
    if isinstance(context, dict):
        context["authority"] = code
    for name in ("Episodes", "Episodes_last"):
        if name in tables:
            _place(tables[name], code)
    for name, asylum in (("Header", "UASC"), ("Header_last", "UASC_last")):
        if name in tables and "UASC" not in tables[name] and "CHILD" in tables[name]:
            seeking = set(tables.get(asylum, {}).get("CHILD", ()))
            tables[name]["UASC"] = ["1" if child in seeking else "0" for child in tables[name]["CHILD"]]


def _place(episodes: Columns, authority: str) -> None:
    homes, places = episodes.get("HOME_POST"), episodes.get("PL_POST")
    if places is None:
        return
    if "PL_LA" not in episodes:
        episodes["PL_LA"] = _authorities(places)
    if "PL_LOCATION" not in episodes and authority:
        episodes["PL_LOCATION"] = [
            None if one is None else INSIDE if one == authority else OUTSIDE for one in episodes["PL_LA"]
        ]
    if "PL_DISTANCE" not in episodes and homes is not None:
        miles = distance_many(homes, places)
        episodes["PL_DISTANCE"] = [None if np.isnan(one) else f"{one:.1f}" for one in miles.tolist()]


def _authorities(postcodes: list[str | None]) -> list[str | None]:
    """The children's services authority of each postcode, by its present code."""
    districts = locate_many(postcodes).laua.tolist()
    known = {code: authority_of(code).code or code for code in set(districts) if code}
    return [known.get(code) for code in districts]
