"""A child whose rows break a constraint is kept out whole, listed by line with the reason; the others are imported."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sightline.engine.exchange import report as reporting
from sightline.engine.exchange.models import QuarantinedRow

from .conftest import Importing
from .files import assessment, census, child, enquiry, episode, protection
from .test_census import rows
from .test_looked_after import HEADER
from .test_looked_after import episode as care

GOOD = child("GOOD")


def reasons(report: Any) -> list[str]:
    return [f"{row['table']} line {row['line']}: {row['reason']}" for row in report.quarantined_rows()]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (child("C1", episode("2021-05-04", closed="2021-01-01")), ["CINdetails line 3: ‘Closed’ is before ‘Opened’"]),
        (
            child("C1", episode("2021-05-04", closed="2021-06-01", reason="")),
            ["CINdetails line 3: ‘Closed’ and ‘Reason for closure’ are given together or not at all"],
        ),
        (child("C1", episode("2021-05-04"), episode("2021-07-04")), ["CINdetails line 3: overlaps another case"]),
        (
            child("C1", episode("2021-05-04"), episode("2021-05-04", nfa="1")),
            ["CINdetails line 3: the same referral appears twice"],
        ),
        (child("C1", episode("2021-02-30")), ["CINdetails line 3: CINreferralDate is not a day of the calendar"]),
        (
            child("C1", episode("04/05/2021")),
            ["CINdetails line 3: CINreferralDate is not a date written as year-month-day"],
        ),
        (child("C1", episode("1821-05-04")), ["CINdetails line 3: CINreferralDate is before 1900"]),
        (
            child("C1", episode("2121-05-04")),
            ["CINdetails line 3: CINreferralDate lies after the day the file was received"],
        ),
        (child("C1", episode("")), ["CINdetails line 3: CINreferralDate is missing"]),
        (child("C1", episode(nfa="maybe")), ["CINdetails line 3: ReferralNFA is neither 1, 0, true nor false"]),
        (
            child("C1", episode("2021-05-04", closed="2021-07-01", reason="RC9")),
            ["CINdetails line 3: ReasonForClosure is a code that is not in force on that date"],
        ),
        (child("C1", sex="<GenderCurrent>5</GenderCurrent>"), ["Child line 3: GenderCurrent is not a known code"]),
        (child("C1", sex=""), ["Child line 3: Sex is missing"]),
        (child(""), ["Child line 3: LAchildID is missing"]),
        (child("=cmd"), ["Child line 3: LAchildID starts like a spreadsheet formula"]),
        (child("C" * 41), ["Child line 3: LAchildID is longer than 40 characters"]),
        (
            child("C1", more="<PersonDeathDate>2011-01-01</PersonDeathDate>"),
            ["Child line 3: ‘Date of death’ is before ‘Date of birth’"],
        ),
        (child("C1", disabilities=("LD", "LD")), ["Disability line 3: the same disability appears twice"]),
        (
            child("C1", episode("2021-05-04", assessment("2021-05-04", "2021-05-01"))),
            ["Assessments line 3: ‘Authorised’ is before ‘Started’"],
        ),
        (
            child("C1", episode("2021-05-04", assessment("2021-05-04", "2021-06-01", "3B", "3B"))),
            ["AssessmentFactors line 3: the same assessment factor appears twice"],
        ),
        (
            child("C1", episode("2021-05-04", protection("2021-05-20") + protection("2021-08-20"))),
            ["ChildProtectionPlans line 3: overlaps another child protection plan"],
        ),
        (
            child("C1", episode(inside=enquiry("2021-05-04"), nfa="1")),
            ["Section47 line 3: an enquiry on a referral with no further action: there is no case to hold it"],
        ),
        (
            child(
                "C1", episode().replace("<PrimaryNeedCode>", "<PrimaryNeedCode>N2</PrimaryNeedCode><PrimaryNeedCode>")
            ),
            ["CINdetails line 3: PrimaryNeedCode holds characters that cannot be printed"],
        ),
        (
            child("C1", disabilities=("LD<more/>",)),
            ["Disability line 3: Disability holds characters that cannot be printed"],
        ),
    ],
)
def test_each_breach_is_named_by_table_line_and_reason(importing: Importing, block: str, expected: list[str]) -> None:
    report = importing(census([GOOD, block]))
    assert reasons(report) == expected
    assert report.children_quarantined == 1
    assert rows("people.Person", "source_id") == ["GOOD"]


def test_a_reference_that_comes_twice_sets_both_aside(importing: Importing) -> None:
    report = importing(census([GOOD, child("C1"), child("C1", episode("2021-07-01"))]))
    assert reasons(report) == [f"Child line {line}: the child's reference appears twice in the file" for line in (3, 4)]
    assert rows("people.Person", "source_id") == ["GOOD"]


def test_a_child_is_kept_out_whole(importing: Importing) -> None:
    bad = child(
        "C1",
        episode("2021-05-04", assessment("2021-05-04", "2021-06-01", "3B") + assessment("2021-06-04", "2021-06-01")),
    )
    importing(census([GOOD, bad]))
    assert rows("assessment.Assessment", "id") == rows("assessment.AssessmentFactor", "id") == []
    assert len(rows("cases.Case", "id")) == 1


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"episodes": [care("01/06/2017", "01/05/2017", "E4A")]},
            "Episodes line 2: ‘Ceased to be looked after’ is before ‘Started to be looked after’",
        ),
        ({"episodes": [care("31/06/2017")]}, "Episodes line 2: DECOM is not a day of the calendar"),
        ({"episodes": [care("2017-06-01")]}, "Episodes line 2: DECOM is not a date written as day/month/year"),
        (
            {"episodes": [care("01/06/2017", LS="D1")]},
            "Episodes line 2: LS is a code that is not in force on that date",
        ),
        (
            {"episodes": [care("01/06/2017"), care("01/09/2017", RNE="P")]},
            "Episodes line 3: overlaps another placement",
        ),
        (
            {"reviews": ["7,15/06/2010,01/03/2017,PN1"]},
            "Reviews line 2: the review lies outside every period of care in the episodes table",
        ),
        ({"reviews": ["7,15/06/2011,01/09/2017,PN1"]}, "Reviews line 2: DOB differs from the child's first row"),
        (
            {"reviews": ["7,15/06/2010,01/09/2017,PN1"] * 2},
            "Reviews line 3: the same looked-after review appears twice",
        ),
        (
            {"uasc": ["7,1,15/06/2010,01/01/2017"]},
            "UASC line 2: ‘Seeks asylum alone to’ is before ‘Seeks asylum alone from’",
        ),
        ({"header": [HEADER, HEADER]}, "Header line 3: the child appears twice in this table"),
        ({"header": []}, "Episodes line 2: the child is not in the header table"),
        ({"oc3": ["7,15/06/2010,MAYBE,F1,B1"]}, "OC3 line 2: IN_TOUCH is not a known code"),
        (
            {"placed_for_adoption": ["7,15/06/2010,01/12/2017,01/01/2018,"]},
            "PlacedAdoption line 2: ‘Decision reversed or placement ceased’ and ‘Reason for reversal’ are given together or not at all",
        ),
    ],
)
def test_and_so_in_the_looked_after_return(
    importing_set: Importing, tables: dict[str, list[str]], expected: str
) -> None:
    other = "8,2,15/06/2010,WBRI,UN3,,"
    tables = {"header": [HEADER], "episodes": [care("01/06/2017")]} | tables
    tables["header"] = [*tables["header"], other]
    report = importing_set(**tables)
    assert expected in reasons(report)
    assert report.children_quarantined == 1
    assert rows("people.Person", "source_id") == ["8"]


def test_a_row_without_a_reference_is_nobodys(importing_set: Importing) -> None:
    report = importing_set(header=[HEADER, ",2,15/06/2010,WBRI,UN3,,"], episodes=[care("01/06/2017")])
    assert reasons(report) == ["Header line 3: CHILD is missing"]
    assert rows("people.Person", "source_id") == ["7"]


@pytest.mark.parametrize("shown", [reporting.as_text, reporting.as_json, reporting.as_csv])
def test_a_report_names_no_child(importing: Importing, shown: Any) -> None:
    bad = child(
        "SECRETREF", episode("2021-05-04", closed="2021-01-07"), born="2013-02-03", more="<UPN>A999999999999</UPN>"
    )
    printed = shown(importing(census([GOOD, bad])))
    for detail in ("SECRETREF", "GOOD", "2013-02-03", "A999999999999", "2021-01-07"):
        assert detail not in printed
    assert "‘Closed’ is before ‘Opened’" in printed.encode().decode(
        "unicode_escape" if shown is reporting.as_json else "utf-8"
    )


def test_the_row_itself_waits_in_the_database_to_be_mended(importing: Importing) -> None:
    importing(census([GOOD, child("C1", episode("2021-05-04", closed="2021-01-07"))]))
    row = QuarantinedRow.objects.get()
    assert (row.child_reference, row.content["CINclosureDate"]) == ("C1", "2021-01-07")
    assert len(row.child_hash) == 12


def test_json_gives_programs_everything(importing: Importing) -> None:
    found = json.loads(reporting.as_json(importing(census([GOOD]))))
    assert found["records"]["people_person"]["written"] == 1
    assert found["quarantined_rows"] == []
