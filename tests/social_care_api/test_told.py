"""What is told of the record: who, which blocks, under which ids, and what is held back."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sightline.core.access.models import User
from sightline.core.errors import InputProblem, Problem
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Identifier, PersonName
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.receiver import Receiver
from sightline.engine.social_care_api.schema import Schema, schema_of
from sightline.engine.social_care_api.window import Window

from .conftest import Sending, client_of
from .county import LA_CODE, START, TODAY, County, day


def held(receiver: Receiver, id: str = "C1") -> dict[str, Any]:
    """What the service holds about a child."""
    return receiver.children[LA_CODE][id]


def _all_told(person: Any, case: Any, made: SimpleNamespace) -> dict[str, Any]:
    """What is told of a child with a record of every kind."""
    return {
        "la_child_id": "C1",
        "mis_child_id": f"P{person.pk}",
        "child_details": {
            "unique_pupil_number": "A123456789012",
            "former_unique_pupil_number": "B123456789012",
            "first_name": "Child1",
            "surname": "O'Invented",
            "date_of_birth": "2009-02-01",
            "sex": "F",
            "ethnicity": "WBRI",
            "disabilities": ["AUT"],
            "postcode": "ST16 2LH",
            "uasc_flag": True,
        },
        "health_and_wellbeing": {"sdq_assessments": [{"date": "2024-05-31", "score": 17}]},
        "social_care_episodes": [
            {
                "social_care_episode_id": f"case-{case.pk}",
                "referral_date": "2024-04-02",
                "referral_source": "1A",
                "referral_no_further_action_flag": False,
                "care_worker_details": [
                    {"worker_id": f"W{made.allocation.worker_id}", "start_date": "2024-04-03", "end_date": "2024-04-10"}
                ],
                "child_and_family_assessments": [
                    {
                        "child_and_family_assessment_id": str(made.assessment.pk),
                        "start_date": "2024-04-04",
                        "authorisation_date": "2024-05-04",
                        "factors": ["1A", "2B"],
                    }
                ],
                "child_in_need_plans": [
                    {"child_in_need_plan_id": str(made.plan.pk), "start_date": "2024-04-06", "end_date": "2024-04-20"}
                ],
                "section_47_assessments": [
                    {
                        "section_47_assessment_id": str(made.enquiry.pk),
                        "start_date": "2024-04-05",
                        "icpc_required_flag": True,
                        "icpc_date": "2024-04-20",
                    }
                ],
                "child_protection_plans": [
                    {"child_protection_plan_id": str(made.protection.pk), "start_date": "2024-04-21"}
                ],
                "child_looked_after_placements": [
                    {
                        "child_looked_after_placement_id": str(made.placement.pk),
                        "start_date": "2024-05-01",
                        "start_reason": "S",
                        "placement_type": "U4",
                        "postcode": "WS11 1AA",
                    }
                ],
                "adoption": {"initial_decision_date": "2024-06-10", "matched_date": "2024-06-20"},
                "care_leavers": {"contact_date": "2024-06-30", "activity": "F2", "accommodation": "U"},
            }
        ],
    }


def test_every_block_of_the_schema_is_told(
    county: County, sending: Sending, receiver: Receiver, schema: Schema
) -> None:
    person = county.child(birth_date=date(2009, 2, 1))
    for scheme, value in (("upn", "A123456789012"), ("former_upn", "B123456789012")):
        county.make("people.Identifier", person=person, scheme=scheme, value=value)
    county.make("people.Disability", person=person, disability="AUT")
    county.make("looked_after.AsylumStatus", person=person, start_date=START)
    case = county.case(person, day(1))
    made = SimpleNamespace(
        allocation=county.allocation(case, day(2), day(9)),
        assessment=county.assessment(case, day(3), "2B", "1A"),
        enquiry=county.enquiry(case, day(4), day(19)),
        plan=county.plan(case, day(5), day(19)),
        protection=county.protection(case, day(20)),
        placement=county.care(person, day(30)),
    )
    county.change(made.placement.placement, postcode="ws11  1aa")
    county.questionnaire(made.placement.period, day(60), 17)
    county.adoption(person, day(70), matched_date=day(80))
    county.leaver(person, day(90))
    assert sending().receipts == 1
    told = held(receiver)
    assert told == _all_told(person, case, made)
    # All of the schema but what these records cannot have at once.
    unsaid = {"unique_pupil_number_unknown_reason", "expected_date_of_birth", "uasc_end_date"}
    assert set(schema.child.at("child_details").properties) - set(told["child_details"]) == unsaid
    episode = schema.child.at("social_care_episodes")
    assert set(episode.properties) - set(told["social_care_episodes"][0]) == {"closure_date", "closure_reason"}


class TestWho:
    """Whom the Department is told about."""

    @pytest.mark.parametrize(
        ("today", "start"), [(TODAY, START), (date(2026, 3, 31), date(2023, 4, 1)), (date(2026, 4, 1), START)]
    )
    def test_the_window_starts_on_the_first_of_april(self, today: date, start: date) -> None:
        assert Window.until(today, 2, 25).start == start

    def test_whoever_turned_26_before_it_is_not_sent(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        for born in (date(1998, 4, 1), date(1998, 4, 2), None):
            county.case(county.child(birth_date=born))
        sending()
        assert set(receiver.children[LA_CODE]) == {"C2", "C3"}

    def test_a_child_whom_a_partner_registered_is_sent_with_the_authoritys_case(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        person = county.child()
        police = Organisation.objects.create(name="Police", kind="police")
        for record in (person, PersonName.objects.get(person=person)):
            county.change(record, agency=police)
        county.case(person)
        sending()
        assert held(receiver)["child_details"]["first_name"] == "Child1"

    def test_an_episode_that_ended_before_it_is_not_told(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        long_ago = county.child()
        county.case(long_ago, date(2022, 5, 1), date(2024, 3, 31))
        person = county.child()
        county.case(person, date(2022, 5, 1), date(2024, 3, 31))
        last = county.case(person, date(2024, 5, 1))
        sending()
        (told,) = receiver.children[LA_CODE].values()
        assert [one["social_care_episode_id"] for one in told["social_care_episodes"]] == [f"case-{last.pk}"]

    def test_what_has_not_happened_yet_is_not_told(self, county: County, sending: Sending, receiver: Receiver) -> None:
        case = county.case(county.child())
        county.plan(case, START, date(2026, 12, 1))
        county.assessment(case, date(2026, 7, 1))
        sending()
        (episode,) = held(receiver)["social_care_episodes"]
        assert "child_and_family_assessments" not in episode
        assert "end_date" not in episode["child_in_need_plans"][0]

    def test_a_referral_on_which_nothing_was_done_is_an_episode(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        referral = county.turned_away(county.child(), day(3))
        sending()
        assert held(receiver)["social_care_episodes"] == [
            {
                "social_care_episode_id": f"referral-{referral.pk}",
                "referral_date": "2024-04-04",
                "referral_source": "6",
                "referral_no_further_action_flag": True,
            }
        ]

    def test_care_that_no_case_holds_is_an_episode_of_its_own(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        placement = county.care(county.child())
        sending()
        (episode,) = held(receiver)["social_care_episodes"]
        assert episode["social_care_episode_id"] == f"care-{placement.period_id}"
        assert len(episode["child_looked_after_placements"]) == 1

    def test_care_stands_in_the_case_that_was_open_when_it_began(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        person = county.child()
        county.case(person, START, day(10))
        second = county.case(person, day(10))
        county.care(person, day(20))
        sending()
        holding = [one for one in held(receiver)["social_care_episodes"] if "child_looked_after_placements" in one]
        assert [one["social_care_episode_id"] for one in holding] == [f"case-{second.pk}"]

    def test_a_care_leaver_is_sent_with_a_case_of_leaving_care(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        person = county.child(birth_date=date(2005, 1, 1))
        case = county.make("cases.Case", person=person, service="leaving_care", start_date=START)
        county.leaver(person, day(20))
        sending()
        (episode,) = held(receiver)["social_care_episodes"]
        assert episode["social_care_episode_id"] == f"case-{case.pk}"
        assert episode["care_leavers"]["accommodation"] == "U"

    def test_an_enquiry_says_whether_a_conference_was_required_once_that_is_known(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        case = county.case(county.child())
        county.enquiry(case, day(1))
        county.enquiry(case, day(2), conference_not_required=True)
        county.enquiry(case, day(3), conference=day(9))
        sending()
        told = sorted(
            held(receiver)["social_care_episodes"][0]["section_47_assessments"], key=lambda one: one["start_date"]
        )
        assert [one.get("icpc_required_flag") for one in told] == [None, False, True]


class TestIds:
    """Under which id a child is sent."""

    def test_an_id_that_the_schema_does_not_take_has_another_for_good(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        people = [county.child(local) for local in ("A_1", "B-2", "1" * 21, "GOOD1", "GOOD1", "Æ1")]
        for person in people:
            county.case(person)
        sending()
        wanted = [f"SL{person.pk}" for person in people]
        wanted[3] = "GOOD1"
        assert set(receiver.children[LA_CODE]) == set(wanted)
        county.change(Identifier.objects.get(value="A_1"), value="A1")
        assert sending().changed == 0
        assert SentChild.objects.get(person=people[0]).la_child_id == wanted[0]

    def test_an_id_made_up_here_is_never_another_childs(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        first = county.child()
        county.case(first)
        second = county.child("_")
        county.case(second)
        county.change(Identifier.objects.get(person=first), value=f"SL{second.pk}")
        sending()
        assert set(receiver.children[LA_CODE]) == {f"SL{second.pk}", f"SL{second.pk}X"}

    def test_each_service_has_its_own_state_and_all_know_a_child_by_the_same_id(
        self, county: County, sending: Sending, receiver: Receiver, receivers: Any
    ) -> None:
        person = county.child("_")
        plan = county.plan(county.case(person))
        sending()
        other, address = receivers()
        assert sending(client_of(address)).changed == 1
        assert other.children == receiver.children
        county.remove(plan)
        for client in ({}, {"client": client_of(address)}):
            assert sending(**client).changed == 1
            assert sending(**client).changed == 0
        assert other.children == receiver.children
        assert "child_in_need_plans" not in held(receiver, f"SL{person.pk}")["social_care_episodes"][0]


class TestHeldBack:
    """A child who fails is not sent, and the others are."""

    def test_the_property_is_said_and_never_its_value(
        self, county: County, sending: Sending, receiver: Receiver, caplog: pytest.LogCaptureFixture
    ) -> None:
        wrong = county.child(sex="Q")
        county.make("people.Identifier", person=wrong, scheme="upn", value="TOOSHORT")
        for person in (wrong, county.child()):
            county.case(person)
        done = sending()
        assert (done.receipts, done.held_back, done.complete) == (1, 1, False)
        assert done.reasons == {
            "child_details.sex: is not a known code": 1,
            "child_details.unique_pupil_number: minLength": 1,
        }
        assert set(receiver.children[LA_CODE]) == {"C2"}
        assert "TOOSHORT" not in f"{done}{caplog.text}{SentChild.objects.get(person=wrong).held_back}"

    def test_what_was_deleted_is_purged_even_of_a_child_who_is_held_back(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        person = county.child()
        case = county.case(person)
        plan = county.plan(case)
        sending()
        county.remove(plan)
        county.change(person, sex="Q", ethnicity="MWBC")
        assert sending().held_back == 1
        told = held(receiver)
        assert "child_in_need_plans" not in told["social_care_episodes"][0]
        assert told["child_details"]["ethnicity"] == "WBRI"
        county.change(person, sex="F")
        assert sending().complete
        assert held(receiver)["child_details"]["ethnicity"] == "MWBC"

    def test_a_child_without_a_pupil_number_is_told_with_the_reason_where_that_is_known(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        young, known, unknown = county.child(birth_date=date(2024, 2, 1)), county.child(), county.child()
        county.make("people.Identifier", person=known, scheme="upn_unknown", value="UN4")
        for person in (young, known, unknown):
            county.case(person)
        sending()
        reasons = {
            id: child["child_details"].get("unique_pupil_number_unknown_reason")
            for id, child in receiver.children[LA_CODE].items()
        }
        assert reasons == {"C1": "UN1", "C2": "UN4", "C3": None}

    @pytest.mark.parametrize(
        ("path", "value", "fault"),
        [
            ("first_name", 7, "child_details.first_name: type"),
            ("date_of_birth", "2026-02-30", "child_details.date_of_birth: format"),
            ("disabilities", ["VIS", "VIS"], "child_details.disabilities: uniqueItems"),
            ("shoe_size", "4", "child_details: additionalProperties"),
        ],
    )
    def test_the_published_schema_judges(self, schema: Schema, path: str, value: Any, fault: str) -> None:
        assert schema.faults({"la_child_id": "C1", "child_details": {path: value}}) == [fault]

    def test_a_version_that_is_not_held_is_refused(self) -> None:
        with pytest.raises(InputProblem, match="not held"):
            schema_of("0.7.0")


class TestSeals:
    """Nobody is told about who the sender may not see, and nobody is purged for it."""

    def seal(self, county: County, **what: Any) -> None:
        ask = county.make("organisations.Worker", name="A manager")
        county.make("restrictions.Seal", policy="hidden", ask=ask, reason="Sealed.", start_date=START, **what)

    def test_a_sealed_child_is_not_sent_and_stays_as_they_were(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        people = [county.child(), county.child()]
        for person in people:
            county.case(person)
        sending()
        before, notes = dict(receiver.children[LA_CODE]), sending().notes
        self.seal(county, person=people[0])
        sealed_from_the_start = county.child()
        county.case(sealed_from_the_start)
        self.seal(county, person=sealed_from_the_start)
        county.change(people[0], ethnicity="MWBC")
        done = sending(whole=True)
        assert (done.children, done.receipts, done.purged) == (1, 1, 0)
        assert receiver.children[LA_CODE] == before
        assert done.notes == notes

    def test_a_child_of_whom_one_record_is_sealed_stays_as_they_were(
        self, county: County, sending: Sending, receiver: Receiver
    ) -> None:
        person = county.child()
        plan = county.plan(county.case(person))
        sending()
        before = dict(receiver.children[LA_CODE])
        self.seal(county, record_table=plan._meta.db_table, record_id=plan.pk)
        done = sending(whole=True)
        assert (done.receipts, done.purged) == (0, 0)
        assert receiver.children[LA_CODE] == before

    @pytest.mark.parametrize("role", ["social_worker", "team_manager", "auditor", "administrator"])
    def test_whose_role_does_not_export_returns_does_not_send(
        self, county: County, sending: Sending, role: str
    ) -> None:
        with pytest.raises(Problem, match="does not export"):
            sending(user=User.objects.create(username="other", role=role))


def test_the_questions_asked_do_not_grow_with_the_children(county: County, sending: Sending) -> None:
    def asked() -> int:
        sending()
        with CaptureQueriesContext(connection) as found:
            assert sending().changed == 0
        return len(found)

    county.care(county.child())
    few = asked()
    for _child in range(3):
        county.plan(county.case(county.child()))
    assert asked() == few


def test_a_new_pathway_adds_its_block_by_one_module() -> None:
    from sightline.engine.social_care_api import declared

    folder = Path(declared.__file__).parents[2] / "pathways"
    told = {id(part) for part in declared.parts()}
    modules = [path.parent.name for path in folder.glob("*/social_care_api.py")]
    assert len(modules) > 5
    for name in modules:
        own = import_module(f"sightline.pathways.{name}.social_care_api").PARTS
        assert own, name
        assert {id(part) for part in own} <= told, name
