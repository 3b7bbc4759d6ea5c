"""Two records of one person: merged without loss, taken apart again without loss, and never across the barrier of an adoption."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from sightline.core.audit.models import Entry
from sightline.core.finding import index
from sightline.core.people import merging
from sightline.core.people.merged import leads_to, merged_away
from sightline.core.people.models import Judgement, Merge, PersonAddress, PersonName
from sightline.core.records.models import Change
from sightline.engine.actions.engine import System
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.deadlines import ledger

from .conftest import Make
from .content import content

pytestmark = pytest.mark.django_db


def everything_about(who: Any, make: Make) -> None:
    """Rows of many kinds about one person."""
    case = make("cases.Case", person=who, service="social_care", start_date="2017-04-03")
    make(
        *("front_door.Contact",),
        person=who,
        contact_date="2017-04-01",
        source="1A",
        outcome="RF",
        outcome_date="2017-04-01",
    )
    make(
        "front_door.Referral",
        person=who,
        case=case,
        referral_date="2017-04-03",
        source="1A",
        decision_date="2017-04-03",
    )
    make("assessment.Assessment", person=who, case=case, start_date="2017-04-04")
    make("people.Disability", person=who, disability="LD")
    parent = make("people.Person", birth_date="1985-01-01", sex="F")
    make("people.Relationship", person=parent, other=who, kind="parent")


@pytest.fixture
def twice(person: Make, make: Make) -> tuple[Any, Any]:
    """One child, recorded twice: everything hangs on the second record."""
    kept = person("Amelia", "Acornmock", "2010-02-01", nhs="9990000018", line_1="1 Nowhere Street", postcode="ZZ99 9ZZ")
    gone = person("Millie", "Acorn-Mock", "2010-01-02", local="L2", line_1="2 Nowhere Street", postcode="ZZ99 9ZY")
    everything_about(gone, make)
    ledger.rebuild()
    return kept, gone


def test_every_link_to_a_person_is_known() -> None:
    """A record type that somebody adds tomorrow is moved, too: the links are read from the models."""
    known = {(model._meta.label, column) for model, column in merging.links()}
    assert {("cases.Case", "person_id"), ("people.Relationship", "other_id")} <= known
    every = {
        (model._meta.label, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label == "people.Person"
    }
    assert every - known == {
        *(("people.Merge", "person_id"), ("people.Merge", "gone_id")),
        *(
            ("finding.Entry", "person_id"),
            ("deadlines.Deadline", "person_id"),
            ("social_care_api.SentChild", "person_id"),
        ),
    }


def test_after_a_merge_everything_is_the_kept_persons(twice: Any, system: System, act: Any) -> None:
    kept, gone = twice
    done = act(system, "people.merge", person=kept, gone=gone, reason="Same mother, same school.")
    assert done.record.merged_by == "test"
    for label in ("cases.Case", "front_door.Contact", "assessment.Assessment", "people.Disability"):
        assert set(apps.get_model(label).objects.values_list("person_id", flat=True)) == {kept.pk}, label
    assert set(PersonName.objects.values_list("person_id", "forename")) == {(kept.pk, "Amelia"), (kept.pk, "Millie")}
    assert leads_to(gone.pk) == kept.pk
    assert merged_away([kept.pk, gone.pk]) == {gone.pk}
    # The home of the gone record ran beside that of the kept one, which stands.
    assert list(PersonAddress.objects.filter(person=gone).values_list("place__line_1", flat=True)) == [
        "2 Nowhere Street"
    ]
    assert index.check().well


def test_merge_and_unmerge_give_back_every_row(twice: Any, system: System, act: Any) -> None:
    kept, gone = twice
    before = content()
    done = act(system, "people.merge", person=kept, gone=gone, reason="Thought to be one.")
    assert content() != before
    act(system, "people.unmerge", done.record, undone_reason="Two cousins of one name.")
    assert content() == before
    assert leads_to(gone.pk) == gone.pk


def test_history_and_audit_stay_as_they_were_written(twice: Any, system: System, act: Any) -> None:
    kept, gone = twice
    changes, entries = list(Change.objects.order_by("id").values()), list(Entry.objects.order_by("id").values())
    done = act(system, "people.merge", person=kept, gone=gone, reason="One person.")
    act(system, "people.unmerge", done.record, undone_reason="Two.")
    assert list(Change.objects.order_by("id").values())[: len(changes)] == changes
    assert list(Entry.objects.order_by("id").values())[: len(entries)] == entries
    kinds = list(Entry.objects.filter(details__contains={"people": [gone.pk]}).values_list("what", flat=True))
    assert {"merge", "un-merge"} <= set(kinds)


def test_what_was_written_since_stays_unless_it_is_named(twice: Any, system: System, act: Any, make: Make) -> None:
    kept, gone = twice
    merge = act(system, "people.merge", person=kept, gone=gone, reason="One person.").record
    hers = make("people.Disability", person=kept, disability="HEAR")
    theirs = make("people.Disability", person=kept, disability="VIS")
    later = merging.written_since(merge)
    assert {(row.table, row.row) for row in later} == {("people_disability", hers.pk), ("people_disability", theirs.pk)}
    with pytest.raises(Invalid, match="not written since"):
        act(system, "people.unmerge", merge, undone_reason="Two.", later=[{"table_name": "cases_case", "row_id": "1"}])
    named = {"table_name": "people_disability", "row_id": str(theirs.pk)}
    act(system, "people.unmerge", merge, undone_reason="Two.", later=[named])
    hers.refresh_from_db()
    theirs.refresh_from_db()
    assert (hers.person_id, theirs.person_id) == (kept.pk, gone.pk)


def test_open_cases_side_by_side_are_refused_with_what_to_mend(
    twice: Any, system: System, act: Any, make: Make
) -> None:
    kept, gone = twice
    make("cases.Case", person=kept, service="social_care", start_date="2017-01-01")
    before = content()
    trial = merging.plan(kept, gone, "tester")
    assert [clash.table for clash in trial.clashes] == ["cases_case"]
    with pytest.raises(Invalid, match="case of 3 April 2017 overlaps a case of the person who is kept"):
        act(system, "people.merge", person=kept, gone=gone, reason="One person.")
    assert content() == before


def test_a_trial_changes_nothing(twice: Any) -> None:
    before, changes = content(), Change.objects.count()
    trial = merging.plan(*twice, "tester")
    assert not trial.clashes
    assert trial.counts(set_aside=True) == [("addresses", 1)]
    assert content() == before
    assert Change.objects.count() == changes


def test_two_numbers_in_force_are_two_people_until_one_is_mended(person: Make, system: System, act: Any) -> None:
    kept = person("Ella", "Amberfictive", "2010-01-01", nhs="9990000018")
    gone = person("Ella", "Amberfictive", "2010-01-01", nhs="9990000026")
    with pytest.raises(Invalid, match="another NHS number in force"):
        act(system, "people.merge", person=kept, gone=gone, reason="One person.")


def test_brothers_are_two_people(person: Make, make: Make, system: System, act: Any) -> None:
    kept, gone = person("Leo", "Amberfictive", "2010-01-01"), person("Theo", "Amberfictive", "2010-01-01")
    make("people.Relationship", person=kept, other=gone, kind="sibling")
    with pytest.raises(Invalid, match="each other’s sibling"):
        act(system, "people.merge", person=kept, gone=gone, reason="One person.")


def test_merges_come_apart_in_reverse_order(person: Make, system: System, act: Any) -> None:
    one, two, three = (person("Nia", "Briarsample", "2011-01-01") for _ in range(3))
    first = act(system, "people.merge", person=two, gone=one, reason="One person.").record
    second = act(system, "people.merge", person=three, gone=two, reason="One person.").record
    assert leads_to(one.pk) == three.pk
    with pytest.raises(Invalid, match="already"):
        act(system, "people.merge", person=three, gone=one, reason="Again.")
    with pytest.raises(Invalid, match="Un-merge that first"):
        act(system, "people.unmerge", first, undone_reason="Two.")
    act(system, "people.unmerge", second, undone_reason="Two.")
    act(system, "people.unmerge", first, undone_reason="Two.")
    assert PersonName.objects.filter(person=one).count() == 1


def test_only_those_who_may_merge_and_see_both(
    person: Make, worker_of: Callable[..., Any], allocate: Any, act: Any
) -> None:
    kept, gone = person("Nia", "Briarsample", "2011-01-01"), person("Nia", "Briarsample", "2011-01-01")
    sees_both = worker_of("social_worker", gone)
    allocate(sees_both, kept, "leaving_care")
    for stranger in (worker_of("team_manager", kept), sees_both):
        with pytest.raises(NotPermitted):
            act(stranger, "people.merge", person=kept, gone=gone, reason="One person.")
    assert not Merge.objects.exists()


def test_a_restricted_record_is_merged_by_two_people(
    person: Make, worker_of: Any, allocate: Any, seal: Any, act: Any
) -> None:
    kept, gone = person("Zofia", "Cinderexample", "2012-03-04"), person("Zosia", "Cinderexample", "2012-03-04")
    first, second = worker_of("team_manager", kept), worker_of("team_manager")
    # The services differ, or the two cases could not be one person's.
    allocate(first, gone, "leaving_care")
    seal(gone, "masked", first, second)
    asked = act(first, "people.merge", person=kept, gone=gone, reason="One person.").record
    assert (asked.merged_at, leads_to(gone.pk)) == (None, gone.pk)
    with pytest.raises(Invalid, match="somebody else has to confirm"):
        act(first, "people.confirm_merge", asked)
    with pytest.raises(NotPermitted):  # a member of the seal sees one of the two
        act(second, "people.confirm_merge", asked)
    seal(kept, "masked", first, second)
    act(second, "people.confirm_merge", asked)
    assert leads_to(gone.pk) == kept.pk
    asked.refresh_from_db()
    with pytest.raises(NotNow):
        act(second, "people.confirm_merge", asked)
    with pytest.raises(Invalid, match="somebody other than who merged"):
        act(second, "people.unmerge", asked, undone_reason="Two.")
    act(first, "people.unmerge", asked, undone_reason="Two.")
    assert leads_to(gone.pk) == gone.pk


def test_a_merge_never_crosses_the_barrier_of_an_adoption(person: Make, make: Make, system: System, act: Any) -> None:
    before, after = person("Grace", "Damsonmock", "2014-05-06"), person("Grace", "Embersample", "2014-05-06")
    make("restrictions.AdoptedIdentity", before=before, after=after, start_date="2016-01-01")
    for kept, gone in ((before, after), (after, before)):
        with pytest.raises(Invalid) as refused:
            act(system, "people.merge", person=kept, gone=gone, reason="One person.")
        assert "adopt" not in str(refused.value).lower()
        assert "identit" not in str(refused.value).lower()
    assert not Merge.objects.exists()


def test_two_judged_to_be_two_can_be_merged_all_the_same(person: Make, system: System, act: Any) -> None:
    kept, gone = person("Ruby", "Flintmock", "2010-02-01"), person("Rubie", "Flintmock", "2010-02-01")
    act(system, "people.judge_two", person=kept, other=gone)
    before = content()
    merge = act(system, "people.merge", person=kept, gone=gone, reason="One after all.").record
    assert Judgement.objects.filter(person=kept, other=gone).exists()
    act(system, "people.unmerge", merge, undone_reason="Two.")
    assert content() == before
