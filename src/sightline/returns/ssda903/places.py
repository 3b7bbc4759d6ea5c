"""What the Department works out from the file as it is loaded: the placement's authority, distance and location, and who is a UASC.

A file that holds these columns is taken at its word; one without them gets them here, from the same postcode table as the record. Whether a
postcode or an authority's code is known is worked out here too, as SQL cannot ask those tables: `HOME_POST_known`, `PL_POST_known`, `PL_LA_known`.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from sightline.standards.areas import area, authority_of
from sightline.standards.distance import Positions, distance_many, locate_many

Columns = dict[str, list[str | None]]
INSIDE, OUTSIDE = "IN", "OUT"
PROVIDERS = "Provider Info"

_ENGLISH = re.compile(r"E(06|08|09|10)[0-9]{6}")
#: Authorities of Wales, Scotland and Northern Ireland, and the codes for places that have none. Source: DfE SSDA903 guide, LA of placement.
_BEYOND_ENGLAND = re.compile(r"(W06|S12|N09)[0-9]{6}|N92000002|[LM]99999999|WAL|SCO|NIR|NUK|CON")


def prepare(tables: dict[str, Columns], context: dict[str, Any]) -> None:
    """Fill in what the file leaves to be worked out, in place. `context["authority"]` becomes the authority's present code."""
    authority = str(context.get("authority") or "")
    code = area(authority).code or authority if authority else ""
    context["authority"] = code
    for name in ("Episodes", "Episodes_last"):
        if name in tables:
            _place(tables[name], code)
    if PROVIDERS in tables:
        _present_authorities(tables[PROVIDERS])
    for name, asylum in (("Header", "UASC"), ("Header_last", "UASC_last")):
        if name in tables and "UASC" not in tables[name] and "CHILD" in tables[name]:
            seeking = set(tables.get(asylum, {}).get("CHILD", ()))
            tables[name]["UASC"] = ["1" if child in seeking else "0" for child in tables[name]["CHILD"]]


def _place(episodes: Columns, authority: str) -> None:
    homes, places = episodes.get("HOME_POST"), episodes.get("PL_POST")
    if homes is not None:
        episodes["HOME_POST_known"] = _flags(homes, locate_many(homes).found.tolist())
    if places is not None:
        _placement(episodes, places, authority)
        if "PL_DISTANCE" not in episodes and homes is not None:
            miles = distance_many(homes, places)
            episodes["PL_DISTANCE"] = [None if np.isnan(one) else f"{one:.1f}" for one in miles.tolist()]
    codes = episodes.get("PL_LA")
    if codes is not None:
        known = {code: is_authority(code) for code in set(codes) if code}
        episodes["PL_LA_known"] = _flags(codes, [code is not None and known.get(code, False) for code in codes])


def _placement(episodes: Columns, places: list[str | None], authority: str) -> None:
    where = locate_many(places)
    episodes["PL_POST_known"] = _flags(places, where.found.tolist())
    if "PL_LA" not in episodes:
        episodes["PL_LA"] = _authorities(where)
    if "PL_LOCATION" not in episodes and authority:
        episodes["PL_LOCATION"] = [
            None if one is None else INSIDE if one == authority else OUTSIDE for one in episodes["PL_LA"]
        ]


def _flags(cells: list[str | None], known: list[bool]) -> list[str | None]:
    return [None if cell is None else "1" if held else "0" for cell, held in zip(cells, known, strict=True)]


def is_authority(code: str) -> bool:
    """Whether a text is a code that may stand as the authority of a placement: an authority of the United Kingdom, past or present."""
    if _ENGLISH.fullmatch(code):
        return area(code).level == "local_authority"
    return _BEYOND_ENGLAND.fullmatch(code) is not None


def _authorities(positions: Positions) -> list[str | None]:
    """The children's services authority of each postcode, by its present code."""
    districts = positions.laua.tolist()
    known = {code: authority_of(code).code or code for code in set(districts) if code}
    return [known.get(code) for code in districts]


def _present_authorities(providers: Columns) -> None:
    """The authorities of the list of providers by their present codes, as they are compared with the placing authority."""
    texts = providers.get("LA_CODE_INFERRED")
    if texts is not None:
        known = {text: area(text).code or text for text in set(texts) if text}
        providers["LA_CODE_INFERRED"] = [known[text] if text else None for text in texts]
