"""What is asked about every change of a local rule: from which day, and why."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from sightline.core.errors import InputProblem


def later_day(text: str) -> date:
    """A day from tomorrow on. What has begun, or was recorded, keeps the rule that it had."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputProblem("This is no day: give day, month and year.", "first_day", "write it so") from error
    tomorrow = timezone.localdate() + timedelta(days=1)
    if day < tomorrow:
        what = f"Choose {tomorrow} or a later day: what has begun keeps the rule that it began under."
        raise InputProblem(what, "first_day", "choose a later day")
    if day.year > tomorrow.year + 10:
        raise InputProblem("Choose a day within the next ten years.", "first_day", "choose an earlier day")
    return day


def reason(because: str) -> str:
    """A reason that can be kept. Raises InputProblem."""
    because = " ".join(because.split())
    if not because or "\x00" in because:
        raise InputProblem("Say why.", "because", "say why")
    if len(because) > 200:
        raise InputProblem("Say why in at most 200 characters.", "because", "make it shorter")
    return because
