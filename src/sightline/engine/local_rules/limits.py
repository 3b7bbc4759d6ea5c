"""Clock limits that an administrator changes: what may be changed, from when, and what was changed so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from django.db import transaction

from sightline.core.access.administrator import require_administrator
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.options.following import follow
from sightline.core.options.models import RuleChange
from sightline.engine.deadlines import ledger, reference
from sightline.engine.local_rules.given import later_day, reason
from sightline.standards.clocks import Clock, Unit, UnknownClock, clock, versions

#: The largest limit in each unit: what is longer is a slip of the pen, or leaves the calendar of working days.
LONGEST = {"hours": 1000, "working_days": 500, "calendar_days": 1000, "weeks": 150, "months": 60, "years": 25}
UNITS = tuple((unit, unit.replace("_", " ").capitalize()) for unit in get_args(Unit))


@dataclass(frozen=True)
class Dated:
    """A version of a limit, with the change that made it where an administrator did."""

    version: Clock
    change: RuleChange | None


def history(id: str) -> list[Dated]:
    """Every version of a clock's limit, the newest first. Raises UnknownClock."""
    made = {row.pk: row for row in RuleChange.objects.filter(kind=RuleChange.CLOCK, name=id)}
    found = [one for one in versions(id) if one.id == id]
    if not found:
        raise UnknownClock(f"'{id}' names a family of clocks, not one.")
    return [Dated(one, made.get(one.changed)) for one in reversed(found)]


def superseded(id: str) -> list[RuleChange]:
    """Changes that another one replaced before they began, the newest first."""
    stand = {one.changed for one in versions(id)}
    return list(RuleChange.objects.filter(kind=RuleChange.CLOCK, name=id).exclude(pk__in=stand).order_by("-id"))


def why_fixed(one: Clock) -> str:
    """Why nobody may change a limit here, or nothing."""
    if one.replaceable:
        return ""
    return f"{one.id} is set nationally ({one.source}). A partnership cannot choose another limit."


def change_limit(by: User, id: str, limit: str, unit: str, first_day: str, because: str) -> None:
    """Set another limit for a clock from a day on. Raises InputProblem, naming the field; UnknownClock."""
    require_administrator(by, "limit")
    if fixed := why_fixed(history(id)[0].version):
        raise InputProblem(fixed, "limit", "leave it as it is")
    if unit not in LONGEST:
        raise InputProblem("Choose a unit.", "unit", "choose one of the list")
    number = _number(limit, LONGEST[unit])
    day = later_day(first_day)
    try:
        old = clock(id, day)
    except UnknownClock as error:
        raise InputProblem(f"{id} is not in force on {day}.", "first_day", "choose another day") from error
    if (number, unit) == (old.limit, old.unit):
        raise InputProblem(f"This is the limit that holds on {day} as it is.", "limit", "write another limit")
    because = reason(because)
    if not reference.is_current():
        # The database's copy is behind for another reason, such as a new version of the product: that is put right as a whole.
        ledger.rebuild()
    with transaction.atomic():
        content = {"limit": number, "unit": unit}
        RuleChange.objects.create(
            kind=RuleChange.CLOCK, name=id, first_day=day, content=content, made_by=by.get_username(), because=because
        )
        held = {"limit": old.limit, "unit": old.unit}
        new = content | {"first_day": day.isoformat()}
        note(by.get_username(), What.SETTINGS, f"clock {id}", purpose=because, old=held, new=new)
        # Should all this be undone after all, the next look at the database puts this process right: nothing begins before tomorrow.
        follow(at_once=True)
        ledger.follow_limit(id, day)


def _number(text: str, longest: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= longest:
        raise InputProblem(f"Write a whole number from 1 to {longest}.", "limit", "write a number")
    return int(text)
