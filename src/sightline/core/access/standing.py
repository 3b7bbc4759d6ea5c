"""What this installation is: a real partnership today, or an invented one at the end of its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from sightline.core.records.models import Coverage

SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Standing:
    """Whether every covered record is invented, and the day on which reasons to see a child are judged."""

    invented: bool
    day: date


def standing() -> Standing:
    """An invented partnership stands at the last day of its records, or its spells would long be over; a real one is judged today."""
    today = timezone.localdate()
    found = Coverage.objects.aggregate(
        last=Max("end_date"), last_real=Max("end_date", filter=~Q(source_system=SYNTHETIC))
    )
    invented = found["last"] is not None and found["last_real"] is None
    return Standing(invented, min(found["last"], today) if invented else today)
