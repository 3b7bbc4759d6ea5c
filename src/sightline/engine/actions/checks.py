"""Checks that hold for every record, read from the fields' own declarations, and a few that actions name.

Each gives every fault it finds, so that a worker sees all that is wrong at once. The database's constraints stand behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from sightline.core.records import fields as f
from sightline.engine.actions.belonging import at, happened, linked, links, main_date, said, still_holds, within
from sightline.engine.actions.declarations import Attempt, Check, rules, rules_of
from sightline.engine.actions.refusals import Fault
from sightline.standards.codes import UnknownCode, codeset

BEFORE_BIRTH = timedelta(weeks=40)
# A code that says how or why something ended is judged on the day it ended.
_CODE_DATES = {
    "end_reason": ("end_date",),
    "closure_reason": ("end_date",),
    "change_reason": ("end_date",),
    "reversed_reason": ("reversed_date",),
    "outcome": ("outcome_date", "decision_date", "authorised_date", "end_date"),
}


def every_fault(record: Any, attempt: Attempt) -> list[Fault]:
    """All that is wrong with a record about to be saved."""
    found = missing(record)
    # A pathway's own checks may take for granted that what is always there is there.
    own = () if found else rules_of(type(record)).checks
    for check in (_codes, _future, _lifetime, within, still_holds, _one_person, _constraints, *own):
        found.extend(check(record, attempt))
    return list(dict.fromkeys(found))


def title(record: Any, name: str) -> str:
    """A field's title, to begin a sentence."""
    return capfirst(str(record._meta.get_field(name).verbose_name))


def missing(record: Any) -> list[Fault]:
    """What a record cannot be without."""
    return list(_missing(record))


def _missing(record: Any) -> Iterator[Fault]:
    for found in record._meta.fields:
        if found.primary_key or found.null or found.name == "agency":
            continue
        value = getattr(record, found.attname)
        # A link to a record that is saved just before this one has no id yet.
        unset = value is None and not (found.is_relation and found.get_cached_value(record, default=None))
        if unset or (value == "" and not found.blank):
            yield Fault(found.name, f"{capfirst(str(found.verbose_name))} is missing.")


def _codes(record: Any, attempt: Attempt) -> Iterator[Fault]:
    for found in record._meta.fields:
        value = getattr(record, found.attname)
        if not isinstance(found, f.Code) or not found.codes or value in (None, ""):
            continue
        day = _code_date(record, found.name) or attempt.today
        try:
            codeset(found.codes).find(value, on=day)
        except UnknownCode as unknown:
            yield Fault(found.name, _no_such_code(found, value, day, attempt, unknown))


def _no_such_code(found: Any, value: Any, day: date, attempt: Attempt, unknown: UnknownCode) -> str:
    """Why a code does not do, in the words of the form. A default that nobody chose is an answer that is missing."""
    name, codes = capfirst(str(found.verbose_name)), codeset(found.codes)
    given = {each.field for each in attempt.action.inputs if each.name in attempt.values}
    if value == found.get_default() and found.name not in given:
        return f"{name} is missing: choose one."
    if value in codes:
        return f"{name}: “{codes.display(str(value))}” is not in force on {said(day)}. Choose another."
    return f"{name}: {unknown}"


def _code_date(record: Any, name: str) -> date | None:
    declared = rules_of(type(record)).code_dates.get(name)
    paths = (declared,) if declared else _CODE_DATES.get(name, ())
    for path in paths:
        day = at(record, path)
        if day:
            found: date = day
            return found
    return happened(record)


def _future(record: Any, attempt: Attempt) -> Iterator[Fault]:
    ahead = rules_of(type(record)).future
    for found in record._meta.fields:
        day = getattr(record, found.attname)
        if isinstance(found, f.Date) and day and day > attempt.today and found.name not in ahead:
            yield Fault(found.name, f"{title(record, found.name)} is in the future ({said(day)}).")


def _lifetime(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    person = getattr(record, "person", None) if hasattr(record, "person_id") else None
    day = happened(record)
    if person is None or day is None:
        return
    path = main_date(type(record)) or ""
    birth = person.birth_date or person.expected_birth_date
    if birth and rules_of(type(record)).born and day < birth:
        yield Fault(path, f"{said(day)} is before the birth ({said(birth)}).")
    elif birth and day < birth - BEFORE_BIRTH:
        yield Fault(path, f"{said(day)} is more than 40 weeks before the birth ({said(birth)}).")
    if person.death_date and day > person.death_date and not rules_of(type(record)).after_death:
        yield Fault(path, f"{said(day)} is after the death ({said(person.death_date)}).")


def _one_person(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not hasattr(record, "person_id"):
        return
    for name, target in linked(record):
        if hasattr(target, "person_id") and target.person_id != record.person_id:
            yield Fault(name, f"{title(record, name)} belongs to another person.")


def _constraints(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    for constraint in record._meta.constraints:
        if isinstance(constraint, ExclusionConstraint):
            yield from _overlap(record, constraint)
            continue
        try:
            constraint.validate(type(record), record)
        except ValidationError:
            yield broken(type(record), constraint.name)


def _overlap(record: Any, constraint: ExclusionConstraint) -> Iterator[Fault]:
    """The constraint of `no_overlap`, asked beforehand so that its fault stands beside the others."""
    same = [str(name) for name, _ in constraint.expressions[:-1]]
    if record.start_date is None or (record.end_date and record.end_date <= record.start_date):
        return
    if any(getattr(record, record._meta.get_field(name).attname) is None for name in same):
        return
    others = type(record)._default_manager.filter(**{name: getattr(record, name) for name in same})
    later = Q(end_date__gt=record.start_date) & Q(end_date__gt=models.F("start_date"))
    others = others.filter(Q(end_date=None) | later)
    if record.end_date:
        others = others.filter(start_date__lt=record.end_date)
    if others.exclude(pk=record.pk).exists():
        yield broken(type(record), constraint.name)


def broken(model: type[models.Model], constraint: str) -> Fault:
    """A broken constraint in words, from its kind, which its name ends with."""
    what = str(model._meta.verbose_name)
    kinds = {
        "overlap": ("start_date", f"It overlaps another {what}."),
        "order": ("", "It ends before it starts."),
        "pair": ("", "An ending needs both its date and its reason, or neither."),
        "by": ("", "A decision needs both its date and who made it, or neither."),
        "once": ("", f"There is already such a {what}."),
        "source": ("source_id", "The source's reference is already used."),
        "ending": ("", "It cannot be both finished and cancelled."),
    }
    name, words = kinds.get(constraint.rpartition("_")[2], ("", f"It breaks the rule “{constraint}”."))
    return Fault(name, words)


# --- Checks that actions and rules name ---


def no_spell_beside(label: str) -> Check:
    """No spell of another record type may run for the same child at the same time."""

    def check(record: Any, _attempt: Attempt) -> Iterator[Fault]:
        model = apps.get_model(label)
        others = model._default_manager.filter(person=record.person_id)
        others = others.filter(Q(end_date=None) | Q(end_date__gt=record.start_date))
        if record.end_date:
            others = others.filter(start_date__lt=record.end_date)
        if others.exists():
            yield Fault("start_date", f"A {model._meta.verbose_name} runs at that time.")

    return check


def follows(first: str, second: str, words: str, *, strictly: bool = False) -> Check:
    """One date of a record does not come before another; `strictly`, nor on the same day."""

    def check(record: Any, _attempt: Attempt) -> Iterator[Fault]:
        earlier, later = getattr(record, first), getattr(record, second)
        if earlier and later and (later < earlier or (strictly and later == earlier)):
            yield Fault(second, words)

    return check


def seen_if_alone(visit: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A visit on which the child was seen alone is one on which the child was seen."""
    if visit.seen_alone and not visit.seen:
        yield Fault("seen_alone", "A child who was not seen was not seen alone.")


def says_what_by_when(action: Any, _attempt: Attempt) -> Iterator[Fault]:
    """An action of a plan says what is to be done, by a day after it was agreed."""
    if not action.action.strip():
        yield Fault("action", "Action is missing.")
    if action.due_date and action.due_date < action.agreed_date:
        yield Fault("due_date", "An action is not due before it is agreed.")


def only_open_one(*same: str) -> Check:
    """At most one record of the type is open for the same values of these fields."""

    def check(record: Any, _attempt: Attempt) -> Iterator[Fault]:
        own = rules_of(type(record))
        if own.state(record) not in own.open:
            return
        others = (
            type(record)._default_manager.filter(**{name: getattr(record, name) for name in same}).exclude(pk=record.pk)
        )
        if any(own.state(other) in own.open for other in others):
            yield Fault("", f"Another {record._meta.verbose_name} is still open.")

    return check


def open_work(case: Any) -> list[Any]:
    """Records of a case in which something is still to do."""
    found: list[Any] = []
    for label, own in rules().items():
        model = apps.get_model(label)
        if own.open and any(link.name == "case" for link in links(model)):
            found += [record for record in model._default_manager.filter(case=case) if own.state(record) in own.open]
    return found


def nothing_open(record: Any, _attempt: Attempt) -> Iterable[Fault]:
    """A case closes only when nothing on it is open; the worker's allocation ends with it."""
    for left in open_work(record):
        began = happened(left)
        since = f" of {said(began)}" if began else ""
        yield Fault("end_date", f"The {left._meta.verbose_name}{since} is still open.")
