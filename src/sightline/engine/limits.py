"""Clock limits that an administrator changes: what may be changed, from when, and what was changed so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from django.db import transaction
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.options.following import follow
from sightline.core.options.models import RuleChange
from sightline.engine.deadlines import ledger, reference
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
    if not by.may(Permission.ADMINISTER):
        raise InputProblem("Your role may not administer the system.", "limit", "ask an administrator")
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


def later_day(text: str) -> date:
    """A day from tomorrow on. What has begun, or was recorded, keeps the rule that it had."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputProblem("Write the day as 2027-03-31.", "first_day", "write it so") from error
    tomorrow = timezone.localdate() + timedelta(days=1)
    if day < tomorrow:
        what = f"Choose {tomorrow} or a later day: what has begun keeps the rule that it began under."
        raise InputProblem(what, "first_day", "choose a later day")
    if day.year > tomorrow.year + 10:
        raise InputProblem("Choose a day within the next ten years.", "first_day", "choose an earlier day")
    return day


def reason(because: str) -> str:
    """A reason that can be kept. Raises InputProblem."""
    because = " ".join(because.split())
    if not because or "\x00" in because:
        raise InputProblem("Say why.", "because", "say why")
    if len(because) > 200:
        raise InputProblem("Say why in at most 200 characters.", "because", "make it shorter")
    return because
