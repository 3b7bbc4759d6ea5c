"""Who sees anonymous feedback, and what the naming of a reviewing officer lets the officer see.

Feedback is nobody's child's, and someone who was at the meeting might recognise an answer.
"""

from __future__ import annotations

from datetime import date

from django.apps import apps

from sightline.core.access.models import User
from sightline.core.access.visibility import People, Reason, SeenByListReaders
from sightline.core.records.spells import open_on


def _named(user: User, day: date) -> People:
    """Children for whom the user is named; it ends with the naming, which ends with the period of care at the latest."""
    named = apps.get_model("looked_after.ReviewingOfficer")._default_manager.filter(worker=user.worker_id)
    return named.filter(open_on(day)).values("person_id")


RULES = {"independent_chairs.Feedback": SeenByListReaders()}
REASONS = (Reason("reviewing officer", "You are the child's reviewing officer.", _named),)
