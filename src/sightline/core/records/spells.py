"""Spells in questions to the database: a spell covers `[start, end)`."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def open_on(day: date, prefix: str = "") -> Q:
    """A spell that is open on a day. `prefix` leads to it from another record: `case__`."""
    begun = Q(**{f"{prefix}start_date__lte": day})
    return begun & (Q(**{f"{prefix}end_date": None}) | Q(**{f"{prefix}end_date__gt": day}))
