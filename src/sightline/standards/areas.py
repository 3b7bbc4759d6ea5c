"""Authorities, districts and regions of England, by any code or name they have had.

An authority that is not in the table (Wales, Scotland, an imported name nobody recognises) is accepted and stays visible as unknown:
`area("Powys").known` is False. Nothing is guessed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from sightline.standards.data import data_path, read_csv, remembered

Level = Literal["national", "region", "sub_region", "local_authority", "district", "unknown"]

ENGLAND = "E92000001"
MODELS = ("2021", "2025")
LATEST_MODEL = MODELS[-1]
#: The code under which the returns of an authority that is in no table are held: its old code is all that is known.
_UNLISTED = re.compile(r"LA(?P<number>[0-9]{3})")


@dataclass(frozen=True, slots=True)
class Area:
    """One area. `old_la_code` is DfE's three-digit code; `easting` and `northing` (metres) the mean position of its postcodes."""

    code: str
    name: str
    level: Level
    old_la_code: str = ""
    region_code: str = ""
    region_name: str = ""
    parent_code: str = ""
    la_type: str = ""
    current: bool = True
    former_codes: tuple[str, ...] = ()
    easting: int | None = None
    northing: int | None = None
    known: bool = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A statistical neighbour. `rank` 1 is the nearest; `closeness` is DfE's wording."""

    area: Area
    rank: int
    closeness: str


def area(text: str | int) -> Area:
    """The area of a GSS code (present or former), DfE's old three-digit code, or a name. Never fails: see the module's note on `known`."""
    asked = str(text).strip()
    found = _by_code().get(asked.upper()) or _by_name().get(_words(asked)) or _by_name().get(_plain(asked))
    if found is None and (unlisted := _UNLISTED.fullmatch(asked.upper())):
        name = f"Unknown authority (LA code {unlisted['number']})"
        return Area(code=asked.upper(), name=name, level="unknown", known=False)
    return found or Area(
        code=asked if _looks_like_code(asked) else "", name=asked or "Not stated", level="unknown", known=False
    )


def areas(level: Level | None = None, *, current_only: bool = True) -> tuple[Area, ...]:
    """All areas, or those of one level, in the order of the table."""
    return tuple(a for a in _all() if (level is None or a.level == level) and (a.current or not current_only))


def region_of(text: str | int) -> Area | None:
    """The region that holds an authority or a district; None for England, a region or an unknown area."""
    found = area(text)
    return area(found.region_code) if found.region_code and found.level in ("local_authority", "district") else None


def districts(text: str | int) -> tuple[Area, ...]:
    """The districts of a county; an authority without districts is its own only district. Empty for an unknown area."""
    found = area(text)
    below = tuple(a for a in _all() if a.level == "district" and a.parent_code == found.code and found.known)
    return below or ((found,) if found.level == "local_authority" else ())


def authority_of(text: str | int) -> Area:
    """The upper-tier authority of a district, or the area itself. An unknown area is returned as it stands."""
    found = area(text)
    return area(found.parent_code) if found.level == "district" else found


def predecessors(text: str | int) -> tuple[Area, ...]:
    """Authorities that an authority replaced by reorganisation, whose figures stand for its earlier years. Most have none."""
    code = area(text).code
    rows = read_csv(data_path("area_predecessors.csv"))
    return tuple(area(row["predecessor_code"]) for row in rows if row["area_code"] == code)


def neighbours(text: str | int, model: str | int = LATEST_MODEL) -> tuple[Neighbour, ...]:
    """The ten statistical neighbours of an authority in one edition of the model (`2021` or `2025`), nearest first.

    Empty when the model does not hold the authority. Raises ValueError for a model that is not held.
    """
    if str(model) not in MODELS:
        raise ValueError(f"no neighbour model '{model}'. Held: {', '.join(MODELS)}.")
    return _neighbours().get((str(model), area(text).code), ())


def suggestions(text: str, n: int = 3) -> tuple[Area, ...]:
    """Known areas with a name near the text, best first."""
    return tuple(_by_name()[name] for name in get_close_matches(_plain(text), list(_by_name()), n=n))


@remembered
def _all() -> tuple[Area, ...]:
    return tuple(
        _area(row) for row in read_csv(data_path("areas.csv"), ("area_code", "area_name", "area_level", "former_codes"))
    )


def _area(row: dict[str, str]) -> Area:
    level: Level = row["area_level"]  # type: ignore[assignment]
    return Area(
        code=row["area_code"],
        name=row["area_name"],
        level=level,
        old_la_code=row["old_la_code"],
        region_code=row["region_code"],
        region_name=row["region_name"],
        parent_code=row["parent_code"],
        la_type=row["la_type"],
        current=row["is_current"] == "True",
        former_codes=tuple(part for part in re.split(r"[;| ]+", row["former_codes"]) if part),
        easting=int(row["easting"]) if row["easting"] else None,
        northing=int(row["northing"]) if row["northing"] else None,
    )


@remembered
def _by_code() -> dict[str, Area]:
    found: dict[str, Area] = {}
    for one in _all():
        for former in (*one.former_codes, one.old_la_code):
            # A present code wins over a former one, and a present authority over one that was abolished.
            if former and (former not in found or one.current):
                found[former] = one
    return found | {one.code: one for one in _all()}


@remembered
def _by_name() -> dict[str, Area]:
    """Names to areas. Where two share a name (Dorset, before and after 2019) the present authority is meant, then the larger area."""
    order = {"national": 0, "local_authority": 1, "region": 2, "district": 3, "sub_region": 4}
    ranked = sorted(_all(), key=lambda one: (not one.current, order[one.level]))
    loose = {_plain(one.name): one for one in reversed(ranked)}
    return loose | {_words(one.name): one for one in reversed(ranked)}


@remembered
def _neighbours() -> dict[tuple[str, str], tuple[Neighbour, ...]]:
    found: dict[tuple[str, str], list[Neighbour]] = {}
    for row in read_csv(data_path("benchmarks", "statistical_neighbours.csv")):
        neighbour = Neighbour(area(row["neighbour_code"]), int(row["rank"]), row["closeness"])
        found.setdefault((row["model"], row["area_code"]), []).append(neighbour)
    return {key: tuple(sorted(rows, key=lambda row: row.rank)) for key, rows in found.items()}


def _plain(name: str) -> str:
    """A name without case, punctuation, 'council' and the like, so that 'Bristol, City of' and 'City of Bristol Council' agree."""
    words = _words(name).split()
    dropped = {
        "council",
        "county",
        "borough",
        "metropolitan",
        "city",
        "district",
        "of",
        "the",
        "upon",
        "on",
        "cc",
        "mbc",
    }
    kept = [word for word in words if word not in dropped] or words
    return " ".join(kept)


def _words(name: str) -> str:
    """A name in lower case without punctuation. Tried first: 'City of London' and the region 'London' differ by such words alone."""
    return " ".join(re.sub(r"[^a-z ]", " ", name.lower().replace("&", " and ").replace("'", "")).split())


def _looks_like_code(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]\d{8}|\d{3}", text.upper()))
