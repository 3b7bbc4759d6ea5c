"""Which returns are being collected: a return of a collection year, from the first day of the year to the day it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.declarations import Return
from sightline.engine.exchange.rules.registry import return_named, returns
from sightline.engine.exchange.rules.run import collection_year
from sightline.standards.periods import Period, year


@dataclass(frozen=True)
class Collection:
    """A return of one collection year."""

    name: str
    period: Period
    #: The last day on which the Department takes it.
    due: date

    @property
    def declared(self) -> Return:
        """What its folder declares."""
        return return_named(self.name)

    @property
    def label(self) -> str:
        """The collection year: 2025-26."""
        return self.period.label

    @property
    def title(self) -> str:
        """In words, to begin a sentence."""
        title = self.declared.title
        return f"{title[:1].upper()}{title[1:]} {self.label}"

    @property
    def codes(self) -> list[str]:
        """The rules of the year."""
        return [code for code, rule in listed(self.name).items() if self.period.end.year in rule.years]


def collection(name: str, label: str) -> Collection:
    """The return of that name and year. Raises InputProblem for a return, or a year, whose rules are not known, and for what is not collected."""
    declared = return_named(name)
    found = _collected(declared, collection_year(label))
    if found is None:
        raise InputProblem(f"The {declared.title} is not collected by the year", name, "It is made on request.")
    return found


def collections() -> list[Collection]:
    """Every return of every year whose rules are known, the latest year first."""
    every = (
        _collected(one, ends)
        for one in returns().values()
        for ends in {ends for rule in listed(one.name).values() for ends in rule.years}
    )
    found = [one for one in every if one is not None]
    return sorted(found, key=lambda one: (-one.period.end.year, one.name))


def _collected(declared: Return, ends: int) -> Collection | None:
    if declared.due is None:
        return None
    return Collection(declared.name, year(ends - 1), date(ends, *declared.due))


def under_way(day: date) -> list[Collection]:
    """The returns that are being collected on a day: of the year that it lies in, and of the year before until they are due."""
    return [one for one in collections() if one.period.start <= day <= one.due]
