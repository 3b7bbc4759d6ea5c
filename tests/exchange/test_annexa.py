"""Annex A lists: from the record and back for what they state, and from a workbook that an authority filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from openpyxl import load_workbook
from tests.exchange.conftest import emptied
from tests.returns.test_annexa import CONTACTS, workbook

from sightline.core.access.models import User
from sightline.core.errors import InputProblem
from sightline.core.people.models import Identifier, Person
from sightline.engine.exchange.export import Exported, export_return
from sightline.engine.exchange.export import Request as Export
from sightline.engine.exchange.report import Report
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, validate
from sightline.engine.exchange.run import Request as Import
from sightline.engine.exchange.run import import_path
from sightline.engine.synthetic.load import load
from sightline.pathways.adopters.models import ProspectiveAdopter

AREA = "E10000028"
DAY, SINCE = date(2017, 3, 31), date(2016, 10, 1)
Content = Counter[tuple[Any, ...]]
IN_MONTHS = Q(start_date__lte=DAY) & (Q(end_date=None) | Q(end_date__gte=SINCE))


@pytest.fixture
def analyst(db: None) -> User:
    return User.objects.create(username="analyst", role="performance_analyst")


def exporting(analyst: User, out: Path, day: str = "2017-03-31") -> Exported:
    return export_return(Export("annexa", day, out, analyst, area=AREA))


def importing(path: Path, tmp_path: Path, day: str = "2017-03-31") -> Report:
    return import_path(Import(path, "annexa", day, by="a test", keep_in=tmp_path / "kept", area=AREA))


def rows(label: str, *fields: str, which: Q | None = None) -> Content:
    """Rows of a record type, each with its child's reference; a day after that of the lists has not come yet."""
    references = dict(Identifier.objects.filter(scheme="local").values_list("person_id", "value"))
    found = apps.get_model(label)._default_manager.filter(which or Q()).values_list("person_id", *fields)
    return Counter(
        (references[row[0]], *(None if isinstance(one, date) and one > DAY else one for one in row[1:]))
        for row in found
        if row[0] in references
    )


def stated() -> dict[str, Content]:
    """What the lists state."""
    months = {"gte": SINCE, "lte": DAY}

    def happened(day: str) -> Q:
        return Q(**{f"{day}__{how}": one for how, one in months.items()})

    under_way = Q(start_date__lte=DAY) & (Q(authorised_date=None) | Q(authorised_date__gt=DAY))
    return {
        "contacts": rows("front_door.Contact", "contact_date", "source", which=happened("contact_date")),
        "referrals": rows(
            "front_door.Referral", "referral_date", "source", "no_further_action", which=happened("referral_date")
        ),
        "cases": rows(
            "cases.Case", "start_date", "end_date", "primary_need", which=IN_MONTHS & Q(service="social_care")
        ),
        "early help": rows(
            "early_help.Assessment",
            *("start_date", "completed_date", "organisation"),
            which=Q(start_date__lte=DAY) & (Q(completed_date=None) | Q(completed_date__gte=SINCE)),
        ),
        "assessments": rows(
            "assessment.Assessment",
            "start_date",
            "authorised_date",
            which=(under_way | happened("authorised_date")) & Q(cancelled_date=None),
        ),
        "enquiries": rows(
            "child_protection.Section47", "start_date", "conference_not_required", which=happened("start_date")
        ),
        "conferences": rows(
            "child_protection.ConferenceChild",
            "conference__conference_date",
            "section47__start_date",
            which=Q(section47__start_date__gte=SINCE, conference__conference_date__lte=DAY, conference__kind="ICPC"),
        ),
        "plans": rows(
            "child_protection.Plan", "start_date", "end_date", "initial_category", "latest_category", which=IN_MONTHS
        ),
        "periods of care": rows(
            "looked_after.PeriodOfCare", "start_date", "end_date", "category_of_need", which=IN_MONTHS
        ),
        "adoptions": rows(
            "adoption.AdoptionPlan",
            "decision_date",
            "placement_order_date",
            "matched_date",
            "placed_date",
            which=Q(decision_date__lte=DAY)
            & (Q(order_date=None) | Q(order_date__gte=date(2016, 4, 1)))
            & (Q(reversed_date=None) | Q(reversed_date__gte=date(2016, 4, 1))),
        ),
    }


def adopters() -> Content:
    """Every field of prospective adopters, by the references they go by; rows of those who ended long ago are left out."""
    fields = [field.name for field in ProspectiveAdopter._meta.concrete_fields if field.name not in UNTOLD]
    known = dict(Identifier.objects.filter(scheme="adopter").values_list("person_id", "value"))
    held = ProspectiveAdopter.objects.exclude(order_date__lt=date(2016, 3, 31)).filter(enquiry_date__lte=DAY)
    people = ("person_id", "person__sex", "person__ethnicity")
    return Counter((known[row[0]], *row[1:]) for row in held.values_list(*people, *fields))


#: What the list does not tell of an adopter.
UNTOLD = {"id", "agency", "source_system", "source_id", "recorded_at", "person", "worker", "team"}


def errors(path: Path, day: str = "2017-03-31") -> dict[str, set[tuple[str, str]]]:
    """The rules that fail as errors, with the lists and columns in which."""
    found = validate(Request(return_="annexa", year="2016-17", paths=[path], day=day))
    return {
        one.code: {(at.table, at.fields[0]) for at in one.locations}
        for one in found.result.with_outcome(Outcome.FAILED)
        if one.severity != "query"
    }


def also_on_record(make: Callable[..., Any]) -> None:
    """What the invented county does not have."""
    person = apps.get_model("looked_after.PeriodOfCare")._default_manager.order_by("pk")[0].person
    for started, completed in (("2016-11-01", "2016-12-09"), ("2017-02-20", None), ("2016-03-01", "2016-04-20")):
        make(
            "early_help.Assessment",
            person=person,
            start_date=started,
            completed_date=completed,
            organisation="Family hub, North",
        )

    child = Identifier.objects.filter(scheme="local").order_by("pk")[0].value
    first, second, third = (make("people.Person", sex="F", ethnicity="WBRI") for _ in range(3))
    for person, reference in ((first, child), (second, "A2"), (third, "A3")):
        make("people.Identifier", person=person, scheme="adopter", value=reference)
    couple = {"family_reference": "F1", "disabled": False, "fosters_for_adoption": True, "enquiry_date": "2015-06-01"}
    stages = {"stage_1_start_date": "2015-07-01", "stage_1_end_date": "2015-09-01", "stage_2_start_date": "2015-09-10"}
    approved = {"stage_2_end_date": "2016-01-05", "application_date": "2015-12-01", "approved_date": "2016-01-20"}
    ended = {
        "matched_date": "2016-05-05",
        "placed_date": "2016-06-06",
        "children_placed": 2,
        "order_date": "2017-01-09",
    }
    make("adopters.ProspectiveAdopter", person=first, **couple, **stages, **approved, **ended)
    left = {"left_date": "2017-02-02", "left_reason": "WITHDREW"}
    make("adopters.ProspectiveAdopter", person=second, **couple, **stages, **left)
    make("adopters.ProspectiveAdopter", person=third, enquiry_date="2012-01-01", order_date="2015-01-01")


def test_the_lists_read_again_are_the_same_record_of_what_they_state(
    analyst: User, make: Callable[..., Any], tmp_path: Path
) -> None:
    load("staffordshire-2016-17", scale=0.02, seed=5)
    also_on_record(make)
    out, again = tmp_path / "annex-a.xlsx", tmp_path / "again.xlsx"
    before = stated() | {"adopters": adopters()}
    done = exporting(analyst, out)
    assert [name for name, found in before.items() if not found] == []
    assert done.not_written == []
    # What is asked for and not on record is told, and is all that the rules find wrong.
    failing = errors(out)
    assert set(failing) <= {"AA01"}
    told = {(name, column) for name, columns in done.empty.items() for column in columns}
    assert {one for one in failing.get("AA01", ()) if "Missing" in one[1] or "Absent" in one[1]} <= told
    emptied()
    report = importing(out, tmp_path)
    assert report.children_quarantined == 0, report.reasons()
    after = stated() | {"adopters": adopters()}
    for name, found in before.items():
        assert found == after[name], name
    exporting(analyst, again)
    assert lists(out, "List 1", "List 3", "List 6") == lists(again, "List 1", "List 3", "List 6")


def lists(path: Path, *names: str) -> dict[str, list[tuple[Any, ...]]]:
    """Columns of lists that the import reads: the first five, and the seventh."""
    book = load_workbook(path)
    return {name: [(*row[:5], row[6]) for row in book[name].values] for name in names}


def test_a_workbook_that_an_authority_filled_is_read_and_what_does_not_fit_is_set_aside(
    db: None, tmp_path: Path
) -> None:
    case = {
        "Child Unique ID": "101",
        "Gender": "Female",
        "Ethnicity": "WBRI - White British",
        "Date of Birth": "01/05/2015",
        "CIN Start Date": "03/10/2016",
        "Primary Need Code": "N1 - Abuse or neglect",
        "Case Status": "b) Child Protection plan",
    }
    plan = {
        **{name: case[name] for name in list(case)[:4]},
        "Child Protection Plan Start Date": "01/11/2016",
        "Initial Category of Abuse": "Neglect",
        "Latest Category of Abuse": "EMO",
        "Number of Previous Child Protection Plans": 1,
    }
    other = {**case, "Child Unique ID": "102", "Primary Need Code": "something else"}
    book = workbook(
        tmp_path / "annex.xlsx",
        {
            "List 1": [CONTACTS, ("101", "F", "a) WBRI", date(2015, 5, 1), 1.9, date(2016, 12, 5), "q) 6: Police")],
            "List 6": [tuple(case), tuple(case.values()), tuple(other.values())],
            "List 7": [tuple(plan), tuple(plan.values())],
            # One who goes by the number of a child, and one of whom the list does not say when they asked.
            "List 11": [
                ("Individual adopter identifier", "Gender", "Ethnicity", "Disability", "Date enquiry received"),
                ("101", "Male", "WBRI - White British", "b) No", "04/01/2017"),
                ("A1", "Male", "WBRI - White British", "b) No", ""),
            ],
        },
    )
    report = importing(book, tmp_path)
    assert (report.children, report.children_quarantined) == (4, 2)
    assert sorted(row["reason"] for row in report.reasons()) == [
        "Primary Need Code is not a name of its list",
        "‘Enquiry received’ is missing",
    ]
    assert report.kept_not_recorded == {}
    assert any("1 prospective adopters" in note for note in report.notes)
    adopter = ProspectiveAdopter.objects.get()
    assert (adopter.enquiry_date, adopter.person.sex, adopter.person.birth_date) == (date(2017, 1, 4), "M", None)
    assert report.covered == ["annex_a"]
    children = Person.objects.exclude(pk=adopter.person_id)
    assert list(children.values_list("sex", "ethnicity", "birth_date")) == [("F", "WBRI", date(2015, 5, 1))]
    assert rows("child_protection.Plan", "start_date", "latest_category", "declared_previous_plans") == Counter(
        [("101", date(2016, 11, 1), "EMO", 1)]
    )
    assert not importing(book, tmp_path).changed


@pytest.mark.parametrize("day", ["2016-17", "yesterday", "2999-01-01"])
def test_the_lists_speak_as_of_a_day_that_has_come(day: str, db: None, tmp_path: Path) -> None:
    with pytest.raises(InputProblem):
        importing(workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS]}), tmp_path, day)


def test_a_workbook_is_named_as_one(analyst: User, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="workbook"):
        exporting(analyst, tmp_path / "lists")
    assert list(tmp_path.iterdir()) == []


def test_an_asylum_status_whose_end_no_list_tells_is_held_against_those_on_record(db: None, tmp_path: Path) -> None:
    def cared(reference: str, since: str, until: str = "") -> dict[str, str]:
        who = {"Child Unique ID": reference, "Gender": "Male", "Ethnicity": "WBRI - White British"}
        return {
            **who,
            "Date of Birth": "01/05/2004",
            "Date Started to be Looked After": since,
            "Date Ceased to be Looked After": until,
            "Reason Ceased to be Looked After": "E3" if until else "",
            "Child's Category of Need": "N8",
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "Yes",
        }

    def book(name: str, *children: dict[str, str]) -> Path:
        lines = [tuple(children[0]), *(tuple(each.values()) for each in children)]
        return workbook(tmp_path / name, {"List 8": lines})

    first = importing(
        book("first.xlsx", cared("101", "03/10/2016"), cared("102", "04/10/2016", "06/01/2017")), tmp_path
    )
    assert (first.children, first.children_quarantined) == (2, 0), first.reasons()
    later = book("later.xlsx", cared("101", "03/10/2016"), cared("102", "02/05/2017"), cared("103", "06/06/2017"))
    report = importing(later, tmp_path, "2017-09-30")
    assert [row["reason"] for row in report.reasons()] == [
        "overlaps or repeats a asylum status on record from another source"
    ]
    assert rows("looked_after.AsylumStatus", "start_date") == Counter(
        [("101", date(2016, 10, 3)), ("102", date(2016, 10, 4)), ("103", None)]
    )
