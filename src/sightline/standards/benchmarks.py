"""Published comparators: DfE statistics for every authority, and averages printed in a board's own report.

A published table holds markers where a number is withheld or absent. They come back as `value=None` with the marker's meaning; a marker
is never a nought. Neighbour averages are plain means or medians over the neighbours that have a value, and say how many had one.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from statistics import mean, median
from typing import Literal

from sightline.standards.areas import ENGLAND, LATEST_MODEL, Area, area, neighbours, predecessors, region_of
from sightline.standards.data import data_path, read_csv, remembered
from sightline.standards.periods import Period, parse

NEIGHBOURS = "statistical_neighbours"
NOT_HELD = "not held"
MARKERS = {
    "c": "withheld to protect small numbers",
    "z": "not applicable",
    "x": "not available",
    "u": "unreliable",
    "k": "rounds to nought",
    "low": "rounds to nought",
    "-": "missing, the publisher does not say why",
    NOT_HELD: "not held",
}


class UnknownIndicator(KeyError):
    """No indicator of that id or key."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a benchmark counts. `polarity` is `high`, `low` or `neutral` (which way is better), empty when not said."""

    id: str
    key: str
    name: str
    topic: str
    unit: str
    polarity: str
    decimals: int | None
    year_type: str
    owner: str
    description: str
    methodology: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Value:
    """One published value. `value` is None whenever `status` is a marker; `period_end` is the year in which the period ends."""

    indicator: str
    area: Area
    period_end: int
    breakdown: str
    value: float | None
    status: str
    unit: str
    numerator: float | None
    denominator: float | None
    release: str
    derived: bool

    @property
    def meaning(self) -> str:
        """What the marker says, empty when there is a value."""
        return MARKERS.get(self.status, self.status)


@dataclass(frozen=True, slots=True)
class Average:
    """A mean or median over statistical neighbours. `n` of `of` had a value; `absent` lists the others, with the reason."""

    value: float | None
    how: str
    model: str
    n: int
    of: int
    values: tuple[Value, ...]
    absent: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A comparator as a report printed it. `area` is an area code or `statistical_neighbours`; `period` is empty when it was not said."""

    id: str
    measure: str
    title: str
    area: str
    period: str
    as_at: str
    value: float
    unit: str
    direction: str
    places: int
    source: str


def indicator(name: str) -> Indicator:
    """An indicator by id (`lait.ReReferral`) or by headline key (`rereferral_pct`). Raises UnknownIndicator (naming near ones)."""
    found = _indicators().get(name)
    if found is None:
        near = get_close_matches(name, list(_indicators()), n=3)
        raise UnknownIndicator(f"no indicator '{name}'." + (f" Near: {', '.join(near)}." if near else ""))
    return found


def indicators(topic: str | None = None) -> tuple[Indicator, ...]:
    """Every indicator, or those of a topic."""
    return tuple(i for name, i in _indicators().items() if name == i.id and (topic is None or i.topic == topic))


def value(name: str, where: str | Area, period: str | int | Period, breakdown: str = "") -> Value:
    """The published value for an area and the period that ends in a year. Status `not held` when nothing was published here."""
    what, place, ends = indicator(name), where if isinstance(where, Area) else area(where), period_end(period)
    row = _rows(what.id).get((place.code, ends, breakdown))
    if row is None:
        return Value(what.id, place, ends, breakdown, None, NOT_HELD, what.unit, None, None, "", derived=False)
    number, status, unit, numerator, denominator, release, derived = row
    return Value(what.id, place, ends, breakdown, number, status, unit, numerator, denominator, release, derived)


def series(name: str, where: str | Area, breakdown: str = "") -> tuple[Value, ...]:
    """All periods held for an area, oldest first."""
    place = where if isinstance(where, Area) else area(where)
    years = sorted(end for code, end, part in _rows(indicator(name).id) if code == place.code and part == breakdown)
    return tuple(value(name, place, end, breakdown) for end in years)


def breakdowns(name: str) -> tuple[str, ...]:
    """The breakdowns an indicator is published by, the headline (empty text) first when there is one."""
    return tuple(sorted({part for _, _, part in _rows(indicator(name).id)}))


def england(name: str, period: str | int | Period, breakdown: str = "") -> Value:
    """The value for England."""
    return value(name, ENGLAND, period, breakdown)


def region(name: str, where: str | Area, period: str | int | Period, breakdown: str = "") -> Value | None:
    """The value for the region that holds an authority; None when it has no region."""
    found = region_of(where.code if isinstance(where, Area) else where)
    return value(name, found, period, breakdown) if found else None


def neighbour_average(
    name: str,
    where: str | Area,
    period: str | int | Period,
    breakdown: str = "",
    *,
    how: Literal["mean", "median"] = "mean",
    model: str | int = LATEST_MODEL,
) -> Average:
    """The average over an authority's statistical neighbours.

    For years before a neighbour existed its single predecessor stands in (Northamptonshire for its successors), counted once. Raises
    ValueError for a model that is not held.
    """
    code = where.code if isinstance(where, Area) else where
    found = {}
    for neighbour in neighbours(code, model):
        one = _with_predecessor(name, neighbour.area, period, breakdown)
        found[one.area.code] = one
    present = [one for one in found.values() if one.value is not None]
    numbers = [one.value for one in present if one.value is not None]
    middle = (mean if how == "mean" else median)(numbers) if numbers else None
    absent = tuple(one for one in found.values() if one.value is None)
    return Average(middle, how, str(model), len(present), len(found), tuple(present), absent)


def printed(measure: str, where: str | None = None, period: str | None = None) -> tuple[Printed, ...]:
    """Comparators as printed in the 2016-17 report, for a measure key such as `cp.rate` (and an area code, and a period).

    A named source of its own: never mixed with the published tables, which have been revised since.
    """
    return tuple(
        row
        for row in _printed()
        if row.measure == measure and where in (None, row.area) and (period is None or row.period == period)
    )


def period_end(period: str | int | Period) -> int:
    """The year in which a yearly period ends: 2017 for `2016-17`, `2016/17`, 2017 or a Period. Raises ValueError for part of a year."""
    if isinstance(period, int):
        return period
    if isinstance(period, str) and period.isdigit():
        return int(period)
    read = parse(period) if isinstance(period, str) else period
    if not 360 <= read.days <= 370:
        raise ValueError(f"published figures are yearly: '{read}' is not a year.")
    return read.end.year


def _with_predecessor(name: str, place: Area, period: str | int | Period, breakdown: str) -> Value:
    own = value(name, place, period, breakdown)
    before = predecessors(place.code) if own.value is None else ()
    if len(before) != 1:
        return own
    theirs = value(name, before[0], period, breakdown)
    return theirs if theirs.value is not None else own


@remembered
def _indicators() -> dict[str, Indicator]:
    found = {}
    for row in read_csv(data_path("benchmarks", "indicators.csv"), ("indicator_id", "core_key", "indicator_name")):
        one = Indicator(
            id=row["indicator_id"],
            key=row["core_key"],
            name=row["indicator_name"],
            topic=row["topic"],
            unit=row["unit"],
            polarity=row["polarity"],
            decimals=int(row["decimals"]) if row["decimals"] else None,
            year_type=row["year_type"],
            owner=row["owner"],
            description=row["description"],
            methodology=row["methodology"],
            source_url=row["source_url"],
        )
        found[one.id] = one
        if one.key:
            found[one.key] = one
    return found


Row = tuple[float | None, str, str, float | None, float | None, str, bool]


@remembered
def _rows(indicator_id: str) -> dict[tuple[str, int, str], Row]:
    """One indicator's rows by area code, period end and breakdown. Read by DuckDB, which skips the rest of the file (about 30 ms)."""
    import duckdb

    path = str(data_path("benchmarks", "dfe_benchmarks.parquet"))
    query = """
        select area_code, period_end, breakdown, value, status, unit, numerator, denominator, release, derived
        from read_parquet(?) where indicator_id = ?
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, [path, indicator_id]).fetchall()
    return {(row[0], int(row[1]), row[2] or ""): (row[3], row[4] or "", *row[5:]) for row in rows}


@remembered
def _printed() -> tuple[Printed, ...]:
    rows = read_csv(data_path("benchmarks", "printed_comparators_2016_17.csv"))
    return tuple(Printed(**{**row, "value": float(row["value"]), "places": int(row["places"])}) for row in rows)  # type: ignore[arg-type]
