"""Questions to the ledger: what is open or overdue, on any day, and how to say when something is due."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from sightline.engine.deadlines.models import Deadline
from sightline.standards.clocks import clock
from sightline.standards.working_days import working_days_between


def open_on(day: date) -> QuerySet[Deadline]:
    """Deadlines that were running on a day, the next due first: started by then, and neither stopped nor closed until later."""
    running = Q(stopped=None) | Q(stopped__gt=day)
    not_closed = Q(closed=None) | Q(closed__gt=day)
    return Deadline.objects.filter(running, not_closed, started__lte=day).order_by(
        "due", "clock", "record_id", "sequence"
    )


def overdue_on(day: date) -> QuerySet[Deadline]:
    """Deadlines that were running on a day although they had fallen due before it."""
    return open_on(day).filter(due__lt=day)


def due_in_words(id: str, due: date, today: date) -> str:
    """When a deadline of a clock is due, as a worker would say it: `due in 3 working days`, `overdue by 1 day`."""
    if due == today:
        return "due today"
    if clock(id).unit == "working_days":
        # What is due on a Friday is overdue on Saturday, but by no working day yet.
        count, unit = abs(working_days_between(today, due)), "working day"
    else:
        count, unit = abs((due - today).days), "day"
    length = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    if due > today:
        return f"due in {length}"
    return f"overdue by {length}" if count else "overdue since the last working day"
