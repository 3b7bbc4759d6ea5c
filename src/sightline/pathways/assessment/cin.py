"""Assessments and their factors in the children in need census."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.assessment.models import Assessment, AssessmentFactor


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


def _of_the_year(cut: Cut) -> QuerySet[Any]:
    """Assessments authorised in the year or still under way at its end (CIN guide 2023-24 s4.9). One that was cancelled is neither."""
    under_way = Q(start_date__lte=cut.end) & (Q(authorised_date=None) | Q(authorised_date__gt=cut.end))
    cancelled = Q(cancelled_date__isnull=False, cancelled_date__lte=cut.end)
    return cut.rows(Assessment).filter(cut.in_year("authorised_date") | under_way).exclude(cancelled)


def _assessments(cut: Cut) -> Iterator[Told]:
    stated = ("pk", "case_id", "start_date", "review_point_date", "authorised_date")
    for row in cut.told(_of_the_year(cut), *stated, order=("start_date",)):
        values = {
            "AssessmentActualStartDate": row["start_date"],
            "AssessmentInternalReviewDate": row["review_point_date"],
            "AssessmentAuthorisationDate": cut.by_then(row["authorised_date"]),
        }
        yield Told(row["child"], values, key=row["pk"], within=row["case_id"])


def _factors(cut: Cut) -> Iterator[Told]:
    """The factors of completed assessments."""
    done = _of_the_year(cut).filter(authorised_date__lte=cut.end)
    factors = cut.rows(AssessmentFactor).filter(assessment__in=done.values("pk"))
    for row in cut.told(factors, "assessment_id", "factor", order=("assessment_id", "factor")):
        yield Told(row["child"], {"AssessmentFactors": row["factor"]}, within=row["assessment_id"])


WRITERS = (
    TableWriter("cin", "Assessments", _assessments),
    TableWriter("cin", "AssessmentFactors", _factors),
)
