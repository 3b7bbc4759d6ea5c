"""What is deleted in the record is purged at the Department: a record, an episode, a block, a child."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from sightline.core.people import merging
from sightline.core.people.models import Person
from sightline.core.records.writing import writing
from sightline.engine.social_care_api import holding
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.receiver import Receiver

from .conftest import Sending
from .county import LA_CODE, START, County, day


def test_a_deleted_plan_is_purged(county: County, sending: Sending, receiver: Receiver, sent: Any) -> None:
    case = county.case(county.child())
    plan, other = county.plan(case, START, day(9)), county.plan(case, day(9))
    sending()
    sent.clear()
    county.remove(plan)
    assert sending().changed == 1
    (child,) = sent
    assert set(child) == {"la_child_id", "mis_child_id", "social_care_episodes"}
    (episode,) = child["social_care_episodes"]
    assert episode["child_in_need_plans"] == [{"child_in_need_plan_id": str(plan.pk), "purge": True}]
    (held,) = receiver.children[LA_CODE]["C1"]["social_care_episodes"]
    assert [one["child_in_need_plan_id"] for one in held["child_in_need_plans"]] == [str(other.pk)]


@pytest.mark.parametrize(
    ("kind", "block", "id"),
    [
        ("assessment", "child_and_family_assessments", "child_and_family_assessment_id"),
        ("enquiry", "section_47_assessments", "section_47_assessment_id"),
        ("protection", "child_protection_plans", "child_protection_plan_id"),
    ],
)
def test_each_kind_of_record_is_purged(
    county: County, sending: Sending, receiver: Receiver, sent: Any, kind: str, block: str, id: str
) -> None:
    record = getattr(county, kind)(county.case(county.child()))
    sending()
    sent.clear()
    county.remove(record)
    sending()
    assert sent[0]["social_care_episodes"][0][block] == [{id: str(record.pk), "purge": True}]
    assert block not in receiver.children[LA_CODE]["C1"]["social_care_episodes"][0]


def test_a_deleted_placement_is_purged(county: County, sending: Sending, receiver: Receiver, sent: Any) -> None:
    person = county.child()
    period = county.make("looked_after.PeriodOfCare", person=person, start_date=START, case=county.case(person))
    first = county.episode(period, START, "S", day(20))
    second = county.episode(period, day(20))
    sending()
    sent.clear()
    county.remove(second)
    sending()
    purge = [{"child_looked_after_placement_id": str(second.pk), "purge": True}]
    (left,) = receiver.children[LA_CODE]["C1"]["social_care_episodes"][0]["child_looked_after_placements"]
    assert left["child_looked_after_placement_id"] == str(first.pk)
    assert sent[0]["social_care_episodes"][0]["child_looked_after_placements"] == purge


def test_an_assessment_that_is_cancelled_is_purged(county: County, sending: Sending, sent: Any) -> None:
    assessment = county.assessment(county.case(county.child()))
    sending()
    sent.clear()
    county.change(assessment, cancelled_date=day(3))
    sending()
    purge = [{"child_and_family_assessment_id": str(assessment.pk), "purge": True}]
    assert sent[0]["social_care_episodes"][0]["child_and_family_assessments"] == purge


def test_a_deleted_episode_is_purged_with_all_that_is_in_it(
    county: County, sending: Sending, receiver: Receiver, sent: Any
) -> None:
    person = county.child()
    case = county.case(person, START, day(9))
    county.plan(case)
    county.case(person, day(9))
    sending()
    sent.clear()
    county.remove(case)
    sending()
    assert sent[0]["social_care_episodes"] == [{"social_care_episode_id": f"case-{case.pk}", "purge": True}]
    assert len(receiver.children[LA_CODE]["C1"]["social_care_episodes"]) == 1


def test_blocks_that_there_are_once_are_purged(county: County, sending: Sending, receiver: Receiver, sent: Any) -> None:
    person = county.child()
    period = county.care(person, case=county.case(person)).period
    adoption, answers = county.adoption(person, day(9)), county.questionnaire(period, day(5), 12)
    contact = county.leaver(person, day(20))
    sending()
    told = receiver.children[LA_CODE]["C1"]
    assert {"adoption", "care_leavers"} < set(told["social_care_episodes"][0])
    assert "health_and_wellbeing" in told
    sent.clear()
    for record in (adoption, answers, contact.leaver):
        county.remove(record)
    for home in ("leaving_care.Accommodation", "leaving_care.Activity"):
        county.remove(_only(home))
    sending()
    assert sent[0]["health_and_wellbeing"] == {"purge": True}
    (episode,) = sent[0]["social_care_episodes"]
    assert (episode["adoption"], episode["care_leavers"]) == ({"purge": True}, {"purge": True})
    told = receiver.children[LA_CODE]["C1"]
    assert "health_and_wellbeing" not in told
    assert not {"adoption", "care_leavers"} & set(told["social_care_episodes"][0])


def test_one_questionnaire_or_worker_less_is_a_list_sent_without_it(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    """The schema cannot purge one row of these lists: the list takes the place of the one before."""
    person = county.child()
    case = county.case(person)
    period = county.care(person, case=case).period
    answers = [county.questionnaire(period, day(after), 12) for after in (5, 6)]
    workers = [county.allocation(case, day(after), day(after + 1)) for after in (1, 2)]
    sending()
    county.remove(answers[0])
    county.remove(workers[1])
    sending()
    told = receiver.children[LA_CODE]["C1"]
    assert [one["date"] for one in told["health_and_wellbeing"]["sdq_assessments"]] == ["2024-04-07"]
    assert [one["start_date"] for one in told["social_care_episodes"][0]["care_worker_details"]] == ["2024-04-02"]


def test_a_child_of_whom_nothing_is_left_is_purged(
    county: County, sending: Sending, receiver: Receiver, sent: Any
) -> None:
    person = county.child()
    case = county.case(person)
    county.case(county.child())
    sending()
    sent.clear()
    county.remove(case)
    assert sending().purged == 1
    assert sent == [{"la_child_id": "C1", "purge": True}]
    assert set(receiver.children[LA_CODE]) == {"C2"}
    assert sending().purged == 0
    county.case(person)
    sending()
    assert set(receiver.children[LA_CODE]) == {"C1", "C2"}


def test_of_two_records_of_one_child_that_are_merged_one_is_purged_and_the_other_told_with_both(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    kept, gone = county.child(), county.child()
    cases = [county.case(kept, START, day(9)), county.case(gone, day(9), day(20))]
    sending()
    with writing("test", by="tester", because="test"):
        merging.repoint(kept, gone)
    county.make("people.Merge", person=kept, gone=gone, reason="One child.", merged_at=timezone.now())
    done = sending()
    assert (done.purged, done.changed) == (1, 1)
    (told,) = receiver.children[LA_CODE].values()
    assert told["la_child_id"] == "C1"
    ids = [one["social_care_episode_id"] for one in told["social_care_episodes"]]
    assert ids == [f"case-{case.pk}" for case in cases]


def test_a_child_who_is_gone_from_the_record_is_purged_and_forgotten(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    person = county.child()
    county.case(person)
    sending()
    county.remove_child(person)
    assert sending().purged == 1
    assert receiver.children[LA_CODE] == {}
    assert not SentChild.objects.exists()


def test_after_a_disposal_only_the_id_is_kept_until_it_is_purged(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    people = [county.child(), county.child()]
    county.case(people[0])
    sending()
    county.turned_away(people[1])
    holding.known("E10000028", "", [people[1].pk])
    for person in people:
        with writing("test", by="tester", because="test"):
            holding.forget(person.pk)
        county.remove_child(person)
    row = SentChild.objects.get()
    assert (row.la_child_id, row.person_id, row.payload, row.receipt) == ("C1", None, {}, "")
    assert sending().purged == 1
    assert receiver.children[LA_CODE] == {}
    assert not SentChild.objects.exists()


def test_who_leaves_the_cohort_is_left_as_they_were_but_for_what_is_deleted(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    person = county.child()
    case = county.case(person, START, day(30))
    plan = county.plan(case, START, day(9))
    sending()
    later = day(30).replace(year=2027)
    county.change(Person.objects.get(pk=person.pk), ethnicity="MWBC")
    done = sending(as_at=later)
    assert (done.children, done.changed, done.purged) == (0, 0, 0)
    assert receiver.children[LA_CODE]["C1"]["child_details"]["ethnicity"] == "WBRI"
    county.remove(plan)
    assert sending(as_at=later).changed == 1
    told = receiver.children[LA_CODE]["C1"]
    assert "child_in_need_plans" not in told["social_care_episodes"][0]
    assert told["child_details"]["ethnicity"] == "WBRI"


def test_an_episode_that_falls_out_of_the_window_is_no_deletion(
    county: County, sending: Sending, receiver: Receiver
) -> None:
    person = county.child()
    county.case(person, START, day(30))
    county.case(person, day(40))
    sending()
    assert sending(as_at=day(30).replace(year=2027)).changed == 0
    assert len(receiver.children[LA_CODE]["C1"]["social_care_episodes"]) == 2


def _only(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)._default_manager.get()
