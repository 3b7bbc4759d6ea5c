"""Assessments and their factors in the children in need census."""

from __future__ import annotations

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.declarations import Builder, Table, code, day
from sightline.pathways.assessment.models import Assessment, AssessmentFactor

TABLES = (
    Table(
        "cin",
        "Assessments",
        columns=(
            day("AssessmentActualStartDate", required=True),
            day("AssessmentInternalReviewDate", future=True),
            day("AssessmentAuthorisationDate"),
        ),
        within="CINdetails",
        containers=("FactorsIdentifiedAtAssessment",),
    ),
    Table(
        "cin",
        "AssessmentFactors",
        columns=(code("AssessmentFactors", "cin_assessment_factors", at="AssessmentAuthorisationDate", required=True),),
        within="Assessments",
        leaf=True,
    ),
)


def assessments(child: Child) -> None:
    """One assessment for each block, held by the case of its episode."""
    made: dict[Row | None, tuple[Draft, str]] = {}
    for row in child.of("Assessments"):
        case = child.shared.get(("case", row.parent))
        if case is None:
            child.fault(row, "an assessment on a referral with no further action: there is no case to hold it")
            continue
        parts = f"assessment/{row.parent['CINreferralDate'] if row.parent else ''}/{row['AssessmentActualStartDate']}"
        draft = child.add(
            Assessment,
            row,
            parts,
            case=case,
            start_date=row["AssessmentActualStartDate"],
            review_point_date=row["AssessmentInternalReviewDate"],
            authorised_date=row["AssessmentAuthorisationDate"],
        )
        made[row] = draft, parts
    for row in child.of("AssessmentFactors"):
        if row.parent in made:
            draft, parts = made[row.parent]
            factor = row["AssessmentFactors"]
            child.add(AssessmentFactor, row, f"{parts}/{factor}", assessment=draft, factor=factor)


BUILDERS = (
    Builder(
        "cin",
        ("Assessments", "AssessmentFactors"),
        {
            Assessment: ("person", "case", "start_date", "review_point_date", "authorised_date"),
            AssessmentFactor: ("person", "assessment", "factor"),
        },
        assessments,
    ),
)
