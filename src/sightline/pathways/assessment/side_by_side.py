"""What changed in an assessment since its manager last had it in hand, for the page on which it is authorised."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models
from django.utils.text import capfirst

from sightline.core.records.models import Change
from sightline.engine.screens.beside import Changed
from sightline.pathways.assessment.models import Assessment

_SHOWN = (
    *("child_seen_date", "child_seen_alone", "child_seen_by", "child_views", "family_views", "analysis"),
    *("proposed_factors", "outcome", "review_comment", "return_reason"),
)


def since_last_submission(assessment: Assessment) -> list[Changed]:
    """What differs between the version sent for authorisation before and the one in hand; nothing where it was sent only once and not changed.

    After a return, the version before is the one that was returned; else it is the one that was sent.
    """
    table = Assessment._meta.db_table
    sent = Change.objects.filter(table_name=table, record_id=assessment.pk, action="assessment.submit").order_by("-id")
    returned = Change.objects.filter(table_name=table, record_id=assessment.pk, action="assessment.return")
    newest = returned.order_by("-id").first()
    earlier = sent.filter(id__lt=newest.pk).first() if newest else sent.first()
    if earlier is None or earlier.new is None:
        return []
    return list(_differences(earlier.new, _row(assessment)))


def _row(assessment: Assessment) -> dict[str, Any]:
    """The row as history writes it, so that both sides compare like with like."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM assessment_assessment t WHERE id = %s", [assessment.pk])
        found = cursor.fetchone()
    return dict(json.loads(found[0])) if found else {}


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[Changed]:
    fields: list[models.Field[Any, Any]] = [Assessment._meta.get_field(name) for name in _SHOWN]  # type: ignore[misc]
    return [
        Changed(field.name, str(capfirst(str(field.verbose_name))), before.get(field.attname), now.get(field.attname))
        for field in fields
        if before.get(field.attname) != now.get(field.attname)
    ]
