"""Lists that the front door works through."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.engine.screens import words
from sightline.engine.work.words import TITLES, Status, counts_working_days, status, when
from sightline.pathways.front_door.models import AgencyCheck, Contact, Intake
from sightline.standards.clocks import clock, due_date
from sightline.standards.codes import codeset

_ORDER = ("RED", "AMBER", "GREEN")

BOUNDARY = (
    "Contacts of children you have a reason to see that are not yet decided for every child: red first, then amber, green and those without a"
    " priority; within each, the longest waiting first. Waiting is counted from the time it was received, or from the start of that day."
)
ASKED = (
    "What your agency was asked about children and has not answered, of contacts that are not yet decided: the first due comes first. An answer"
    " is due by the day on which the contact is to be decided, since it is to help with that."
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


@dataclass(frozen=True)
class Check:
    """One question to the reader's agency, about the children of a contact, that waits for its answer."""

    id: int
    people: tuple[int, ...]
    names: tuple[str, ...]
    asked: date
    due: date
    when: str
    status: Status

    @property
    def status_title(self) -> str:
        """The status in words."""
        return TITLES[self.status]


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
    children = _children(user, [one.pk for one in held])
    called = words.names(id for each in children.values() for id in each)
    asked = _asked(user, held)
    return [_line(one, tuple(children.get(one.pk, ())), called, asked.get(one.pk, 0)) for one in held]


def to_answer(user: User) -> QuerySet[Any]:
    """The checks that wait for the answer of the user's own agency, the first due first."""
    checks = _unanswered(user).filter(intake__decided_date=None)
    return checks.select_related("intake").order_by("intake__received_date", "asked_date", "pk")


def checks(user: User, rows: Iterable[Any]) -> list[Check]:
    """Checks as they are read in a list, with those of their children whom the user sees."""
    held = list(rows)
    children = _children(user, {one.intake_id for one in held})
    called = words.names(id for each in children.values() for id in each)
    day = standing().day
    return [_check(one, tuple(children.get(one.intake_id, ())), called, day) for one in held]


def _check(check: Any, people: tuple[int, ...], called: dict[int, str], day: date) -> Check:
    received = check.intake.received_date
    due = due_date(clock("CONTACT-DECISION", received), received)
    return Check(
        id=check.pk,
        people=people,
        names=_names(people, called),
        asked=check.asked_date,
        due=due,
        when=when(due, day, working=counts_working_days("CONTACT-DECISION")),
        status=status(due, day),
    )


def _children(user: User, intakes: Collection[int]) -> dict[int, list[int]]:
    """The children of each contact as received whom the user sees."""
    found: dict[int, list[int]] = {}
    seen = visible_rows(user, Contact).filter(intake__in=intakes).order_by("pk")
    for intake, person in seen.values_list("intake_id", "person_id"):
        found.setdefault(intake, []).append(person)
    return found


def _unanswered(user: User) -> QuerySet[Any]:
    """The checks with the user's own agency that it has not answered yet."""
    rows: QuerySet[Any] = visible_rows(user, AgencyCheck)
    if user.worker is None:
        return rows.none()
    return rows.filter(organisation=user.worker.agency_id, answered_date=None)


def _asked(user: User, held: list[Any]) -> dict[int, int]:
    """The check of each contact that the user's own agency has not answered yet."""
    found = _unanswered(user).filter(intake__in=[one.pk for one in held])
    return dict(found.order_by("-pk").values_list("intake_id", "pk"))


def _names(people: tuple[int, ...], called: dict[int, str]) -> tuple[str, ...]:
    return tuple(called.get(id) or f"Person {id}" for id in people)


def _line(intake: Any, people: tuple[int, ...], called: dict[int, str], asked: int) -> Line:
    return Line(
        id=intake.pk,
        priority=codeset("contact_priority").display(intake.priority) if intake.priority else "No priority",
        code=intake.priority,
        received=intake.received_date,
        waiting=waiting(intake, _now()),
        source=codeset("cin_referral_source").display(intake.source),
        people=people,
        names=_names(people, called),
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
