"""Who leads a child's early help sees that part of the record, and who the child is; it is no reason to see the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Model, Q

from sightline.core.access.models import User
from sightline.core.access.reasons import WHO
from sightline.core.access.visibility import People, Reason
from sightline.core.records.spells import open_on
from sightline.pathways.early_help.models import Episode


def _led(user: User, day: date) -> People:
    return Episode.objects.filter(open_on(day), worker=user.worker_id).values("person_id")


def _part(user: User, day: date, model: type[Model]) -> People | None:
    shown = model._meta.label in WHO or model._meta.app_label == Episode._meta.app_label
    return _led(user, day) if shown else None


def _clocks(user: User, day: date, model: type[Model]) -> Q | None:
    """The clocks that run on it, so that they stand in the list of whoever has to stop them."""
    if model._meta.label != "deadlines.Deadline":
        return None
    led = Episode.objects.filter(open_on(day), worker=user.worker_id)
    return Q(record_table=Episode._meta.db_table, record_id__in=led.values("pk"))


def _leads(person: int, day: date) -> Iterable[int]:
    led = Episode.objects.filter(open_on(day), person=person, worker__isnull=False)
    return led.values_list("worker_id", flat=True).order_by()


REASONS = (
    Reason(
        *("early_help", "You lead the child's early help.", _led),
        ends="end_date",
        ending="It ends when the early help does.",
        shows=_part,
        rows=_clocks,
        candidates=_leads,
    ),
)
