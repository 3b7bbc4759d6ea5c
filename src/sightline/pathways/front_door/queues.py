"""Lists that the front door works through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.engine.screens import words
from sightline.pathways.front_door.models import AgencyCheck, Contact, Intake
from sightline.standards.codes import codeset

_ORDER = ("RED", "AMBER", "GREEN")

BOUNDARY = (
    "Contacts of children you have a reason to see that are not yet decided for every child: red first, then amber, green and those without a"
    " priority; within each, the longest waiting first. Waiting is counted from the time it was received, or from the start of that day."
)
UNSENT = "Contacts that are decided, and whose referrer has not been told the outcome; the oldest decision first."


@dataclass(frozen=True)
class Line:
    """One contact in the queue. `asked`: the check that waits for the answer of the reader's agency, else nought."""

    id: int
    priority: str
    code: str
    received: date
    waiting: str
    source: str
    people: tuple[int, ...]
    names: tuple[str, ...]
    decided: date | None
    asked: int = 0


def undecided(user: User) -> QuerySet[Any]:
    """Contacts as received that wait for a decision, the most urgent and then the longest waiting first."""
    place = Case(
        *(When(priority=code, then=Value(number)) for number, code in enumerate(_ORDER)),
        default=Value(len(_ORDER)),
        output_field=IntegerField(),
    )
    waiting = visible_rows(user, Intake).filter(decided_date=None)
    found: QuerySet[Any] = waiting.annotate(place=place).order_by("place", "received_at", "received_date", "id")
    return found


def feedback_unsent(user: User) -> QuerySet[Any]:
    """Contacts as received that are decided and whose referrer has not been told, the oldest decision first."""
    return visible_rows(user, Intake).filter(decided_date__isnull=False, feedback_date=None).order_by("decided_date")


def lines(user: User, rows: Iterable[Any]) -> list[Line]:
    """Contacts as they are read in a queue, with those of their children whom the user sees."""
    held = list(rows)
    children: dict[int, list[int]] = {}
    seen = visible_rows(user, Contact).filter(intake__in=[one.pk for one in held]).order_by("pk")
    for intake, person in seen.values_list("intake_id", "person_id"):
        children.setdefault(intake, []).append(person)
    called = words.names(id for each in children.values() for id in each)
    asked = _asked(user, held)
    return [_line(one, tuple(children.get(one.pk, ())), called, asked.get(one.pk, 0)) for one in held]


def _asked(user: User, held: list[Any]) -> dict[int, int]:
    """The check of each contact that the user's own agency has not answered yet."""
    agency = user.worker.agency_id if user.worker is not None else None
    checks = visible_rows(user, AgencyCheck).filter(intake__in=[one.pk for one in held], organisation=agency)
    return dict(checks.filter(answered_date=None).order_by("-pk").values_list("intake_id", "pk")) if agency else {}


def _line(intake: Any, people: tuple[int, ...], called: dict[int, str], asked: int) -> Line:
    return Line(
        id=intake.pk,
        priority=codeset("contact_priority").display(intake.priority) if intake.priority else "No priority",
        code=intake.priority,
        received=intake.received_date,
        waiting=waiting(intake, _now()),
        source=codeset("cin_referral_source").display(intake.source),
        people=people,
        names=tuple(called.get(id) or f"Person {id}" for id in people),
        decided=intake.decided_date,
        asked=asked,
    )


def _now() -> datetime:
    """Now; where an invented partnership stands at a day of the past, this hour of that day."""
    now = timezone.localtime()
    return now.replace(year=(day := standing().day).year, month=day.month, day=day.day)


def waiting(intake: Any, now: datetime) -> str:
    """How long a contact has waited: hours, and from two days on days."""
    since = intake.received_at or datetime.combine(
        intake.received_date, datetime.min.time(), timezone.get_current_timezone()
    )
    hours = max(0, int((now - since).total_seconds() // 3600))
    if hours < 48:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return f"{hours // 24} days"
