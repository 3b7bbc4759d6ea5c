"""The blocks of the children in need census as tables, which is how its rules read them. Source: DfE children in need census guides.

Inside a child, blocks know each other by `CINdetailsID`, `AssessmentID` and `CPPID`: they number the blocks in the file. An assessment has a row for
each of its factors, and one row when it has none.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sightline.engine.exchange.rules.declarations import Columns, RuleTable
from sightline.standards.areas import area

CHILD, DETAILS = "LAchildID", "CINdetailsID"
ASSESSMENT_DAYS = ("AssessmentActualStartDate", "AssessmentInternalReviewDate", "AssessmentAuthorisationDate")

#: The columns of a table by name.

TABLES = (
    RuleTable(
        "Header",
        text=("Collection", "Year", "LEA", "SourceLevel", "SoftwareCode", "Release", "SerialNo", "DateTime"),
        days=("ReferenceDate",),
        child="LEA",
    ),
    RuleTable(
        "ChildIdentifiers",
        text=(CHILD, "UPN", "FormerUPN", "UPNunknown", "Sex", "GenderCurrent"),
        days=("PersonBirthDate", "ExpectedPersonBirthDate", "PersonDeathDate"),
        child=CHILD,
        needed=True,
    ),
    RuleTable("ChildCharacteristics", text=(CHILD, "Ethnicity"), child=CHILD),
    RuleTable("Disabilities", text=(CHILD, "Disability"), child=CHILD),
    RuleTable(
        "CINdetails",
        text=(CHILD, DETAILS, "ReferralSource", "PrimaryNeedCode", "ReasonForClosure", "ReferralNFA"),
        days=("CINreferralDate", "CINclosureDate", "DateOfInitialCPC"),
        child=CHILD,
    ),
    RuleTable(
        "Assessments",
        text=(CHILD, DETAILS, "AssessmentID", "AssessmentFactors"),
        days=ASSESSMENT_DAYS,
        child=CHILD,
    ),
    RuleTable(
        "CINplanDates", text=(CHILD, DETAILS), days=("CINPlanStartDate", "CINPlanEndDate"), child=CHILD, other=("cinplans",)
    ),
    RuleTable(
        "Section47",
        text=(CHILD, DETAILS, "ICPCnotRequired"),
        days=("S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC"),
        child=CHILD,
    ),
    RuleTable(
        "ChildProtectionPlans",
        text=(CHILD, DETAILS, "CPPID", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP"),
        days=("CPPstartDate", "CPPendDate"),
        child=CHILD,
    ),
    RuleTable("Reviews", text=(CHILD, DETAILS, "CPPID"), days=("CPPreviewDate",), child=CHILD),
    # From 2026/27. Its schema is not published: the shape is that of one invented sample (docs/decisions/0022).
    RuleTable(
        "PreProceedingsandFGDM",
        text=(CHILD, DETAILS, "FGDMMeetingOffer", "FGDMMeetingFac", "ReviewMeetingsCount", "PPOutcome"),
        days=("PPStartDate", "LBPSentDate", "InitialPPMeetingDate", "StepDecisionDate", "CourtAppDate", "LetterInitCPDate"),
        child=CHILD,
    ),
)  # fmt: skip
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
    for table in TABLES:
        held = tables.get(table.name)
        if held is None or DETAILS not in table.text:
            continue
        # Without a number, everything of a child belongs to the one referral.
        held.setdefault(DETAILS, pa.array(["1"] * _length(held), pa.string()))
    plans, assessments = tables.get("ChildProtectionPlans"), tables.get("Assessments")
    if plans is not None and "CPPID" not in plans:
        plans["CPPID"] = _numbered(plans)
    if assessments is not None and "AssessmentID" not in assessments:
        assessments["AssessmentID"] = _assessments(assessments)


def _assessments(held: Columns) -> Any:
    """A number for each assessment: rows of factors belong to one when their days are the same; without factors each row is one."""
    if "AssessmentFactors" not in held:
        return _numbered(held)
    unknown = pa.nulls(_length(held), pa.string())
    days = [held.get(column, unknown).to_pylist() for column in ASSESSMENT_DAYS]
    return pa.array([" ".join(day or "-" for day in row) for row in zip(*days, strict=True)], pa.string())


def _numbered(held: Columns) -> Any:
    return pa.array([str(row) for row in range(_length(held))], pa.string())


def _length(held: Columns) -> int:
    return len(next(iter(held.values()), ()))
