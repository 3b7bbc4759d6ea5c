"""Packs of the demonstration: somebody who opens it sees a copy that is ready to send, and one that was sent and read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing
from sightline.core.sending.models import Copy
from sightline.engine.synthetic.packs import make_packs

pytestmark = pytest.mark.django_db


def test_one_is_ready_to_send_and_one_sent_and_read(visit: Callable[[str], Client]) -> None:
    manager = User.objects.get(role="team_manager")
    held = apps.get_model("cases.Allocation").objects.filter(
        person__in=own_children(manager, standing().day), end_date=None
    )[0]
    worker = User.objects.get(role="social_worker")
    worker.worker = held.worker
    worker.save()
    begun = {"start_date": standing().day, "initial_category": "NEG", "latest_category": "NEG"}
    with writing("test", by="tester", because="test"):
        council = Organisation.objects.get(kind="local_authority")
        plans = apps.get_model("child_protection.Plan").objects
        plans.create(person_id=held.person_id, case_id=held.case_id, agency=council, **begun)
    told: list[str] = []
    make_packs(told.append)
    ready, read = Copy.objects.order_by("pk")
    assert (ready.checked_at is not None, ready.sent_at) == (True, None)
    assert read.received_at is not None
    make_packs(told.append)
    assert told == ["one ready to send, one sent and read", "already there, kept as they are"]
    shown = visit("social_worker").get(reverse("sending")).content.decode()
    assert "Checked" in shown
    assert "Received" in shown


def test_where_nobody_sees_a_plan_with_somebody_else_there_are_none(visit: Callable[[str], Client]) -> None:
    User.objects.filter(role="social_worker").update(worker=None)
    told: list[str] = []
    make_packs(told.append)
    assert told == ["none: nobody to prepare and to check them"]
    assert not Copy.objects.exists()
