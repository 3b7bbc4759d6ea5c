"""Disposal: two people, a period that is over, nothing that holds the records; then nothing of them is left, and that it happened is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import Problem
from sightline.core.people.models import Household, HouseholdMember, Person
from sightline.core.records.history import record_models
from sightline.core.records.models import Change
from sightline.core.rights.models import Disposal, DisposalCount
from sightline.engine.actions.refusals import Invalid
from sightline.engine.rights import disposal
from sightline.engine.rights.holdings import holdings
from sightline.engine.rights.retention import holds, kept_until
from sightline.engine.snapshot import place, store
from sightline.engine.snapshot.take import keyed
from sightline.engine.social_care_api.models import SentChild

Act = Callable[..., Any]
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)


@pytest.fixture
def agreed(act: Act, officers: tuple[User, User], family: SimpleNamespace) -> Disposal:
    first, second = officers
    proposed = act(first, "rights.propose_disposal", subject=family.child.pk).record
    found: Disposal = act(second, "rights.agree_disposal", proposed).record
    return found


@pytest.mark.parametrize(
    ("make_it", "expected"),
    [
        ((), ("child", "2015-01-10")),
        (
            (("looked_after.PeriodOfCare", {"start_date": "2005-01-01", "end_date": "2006-01-01", "end_reason": "E8", "category_of_need": "N1"}),),
            ("looked_after", "2065-01-10"),
        ),
        (
            (("adoption.AdoptionPlan", {"decision_date": "2005-01-01", "placed_date": "2005-02-01", "order_date": "2005-06-01"}),),
            ("adoption", "2105-06-01"),
        ),
        (
            (("adopters.ProspectiveAdopter", {"enquiry_date": "2004-01-01", "left_date": "2005-06-01", "left_reason": "WITHDREW"}),),
            ("adoption", "2105-06-01"),
        ),
    ],
)  # fmt: skip
def test_the_class_that_keeps_longest_holds(family: Any, make: Act, make_it: Any, expected: Any) -> None:
    for label, values in make_it:
        more = {"case": family.case} if label.startswith("looked") else {}
        make(label, person=family.child, **more, **values)
    found = kept_until(family.child, TODAY)
    assert (found.id, str(found.day)) == expected


def test_a_prospective_adopter_in_the_process_is_kept(family: Any, make: Act) -> None:
    assert holds(family.child, TODAY) == []
    make("adopters.ProspectiveAdopter", person=family.child, enquiry_date="2004-01-01")
    assert holds(family.child, TODAY) == ["The person is a prospective adopter who has not left the process."]


def test_a_disposal_takes_two_people_and_a_period_that_is_over(
    act: Act, officers: tuple[User, User], family: Any
) -> None:
    first, _ = officers
    with pytest.raises(Invalid, match="are kept as child record until 10 January 2037"):
        act(first, "rights.propose_disposal", subject=family.brother.pk)
    proposed = act(first, "rights.propose_disposal", subject=family.child.pk).record
    with pytest.raises(Invalid, match="another person"):
        act(first, "rights.agree_disposal", proposed)
    assert disposal.agreed() == []
    with pytest.raises(Problem, match="not agreed"):
        disposal.carry_out(proposed)


def test_a_hold_or_an_open_case_stops_it(
    act: Act, make: Act, officers: tuple[User, User], family: Any, agreed: Any
) -> None:
    hold = act(officers[0], "rights.hold", reason="inquiry", start_date=TODAY).record
    with pytest.raises(Problem, match="legal hold"):
        disposal.carry_out(agreed)
    act(officers[0], "rights.end_hold", hold, end_date=TODAY)
    make("cases.Case", person=family.child, service="leaving_care", start_date=TODAY)
    with pytest.raises(Problem, match="still open"):
        disposal.carry_out(agreed)
    assert Person.objects.filter(pk=family.child.pk).exists()


def test_nothing_is_left_but_that_it_happened(family: Any, agreed: Disposal) -> None:
    child = family.child.pk
    expected = disposal.dry_run(child)
    assert expected["people_person"] == 1
    ids = {model._meta.db_table: found for model, found in holdings(child).items() if model is not Disposal}
    done = disposal.carry_out(agreed)
    with connection.cursor() as cursor:
        # Every link between the deleted rows is checked now, as it would be at the end of the transaction.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert done.rows == expected
    for model in record_models():
        if model._meta.db_table in ids and model is not Disposal:
            assert not model._default_manager.filter(pk__in=ids[model._meta.db_table]).exists()
    for table, found in ids.items():
        changes = Change.objects.filter(table_name=table, record_id__in=found)
        assert changes.filter(operation="delete").count() == len(found)
        assert not changes.exclude(old=None, new=None, because="").exists()
    kept = Disposal.objects.get()
    assert (kept.person_id, kept.outcome, kept.retention_class) == (None, "done", "child")
    assert {one.record_table: one.deleted for one in DisposalCount.objects.all()} == expected
    assert Entry.objects.get(what="disposed").details["tables"] == expected
    assert "Ada" not in str(list(Change.objects.filter(old__isnull=False).values_list("old", flat=True)))


def test_of_what_was_sent_to_the_department_only_the_id_is_kept_until_it_is_purged_there(
    family: Any, agreed: Disposal
) -> None:
    sent = {"area": "E10000028", "person": family.child, "la_child_id": "C1", "receipt": "received"}
    SentChild.objects.create(payload={"la_child_id": "C1", "child_details": {"first_name": "Ada"}}, **sent)
    disposal.carry_out(agreed)
    row = SentChild.objects.get()
    assert (row.la_child_id, row.person_id, row.payload, row.receipt) == ("C1", None, {}, "")


def test_what_belongs_to_others_too_stays(family: Any, agreed: Disposal) -> None:
    disposal.carry_out(agreed)
    assert Person.objects.filter(pk=family.brother.pk).exists()
    assert Household.objects.filter(pk=family.household.pk).exists()
    assert HouseholdMember.objects.get().person_id == family.brother.pk


def test_somebody_of_whom_nothing_else_is_held_is_never_among_it(make: Act, family: Any, agreed: Disposal) -> None:
    aunt = make("people.Person", birth_date="1960-01-10")
    make("people.Relationship", person=family.child, other=aunt, kind="sibling")
    assert holdings(family.child.pk)[Person] == {family.child.pk}
    disposal.carry_out(agreed)
    assert Person.objects.filter(pk=aunt.pk).exists()


def test_a_record_of_another_person_that_hangs_on_it_stops_it(make: Act, family: Any, agreed: Disposal) -> None:
    make("assessment.Assessment", person=family.brother, case=family.case, start_date="2005-01-01")
    with pytest.raises(Problem, match="another person depends on them: assessment_assessment"):
        disposal.carry_out(agreed)


def test_snapshots_that_hold_the_person_are_deleted(family: Any, agreed: Disposal) -> None:
    for name, people in (("20240101T000000-aaaaaa", (family.child, family.brother)), ("20240102T000000-bbbbbb", (family.brother,))):  # fmt: skip
        folder = place.folder() / name
        (folder / "tables").mkdir(parents=True)
        rows = ", ".join(f"({keyed(one.pk, place.key())})" for one in people)
        with duckdb.connect() as con:
            con.execute(f"COPY (SELECT * FROM (VALUES {rows}) t (id)) TO '{folder}/tables/people_person.parquet'")
        (folder / store.MANIFEST).write_text("{}")
    assert disposal.carry_out(agreed).snapshots == ("20240101T000000-aaaaaa",)
    assert [one.id for one in store.snapshots(place.folder())] == ["20240102T000000-bbbbbb"]


def test_the_key_of_a_person_is_the_one_that_snapshots_use() -> None:
    with duckdb.connect() as con:
        from hashlib import sha256

        from sightline.engine.snapshot import take

        con.execute("SET VARIABLE key = ?", [sha256(b"secret").hexdigest()])
        found = con.execute(f"SELECT {take._keyed('id')} FROM (SELECT 42 AS id)").fetchone()
    assert found == (keyed(42, b"secret"),)


def test_the_applications_own_user_cannot_carry_one_out(agreed: Disposal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.APP_DATABASE_ROLE}")
        with pytest.raises(Problem, match="cannot take values out of the history"):
            disposal.carry_out(agreed)
        cursor.execute("RESET ROLE")
