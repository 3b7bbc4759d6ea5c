"""A census file becomes the tables of the rules, and is held against the schema without a value being quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, validate
from sightline.returns.cin.reading import Row, says
from sightline.returns.cin.reading import read as read_files
from sightline.returns.cin.schema import schema_faults

FIRST = """
    <Child>
      <ChildIdentifiers>
        <LAchildID>A1</LAchildID><UPNunknown>UN3</UPNunknown>PersonBirthDate
        <PersonBirthDate>2015-03-27</PersonBirthDate><Sex>M</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-05-01</CINreferralDate><ReferralSource>1A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
        <CINclosureDate>2025-06-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>
        <Assessments>
          <AssessmentActualStartDate>2025-05-01</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2025-05-20</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>1A</AssessmentFactors><AssessmentFactors>3B</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
        <ReferralNFA>0</ReferralNFA>
      </CINdetails>
      <CINdetails>
        <CINreferralDate>2025-07-01</CINreferralDate><ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
        <Assessments><AssessmentActualStartDate>2025-07-01</AssessmentActualStartDate></Assessments>
        <CINPlanDates><CINPlanStartDate>2025-08-01</CINPlanStartDate></CINPlanDates>
        <Section47><S47ActualStartDate>2025-07-02</S47ActualStartDate><ICPCnotRequired>1</ICPCnotRequired></Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2025-07-20</CPPstartDate><CPPendDate>2025-08-01</CPPendDate>
          <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>0</NumberOfPreviousCPP>
          <Reviews><CPPreviewDate>2025-07-25</CPPreviewDate><CPPreviewDate>2025-07-31</CPPreviewDate></Reviews>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>"""
SECOND = """
    <Child>
      <ChildIdentifiers><LAchildID>B2</LAchildID><PersonBirthDate>2016-03-27</PersonBirthDate><Sex>F</Sex></ChildIdentifiers>
      <ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-05-01</CINreferralDate><ReferralSource>1A</ReferralSource>
        <CINplanDates><CINPlanStartDate>2025-06-01</CINPlanStartDate></CINplanDates><ReferralNFA>0</ReferralNFA>
      </CINdetails>
    </Child>"""
HEADER = """
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>860</LEA></Source>
  </Header>"""


def census(folder: Path, *children: str, header: str = HEADER) -> Path:
    path = folder / "census.xml"
    path.write_text(f"<Message>{header}<Children>{''.join(children)}</Children></Message>", encoding="utf-8")
    return path


def read(path: Path) -> dict[str, list[Row]]:
    return read_files({path.name: path}, path.name)


def test_each_block_becomes_rows_and_knows_the_blocks_that_hold_it(tmp_path: Path) -> None:
    tables = read(census(tmp_path, FIRST, SECOND))

    assert tables["Header"] == [
        {"Collection": "CIN", "Year": "2026", "ReferenceDate": "2026-03-31", "SourceLevel": "L", "LEA": "860"}
    ]
    assert says(tables) == {"authority": "860", "year": "2026"}
    assert [row["Disability"] for row in tables["Disabilities"]] == ["HAND", "HEAR"]
    assert [(row["LAchildID"], row["CINdetailsID"], row["CINreferralDate"]) for row in tables["CINdetails"]] == [
        ("A1", "1", "2025-05-01"),
        ("A1", "2", "2025-07-01"),
        ("B2", "1", "2025-05-01"),
    ]
    assert [(row["CINdetailsID"], row["CPPID"], row["CPPreviewDate"]) for row in tables["Reviews"]] == [
        ("2", "1", "2025-07-25"),
        ("2", "1", "2025-07-31"),
    ]
    assert "CINreferralDate" not in tables["Section47"][0]


def test_an_assessment_has_a_row_for_each_factor_and_one_without_factors(tmp_path: Path) -> None:
    rows = read(census(tmp_path, FIRST))["Assessments"]

    assert [(row["CINdetailsID"], row["AssessmentID"], row.get("AssessmentFactors")) for row in rows] == [
        ("1", "1", "1A"),
        ("1", "1", "3B"),
        ("2", "2", None),
    ]
    assert {row["AssessmentActualStartDate"] for row in rows[:2]} == {"2025-05-01"}


def test_plans_are_read_under_either_spelling(tmp_path: Path) -> None:
    rows = read(census(tmp_path, FIRST, SECOND))["CINplanDates"]

    assert [row["CINPlanStartDate"] for row in rows] == ["2025-08-01", "2025-06-01"]


def test_text_between_elements_is_passed_over(tmp_path: Path) -> None:
    (row,) = read(census(tmp_path, FIRST))["ChildIdentifiers"]

    assert row == {"LAchildID": "A1", "UPNunknown": "UN3", "PersonBirthDate": "2015-03-27", "Sex": "M"}


def test_what_a_child_lacks_altogether_is_told_by_the_rules(tmp_path: Path) -> None:
    tables = read(census(tmp_path, "<Child/>", header=""))

    result = run_rules("cin", "2025-26", tables, rules=["100", "8500", "4220"])

    assert [one.outcome for one in result] == [Outcome.FAILED] * 3


def test_an_element_that_comes_twice_is_no_value(tmp_path: Path) -> None:
    twice = SECOND.replace("<Sex>F</Sex>", "<Sex>F</Sex><Sex>F</Sex>")

    result = run_rules("cin", "2025-26", read(census(tmp_path, twice)), rules=["4180"])

    assert result["4180"].outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"<Message>{HEADER}<Children>{FIRST}", "not whole"),
        ("no XML", "no XML"),
        ("", "no XML"),
        ("<Other/>", "not a children in need census"),
        (f"<Message>{HEADER}<Children/></Message>", "no children"),
        ("<!DOCTYPE Message [<!ENTITY a 'b'>]><Message><Children><Child>&a;</Child></Children></Message>", "entity"),
        (f"<Message>{HEADER.replace('>CIN<', '>CLA<')}<Children>{FIRST}</Children></Message>", "another collection"),
    ],
)
def test_what_is_no_census_is_refused_in_plain_words(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "census.xml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(InputProblem, match=said):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="Cannot be read"):
        read(tmp_path / "none.xml")


def test_a_census_is_one_file(tmp_path: Path) -> None:
    path = census(tmp_path, FIRST)

    with pytest.raises(InputProblem, match="one file, not 2"):
        read_files({"a.xml": path, "b.xml": path}, "folder")


def test_a_file_as_the_schema_has_it_has_no_faults(tmp_path: Path) -> None:
    whole = FIRST.replace("PersonBirthDate\n", "\n")

    assert schema_faults(census(tmp_path, whole, whole), 2026) == []


def test_a_file_longer_than_the_parser_reads_at_once_has_no_faults_for_that(tmp_path: Path) -> None:
    whole = FIRST.replace("PersonBirthDate\n", "\n")
    path = census(tmp_path, *[whole] * 60)
    path.write_text(" ".join(path.read_text(encoding="utf-8").split()), encoding="utf-8")

    assert path.stat().st_size > 64_000
    assert schema_faults(path, 2026) == []


def test_faults_name_the_line_and_the_element_and_never_the_value(tmp_path: Path) -> None:
    spoilt = SECOND.replace(">F<", ">Jo Bloggs<").replace("2016-03-27", "27/03/2016")
    path = census(tmp_path, FIRST, spoilt)
    lines = path.read_text(encoding="utf-8").splitlines()

    faults = schema_faults(path, 2026)

    assert [message for _, message in faults] == [
        "<ChildIdentifiers> has text between its elements",
        "<PersonBirthDate> is not a date such as 2026-03-31",
        "<Sex> does not hold one of the codes of the schema",
        "<CINplanDates> is not expected here; expected: PrimaryNeedCode, CINclosureDate, ReasonForClosure, DateOfInitialCPC, Assessments,"
        " CINPlanDates, Section47, ReferralNFA",
    ]
    assert "Jo Bloggs" in lines[faults[2][0] - 1]
    assert "Bloggs" not in str(faults)


def test_what_stands_outside_the_children_is_held_against_the_schema_too(tmp_path: Path) -> None:
    whole = FIRST.replace("PersonBirthDate\n", "\n")
    path = census(tmp_path, whole, header=HEADER.replace(">860<", ">E10000028<"))
    path.write_text(path.read_text(encoding="utf-8").replace("</Message>", "<More/></Message>"), encoding="utf-8")

    assert [message for _, message in schema_faults(path, 2026)] == [
        "<LEA> does not have the shape that the schema asks for",
        "<More> is not expected here",
    ]


def test_a_year_without_a_schema_is_held_against_the_one_before_and_says_so(tmp_path: Path) -> None:
    whole = FIRST.replace("PersonBirthDate\n", "\n").replace(
        "</ChildProtectionPlans>",
        "</ChildProtectionPlans><PreProceedingsandFGDM><PPOutcome>A</PPOutcome></PreProceedingsandFGDM>",
    )

    ((line, message),) = schema_faults(census(tmp_path, whole), 2027)

    assert line == 0
    assert "2025-26" in message
    with pytest.raises(InputProblem, match="No schema is held for the census of 2010-11"):
        schema_faults(census(tmp_path, whole), 2011)


def test_a_file_of_another_year_is_told_so(tmp_path: Path) -> None:
    path = census(tmp_path, FIRST)
    told = {year: validate(Request(return_="cin", year=year, paths=[path])).notes for year in ("2024-25", "2025-26")}
    assert told == {
        "2024-25": ("The file says that it is of the collection of 2026, and was checked as one of 2025.",),
        "2025-26": (),
    }


def test_a_header_without_a_year_says_none(tmp_path: Path) -> None:
    assert "year" not in says(read(census(tmp_path, FIRST, header="")))
