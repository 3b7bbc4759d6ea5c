"""What this installation is: a real partnership today, or an invented one at the end of its records."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from sightline.core.audit import context
from sightline.core.records import writing
from sightline.core.records.models import Coverage

SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Standing:
    """Whether every covered record is invented, and the day on which reasons to see a child are judged."""

    invented: bool
    day: date


#: What was found, for which request, and after which writing.
_found: ContextVar[tuple[str, int, Standing] | None] = ContextVar("standing", default=None)


def standing() -> Standing:
    """An invented partnership stands at the last day of its records, or its spells would long be over; a real one is judged today.

    It is asked once in a request, until somebody writes.
    """
    request, written = context.current().request, writing.generation()
    kept = _found.get()
    if request and kept is not None and kept[:2] == (request, written):
        return kept[2]
    found = _asked()
    _found.set((request, written, found))
    return found


def _asked() -> Standing:
    today = timezone.localdate()
    found = Coverage.objects.aggregate(
        last=Max("end_date"), last_real=Max("end_date", filter=~Q(source_system=SYNTHETIC))
    )
    invented = found["last"] is not None and found["last_real"] is None
    return Standing(invented, min(found["last"], today) if invented else today)
