"""What there is to send: each child's payload held against the one that the Department last accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import QuerySet

from sightline.core.access.models import User
from sightline.core.people.models import Person
from sightline.engine.exchange.export import one_moment
from sightline.engine.social_care_api import declared, holding
from sightline.engine.social_care_api.declarations import EPISODES
from sightline.engine.social_care_api.deltas import by_id, changed, only_what_stays
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.schema import PURGE, Payload, Schema
from sightline.engine.social_care_api.telling import Child, Telling, children
from sightline.engine.social_care_api.window import Window

AT_A_TIME = 500


@dataclass(frozen=True)
class Change:
    """What is sent about one child, and what the Department holds once it has accepted that."""

    row: SentChild
    sent: Payload
    after: Payload | None


@dataclass
class Changes:
    """Finds what is to be sent to one authority's address. It counts, and names nobody.

    `whole`: every child of the cohort is sent whole; what was deleted is purged all the same, since nothing says that the Department takes
    what a full payload leaves out as gone.
    """

    user: User
    area: str
    service: str
    window: Window
    schema: Schema
    whole: bool
    children: int = 0
    unchanged: int = 0
    held_back: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    #: Why each child is held back, by the id under which they are sent: for a file, never for a log.
    why: dict[str, list[str]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Change]:
        """The changes, those who are gone from the record first. The record is read some hundred children at a time, each lot as at one moment."""
        with one_moment():
            telling = Telling(self.user, self.area, self.window)
            cohort = declared.cohort(telling)
            held = self._held()
            seen = set(telling.rows(Person).filter(pk__in=held).values_list("pk", flat=True))
            gone = [self._purge(row) for row in self._without_a_record()]
        yield from gone
        self.children = len(cohort)
        # Whoever the Department holds and the user may not see is left as they are: a seal is no deletion.
        people = iter(sorted(cohort | seen))
        while some := list(islice(people, AT_A_TIME)):
            with one_moment():
                found = list(self._of(some, cohort))
            yield from found

    def _held(self) -> list[int]:
        rows = self._with_the_service().filter(person__isnull=False)
        return list(rows.values_list("person_id", flat=True))

    def _with_the_service(self) -> QuerySet[SentChild]:
        return SentChild.objects.filter(area=self.area, service=self.service, payload__isnull=False)

    def _without_a_record(self) -> Iterable[SentChild]:
        for row in self._with_the_service().exclude(person__in=Person.objects.values("pk")).order_by("pk"):
            row.person_id = None
            yield row

    def _purge(self, row: SentChild) -> Change:
        return Change(row, {self.schema.child.id: row.la_child_id, PURGE: True}, None)

    def _of(self, people: list[int], cohort: set[int]) -> Iterator[Change]:
        telling = Telling(self.user, self.area, self.window, frozenset(people), notes=self.notes)
        told = children(telling, self.schema, declared.parts())
        rows = holding.known(self.area, self.service, people)
        for person in people:
            if person not in telling.hidden:
                change = self._change(rows[person], told[person], person in cohort)
                if change is not None:
                    yield change

    def _change(self, row: SentChild, child: Child, wanted: bool) -> Change | None:
        shape, before = self.schema.child, row.payload
        if not child.episodes:
            # Nothing was ever open on the child: what the Department holds is there by mistake.
            return None if before is None else self._purge(row)
        ids = {shape.id: row.la_child_id, "mis_child_id": f"P{row.person_id}"}
        kept = by_id(shape.parts[EPISODES], (before or {}).get(EPISODES))
        now = child.payload(self.schema, ids, self.window, kept)
        faults = sorted(child.faults | set(self.schema.faults(now))) if wanted else []
        self._hold_back(row, faults)
        if wanted and not faults:
            after, whole = now, self.whole
        elif before is not None:
            # Of a child who is held back or has left the cohort only what was deleted is told.
            after, whole = only_what_stays(shape, before, now), False
        else:
            return None
        sent = changed(shape, before, after, whole=whole)
        if sent is None:
            self.unchanged += not faults
            return None
        return Change(row, sent, after)

    def _hold_back(self, row: SentChild, faults: list[str]) -> None:
        why = faults or holding.refusal(row)
        holding.hold_back(row, why)
        if why:
            self.why[row.la_child_id] = why
        self.held_back += bool(faults)
        self.reasons.update(faults)
