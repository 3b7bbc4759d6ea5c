"""The database's constraints, judged in memory before anything is written.

Nothing is repeated here: the rules are read from the models' own constraints and fields, and a kind of constraint that is not understood
stops the import framework at once. What passes never violates the database; a test proves it on generated records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import CheckConstraint, F, ForeignKey, Q, UniqueConstraint
from django.db.models.fields import NOT_PROVIDED

from sightline.core.records.models import Record
from sightline.engine.exchange.child import Child, Draft, Values

Test = Callable[[Values], bool | None]
PROVENANCE = ("id", "agency", "source_system", "source_id", "recorded_at")
END_OF_TIME = "9999-99-99"


@dataclass(frozen=True)
class Overlap:
    """Spells that agree in `same` must not share a day."""

    same: tuple[str, ...]
    start: str
    end: str


@dataclass
class Rules:
    """What one record type demands of its rows."""

    required: list[tuple[str, str]] = field(default_factory=list)
    lengths: list[tuple[str, int, str]] = field(default_factory=list)
    tests: list[tuple[Test, str]] = field(default_factory=list)
    unique: list[tuple[str, ...]] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)


def check(child: Child) -> None:
    """Adds a fault for every record of the child that the database would refuse."""
    by_model: dict[type[Record], list[Draft]] = {}
    for draft in child.drafts:
        by_model.setdefault(draft.model, []).append(draft)
    for model, drafts in by_model.items():
        rules = rules_of(model)
        for draft in drafts:
            for reason in broken(rules, draft.fields):
                child.fault(draft.row, reason)
        if len(drafts) > 1:
            _together(child, rules, drafts, model._meta.verbose_name)


def broken(rules: Rules, fields: Values) -> Iterable[str]:
    """What one record breaks by itself."""
    for name, title in rules.required:
        if fields.get(name) is None:
            yield f"‘{title}’ is missing"
    for name, longest, title in rules.lengths:
        value = fields.get(name)
        if value is not None and len(value) > longest:
            yield f"‘{title}’ is longer than {longest} characters"
    for test, words in rules.tests:
        if test(fields) is False:
            yield words


def _together(child: Child, rules: Rules, drafts: list[Draft], title: object) -> None:
    seen: set[tuple[Any, ...]] = set()
    for draft in drafts:
        for keys in (("",), *rules.unique):
            values = (keys, *((draft.key,) if keys == ("",) else (draft.fields.get(name) for name in keys)))
            if None in values:
                continue
            if values in seen:
                child.fault(draft.row, f"the same {title} appears twice")
                break
            seen.add(values)
    for overlap in rules.overlaps:
        for draft in overlapping(overlap, drafts):
            child.fault(draft.row, f"overlaps another {title}")


def overlapping(overlap: Overlap, drafts: Iterable[Draft]) -> list[Draft]:
    """The spells that start before an earlier one of their kind has ended. A spell that ends on the day it starts covers no day."""
    groups: dict[tuple[Any, ...], list[tuple[str, str, int, Draft]]] = {}
    for number, draft in enumerate(drafts):
        fields = draft.fields
        same = tuple(fields.get(name) for name in overlap.same)
        start, end = fields.get(overlap.start) or "", fields.get(overlap.end) or END_OF_TIME
        if None not in same and start < end:
            groups.setdefault(same, []).append((start, end, number, draft))
    found = []
    for spells in groups.values():
        reached = ""
        for start, end, _number, draft in sorted(spells, key=lambda spell: spell[:3]):
            if start < reached:
                found.append(draft)
            reached = max(reached, end)
    return found


@cache
def rules_of(model: type[Record]) -> Rules:
    """The rules of a record type, from its fields and constraints."""
    rules = Rules()
    for one in model._meta.concrete_fields:
        if one.name in PROVENANCE:
            continue
        if not one.null and one.default is NOT_PROVIDED:
            rules.required.append((one.name, _title(one)))
        if one.max_length and not isinstance(one, ForeignKey):
            rules.lengths.append((one.name, one.max_length, _title(one)))
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            rules.tests.append((_compiled(constraint.condition), _words(model, constraint)))
        elif isinstance(constraint, ExclusionConstraint):
            rules.overlaps.append(overlap_of(constraint))
        elif isinstance(constraint, UniqueConstraint):
            if not constraint.name.endswith("_source"):
                rules.unique.append(unique_of(constraint))
        else:
            raise TypeError(f"{model._meta.label}: the import cannot judge {constraint!r}")
    return rules


def unique_of(constraint: UniqueConstraint) -> tuple[str, ...]:
    """The fields of a plain unique constraint."""
    if constraint.condition is not None or not constraint.fields or constraint.nulls_distinct is False:
        raise TypeError(f"the import cannot judge {constraint!r}")
    return tuple(constraint.fields)


def overlap_of(constraint: ExclusionConstraint) -> Overlap:
    """The parts of a `no_overlap` constraint."""
    expressions: Any = constraint.expressions
    *equals, (span, operator) = expressions
    sources = getattr(span, "source_expressions", [])
    if (
        constraint.condition is not None
        or operator != "&&"
        or getattr(span, "extra", {}).get("function") != "DATERANGE"
        or len(sources) != 3
    ):
        raise TypeError(f"the import cannot judge {constraint!r}")
    if any(op != "=" or not isinstance(name, str) for name, op in equals):
        raise TypeError(f"the import cannot judge {constraint!r}")
    return Overlap(tuple(str(name) for name, _op in equals), _referred(sources[0]), _referred(sources[1]))


def _compiled(condition: Any) -> Callable[[Values], bool | None]:
    """A condition as a function of a record's values: true, false, or None where SQL says unknown."""
    if not isinstance(condition, Q) or condition.negated or condition.connector not in (Q.AND, Q.OR):
        raise TypeError(f"the import cannot judge {condition!r}")
    children: list[Any] = list(condition.children)
    parts = [_compiled(part) if isinstance(part, Q) else _lookup(part[0], part[1]) for part in children]
    decides = condition.connector == Q.OR

    def joined(values: Values) -> bool | None:
        answer: bool | None = not decides
        for part in parts:
            found = part(values)
            if found is decides:
                return decides
            if found is None:
                answer = None
        return answer

    return joined


def _lookup(path: str, wanted: Any) -> Callable[[Values], bool | None]:
    name, _, how = path.partition("__")
    if how == "isnull":
        return lambda values: (values.get(name) is None) is wanted
    if how != "gte" or not isinstance(wanted, F):
        raise TypeError(f"the import cannot judge the condition {path}")
    other = _referred(wanted)

    def at_least(values: Values) -> bool | None:
        left, right = values.get(name), values.get(other)
        return None if left is None or right is None else left >= right

    return at_least


def _words(model: type[Record], constraint: CheckConstraint) -> str:
    """A reason that names the fields: most constraints order two dates or pair two facts."""
    names = list(dict.fromkeys(_fields_of(constraint.condition)))
    titles = [f"‘{_title(model._meta.get_field(name))}’" for name in names]
    if constraint.name.endswith("_pair"):
        order = [f"‘{_title(one)}’" for one in model._meta.concrete_fields if one.name in names]
        return f"{' and '.join(order)} are given together or not at all"
    if len(names) == 2:
        # The later date comes first in `in_order`, and last where both may be missing.
        later = next(iter(_compared(constraint.condition)), names[0])
        first, second = (titles if later == names[0] else titles[::-1])[:2]
        return f"{first} is before {second}"
    return f"{', '.join(titles)} do not fit together"


def _fields_of(condition: Any) -> Iterable[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _fields_of(part)
        else:
            yield part[0].partition("__")[0]
            if isinstance(part[1], F):
                yield _referred(part[1])


def _compared(condition: Any) -> Iterable[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _compared(part)
        elif isinstance(part[1], F):
            yield part[0].partition("__")[0]


def _referred(reference: Any) -> str:
    """The field that an F names."""
    return str(reference.name)


def _title(field_: Any) -> str:
    return str(getattr(field_, "verbose_name", field_.name))
