"""Previews at the moment of entry: the rules of returns that concern what is being recorded, run on what would be.

The act is done in a transaction that can be undone, the child's tables are told with it, and the rules that concern the record types that it wrote
are run. What is an issue already, or failed before the act as well, is no news. Only acts on records that feed a return which is being collected
cost anything, and a save without news costs one run of those rules.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Several
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import Field, Model

from sightline.core.access.standing import standing
from sightline.engine.actions.belonging import happened
from sightline.engine.exchange.formats import format_named
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.telling import LAST, told_from
from sightline.engine.return_issues.checking import by_area
from sightline.engine.return_issues.collections import Collection, collection, under_way
from sightline.engine.return_issues.finding import Key, child_by_child, find
from sightline.engine.return_issues.models import Issue
from sightline.standards.periods import year as starting


@dataclass(frozen=True)
class Concerned:
    """A return that what was written feeds, its rules that concern it, and the children."""

    collection: Collection
    rules: tuple[str, ...]
    people: frozenset[int]


@dataclass(frozen=True)
class Warned:
    """A rule that newly fails: of which return, its words, and the table and fields to look at."""

    collection: Collection
    listed: Listed
    table: str
    fields: tuple[str, ...]

    def concerns(self, field: Field[Any, Any]) -> bool:
        """Whether it is about what a field of a record holds: the field names the data items of returns that are told from it."""
        declared = self.collection.declared
        for item in getattr(field, "item", "").split(";"):
            of, *names = _NAME.findall(item) or [""]
            if of.lower() == declared.name and {declared.items.get(name, name) for name in names} & set(self.fields):
                return True
        return False

    @property
    def code(self) -> str:
        """Return, year and rule, by which it is accepted."""
        return code_of(self.collection, self.listed.code)


def code_of(one: Collection, rule: str) -> str:
    """Return, year and rule: `cin 2025-26 8610`."""
    return f"{one.name} {one.label} {rule}"


_NAME = re.compile(r"\w+")
#: What a rule found, by the return that it is of.
Found = dict[tuple[Collection, Key], tuple[str, ...]]


def concerned(written: Iterable[Any], people: Several[int]) -> list[Concerned]:
    """The returns under way that an act feeds by the records that it wrote, each with the rules to run; nothing for other acts."""
    held = list(written)
    found = []
    for one in under_way(standing().day) if people else ():
        models = frozenset(type(record) for record in held if _of_the_year(record, one))
        if rules := _rules(one.name, one.period.end.year, models):
            found.append(Concerned(one, rules, frozenset(people)))
    return found


def feeds(models: Iterable[type[Model]]) -> bool:
    """Whether a return that is being collected is told from any of these record types."""
    wanted = set(models)
    return any(wanted & _fed(one.name, one.period.end.year).keys() for one in under_way(standing().day))


def failing(asked: Iterable[Concerned]) -> Found:
    """What the rules find now that is not known as an issue."""
    found: Found = {}
    for each in asked:
        known = _known(each)
        for area, those in by_area(each.people).items():
            for key, fields in find(each.collection, area, those, each.rules).found.items():
                if key not in known:
                    found[each.collection, key] = fields
    return found


def news(after: Found, before: Found) -> list[Warned]:
    """What fails after an act and did not fail before it, each rule and table once."""
    fresh = {(one, key.rule, key.table): fields for (one, key), fields in after.items() if (one, key) not in before}
    found = [Warned(one, listed(one.name)[rule], table, fields) for (one, rule, table), fields in fresh.items()]
    return sorted(found, key=lambda each: (each.collection.title, each.listed.code, each.table))


def narrowed(asked: Iterable[Concerned], after: Found) -> list[Concerned]:
    """The same returns with those rules alone that fail after an act, to ask whether they failed before it."""
    failed = {(one, key.rule) for one, key in after}
    found = (replace(each, rules=tuple(r for r in each.rules if (each.collection, r) in failed)) for each in asked)
    return [each for each in found if each.rules]


def _of_the_year(record: Any, one: Collection) -> bool:
    """Whether a return of the year can tell of a record: one that began later, or ended earlier, is of another year."""
    day, end = happened(record), getattr(record, "end_date", None)
    return (day is None or day <= one.period.end) and (end is None or end >= one.period.start)


def _known(each: Concerned) -> set[Key]:
    rows = Issue.objects.filter(
        return_name=each.collection.name, year=each.collection.label, person__in=each.people, resolved_at=None
    )
    return {Key(**row) for row in rows.values(*Key.__dataclass_fields__)}


@cache
def _rules(name: str, year: int, models: frozenset[type[Model]]) -> tuple[str, ...]:
    """The rules that judge each child alone and find rows of a table that these record types feed, of this year or of the year before."""
    fed = _fed(name, year)
    tables = {table for model in models for table in fed.get(model, ())}
    one = collection(name, starting(year - 1).label)
    looking = {
        rule.code for rule in one.declared.rules if any(find.table.removesuffix(LAST) in tables for find in rule.finds)
    }
    return tuple(code for code in child_by_child(one) if code in looking)


@cache
def _fed(name: str, year: int) -> dict[type[Model], frozenset[str]]:
    """The tables of the rules that each record type feeds: in which its rows are told, or from which it is read where others tell of it."""
    told = told_from(name, year)
    found = {model: set(tables) for model, tables in told.items()}
    declared, format = return_named(name), format_named(name)
    for builder in format.builders:
        tables = {table for told in builder.tables for table in declared.rule_tables(told)}
        for model in builder.writes.keys() - told.keys():
            found.setdefault(model, set()).update(tables)
    return {model: frozenset(tables) for model, tables in found.items()}
