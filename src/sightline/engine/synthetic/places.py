"""Real postcodes for invented addresses: homes in the area's districts, placements in and out of it, near and far.

The streets do not exist. A sample is drawn once for an area, so that the same seed gives the same places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sightline.engine.synthetic.chance import Chance
from sightline.standards import distance
from sightline.standards.areas import area, authority_of, districts

HOMES = 4000
AROUND = 9000
REACH_MILES = 90
NEAR, FAR = 19.2, 20.8  # kept clear of the 20 miles that a measure asks about
STREETS = (
    "Example Street",
    "Sample Road",
    "Specimen Close",
    "Invented Lane",
    "Fictional Avenue",
    "Pattern Way",
    "Model Drive",
    "Placeholder Row",
    "Imaginary Gardens",
    "Demonstration Court",
)


@dataclass(frozen=True, eq=False)
class Sample:
    """Postcodes in columns: text, metres on the British grid, district and authority."""

    postcodes: list[str]
    eastings: npt.NDArray[np.float64]
    northings: npt.NDArray[np.float64]
    districts: list[str]
    authorities: list[str]
    inside: npt.NDArray[np.bool_]


@cache
def homes(code: str) -> Sample:
    """Postcodes in an area, as many in each district as it has of the area's postcodes."""
    return _sample(distance.postcodes_in(code, HOMES, seed=1), code)


@cache
def around(code: str) -> Sample:
    """Postcodes in and around an area."""
    here = homes(code)
    middle = distance.Position("", int(here.eastings.mean()), int(here.northings.mean()), "")
    return _sample(distance.postcodes_between(middle, 0, REACH_MILES, AROUND, seed=2) + here.postcodes, code)


def _sample(postcodes: list[str], code: str) -> Sample:
    found = distance.locate_many(postcodes)
    lower = [str(one) for one in found.laua]
    upper = {one: authority_of(one).code for one in set(lower)}
    within = {one.code for one in districts(code)} | {area(code).code}
    return Sample(
        postcodes,
        found.eastings,
        found.northings,
        lower,
        [upper[one] for one in lower],
        np.array([one in within or upper[one] in within for one in lower]),
    )


def miles(here: Sample, i: int, there: Sample, j: int) -> float:
    """The distance between two places of two samples, exactly as `sightline.standards.distance` works it out."""
    east, north = here.eastings[i] - there.eastings[j], here.northings[i] - there.northings[j]
    return round(math.sqrt(east**2 + north**2) / 1000 / 1.6093, 1)


def find(chance: Chance, code: str, home: int, *, outside: bool, far: bool) -> int:
    """A place (of `around`) for a child with that home (of `homes`): out of the area or in it, far or near."""
    here, there = homes(code), around(code)
    for _ in range(400):
        j = chance.randrange(len(there.postcodes))
        if bool(there.inside[j]) is outside:
            continue
        away = miles(here, home, there, j)
        # Never the home itself.
        if (away > FAR) if far else (0 < away < NEAR):
            return j
    return _search(here, home, there, outside=outside, far=far)


def _search(here: Sample, home: int, there: Sample, *, outside: bool, far: bool) -> int:
    """The best place there is, when guessing found none (a small area has nowhere far inside)."""
    away = np.hypot(there.eastings - here.eastings[home], there.northings - here.northings[home])
    right_side = there.inside != outside
    away = np.where(right_side, away, -np.inf if far else np.inf)
    return int(np.argmax(away) if far else np.argmin(away))


def can_be_far(code: str, home: int) -> bool:
    """Whether the area itself has places over 20 miles from a home."""
    here = homes(code)
    away = np.hypot(here.eastings - here.eastings[home], here.northings - here.northings[home])
    return bool((away > FAR * distance.METRES_PER_MILE * 1.15).sum() > 20)


def line(chance: Chance) -> str:
    """The first line of an address that is nowhere."""
    return f"{chance.between(1, 199)} {chance.choice(STREETS)}"
