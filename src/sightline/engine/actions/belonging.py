"""When a record happened, and that it lies within the spells it belongs to: of what is recorded, and of what a changed spell already holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Any

from django.db import models
from django.db.models import Q

from sightline.core.records import fields as f
from sightline.core.records.history import record_models
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Attempt, rules_of
from sightline.engine.actions.refusals import Fault

_SPELLS = (("start_date", "end_date"), ("issue_date", "final_order_date"))


def said(day: date) -> str:
    """A day as it is written in a message."""
    return f"{day.day} {day:%B %Y}"


def main_date(model: type[models.Model]) -> str | None:
    """The path to the day on which a record of this type happened or began: its first date that is always there, or that of what it belongs to."""
    for found in model._meta.fields:
        if isinstance(found, f.Date) and not found.null:
            return found.name
    for link in links(model):
        target = link.related_model
        if issubclass(target, Record) and target is not model and not link.null:
            path = main_date(target)
            if path:
                return f"{link.name}.{path}"
    return None


def happened(record: Any) -> date | None:
    """The day on which a record happened or began."""
    path = main_date(type(record))
    return at(record, path) if path else None


def at(record: Any, path: str) -> Any:
    """What a path of field names leads to from a record; None where a link on the way is empty."""
    return reduce(lambda found, name: getattr(found, name, None), path.split("."), record)


def links(model: type[models.Model]) -> list[Any]:
    """The links of a record type to others, but for the agency that holds it."""
    return [found for found in model._meta.fields if isinstance(found, models.ForeignKey) and found.name != "agency"]


def linked(record: Any) -> Iterator[tuple[str, Any]]:
    """The records that a record links to, each with the name of the link."""
    for link in links(type(record)):
        target = getattr(record, link.name, None) if getattr(record, link.attname) or link.is_cached(record) else None
        if isinstance(target, Record):
            yield link.name, target


def within(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A record lies within the spells it belongs to, and does not come before what it followed from."""
    day, path = happened(record), main_date(type(record)) or ""
    end = getattr(record, "end_date", None)
    for name, target in linked(record):
        if day is None or name in rules_of(type(record)).outside:
            continue
        what = str(target._meta.verbose_name)
        began, ended = _span(target)
        if began and day < began:
            yield Fault(path, f"{said(day)} is before the {what} ({said(began)}).")
        if ended and day > ended:
            yield Fault(path, f"{said(day)} is after the {what} ended ({said(ended)}).")
        elif ended and end and end > ended:
            yield Fault("end_date", f"{said(end)} is after the {what} ended ({said(ended)}).")


def _span(target: Any) -> tuple[date | None, date | None]:
    for start, end in _SPELLS:
        if hasattr(target, start) and hasattr(target, end):
            return getattr(target, start), getattr(target, end)
    return happened(target), None


def still_holds(record: Any, attempt: Attempt) -> Iterator[Fault]:
    """A spell whose days are changed still holds what is recorded within it. What lay outside it before is not this change's fault."""
    if record is not attempt.record or not attempt.before:
        return
    start, end = next((pair for pair in _SPELLS if hasattr(record, pair[1])), (main_date(type(record)) or "", ""))
    began, ended = getattr(record, start, None), getattr(record, end, None) if end else None
    began_before, ended_before = attempt.before.get(start), attempt.before.get(end)
    later = began is not None and began_before is not None and began > began_before
    earlier = ended is not None and (ended_before is None or ended < ended_before)
    for held, path in _of(record) if later or earlier else ():
        if later and (
            first := held.filter(**{f"{path}__lt": began, f"{path}__gte": began_before}).order_by(path).first()
        ):
            yield Fault(start, f"The {first._meta.verbose_name} of {_day(first)} would come before it.")
        if (
            ended
            and earlier
            and (last := held.filter(_beyond(held.model, path, ended, ended_before)).order_by(path).last())
        ):
            yield Fault(end, f"The {last._meta.verbose_name} of {_day(last)} would come after it, or end after it.")


def _of(record: Any) -> Iterator[tuple[Any, str]]:
    """What is recorded of a spell, by record type, with the path to the day by which it is judged."""
    for model in record_models():
        path = main_date(model)
        for link in links(model):
            if link.related_model is not type(record) or link.name in rules_of(model).outside:
                continue
            # What has no day of its own moves with the spell.
            if path and not path.startswith(f"{link.name}."):
                yield model._default_manager.filter(**{link.name: record}), path.replace(".", "__")


def _beyond(model: type[models.Model], path: str, ended: date, ended_before: date | None) -> Q:
    """After the new end, and not already after the old one."""
    days = [path, *("end_date" for found in model._meta.fields if found.name == "end_date")]
    found = Q()
    for day in days:
        after = Q(**{f"{day}__gt": ended})
        found |= after & Q(**{f"{day}__lte": ended_before}) if ended_before else after
    return found


def _day(record: Any) -> str:
    day = happened(record)
    return said(day) if day else ""
