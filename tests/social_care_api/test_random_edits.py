"""Whatever is edited in the record: changes sent one after the other leave the service with what a full send gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from django.apps import apps

from sightline.engine.social_care_api.deltas import applied
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.receiver import Receiver
from sightline.engine.social_care_api.schema import PURGE, Payload, Schema, Shape

from .conftest import Sending, client_of
from .county import LA_CODE, START, TODAY, County, day

EDITS, AT_A_TIME, CHILDREN = 200, 20, 12
CLOSED = "RC7"


class Editor:
    """Edits the record at random: new records, changed ones, removed ones, whole episodes and whole children."""

    def __init__(self, county: County, random: Random) -> None:
        self._county, self._random = county, random
        self._next = 0
        self.made: dict[str, int] = {}

    def edit(self) -> None:
        edits: list[Callable[[], Any]] = [
            *[self._new_child] * 2,
            *[self._new_episode] * 2,
            *[self._new_in_episode] * 6,
            *[self._changed] * 8,
            *[self._removed] * 6,
            self._child_gone,
        ]
        edit = self._random.choice(edits)
        edit()
        self.made[edit.__name__] = self.made.get(edit.__name__, 0) + 1

    def _any(self, label: str, **which: Any) -> Any:
        rows = list(apps.get_model(label)._default_manager.filter(**which).order_by("pk"))
        return self._random.choice(rows) if rows else None

    def _day(self) -> Any:
        """A day of its own: spells of one kind must not overlap, and each of these lasts a day."""
        self._next += 2
        return day(self._next)

    def _new_child(self) -> None:
        person = self._county.child(birth_date=START - timedelta(days=self._random.randint(0, 6000)))
        self._county.case(person, self._day(), closure_reason=CLOSED, last=day(self._next))
        self._new_episode(person)

    def _new_episode(self, person: Any = None) -> None:
        person = person or self._any("people.Person")
        if person is None:
            return
        first = self._day()
        if self._random.random() < 0.3:
            self._county.turned_away(person, first)
        else:
            self._county.case(person, first, first)

    def _new_in_episode(self) -> None:
        case = self._any("cases.Case")
        if case is None:
            return
        first, county, person = self._day(), self._county, case.person
        kinds = (
            lambda: county.plan(case, first, first),
            lambda: county.protection(case, first, first),
            lambda: county.assessment(case, first, *self._random.sample(("1A", "2B", "3C", "4A"), 2)),
            lambda: county.enquiry(case, first, self._random.choice((None, first))),
            lambda: county.allocation(case, first, first),
            lambda: county.adoption(person, first, matched_date=self._random.choice((None, first))),
            lambda: self._any("leaving_care.CareLeaver", person=person) or county.leaver(person, first),
            lambda: self._care(case, first),
            lambda: county.make("people.Disability", person=person, disability=self._random.choice(("VIS", "AUT"))),
            lambda: county.make("looked_after.AsylumStatus", person=person, start_date=first, end_date=first),
        )
        self._random.choice(kinds)()

    def _care(self, case: Any, first: Any) -> None:
        """A period of care, in the case or with none; or another questionnaire in one that is there."""
        period = self._any("looked_after.PeriodOfCare", person=case.person)
        if period is None:
            period = self._county.care(case.person, first, self._random.choice((case, None))).period
        self._county.questionnaire(period, first, self._random.randint(0, 40))

    def _changed(self) -> None:
        later = day(self._next + 1)
        score, code = self._random.randint(0, 40), self._random.choice(("1B", "2A", "6"))
        label, values = self._random.choice(
            (
                ("people.Person", {"ethnicity": self._random.choice(("MWBC", "APKN"))}),
                ("people.PersonName", {"forename": self._random.choice(("Ana's", "Zoë", "Li"))}),
                ("cases.Case", {"primary_need": "N3", "end_date": later, "closure_reason": CLOSED}),
                ("front_door.Referral", {"source": code}),
                ("assessment.Assessment", {"authorised_date": None}),
                ("assessment.Assessment", {"cancelled_date": later, "authorised_date": None}),
                ("child_in_need.Plan", {"end_date": None}),
                ("child_protection.Section47", {"conference_not_required": self._random.choice((True, False))}),
                ("adoption.AdoptionPlan", {"placed_date": later}),
                ("looked_after.HealthCheck", {"score": score}),
                ("looked_after.Placement", {"postcode": self._random.choice((None, "WS11 1AA"))}),
                ("looked_after.PeriodOfCare", {"case": None}),
                ("leaving_care.Contact", {"contact_date": later}),
            )
        )
        found = self._any(label)
        if found is not None and not (label.endswith(("Plan", "Case")) and self._has_another(found)):
            self._county.change(found, **values)

    def _has_another(self, found: Any) -> bool:
        """A plan that is opened again, or a case that lasts longer, must not overlap another of the child's."""
        return bool(type(found).objects.filter(person=found.person_id).exclude(pk=found.pk).exists())

    def _removed(self) -> None:
        label = self._random.choice(
            (
                *("cases.Case", "front_door.Referral", "cases.Allocation", "people.PersonName", "people.PersonAddress"),
                *(
                    "assessment.Assessment",
                    "assessment.AssessmentFactor",
                    "child_in_need.Plan",
                    "child_protection.Plan",
                ),
                *("child_protection.Section47", "looked_after.PeriodOfCare", "looked_after.HealthCheck"),
                *("adoption.AdoptionPlan", "leaving_care.CareLeaver", "people.Disability", "looked_after.AsylumStatus"),
            )
        )
        if (found := self._any(label)) is not None:
            self._county.remove(found)

    def _child_gone(self) -> None:
        if (person := self._any("people.Person")) is not None:
            self._county.remove_child(person)


def test_200_edits_sent_as_changes_leave_what_a_full_send_gives(
    county: County, sending: Sending, receiver: Receiver, receivers: Any, schema: Schema, sent: list[Any]
) -> None:
    editor = Editor(county, Random(11))
    for _child in range(CHILDREN):
        editor._new_child()
    for edit in range(1, EDITS + 1):
        editor.edit()
        if edit % AT_A_TIME == 0:
            done = sending()
            assert (done.held_back, done.refused, done.stopped) == (0, 0, ""), done
            assert held(schema) == receiver.children.get(LA_CODE, {})
    assert sum(editor.made.values()) == EDITS
    assert min(editor.made.values()) > 3
    assert sending().changed == 0
    fresh, address = receivers()
    done = sending(client_of(address), whole=True)
    assert done.receipts == done.children > 5
    assert receiver.children == fresh.children
    told = [found for child in sent for found in blocks(schema.child, child)]
    every = {name for name, _purged in blocks_of(schema.child)}
    assert {name for name, _purged in told} == every
    assert len({name for name, purged in told if purged}) > 8


def blocks(shape: Shape, told: Payload) -> Iterator[tuple[str, bool]]:
    """The blocks in what was sent, and whether each was purged."""
    yield shape.name, PURGE in told
    for name, part in shape.parts.items():
        for one in told.get(name, ()) if part.many else filter(None, [told.get(name)]):
            yield from blocks(part, one)


def blocks_of(shape: Shape) -> Iterator[tuple[str, bool]]:
    """Every block of the schema."""
    yield shape.name, False
    for part in shape.parts.values():
        yield from blocks_of(part)


def held(schema: Schema) -> dict[str, Any]:
    """What the sender takes the service to hold."""
    rows = SentChild.objects.filter(payload__isnull=False)
    return {row.la_child_id: applied(schema.child, None, row.payload) for row in rows}


def test_the_window_of_these_tests_is_the_one_that_is_sent(sending: Sending) -> None:
    assert sending().window == f"{START.isoformat()} to {TODAY.isoformat()}"
