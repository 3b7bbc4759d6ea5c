"""Resident child populations, in versions, with the rule that says which one a rate divides by.

Estimates are revised for years afterwards, so a number alone is not enough: every answer says which version, which mid-year and whose
rule. The rule `dfe` takes the mid-year before the year end (LAIT data dictionary). Another rule, in `data/population_rules.csv`, lets a
report keep the base it was published with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sightline.standards.areas import Area, area
from sightline.standards.data import DataError, data_path, read_csv, remembered

DEFAULT_RULE = "dfe"
CHILDREN = "0 to 17"
ALL = "Persons"


class PopulationNotHeld(LookupError):
    """No population for that area, year, age or version; the message says what is held."""


@dataclass(frozen=True, slots=True)
class Version:
    """One edition of estimates, as its publisher issued them."""

    id: str
    title: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Population:
    """People of an age band and sex in an area at 30 June of `mid_year`. `stands_in`: the year wanted is not held yet, this is the latest."""

    number: int
    area: Area
    mid_year: int
    age_band: str
    sex: str
    version: Version
    rule: str
    stands_in: bool = False

    @property
    def provenance(self) -> str:
        """One line for a note under a figure."""
        later = " (the latest held)" if self.stands_in else ""
        return f"{self.area.name}, {self.age_band}, mid-{self.mid_year}{later}: {self.number:,}. {self.version.title}; {self.version.source}."


def population(
    where: str | Area,
    on: date,
    *,
    rule: str = DEFAULT_RULE,
    version: str | None = None,
    mid_year: int | None = None,
    age_band: str = CHILDREN,
    sex: str = ALL,
) -> Population:
    """The population that a rate for an area at a date divides by.

    `on` is the day of a count, or the last day of a period. `version` and `mid_year` override the rule. When the year that the rule asks
    for is later than any held, the latest stands in and says so; an earlier year is never guessed. Raises PopulationNotHeld.
    """
    place = where if isinstance(where, Area) else area(where)
    asked_version, asked_year = _by_rule(rule, place.code, _year_end(on))
    chosen, wanted = version or asked_version, mid_year or asked_year
    held = _held(chosen, place.code, age_band, sex)
    if not held and version is None:
        chosen, held = _other_version(place.code, age_band, sex, wanted)
    year = wanted if wanted in held else max(held, default=0)
    if not held or year > wanted or (mid_year and year != mid_year):
        raise PopulationNotHeld(_not_held(place, age_band, sex, wanted, chosen, held))
    return Population(held[year], place, year, age_band, sex, versions()[chosen], rule, stands_in=year != wanted)


def mid_years(
    where: str | Area, version: str = "ons-dfe-series", age_band: str = CHILDREN, sex: str = ALL
) -> dict[int, int]:
    """Population by mid-year for an area in one version. Empty when nothing is held."""
    place = where if isinstance(where, Area) else area(where)
    return dict(_held(version, place.code, age_band, sex))


@remembered
def versions() -> dict[str, Version]:
    """The versions held, by id."""
    rows = read_csv(data_path("population_versions.csv"))
    return {row["version"]: Version(row["version"], row["title"], row["source"], row["licence"]) for row in rows}


def rules() -> tuple[str, ...]:
    """The rules held, the default first."""
    return tuple(dict.fromkeys(row["rule"] for row in _rules()))


def _year_end(day: date) -> int:
    return day.year + (day.month > 3)


def _by_rule(rule: str, code: str, year_end: int) -> tuple[str, int]:
    """Version and mid-year by the row for this area and year end, else by the rule's general row. Raises DataError."""
    rows = [row for row in _rules() if row["rule"] == rule]
    if not rows:
        raise DataError(f"no population rule '{rule}'. Held: {', '.join(rules())}.")
    exact = [row for row in rows if row["area_code"] == code and row["year_end"] == str(year_end)]
    row = (exact or [row for row in rows if not row["area_code"]])[0]
    return row["version"], int(row["mid_year"] or year_end - 1)


def _other_version(code: str, age_band: str, sex: str, wanted: int) -> tuple[str, dict[int, int]]:
    """Another version that holds this age and sex: districts, bands and sexes are only in the estimates of single years.

    A version that has the year wanted comes first, then the newest.
    """
    years = {version: held for version in versions() if (held := _held(version, code, age_band, sex))}
    best = max(years, key=lambda version: (wanted in years[version], max(years[version])), default="")
    return best, years.get(best, {})


def _not_held(place: Area, age_band: str, sex: str, wanted: int, version: str, held: dict[int, int]) -> str:
    what = f"no population of {place.name} ({age_band}, {sex}) at mid-{wanted}"
    years = ", ".join(str(year) for year in sorted(held)) or "none"
    return f"{what}. Held in {version or 'any version'}: {years}."


@remembered
def _rules() -> list[dict[str, str]]:
    return read_csv(data_path("population_rules.csv"), ("rule", "area_code", "year_end", "version", "mid_year"))


@remembered
def _table() -> dict[tuple[str, str, str, str], dict[int, int]]:
    found: dict[tuple[str, str, str, str], dict[int, int]] = {}
    for row in read_csv(
        data_path("populations.csv"), ("version", "area_code", "mid_year", "sex", "age_band", "population")
    ):
        key = (row["version"], row["area_code"], row["age_band"], row["sex"])
        found.setdefault(key, {})[int(row["mid_year"])] = int(row["population"])
    return found


def _held(version: str, code: str, age_band: str, sex: str) -> dict[int, int]:
    return _table().get((version, code, age_band, sex), {})
