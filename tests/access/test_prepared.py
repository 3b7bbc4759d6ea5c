"""The texts that are kept say what the rule says: for every role, kind of agency and record type, and for random records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.core.access import assembly, prepared
from sightline.core.access.assembly import Known
from sightline.core.access.models import User
from sightline.core.access.prepared import Gap
from sightline.core.access.queries import These, any_of, but_not
from sightline.core.access.reasons import Reason, declared_reasons
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.rules import SeenByAll, SeenByPermission, SeenByUser, rule_for
from sightline.core.access.visibility import outside, sight, visible_rows
from sightline.core.people.models import Person
from sightline.core.records.history import record_models

from . import build
from .test_rule_restated import PEOPLE, TODAY, WORKERS, Case, cases, write

#: Rules of every shape: by person, by any child, by parent, by a named record, by several of these.
OF_EVERY_SHAPE = (
    *("people.Person", "people.Relationship", "child_protection.Section47", "child_protection.StrategyMeeting"),
    *("child_protection.StrategyAttendance", "deadlines.Deadline", "cases.Allocation", "restrictions.SharingDecision"),
)
KINDS = ("", "local_authority", "police")


def followers() -> list[type[Model]]:
    """The record types whose rows follow children."""
    apart = (SeenByAll, SeenByPermission, SeenByUser)
    return [model for model in record_models() if not isinstance(rule_for(model), apart)]


def somebody(role: str, kind: str) -> User:
    """A user of the role, working for an agency of a kind, or none."""
    return build.user(role, build.worker("w", of=build.agency("An agency", kind)) if kind else None)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_kept_text_filled_in_is_the_text_put_together_afresh(
    role: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.combine(TODAY, datetime.min.time(), tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    user = somebody(role, kind)
    standing, numbers = prepared.standing_of(user, TODAY), prepared.given_by(user)
    for kept, fresh in (
        (prepared.barred(standing), assembly.barred(user, TODAY)),
        (prepared.with_a_reason(standing), assembly.with_a_reason(user, TODAY)),
    ):
        assert kept.filled(numbers) == (fresh.sql, list(fresh.params))
    known = Known(These([1, 2]), These([3]), These([2, 4]))
    given_ = {**numbers, Gap.PEOPLE: known.people, Gap.BARRED: known.barred, Gap.ABOUT: known.about}
    for model in followers():
        for narrowed in (False, True):
            these = known if narrowed else Known(known.people, known.barred)
            fresh_text = prepared.on_own_row(model, assembly.condition(model, user, TODAY, these))
            kept_text = prepared.condition(model, standing, narrowed)
            assert (kept_text.always, kept_text.never) == (fresh_text.always, fresh_text.never), model
            assert kept_text.filled(given_) == (fresh_text.text, list(fresh_text.values)), model


@pytest.mark.django_db
@settings(max_examples=settings().max_examples // 8)
@given(case=cases, about=st.sets(st.integers(0, PEOPLE - 1)))
def test_the_kept_rule_shows_the_rows_of_the_rule_put_together_afresh(case: Case, about: set[int]) -> None:
    with transaction.atomic():
        people = [build.make("people.Person") for _ in range(PEOPLE)]
        for person in people:
            build.make("child_protection.Section47", person=person)
        police = build.agency("Police", "police")
        users = [build.user("social_worker", build.worker(f"w{n}")) for n in range(WORKERS)]
        write(case, people, users, police)
        partner = build.user("mash_partner", build.worker("p", of=police))
        for user in (*users, partner, build.user("performance_analyst")):
            for label in OF_EVERY_SHAPE:
                model = apps.get_model(label)
                ids = [people[place].pk for place in sorted(about)]
                assert seen(visible_rows(user, model)) == seen(afresh(user, model)), label
                assert seen(visible_rows(user, model, about=ids)) == seen(afresh(user, model, ids)), label
        transaction.set_rollback(True)


def afresh(user: User, model: Any, about: list[int] | None = None) -> Any:
    """The rows that the rule shows, put together for this user alone, with whole questions in the place of lists of people."""
    barred = assembly.barred(user, TODAY)
    people = but_not(assembly.with_a_reason(user, TODAY), barred)
    if about is not None:
        everybody = user.may(Permission.SEE_ALL_CHILDREN)
        within = Q(pk__in=These(about)) & ~Q(pk__in=barred)
        within &= Q() if everybody else Q(pk__in=people)
        people = any_of([Person.objects.filter(within).values("pk")])
    known = Known(people, barred, None if about is None else These(about))
    rows = model.objects.filter(assembly.condition(model, user, TODAY, known))
    return rows.filter(outside(model, sight(user, TODAY).sealed))


def seen(rows: Any) -> set[int]:
    """The ids of rows."""
    return set(rows.values_list("pk", flat=True))


# What a declaration must not do


def declared(ask: Any, monkeypatch: pytest.MonkeyPatch) -> prepared.Standing:
    """A standing for which one more reason is declared."""
    reason = Reason("test", "A test.", ask)
    monkeypatch.setattr(assembly, "reasons_of", lambda _user: (*declared_reasons(), reason))
    # A day that no other test asks about: what is kept for it is not of this declaration alone.
    return prepared.Standing("social_worker", True, True, "local_authority", date(1999, 1, 1), TODAY)


@pytest.mark.django_db
def test_a_declaration_that_asks_the_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = declared(lambda _user, _day: These(Person.objects.values_list("pk", flat=True)), monkeypatch)
    with pytest.raises(TypeError, match="asks the database"):
        prepared.with_a_reason(standing)


@pytest.mark.django_db
def test_a_declaration_that_takes_the_moment_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = declared(
        lambda _user, _day: Person.objects.filter(recorded_at__lt=timezone.now()).values("pk"), monkeypatch
    )
    with pytest.raises(TypeError, match="moment"):
        prepared.with_a_reason(standing)


@pytest.mark.django_db
def test_a_declaration_that_hides_a_number_in_a_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = declared(lambda user, _day: These([user.worker_id]), monkeypatch)
    with pytest.raises(TypeError, match="list"):
        prepared.with_a_reason(standing)
