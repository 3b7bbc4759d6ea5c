"""What the Department works out from the file as it is loaded: the placement's authority, distance and location, and who is a UASC.

A file that holds these columns is taken at its word; one without them gets them here, from the same postcode table as the record. Whether a
postcode or an authority's code is known is worked out here too, as SQL cannot ask those tables: `HOME_POST_known`, `PL_POST_known`, `PL_LA_known`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sightline.engine.exchange.rules.declarations import Columns
from sightline.returns.ssda903.tables import KNOWN, PROVIDERS
from sightline.standards.areas import area, authority_of
from sightline.standards.distance import Positions, locate_many, miles_many

INSIDE, OUTSIDE = "IN", "OUT"

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
    if PROVIDERS.name in tables:
        _present_authorities(tables[PROVIDERS.name])
    for name, asylum in (("Header", "UASC"), ("Header_last", "UASC_last")):
        if name in tables and "UASC" not in tables[name] and "CHILD" in tables[name]:
            children = tables[name]["CHILD"]
            seeking = tables.get(asylum, {}).get("CHILD", pa.nulls(0, pa.string()))
            tables[name]["UASC"] = pc.if_else(pc.is_in(children, _whole(seeking)), "1", "0")


@dataclass(frozen=True)
class _Postcodes:
    """A column of postcodes: each is looked up once, however often it comes."""

    #: For each row the place of its postcode among those looked up; null where there is none.
    rows: Any
    where: Positions

    @classmethod
    def of(cls, column: Any) -> _Postcodes:
        encoded = _whole(column).dictionary_encode()
        return cls(encoded.indices, locate_many(encoded.dictionary.to_pylist()))

    def known(self) -> Any:
        """1 or 0, whether it is a postcode that is known."""
        return _texts(self.where.found, "1", "0").take(self.rows)

    def authorities(self) -> Any:
        """The children's services authority of each postcode, by its present code."""
        districts = self.where.laua.tolist()
        known = {code: authority_of(code).code or code for code in set(districts) if code}
        return pa.array([known.get(code) for code in districts], pa.string()).take(self.rows)

    def miles_to(self, other: _Postcodes) -> Any:
        """The distance between the postcodes of each row, as the return writes it."""
        miles = miles_many(self._positions(), other._positions())
        return pa.array([None if np.isnan(one) else f"{one:.1f}" for one in miles.tolist()], pa.string())

    def _positions(self) -> Positions:
        return self.where.take(self.rows.fill_null(-1).to_numpy())


def _place(episodes: Columns, authority: str) -> None:
    for name in KNOWN:
        # No file has them to be believed.
        episodes.pop(name, None)
    homes, places = (_Postcodes.of(episodes[name]) if name in episodes else None for name in ("HOME_POST", "PL_POST"))
    if homes is not None:
        episodes["HOME_POST_known"] = homes.known()
    if places is not None:
        _placement(episodes, places, authority)
        if "PL_DISTANCE" not in episodes and homes is not None:
            episodes["PL_DISTANCE"] = homes.miles_to(places)
    codes = episodes.get("PL_LA")
    if codes is not None:
        distinct = _whole(codes).dictionary_encode()
        known = np.array([is_authority(code) for code in distinct.dictionary.to_pylist()], dtype=bool)
        episodes["PL_LA_known"] = _texts(known, "1", "0").take(distinct.indices)


def _placement(episodes: Columns, places: _Postcodes, authority: str) -> None:
    episodes["PL_POST_known"] = places.known()
    if "PL_LA" not in episodes:
        episodes["PL_LA"] = places.authorities()
    if "PL_LOCATION" not in episodes and authority:
        episodes["PL_LOCATION"] = pc.if_else(pc.equal(episodes["PL_LA"], authority), INSIDE, OUTSIDE)


def _texts(flags: Any, yes: str, no: str) -> Any:
    return pc.if_else(pa.array(flags, pa.bool_()), yes, no)


def _whole(column: Any) -> Any:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def is_authority(code: str) -> bool:
    """Whether a text is a code that may stand as the authority of a placement: an authority of the United Kingdom, past or present."""
    if _ENGLISH.fullmatch(code):
        return area(code).level == "local_authority"
    return _BEYOND_ENGLAND.fullmatch(code) is not None


def _present_authorities(providers: Columns) -> None:
    """The authorities of the list of providers by their present codes, as they are compared with the placing authority."""
    texts = providers.get("LA_CODE_INFERRED")
    if texts is not None:
        distinct = _whole(texts).dictionary_encode()
        codes = [area(text).code or text for text in distinct.dictionary.to_pylist()]
        providers["LA_CODE_INFERRED"] = pa.array(codes, pa.string()).take(distinct.indices)
