"""Published facts about an area's children that no social care record holds: poverty, free school meals, ethnicity, language."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.standards.areas import area
from sightline.standards.data import data_path, parse_flag, read_csv, remembered


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """One cited fact. `about`: the source gives a rounded number ("approximately"). `period` is as the source words it."""

    area_code: str
    indicator: str
    title: str
    period: str
    as_at: str
    value: float
    unit: str
    about: bool
    source: str


def profile(where: str) -> tuple[ProfileFact, ...]:
    """The facts held for an area, in the order of the data; empty when there are none."""
    code = area(where).code
    return tuple(fact for fact in _facts() if fact.area_code == code)


def fact(where: str, indicator: str, period: str | None = None) -> ProfileFact | None:
    """One fact for an area (for a period as its source words it), or None when it is not held."""
    found = [one for one in profile(where) if one.indicator == indicator and period in (None, one.period)]
    return found[-1] if found else None


@remembered
def _facts() -> tuple[ProfileFact, ...]:
    return tuple(
        ProfileFact(
            area_code=row["area_code"],
            indicator=row["indicator"],
            title=row["title"],
            period=row["period"],
            as_at=row["as_at"],
            value=float(row["value"]),
            unit=row["unit"],
            about=parse_flag(row["about"]),
            source=row["source"],
        )
        for row in read_csv(data_path("area_profile.csv"))
    )
