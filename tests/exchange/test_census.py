"""What is recorded from a children in need census."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps

from sightline.core.organisations.models import Organisation
from sightline.core.records.models import Coverage

from .conftest import Importing
from .files import assessment, census, child, enquiry, episode, protection


def rows(label: str, *fields: str) -> list[Any]:
    """What is on record, in order of recording."""
    found = apps.get_model(label).objects.order_by("pk").values_list(*fields)
    return [row[0] if len(fields) == 1 else row for row in found]


def text(label: str, *fields: str) -> list[str]:
    return [
        " ".join(str(value) for value in row)
        for row in apps.get_model(label).objects.order_by("pk").values_list(*fields)
    ]


def test_a_child_is_a_person_with_identifiers_and_disabilities(importing: Importing) -> None:
    more = "<UPN>A123456789012</UPN><UPNunknown>UN3</UPNunknown>"
    report = importing(census([child("C1", more=more, disabilities=("LD", "AUT"))]))
    assert text("people.Person", "birth_date", "sex", "ethnicity", "source_id") == ["2015-06-01 F WBRI C1"]
    assert rows("people.Identifier", "scheme", "value") == [
        ("local", "C1"),
        ("upn", "A123456789012"),
        ("upn_unknown", "UN3"),
    ]
    assert rows("people.Disability", "disability") == ["LD", "AUT"]
    assert report.read == {"Child": 1, "Disability": 2, "CINdetails": 1}


def test_no_disability_is_no_record(importing: Importing) -> None:
    importing(census([child(disabilities=("NONE",))]))
    assert rows("people.Disability", "disability") == []


def test_an_unborn_child_has_an_expected_date_that_may_be_to_come(importing: Importing) -> None:
    block = child(sex="<GenderCurrent>0</GenderCurrent>").replace(
        "PersonBirthDate>2015-06-01", "ExpectedPersonBirthDate>2099-06-01", 1
    )
    block = block.replace("</PersonBirthDate>", "</ExpectedPersonBirthDate>", 1)
    importing(census([block]))
    assert text("people.Person", "birth_date", "expected_birth_date", "sex") == ["None 2099-06-01 U"]


def test_an_accepted_referral_opens_a_case(importing: Importing) -> None:
    importing(census([child("C1", episode("2021-05-04", closed="2021-09-01"))]))
    assert text("cases.Case", "service", "start_date", "end_date", "closure_reason", "primary_need") == [
        "social_care 2021-05-04 2021-09-01 RC7 N1"
    ]
    assert text("front_door.Referral", "referral_date", "source", "no_further_action") == ["2021-05-04 1A False"]
    assert rows("front_door.Referral", "case_id") == rows("cases.Case", "id")


@pytest.mark.parametrize("yes", ["1", "true"])
def test_a_referral_with_no_further_action_opens_none(importing: Importing, yes: str) -> None:
    importing(census([child("C1", episode(nfa=yes))]))
    assert rows("cases.Case", "id") == []
    assert rows("front_door.Referral", "no_further_action", "case_id") == [(True, None)]


def test_assessments_carry_their_factors(importing: Importing) -> None:
    importing(census([child("C1", episode("2021-05-04", assessment("2021-05-04", "2021-06-10", "3B", "4B")))]))
    assert text("assessment.Assessment", "start_date", "authorised_date") == ["2021-05-04 2021-06-10"]
    assert rows("assessment.AssessmentFactor", "factor") == ["3B", "4B"]
    assert rows("assessment.AssessmentFactor", "assessment_id") == rows("assessment.Assessment", "id") * 2


def test_a_conference_belongs_to_the_enquiry_that_led_to_it_and_the_plan_it_made(importing: Importing) -> None:
    inside = enquiry("2021-05-04", "2021-05-20") + protection("2021-05-20", "", "2021-08-10", previous=2)
    report = importing(census([child("C1", episode("2021-05-04", inside))]))
    assert text("child_protection.Conference", "kind", "conference_date") == ["ICPC 2021-05-20", "RCPC 2021-08-10"]
    (plan,), (asked,) = rows("child_protection.Plan", "id"), rows("child_protection.Section47", "id")
    assert rows("child_protection.ConferenceChild", "section47_id", "plan_id") == [(asked, plan), (None, plan)]
    assert rows("child_protection.Plan", "declared_previous_plans", "initial_category", "latest_category") == [
        (2, "NEG", "EMO")
    ]
    assert any("each child has its own" in note for note in report.notes)


def test_a_conference_date_on_the_episode_alone_is_a_transfer_in(importing: Importing) -> None:
    report = importing(census([child("C1", episode("2021-05-04", "<DateOfInitialCPC>2021-05-12</DateOfInitialCPC>"))]))
    assert text("child_protection.Conference", "kind", "conference_date") == ["TRANSFER_IN 2021-05-12"]
    assert [note for note in report.notes if "recorded as transfers-in" in note and note.startswith("1 conferences")]


def test_a_date_that_the_episode_repeats_from_its_enquiry_is_one_conference(importing: Importing) -> None:
    inside = "<DateOfInitialCPC>2021-05-20</DateOfInitialCPC>" + enquiry("2021-05-04", "2021-05-20")
    importing(census([child("C1", episode("2021-05-04", inside))]))
    assert rows("child_protection.Conference", "kind") == ["ICPC"]


@pytest.mark.parametrize(
    ("period", "element", "recorded"),
    [
        ("2016-17", "<GenderCurrent>1</GenderCurrent>", "M"),
        ("2023-24", "<GenderCurrent>9</GenderCurrent>", "U"),
        ("2024-25", "<Sex>F</Sex>", "F"),
        ("2026-27", "<Sex>U</Sex>", "U"),
    ],
)
def test_each_year_has_its_own_codes_for_sex(importing: Importing, period: str, element: str, recorded: str) -> None:
    importing(census([child("C1", episode("2016-05-04"), sex=element)]), period)
    assert rows("people.Person", "sex") == [recorded]


def test_pre_proceedings_are_kept_and_said_not_to_be_recorded(importing: Importing) -> None:
    inside = (
        "<PreProceedingsandFGDM><PPStartDate>2026-09-09</PPStartDate><PPOutcome>A</PPOutcome></PreProceedingsandFGDM>"
    )
    report = importing(census([child("C1", episode("2026-05-04", inside), sex="<Sex>F</Sex>")]), "2026-27")
    assert report.kept_not_recorded == {"PreProceedingsandFGDM": 1}
    assert report.children_quarantined == 0


def test_the_streams_are_covered_for_the_year_and_area(importing: Importing) -> None:
    importing(census([child()]))
    found = text("records.Coverage", "area", "stream", "start_date", "end_date", "source_system")
    assert sorted(found) == [
        f"E10000028 {stream} 2021-04-01 2022-03-31 cin:E10000028:2021-22"
        for stream in ("assessment", "cases", "child_in_need", "child_protection", "referrals")
    ]


def test_plans_are_not_covered_before_the_census_asked_for_them(importing: Importing) -> None:
    importing(census([child("C1", episode("2019-05-04"))]), "2019-20")
    assert not Coverage.objects.filter(stream="child_in_need").exists()


def test_an_authority_that_nobody_knows_is_accepted_and_named_as_unknown(importing: Importing) -> None:
    report = importing(census([child()], lea="975"))
    assert (report.area, report.area_name, report.area_known) == ("LA975", "Unknown authority (LA code 975)", False)
    assert Organisation.objects.get().name == "Unknown authority (LA code 975)"


def test_the_command_line_wins_over_the_header_and_says_so(importing: Importing) -> None:
    report = importing(census([child()], lea="975", year=2023), "2021-22", "E10000028")
    assert report.source_system == "cin:E10000028:2021-22"
    assert [note for note in report.notes if "followed" in note] == [
        "The header names the authority 975; --area E10000028 was followed",
        "The header's year is 2023; --period 2021-22 was followed",
        "The header's reference date is not 2022-03-31; --period 2021-22 was followed",
    ]


def test_elements_of_no_layout_are_named_and_do_no_harm(importing: Importing) -> None:
    report = importing(census([child("C1", episode(inside="<Surprise>1</Surprise>"))]))
    assert report.children_quarantined == 0
    assert "Not in the layout of that year: CINdetails.Surprise" in report.notes


def test_the_agency_of_the_area_is_used_when_it_is_there(importing: Importing) -> None:
    there = Organisation.objects.create(kind="local_authority", name="A county", area="E10000028")
    importing(census([child()]))
    assert rows("people.Person", "agency_id") == [there.pk]


@pytest.mark.parametrize("element", ["CINPlanDates", "CINplanDates"])
def test_a_plan_is_read_under_either_spelling_as_its_rules_do(importing: Importing, element: str) -> None:
    plan = f"<{element}><CINPlanStartDate>2021-06-01</CINPlanStartDate></{element}>"
    report = importing(census([child("C1", episode("2021-05-04", plan))]))
    assert rows("child_in_need.Plan", "start_date", "end_date") == [(date(2021, 6, 1), None)]
    assert report.read["CINPlanDates"] == 1
    assert not any("Not in the layout" in note for note in report.notes)
