"""The blocks of the children in need census, as the import reads them and the export writes them, and the tables that its rules make of them.

Inside a child, the rules' tables know each other by `CINdetailsID`, `AssessmentID` and `CPPID`: they number the blocks in the file. An assessment
has a row for each of its factors, and one row when it has none. Source: DfE children in need census guides; the schemas in `data/returns/cin`.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sightline.engine.exchange.declarations import Column, Table, code, day, flag, text, whole
from sightline.engine.exchange.rules.declarations import Columns, RuleTable
from sightline.engine.exchange.rules.layouts import rule_table
from sightline.standards.areas import area

CHILD, DETAILS, ASSESSMENT, PLAN = "LAchildID", "CINdetailsID", "AssessmentID", "CPPID"

HEADER = (
    text("Collection"),
    text("Year"),
    day("ReferenceDate"),
    text("SourceLevel"),
    text("LEA"),
    text("SoftwareCode"),
    text("Release"),
    text("SerialNo"),
    text("DateTime"),
)
_REFERENCE = text(CHILD, required=True, longest=40)
#: What a child's block holds, by the element that groups it.
IDENTIFIERS = (
    _REFERENCE,
    text("UPN"),
    text("FormerUPN"),
    code("UPNunknown", "upn_unknown"),
    day("PersonBirthDate"),
    day("ExpectedPersonBirthDate", future=True),
    code("GenderCurrent", "cin_gender_to_2024", until=2024),
    code("Sex", "sex", since=2025),
    day("PersonDeathDate"),
)
CHARACTERISTICS = (code("Ethnicity", "ethnicity", required=True),)

#: The Department's numbers of the data items that are told from a field of a record, each with the element that carries it.
ITEMS = {
    "N00066": "PersonBirthDate",
    "N00098": "ExpectedPersonBirthDate",
    "N00099": "Disability",
    "N00100": "CINreferralDate",
    "N00101": "PrimaryNeedCode",
    "N00102": "CINclosureDate",
    "N00103": "ReasonForClosure",
    "N00105": "CPPstartDate",
    "N00106": "NumberOfPreviousCPP",
    "N00108": "PersonDeathDate",
    "N00110": "DateOfInitialCPC",
    "N00111": "ICPCnotRequired",
    "N00112": "ReferralNFA",
    "N00113": "InitialCategoryOfAbuse",
    "N00114": "LatestCategoryOfAbuse",
    "N00115": "CPPendDate",
    "N00148": "S47ActualStartDate",
    "N00152": "ReferralSource",
    "N00159": "AssessmentActualStartDate",
    "N00160": "AssessmentAuthorisationDate",
    "N00161": "AssessmentInternalReviewDate",
    "N00177": "Ethnicity",
    "N00181": "AssessmentFactors",
    "N00689": "CINPlanStartDate",
    "N00690": "CINPlanEndDate",
    "N00783": "Sex",
}

_EPISODE = "CINdetails"
TABLES = (
    Table(
        "cin",
        "Child",
        columns=(*IDENTIFIERS, *CHARACTERISTICS),
        containers=("ChildIdentifiers", "ChildCharacteristics", "Disabilities"),
    ),
    Table("cin", "Disability", columns=(code("Disability", "disability", required=True),), within="Child", leaf=True),
    Table(
        "cin",
        _EPISODE,
        columns=(
            day("CINreferralDate", required=True),
            code("ReferralSource", "cin_referral_source", at="CINreferralDate", required=True),
            code("PrimaryNeedCode", "cin_primary_need", at="CINreferralDate"),
            day("CINclosureDate"),
            code("ReasonForClosure", "cin_closure_reason", at="CINclosureDate"),
            day("DateOfInitialCPC"),
            flag("ReferralNFA", required=True),
        ),
        within="Child",
    ),
    Table(
        "cin",
        "Assessments",
        columns=(
            day("AssessmentActualStartDate", required=True),
            day("AssessmentInternalReviewDate", future=True),
            day("AssessmentAuthorisationDate"),
        ),
        within=_EPISODE,
        containers=("FactorsIdentifiedAtAssessment",),
    ),
    Table(
        "cin",
        "AssessmentFactors",
        columns=(code("AssessmentFactors", "cin_assessment_factors", at="AssessmentAuthorisationDate", required=True),),
        within="Assessments",
        leaf=True,
    ),
    Table(
        "cin",
        "CINPlanDates",
        columns=(day("CINPlanStartDate", required=True), day("CINPlanEndDate")),
        within=_EPISODE,
        # The Department's list of rules spells it so, and so do some files.
        other=("CINplanDates",),
        since=2022,
    ),
    Table(
        "cin",
        "Section47",
        columns=(
            day("S47ActualStartDate", required=True),
            day("InitialCPCtarget", future=True),
            day("DateOfInitialCPC"),
            flag("ICPCnotRequired", required=True),
        ),
        within=_EPISODE,
    ),
    Table(
        "cin",
        "ChildProtectionPlans",
        columns=(
            day("CPPstartDate", required=True),
            day("CPPendDate"),
            code("InitialCategoryOfAbuse", "cp_category_of_abuse", at="CPPstartDate", required=True),
            code("LatestCategoryOfAbuse", "cp_category_of_abuse", at="CPPstartDate", required=True),
            whole("NumberOfPreviousCPP", required=True),
        ),
        within=_EPISODE,
        containers=("Reviews",),
    ),
    Table(
        "cin", "CPPreviewDate", columns=(day("CPPreviewDate", required=True),), within="ChildProtectionPlans", leaf=True
    ),
    # Its schema is not published: the shape is that of one invented sample of 2026-27 (docs/decisions/0022). Which fields are required, and the
    # codes of its outcome, are still to be told, so it is written from the record without the outcome, and kept as received where it is read.
    Table(
        "cin",
        "PreProceedingsandFGDM",
        columns=(
            day("PPStartDate", future=True),
            day("LBPSentDate", future=True),
            flag("FGDMMeetingOffer"),
            flag("FGDMMeetingFac"),
            day("InitialPPMeetingDate", future=True),
            whole("ReviewMeetingsCount"),
            day("StepDecisionDate", future=True),
            text("PPOutcome"),
            day("CourtAppDate", future=True),
            day("LetterInitCPDate", future=True),
        ),
        within=_EPISODE,
        recorded=False,
        since=2027,
    ),
)
#: Blocks whose rows stand in tables of the rules that have other names.
TOLD_AS = {
    "Child": ("ChildIdentifiers", "ChildCharacteristics"),
    "Disability": ("Disabilities",),
    "AssessmentFactors": ("Assessments",),
    "CPPreviewDate": ("Reviews",),
    "CINPlanDates": ("CINplanDates",),
}
#: Blocks that are numbered within their child, and the column that has the number.
NUMBERED = {_EPISODE: DETAILS, "Assessments": ASSESSMENT, "ChildProtectionPlans": PLAN}
_PARTS = {"ChildIdentifiers": IDENTIFIERS, "ChildCharacteristics": CHARACTERISTICS}


def _rule_tables() -> tuple[RuleTable, ...]:
    """The header; then for each block the tables of the rules in which it stands, each with its child, its numbers, and what it says."""
    columns: dict[str, dict[str, Column]] = {}
    numbers: dict[str, tuple[str, ...]] = {}
    for block in TABLES:
        own = NUMBERED.get(block.name)
        numbers[block.name] = (*numbers.get(block.within, ()), *([own] if own else []))
        for name in TOLD_AS.get(block.name, (block.name,)):
            held = columns.setdefault(name, {})
            for column in (_REFERENCE, *map(text, numbers[block.name]), *_PARTS.get(name, block.columns)):
                held.setdefault(column.name, column)
    return (
        rule_table("Header", HEADER, child="LEA"),
        *(
            rule_table(name, held.values(), child=CHILD, needed=name == "ChildIdentifiers")
            for name, held in columns.items()
        ),
    )


RULE_TABLES = _rule_tables()
#: Until 2023/24 the census asked for gender, under codes of its own.
SEX_OF_GENDER = {"1": "M", "2": "F", "0": "U", "9": "U"}


def prepare(tables: dict[str, Columns], context: dict[str, Any]) -> None:
    """Fill in what rows leave out, in place: sex from gender, and the numbers of blocks that were given without."""
    if context.get("authority"):
        context["authority"] = area(context["authority"]).code or str(context["authority"])
    people = tables.get("ChildIdentifiers", {})
    if "Sex" not in people and "GenderCurrent" in people:
        genders = people["GenderCurrent"].to_pylist()
        people["Sex"] = pa.array([SEX_OF_GENDER.get(one or "", one) for one in genders], pa.string())
    for table in RULE_TABLES:
        held = tables.get(table.name)
        if held is None or DETAILS not in table.text:
            continue
        # Without a number, everything of a child belongs to the one referral.
        held.setdefault(DETAILS, pa.array(["1"] * _length(held), pa.string()))
    plans, assessments = tables.get("ChildProtectionPlans"), tables.get("Assessments")
    if plans is not None and PLAN not in plans:
        plans[PLAN] = _numbered(plans)
    if assessments is not None and ASSESSMENT not in assessments:
        assessments[ASSESSMENT] = _assessments(assessments)


def _assessments(held: Columns) -> Any:
    """A number for each assessment: rows of factors belong to one when their days are the same; without factors each row is one."""
    if "AssessmentFactors" not in held:
        return _numbered(held)
    unknown = pa.nulls(_length(held), pa.string())
    (block,) = (table for table in TABLES if table.name == "Assessments")
    days = [held.get(column.name, unknown).to_pylist() for column in block.columns]
    return pa.array([" ".join(day or "-" for day in row) for row in zip(*days, strict=True)], pa.string())


def _numbered(held: Columns) -> Any:
    return pa.array([str(row) for row in range(_length(held))], pa.string())


def _length(held: Columns) -> int:
    return len(next(iter(held.values()), ()))
