"""The rule in plain Python, against the rule as the database answers it, for random allocations, seals, conflicts, shares and emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.core.access.models import User
from sightline.core.access.viewers import who_sees
from sightline.core.access.visibility import explain, visible_rows
from sightline.core.people.models import Person
from sightline.pathways.child_protection.models import Section47

from . import build

TODAY = timezone.localdate()
PEOPLE, WORKERS = 4, 3
#: Each example fills a small county of its own.
EXAMPLES = settings().max_examples // 8


@dataclass(frozen=True)
class Spell:
    """Something that holds for a while: about whom, for which worker, from and to."""

    person: int
    worker: int
    start: date
    end: date | None

    def open(self) -> bool:
        return self.start <= TODAY and (self.end is None or self.end > TODAY)


days = st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    start = draw(days)
    end = draw(st.one_of(st.none(), st.integers(0, 4).map(lambda n: start + timedelta(days=n))))
    return Spell(draw(st.integers(0, PEOPLE - 1)), draw(st.integers(0, WORKERS - 1)), start, end)


some = st.lists(spells(), max_size=4)


@dataclass
class Case:
    """What was recorded."""

    allocations: list[Spell]
    seals: list[tuple[Spell, bool, bool]]
    conflicts: list[Spell]
    emergencies: list[Spell]
    shares: list[tuple[Spell, bool]]
    adopted: tuple[int, int] | None


cases = st.builds(
    Case,
    some,
    st.lists(st.tuples(spells(), st.booleans(), st.booleans()), max_size=3),
    some,
    some,
    st.lists(st.tuples(spells(), st.booleans()), max_size=3),
    st.one_of(st.none(), st.permutations(range(PEOPLE)).map(lambda order: (order[0], order[1]))),
)


def barred(case: Case, worker: int | None, person: int) -> bool:
    """Whatever the reason: a seal, unless its member or opened in an emergency it allows; a conflict; the time before an adoption."""
    broke = any(each.person == person and each.worker == worker and each.open() for each in case.emergencies)
    for seal, masked, has_member in case.seals:
        member = has_member and seal.worker == worker
        if seal.person == person and seal.open() and not member and not (masked and broke):
            return True
    if any(each.person == person and each.worker == worker and each.open() for each in case.conflicts):
        return True
    return case.adopted is not None and case.adopted[0] == person


def sees(case: Case, worker: int, person: int) -> bool:
    """The whole record of a person, for a social worker."""
    if barred(case, worker, person):
        return False
    held = [*case.allocations, *case.emergencies, *(seal for seal, _, has_member in case.seals if has_member)]
    return any(each.person == person and each.worker == worker and each.open() for each in held)


def shared(case: Case, person: int, whole: bool) -> bool:
    """For the partner: who the child is, or the enquiries, where that part is shared."""
    if barred(case, None, person):
        return False
    return any(each.person == person and each.open() and (part or not whole) for each, part in case.shares)


def write(case: Case, people: list[Any], users: list[User], police: Any) -> None:
    team = build.make("organisations.Team", name="T", service="social_care")
    for each in case.allocations:
        # A case of its own for each: cases of one service may not overlap, and what is asked here is another question.
        with_case = build.make("cases.Case", person=build.make("people.Person"), service="social_care")
        values = {"case": with_case, "team": team, "worker": users[each.worker].worker}
        build.make("cases.Allocation", person=people[each.person], start_date=each.start, end_date=each.end, **values)
    for seal, masked, has_member in case.seals:
        policy = "masked" if masked else "hidden"
        values = {"start_date": seal.start, "end_date": seal.end}
        made = build.make("restrictions.Seal", policy=policy, person=people[seal.person], **values)
        if has_member:
            build.make("restrictions.SealMember", seal=made, worker=users[seal.worker].worker, **values)
    for each in case.conflicts:
        values = {"start_date": each.start, "end_date": each.end, "worker": users[each.worker].worker}
        build.make("restrictions.ConflictOfInterest", person=people[each.person], **values)
    for each in case.emergencies:
        now = timezone.now()
        values = {"granted_at": now - timedelta(hours=9), "ends_at": now + timedelta(hours=1 if each.open() else -1)}
        build.make(
            "restrictions.EmergencyAccess", person=people[each.person], worker=users[each.worker].worker, **values
        )
    for each, part in case.shares:
        end = each.end or TODAY + timedelta(days=9)
        values = {"start_date": each.start, "end_date": end, "partner": police}
        decision = build.make("restrictions.SharingDecision", person=people[each.person], **values)
        build.make("restrictions.SharedStream", decision=decision, stream="child_protection" if part else "contacts")
    if case.adopted:
        before, after = case.adopted
        build.make("restrictions.AdoptedIdentity", before=people[before], after=people[after])


@pytest.mark.django_db
@settings(max_examples=EXAMPLES)
@given(case=cases)
def test_the_database_answers_as_the_rule_reads(case: Case) -> None:
    with transaction.atomic():
        people = [build.make("people.Person") for _ in range(PEOPLE)]
        rows = [build.make("child_protection.Section47", person=person) for person in people]
        police = build.agency("Police", "police")
        users = [build.user("social_worker", build.worker(f"w{n}")) for n in range(WORKERS)]
        partner = build.user("mash_partner", build.worker("p", of=police))
        analyst = build.user("performance_analyst")
        write(case, people, users, police)
        for worker, who in enumerate(users):
            expected = {n for n in range(PEOPLE) if sees(case, worker, n)}
            assert numbers(people, visible_rows(who, Person), "pk") == expected
            assert numbers(people, visible_rows(who, Section47), "person_id") == expected
            about = visible_rows(who, Section47, about=[people[0].pk])
            assert numbers(people, about, "person_id") == expected & {0}
            assert {people.index(one) for one in people if one.pk in explain(who, [p.pk for p in people])} == expected
        assert numbers(people, visible_rows(partner, Person), "pk") == {
            n for n in range(PEOPLE) if shared(case, n, whole=False)
        }
        assert numbers(people, visible_rows(partner, Section47), "person_id") == {
            n for n in range(PEOPLE) if shared(case, n, whole=True)
        }
        everybody = numbers(people, visible_rows(analyst, Section47), "person_id")
        assert everybody == {n for n in range(PEOPLE) if not barred(case, None, n)}
        viewers = {viewer.user.pk for viewer in who_sees(people[0], TODAY)}
        asked = [*users, partner, analyst]
        assert viewers == {who.pk for who in asked if visible_rows(build.fresh(who), Person).filter(pk=people[0].pk)}
        assert len(rows) == PEOPLE
        transaction.set_rollback(True)


def numbers(people: list[Any], rows: Any, path: str) -> set[int]:
    """Which of the people, by their place in the list."""
    ids = set(rows.values_list(path, flat=True))
    return {place for place, person in enumerate(people) if person.pk in ids}
