"""Assessments and their factors in the Standard Safeguarding Dataset. The factors of an assessment stand in one field, as a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import Q

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.mapped import Mapped, linked, parts_of
from sightline.pathways.assessment.models import Assessment, AssessmentFactor
from sightline.returns.ssd.tables import OF_CASE, TABLE
from sightline.standards.codes import codeset

ASSESSMENTS, FACTORS, EPISODES = (
    TABLE["ssd_cin_assessments"],
    TABLE["ssd_assessment_factors"],
    TABLE["ssd_cin_episodes"],
)


def _case(child: Child, row: Row) -> dict[str, Any] | None:
    case = linked(child, EPISODES, row["cina_referral_id"])
    if case is None:
        child.fault(row, "the assessment belongs to no episode of need of the child")
        return None
    return {"case": case}


HELD = Mapped(
    ASSESSMENTS,
    Assessment,
    fields={"start_date": "cina_assessment_start_date", "authorised_date": "cina_assessment_auth_date"},
    states=("case",),
    finds=_case,
    tells={"cina_referral_id": ("case_id", OF_CASE)},
    start="start_date",
    end="authorised_date",
    unlike=Q(cancelled_date__isnull=False),
)


def factors(child: Child) -> None:
    """A record for each factor of the list."""
    for row in child.of(FACTORS.name):
        held = linked(child, ASSESSMENTS, row["cinf_assessment_id"])
        if held is None:
            child.fault(row, "the factors belong to no assessment of the child")
            continue
        for factor in _listed(child, row):
            child.add(AssessmentFactor, row, f"{parts_of(row, FACTORS)}/{factor}", assessment=held, factor=factor)


def _listed(child: Child, row: Row) -> list[str]:
    """The factors of a row: a list of codes, or codes that are answered with yes."""
    text = row["cinf_assessment_factors_json"]
    try:
        found = json.loads(text) if text else []
    except json.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        found = [code for code, answer in found.items() if str(answer).lower() in ("yes", "y", "1", "true")]
    if not isinstance(found, list) or any(code not in codeset("cin_assessment_factors") for code in found):
        child.fault(row, "cinf_assessment_factors_json is not a list of factors")
        return []
    return list(dict.fromkeys(found))


BUILDERS = (
    HELD.builder(),
    Builder("ssd", (FACTORS.name,), {AssessmentFactor: ("person", "assessment", "factor")}, factors, order=51),
)


def _factors(cut: Cut) -> Iterator[Told]:
    done = cut.rows(Assessment).filter(authorised_date__lte=cut.end, cancelled_date=None)
    held = cut.rows(AssessmentFactor).filter(cut.about_children(), assessment__in=done.values("pk"))
    rows = cut.told(held, "assessment_id", "factor", order=("assessment_id", "factor"))
    for (child, assessment), found in groupby(rows, key=lambda row: (row["child"], row["assessment_id"])):
        values = {
            "cinf_table_id": assessment,
            "cinf_assessment_id": assessment,
            "cinf_assessment_factors_json": json.dumps([row["factor"] for row in found]),
        }
        yield Told(child, values)


WRITERS = (HELD.writer(), TableWriter("ssd", FACTORS.name, _factors))
