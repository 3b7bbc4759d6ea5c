"""Drift lists: who is on one, issuing it to managers, and what has become of those listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.engine.actions.engine import may
from sightline.engine.deadlines.models import Deadline
from sightline.engine.screens import words as said
from sightline.engine.work.declarations import DriftList, Effect, Stop
from sightline.engine.work.lists import Doing, doing_on
from sightline.engine.work.models import DriftIssue, DriftListed
from sightline.engine.work.scope import holder_names
from sightline.standards.clocks import clock, due_date, versions
from sightline.standards.dated import first_day


@dataclass(frozen=True)
class Review:
    """The newest review of a listed record: when, whether the chair has agreed, and when it is looked at again."""

    day: date
    agreed: date | None
    again: date | None


@dataclass(frozen=True)
class Line:
    """One record on a drift list."""

    person: int
    name: str
    holders: tuple[str, ...]
    since: date
    about: str
    table: str
    record: int
    review: Review | None = None
    doing: Doing | None = None


@dataclass(frozen=True)
class Outcome:
    """What has become of the records of one issue: those that the reader may see."""

    issued: date
    listed: int
    ended: int
    reviewed: int
    agreed: int

    @property
    def continuing(self) -> int:
        """Those that have not ended."""
        return self.listed - self.ended


def rows(user: User, which: DriftList, day: date) -> QuerySet[Any]:
    """The records on a list that the user may see, the longest first."""
    seen = visible_rows(user, which.record, day)
    return which.rows(seen, day).order_by(which.since, "pk")


def lines(user: User, which: DriftList, held: Iterable[Any], day: date) -> list[Line]:
    """Records of a list as they are read."""
    found = list(held)
    people = [row.person_id for row in found]
    called, holders = said.names(people), holder_names(people, day)
    reviews = _reviews(user, which.effect, [row.pk for row in found])
    acts = bool(which.act) and may(which.act, by=user)
    return [
        Line(
            person=row.person_id,
            name=called.get(row.person_id) or f"Person {row.person_id}",
            holders=holders.get(row.person_id, ()),
            since=_value(row, which.since),
            about=which.about(row, day) if which.about else "",
            table=named(row)[0],
            record=named(row)[1],
            review=reviews.get(row.pk),
            doing=doing_on(Stop(which.act), which.record, row.pk) if acts else None,
        )
        for row in found
    ]


def named(row: Any) -> tuple[str, int]:
    """The record that a row stands for: a deadline stands for the record that its clock runs on."""
    if isinstance(row, Deadline):
        return row.record_table, row.record_id
    return row._meta.db_table, row.pk


def outcomes(user: User, which: DriftList, day: date, newest: int = 3) -> list[Outcome]:
    """What has become of those listed at the last issues, the newest first. Only records that the user may see are counted."""
    if which.effect is None:
        return []
    issues = list(visible_rows(user, DriftIssue, day).filter(drift_list=which.id).order_by("-issued_date", "-pk"))
    listed = visible_rows(user, DriftListed, day).filter(issue__in=issues).values_list("issue_id", "record_id")
    by_issue: dict[int, list[int]] = {}
    for issue, record in listed:
        by_issue.setdefault(issue, []).append(record)
    mine = [one for one in issues if one.pk in by_issue or one.issued_by_id == user.worker_id][:newest]
    return [_outcome(user, which, which.effect, one, by_issue.get(one.pk, []), day) for one in mine]


def next_issue(which: DriftList, told: list[Outcome]) -> date | None:
    """The day by which the next list is due, by its cadence; None for a list without one or not yet issued."""
    if which.effect is None or not which.effect.cadence or not told:
        return None
    issued = told[0].issued
    began = first_day(versions(which.effect.cadence)[0])
    return due_date(clock(which.effect.cadence, max(issued, began)), issued)


def _outcome(user: User, which: DriftList, effect: Effect, issue: DriftIssue, records: list[int], day: date) -> Outcome:
    over = {f"{effect.ends}__isnull": False, f"{effect.ends}__lte": max(day, issue.issued_date)}
    ended = visible_rows(user, which.record, day).filter(pk__in=records, **over).count()
    reviewed = agreed = 0
    if effect.review:
        since = {f"{effect.link}__in": records, f"{effect.reviewed}__gte": issue.issued_date}
        held = visible_rows(user, apps.get_model(effect.review), day).filter(**since)
        reviewed = held.values(effect.link).distinct().count()
        if effect.agreed:
            agreed = held.exclude(**{effect.agreed: None}).values(effect.link).distinct().count()
    return Outcome(issue.issued_date, len(records), ended, reviewed, agreed)


def _reviews(user: User, effect: Effect | None, records: list[int]) -> dict[int, Review]:
    if effect is None or not effect.review or not records:
        return {}
    held = visible_rows(user, apps.get_model(effect.review)).filter(**{f"{effect.link}__in": records})
    found = {}
    for one in held.order_by(effect.reviewed, "pk"):
        agreed = getattr(one, effect.agreed) if effect.agreed else None
        review = Review(getattr(one, effect.reviewed), agreed, getattr(one, effect.again))
        found[getattr(one, f"{effect.link}_id")] = review
    return found


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row
