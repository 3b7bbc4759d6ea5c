"""The file formats: gathers what the returns and the pathways declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from sightline.core.errors import InputProblem
from sightline.core.records.models import Record
from sightline.core.registry import pathway_modules
from sightline.engine.exchange.cut import IDENTITY
from sightline.engine.exchange.declarations import Builder, Cohort, Table, TableWriter
from sightline.engine.exchange.rules.declarations import Return, plain
from sightline.engine.exchange.rules.registry import return_named

TITLES = {
    "cin": "children in need census",
    "ssda903": "SSDA903 return",
    "annexa": "Annex A lists",
    "ssd": "Standard Safeguarding Dataset",
}
CENSUS, LOOKED_AFTER = "cin", "ssda903"
#: By which columns, table and column, a return is broken down where two years of it are compared.
BREAKDOWNS = {
    "cin": (
        ("CINdetails", "ReferralSource"),
        ("CINdetails", "PrimaryNeedCode"),
        ("ChildProtectionPlans", "LatestCategoryOfAbuse"),
    ),
    "ssda903": (("Header", "SEX"), ("Episodes", "CIN"), ("Episodes", "LS"), ("Episodes", "PLACE")),
}
#: Of the folder of a return: who a child is in it.
PEOPLE = "sightline.returns.{}.people"


@dataclass(frozen=True)
class Format:
    """One file format: its tables, what makes records of them and tells them from records, and what it wants to know from earlier files."""

    name: str
    tables: tuple[Table, ...]
    builders: tuple[Builder, ...]
    writers: tuple[TableWriter, ...]
    cohorts: tuple[Cohort, ...]
    declared: Return
    earlier: dict[str, Callable[[list[str]], Iterator[tuple[str, Any]]]]

    @property
    def title(self) -> str:
        """In words."""
        return TITLES[self.name]

    @property
    def breakdowns(self) -> tuple[tuple[str, str], ...]:
        """The columns by which two years are compared."""
        return BREAKDOWNS.get(self.name, ())

    @property
    def british(self) -> bool:
        """Whether it writes days as day/month/year."""
        return self.declared.day_format == "%d/%m/%Y"

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)

    def named_now(self, name: str) -> str:
        """The name of a table by any that it goes by, or went by when something was kept of it."""
        return self._names.get(plain(name), name)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {plain(one): table.name for table in self.tables for one in (*table.other, table.name)}

    def written(self, year: int) -> list[tuple[Table, TableWriter]]:
        """The tables of a collection year that are written from the record, in the order of the layout."""
        writers = {writer.table: writer for writer in self.writers}
        return [(table, writers[table.name]) for table in self.tables if table.in_year(year) and table.name in writers]

    def models(self) -> list[type[Record]]:
        """The records it writes, each after those it refers to."""
        written = {model: None for builder in self.builders for model in builder.writes}
        ordered: list[type[Record]] = []

        def place(model: type[Record]) -> None:
            for one in model._meta.concrete_fields:
                if one.related_model in written and one.related_model is not model and one.related_model not in ordered:
                    place(one.related_model)
            if model not in ordered:
                ordered.append(model)

        for model in written:
            place(model)
        return ordered

    def fields(self) -> dict[type[Record], tuple[str, ...]]:
        """Which fields of each record the format states: of several builders of one record, what they state together."""
        found: dict[type[Record], dict[str, None]] = {}
        for builder in self.builders:
            for model, names in builder.writes.items():
                found.setdefault(model, {}).update(dict.fromkeys(names))
        return {model: tuple(names) for model, names in found.items()}

    def streams(self, present: set[str], year: int) -> list[str]:
        """The streams that a file with those tables covers in a year."""
        found = dict.fromkeys(
            stream
            for builder in self.builders
            if any(name in present and self.table(name).in_year(year) for name in builder.tables)
            for stream in builder.covers or _streams_of(builder)
        )
        return list(found)


def _streams_of(builder: Builder) -> list[str]:
    return [model.STREAM or model._meta.app_label for model in builder.writes if model._meta.app_label not in IDENTITY]


@cache
def format_named(name: str) -> Format:
    """The format of that name. Raises InputProblem."""
    if name not in TITLES:
        raise InputProblem(f"'{name}' is not a file format", "--as", f"Choose one of: {', '.join(TITLES)}.")
    declared = return_named(name)
    modules = [import_module(PEOPLE.format(name)), *pathway_modules(name)]
    earlier: dict[str, Any] = {}
    for module in modules:
        earlier |= getattr(module, "EARLIER_FILES", {})
    return Format(
        name=name,
        tables=declared.layout,
        builders=tuple(builder for module in modules for builder in module.BUILDERS),
        writers=tuple(one for module in modules for one in getattr(module, "WRITERS", ())),
        cohorts=tuple(one for module in modules for one in getattr(module, "COHORTS", ())),
        declared=declared,
        earlier=earlier,
    )
