"""Home-to-placement distance, and where a postcode is.

A straight line in miles to one decimal, as the SSDA903 guide asks and as the open 903 validator computes it: metres on the British grid,
divided by 1000 and by 1.6093. No distance is given for Northern Ireland (another grid), the Channel Islands, the Isle of Man or a postcode
without a position: the answer is None, or NaN in an array, and never nought.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sightline.standards.areas import Area, area, authority_of, districts
from sightline.standards.postcodes import NOWHERE, Keys, gazetteer, pack, unpack

METRES_PER_MILE = 1609.3

_NOT_LETTERS_OR_DIGITS = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Position:
    """A postcode's place: metres on the British grid (None when it has no place there) and its district's code."""

    postcode: str
    easting: int | None
    northing: int | None
    laua: str

    @property
    def district(self) -> Area:
        """The lower-tier authority."""
        return area(self.laua)

    @property
    def authority(self) -> Area:
        """The upper-tier authority, which is the children's services authority."""
        return authority_of(self.laua)


@dataclass(frozen=True, eq=False)
class Positions:
    """Many postcodes in the order asked. Where `found` is False the other columns are NaN or empty; eastings are NaN without a place."""

    found: npt.NDArray[np.bool_]
    eastings: npt.NDArray[np.float64]
    northings: npt.NDArray[np.float64]
    laua: npt.NDArray[np.str_]

    def take(self, rows: npt.NDArray[np.int_]) -> Positions:
        """Those at these places, in that order; at -1 stands none."""
        held = rows >= 0
        return Positions(
            found=held & self.found[rows] if len(self.found) else held,
            eastings=_where(held, self.eastings, rows),
            northings=_where(held, self.northings, rows),
            laua=np.where(held, self.laua[rows], "") if len(self.laua) else np.full(len(rows), ""),
        )


def compact(postcode: str | None) -> str:
    """Capitals and digits only, empty when it cannot be a postcode: `st16 3aa` gives `ST163AA`."""
    text = _NOT_LETTERS_OR_DIGITS.sub("", (postcode or "").upper())
    return text if 5 <= len(text) <= 7 else ""


def tidy(postcode: str) -> str:
    """A postcode in capitals with one space before its last three characters; other text is returned stripped."""
    text = compact(postcode)
    return f"{text[:-3]} {text[-3:]}" if text else postcode.strip()


def locate(postcode: str | None) -> Position | None:
    """Where a postcode is, in any spacing or case; None when it is not held."""
    text = compact(postcode)
    held = gazetteer()
    row = int(held.rows(pack([text]))[0]) if text else -1
    if row < 0:
        return None
    placed = bool(held.eastings[row] != NOWHERE)
    easting, northing = (int(held.eastings[row]), int(held.northings[row])) if placed else (None, None)
    return Position(tidy(text), easting, northing, held.district_codes[held.districts[row]])


def locate_many(postcodes: Iterable[str | None]) -> Positions:
    """Where many postcodes are, in one look-up (about a microsecond for each, after their text is tidied)."""
    texts = np.array([compact(postcode) for postcode in postcodes], dtype="S8")
    held = gazetteer()
    rows = np.where(texts == b"", -1, held.rows(pack(texts))) if len(texts) else np.empty(0, dtype=np.intp)
    found = rows >= 0
    placed = found & (held.eastings[rows] != NOWHERE)
    codes = np.array(["", *held.district_codes])
    return Positions(
        found=found,
        eastings=np.where(placed, held.eastings[rows], np.nan),
        northings=np.where(placed, held.northings[rows], np.nan),
        laua=codes[np.where(found, held.districts[rows].astype(np.intp) + 1, 0)],
    )


def miles(a: Position | None, b: Position | None) -> float | None:
    """Miles between two positions to one decimal; None when either has no place on the British grid."""
    if a is None or b is None or None in (a.easting, a.northing, b.easting, b.northing):
        return None
    east, north = (a.easting or 0) - (b.easting or 0), (a.northing or 0) - (b.northing or 0)
    return _miles(float(east), float(north))


def distance(a: str | None, b: str | None) -> float | None:
    """Miles between two postcodes to one decimal; None when either has no place on the British grid."""
    return miles(locate(a), locate(b))


def distance_many(a: Sequence[str | None], b: Sequence[str | None]) -> npt.NDArray[np.float64]:
    """Miles between pairs of postcodes to one decimal, NaN where there is none. Raises ValueError when the lengths differ."""
    if len(a) != len(b):
        raise ValueError(f"{len(a)} postcodes cannot be paired with {len(b)}.")
    return miles_many(locate_many(a), locate_many(b))


def miles_many(here: Positions, there: Positions) -> npt.NDArray[np.float64]:
    """Miles between pairs of positions to one decimal, NaN where either has no place on the British grid."""
    pairs = zip((here.eastings - there.eastings).tolist(), (here.northings - there.northings).tolist(), strict=True)
    return np.array([math.nan if math.isnan(east) else _miles(east, north) for east, north in pairs], dtype=float)


def _where(
    held: npt.NDArray[np.bool_], values: npt.NDArray[np.float64], rows: npt.NDArray[np.int_]
) -> npt.NDArray[np.float64]:
    return np.where(held, values[rows], np.nan) if len(values) else np.full(len(rows), np.nan)


def _miles(east: float, north: float) -> float:
    """The guide's arithmetic, step by step: Python's own rounding, so that one and many agree to the last digit."""
    return round(math.sqrt(east**2 + north**2) / 1000 / 1.6093, 1)


def postcodes_in(code: str, limit: int | None = None, seed: int = 0) -> list[str]:
    """Postcodes with a position in a district or, for a county, in all its districts.

    With a limit, a sample that depends on the seed alone: the same on every machine and with every version of numpy. Raises ValueError
    for an area that has no districts.
    """
    within = _within(code)
    return _sample(gazetteer().keys[within], limit, seed)


def postcodes_between(
    point: Position, nearest: float, furthest: float, limit: int | None = None, seed: int = 0, within: str | None = None
) -> list[str]:
    """Postcodes from `nearest` up to `furthest` miles (unrounded) of a point, in one area when `within` is given; sampled as above.

    Raises ValueError when the point has no place on the British grid.
    """
    if point.easting is None or point.northing is None:
        raise ValueError(f"{point.postcode} has no place on the British grid.")
    held = gazetteer()
    east = held.eastings.astype(float) - point.easting
    north = held.northings.astype(float) - point.northing
    away = np.hypot(east, north) / METRES_PER_MILE
    chosen = (away >= nearest) & (away <= furthest) & held.placed
    if within is not None:
        chosen &= _within(within)
    return _sample(held.keys[chosen], limit, seed)


def _within(code: str) -> npt.NDArray[np.bool_]:
    wanted = {found.code for found in districts(code)} or {former for former in [area(code).code] if former}
    held = gazetteer()
    numbers = [i for i, known in enumerate(held.district_codes) if known in wanted or area(known).code in wanted]
    if not numbers:
        raise ValueError(f"no postcodes are held for the area '{code}'.")
    found: npt.NDArray[np.bool_] = np.isin(held.districts, numbers) & held.placed
    return found


def _sample(keys: Keys, limit: int | None, seed: int) -> list[str]:
    if limit is None:
        return unpack(keys)
    order = np.argsort(_scatter(keys, seed), kind="stable")[:limit]
    return unpack(keys[order])


def _scatter(keys: Keys, seed: int) -> Keys:
    """Numbers that look random and depend on key and seed alone (the finishing step of SplitMix64)."""
    mixed = keys + np.uint64((seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
