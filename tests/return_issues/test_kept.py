"""Checking files stores nothing, unless whoever checks them asks to keep the answer."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sightline.core.access.models import User
from sightline.engine.exchange.rules import show
from sightline.engine.return_issues.models import KeptAnswer

from .test_pages import text, visit

CENSUS = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year><ReferenceDate>2024-03-31</ReferenceDate>"
    "</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>860</LEA></Source></Header><Children><Child><ChildIdentifiers>"
    "<LAchildID>C1</LAchildID></ChildIdentifiers></Child></Children></Message>"
)


def send(who: User, keep: str) -> Any:
    file = SimpleUploadedFile("census.xml", CENSUS.encode())
    asked = {"return": "cin", "year": "2023-24", "shown": "page", "keep": keep, "files": [file]}
    return visit(who).post(reverse("check-return"), asked)


def test_nothing_is_stored_unless_asked(staff: SimpleNamespace) -> None:
    assert "Child does not have a recorded CIN episode" in text(send(staff.analyst, "no"))
    assert not KeptAnswer.objects.exists()


def test_a_kept_answer_is_read_again_by_its_keeper_alone_and_thrown_away(staff: SimpleNamespace) -> None:
    given = text(send(staff.analyst, "keep"))
    held = KeptAnswer.objects.get()
    address = reverse("kept-check", args=[held.pk])
    assert address in visit(staff.analyst).get(reverse("check-return")).content.decode()
    again = text(visit(staff.analyst).get(address))
    assert "Child does not have a recorded CIN episode" in given
    assert "Child does not have a recorded CIN episode" in again
    other = User.objects.create(username="other", role="performance_analyst")
    assert visit(other).get(address).status_code == 404
    visit(other).post(reverse("kept-check-discard", args=[held.pk]))
    assert KeptAnswer.objects.exists()
    visit(staff.analyst).post(reverse("kept-check-discard", args=[held.pk]))
    assert not KeptAnswer.objects.exists()


def test_a_kept_answer_goes_by_itself(staff: SimpleNamespace) -> None:
    send(staff.analyst, "keep")
    KeptAnswer.objects.update(at=timezone.now() - timedelta(days=91))
    visit(staff.analyst).get(reverse("check-return"))
    assert not KeptAnswer.objects.exists()


def test_what_is_kept_is_the_whole_answer(staff: SimpleNamespace) -> None:
    send(staff.analyst, "keep")
    answer = KeptAnswer.objects.get().answer
    assert show.as_json(show.from_json(answer)) == answer
