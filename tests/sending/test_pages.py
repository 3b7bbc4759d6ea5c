"""The pages of packs and copies, and the PDF: what the other household and the recipient are given."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.sending.models import Copy, Pack

from .conftest import SECRETS, Scene, fresh

Act = Callable[..., Any]


def pages_of(body: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]


def test_a_pack_is_prepared_on_the_page_of_the_conference(scene: Scene, signed_in: Act) -> None:
    client = signed_in(scene.preparer)
    planned = reverse("record", args=["child_protection_plannedconference", scene.planned.pk])
    address = reverse("sending-prepare", args=["conference", scene.planned.pk])
    assert address in client.get(planned).content.decode()
    asked = client.get(address).content.decode()
    for proposed in ("Finn Invented, Parent", "Head teacher", "Mara Invented, Parent"):
        assert proposed in asked

    refused = client.post(address, {"parts": ["who"], "name-0": "Doctor"})
    assert refused.status_code == 422
    for words in ("There is a problem", "Choose the role", 'value="Doctor"', 'value="who" checked'):
        assert words in refused.content.decode()
    assert "Choose at least one recipient" in client.post(address, {"parts": ["who"]}).content.decode()
    unknown = client.post(address, {"parts": ["who"], "role-0": "POLICE", "account-0": "nobody"}).content.decode()
    assert "No worker signs in under this user name" in unknown
    nothing = client.post(address, {"proposed": ["0"]}).content.decode()
    assert "Parts chosen is missing" in nothing or "at least one part" in nothing

    sent = client.post(
        address,
        {"parts": ["who", "reports"], "proposed": ["0", "1"], "role-0": "POLICE", "account-0": "recipient"},
    )
    pack = Pack.objects.get()
    assert sent["Location"] == reverse("sending-pack", args=[pack.pk])
    assert Copy.objects.filter(pack=pack).count() == 3
    shown = client.get(sent["Location"]).content.decode()
    assert "Finn Invented" in shown
    assert f"Pack {pack.pk}" in client.get(planned).content.decode()


def test_a_relative_who_is_sealed_from_the_preparer_is_not_proposed(make: Act, scene: Scene, signed_in: Act) -> None:
    address = reverse("sending-prepare", args=["conference", scene.planned.pk])
    of = {"ask": scene.checker.worker, "reason": "Sealed", "start_date": "2024-03-01", "policy": "hidden"}
    make("restrictions.Seal", person=scene.mother, **of)
    shown = signed_in(scene.preparer).get(address).content.decode()
    assert "Finn Invented" in shown
    assert "Mara" not in shown


def test_recipients_are_added_to_a_pack(scene: Scene, prepare: Act, signed_in: Act) -> None:
    copy = prepare(name="Mara Invented")
    client = signed_in(scene.preparer)
    add = reverse("do", args=["sending.add_recipients", copy.pack_id])
    assert add in client.get(reverse("sending-pack", args=[copy.pack_id])).content.decode()
    form = client.get(add).content.decode()
    assert "Who gets a copy" in form
    assert signed_in(scene.stranger).get(add).status_code == 404


def test_the_checker_sees_side_by_side_what_is_read_and_what_is_hidden(
    act: Act, scene: Scene, prepare: Act, signed_in: Act
) -> None:
    copy = prepare(relative=scene.father.pk)
    client = signed_in(scene.preparer)
    address = reverse("sending-copy", args=[copy.pk])
    faulty = client.post(
        reverse("sending-redact", args=[copy.pk]), {"passage": "not there", "reason": "safety", "redact-note": "kept"}
    )
    assert faulty.status_code == 422
    for words in ("There is a problem", "do not stand in the pack", ">not there</textarea>", ">kept</textarea>"):
        assert words in faulty.content.decode()
    client.post(reverse("sending-redact", args=[copy.pk]), {"passage": "Room 3", "reason": "not_needed"})
    client.post(reverse("sending-redact", args=[copy.pk]), {"target": "who|||", "reason": "not_needed"})
    act(scene.preparer, "sending.submit", copy)

    work = signed_in(scene.checker).get(reverse("work")).content.decode()
    assert "Copies of packs to check" in work
    shown = signed_in(scene.checker).get(address).content.decode()
    for words in (
        *("The address guard is on", "An assessment found domestic abuse", "does not live with the child"),
        *("<del>Room 3</del>", "Not needed by this recipient for their part", "Protected whereabouts", "[left out]"),
        *("Check a copy that somebody else prepared", "Not in the copy"),
    ):
        assert words in shown
    assert "Leave something out</h3>" not in shown
    assert signed_in(scene.stranger).get(address).status_code == 404


def test_what_is_protected_is_given_only_with_a_reason(scene: Scene, prepare: Act, signed_in: Act) -> None:
    copy = prepare(name="Health visitor", role="HEALTH_VISITOR")
    client, give = signed_in(scene.preparer), reverse("sending-give", args=[copy.pk])
    refused = client.post(give, {"protected": "14 Elm Road, ST16 3AA", "give-note": "short"})
    assert refused.status_code == 422
    assert "at least 20 characters" in refused.content.decode()
    client.post(give, {"protected": "14 Elm Road, ST16 3AA", "give-note": "She visits at home, and mother agreed."})
    shown = client.get(reverse("sending-copy", args=[copy.pk])).content.decode()
    assert "Given although protected" in shown
    decision = shown.split('name="decision" value="')[1].split('"')[0]
    client.post(reverse("sending-undo", args=[copy.pk]), {"decision": decision})
    assert "Given although protected" not in client.get(reverse("sending-copy", args=[copy.pk])).content.decode()


def test_a_protected_address_is_nowhere_in_what_the_other_household_is_given(
    act: Act, scene: Scene, prepare: Act, checked: Act, signed_in: Act
) -> None:
    copy = checked(prepare(relative=scene.father.pk))
    client = signed_in(scene.preparer)
    answer = client.post(reverse("sending-file", args=[copy.pk]))
    assert answer["Content-Type"] == "application/pdf"
    pages = pages_of(answer.content)
    text = " ".join(pages)
    folded = "".join(text.split()).casefold()
    assert "Ada is safe" in text
    for secret in (*SECRETS, "elm", "st163aa", "960123", "960999", "oakprimary"):
        assert "".join(secret.split()).casefold() not in folded
        assert "".join(secret.split()).casefold() not in "".join(fresh(copy).content.split()).casefold()
    for page in pages:
        assert "Finn Invented, Parent" in page
        assert "Taken from Sightline by preparer (preparer)" in page
        assert f"{timezone.localtime():%d %B %Y}" in page
    entry = Entry.objects.filter(what="download").latest("id")
    assert (entry.who, entry.about, entry.details["records"]) == ("preparer", "sending_copy", [copy.pk])


def test_opening_is_the_receipt_and_only_the_recipient_may(
    act: Act, scene: Scene, prepare: Act, checked: Act, signed_in: Act
) -> None:
    copy = checked(prepare(role="POLICE", worker=scene.recipient.worker_id))
    recipient, stranger = signed_in(scene.recipient), signed_in(scene.stranger)
    address = reverse("sent-copy", args=[copy.pk])
    assert recipient.get(address).status_code == 404
    act(scene.preparer, "sending.send", copy)
    assert "Sent to you to read" in recipient.get(reverse("work")).content.decode()
    assert "Not opened" in recipient.get(reverse("sent-to-me")).content.decode()
    assert fresh(copy).received_at is None
    for other in (stranger, signed_in(scene.preparer), signed_in(scene.checker)):
        assert other.get(address).status_code == 404
        assert other.post(reverse("sent-file", args=[copy.pk])).status_code == 404

    shown = recipient.get(address).content.decode()
    assert "Ada is safe" in shown
    assert "Elm" not in shown
    assert fresh(copy).received_by == "recipient"
    opened = fresh(copy).received_at
    recipient.get(address)
    assert fresh(copy).received_at == opened
    pages = pages_of(recipient.post(reverse("sent-file", args=[copy.pk])).content)
    assert all("Taken from Sightline by recipient (recipient)" in page for page in pages)
    # The child's own page, and the pack as it was before anything was left out, stay shut.
    for closed in (reverse("person", args=[scene.child.pk]), reverse("record", args=["sending_pack", copy.pack_id])):
        assert recipient.get(closed).status_code == 404
    assert recipient.get(reverse("record", args=["sending_copy", copy.pk]))["Location"] == address

    act(scene.preparer, "sending.withdraw", fresh(copy), withdrawn_reason="Wrong officer")
    assert recipient.get(address).status_code == 404
    assert "Nothing has been sent to you" in recipient.get(reverse("sent-to-me")).content.decode()


def test_what_is_not_read_in_time_appears_to_the_sender(
    act: Act, change: Act, scene: Scene, prepare: Act, checked: Act, signed_in: Act
) -> None:
    copy = checked(prepare(role="POLICE", worker=scene.recipient.worker_id))
    act(scene.preparer, "sending.send", copy)
    client, address = signed_in(scene.preparer), reverse("sending")
    late = "Copies that were sent and not read in time"
    assert late not in client.get(address).content.decode()
    change(fresh(copy), sent_at=timezone.now() - timedelta(days=9))
    assert late in client.get(address).content.decode()
    assert "1 copy that you prepared was not read in time" in client.get(reverse("work")).content.decode()
    assert late not in signed_in(scene.stranger).get(address).content.decode()
    act(scene.recipient, "sending.open", fresh(copy))
    assert late not in client.get(address).content.decode()


def test_a_copy_has_forms_for_what_can_be_done(act: Act, scene: Scene, prepare: Act, signed_in: Act) -> None:
    copy = prepare(name="Mara Invented")
    client = signed_in(scene.preparer)
    shown = client.get(reverse("sending-copy", args=[copy.pk])).content.decode()
    submit = reverse("do", args=["sending.submit", copy.pk])
    assert submit in shown
    answer = client.post(submit, {"because": "ready"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("sending-copy", args=[copy.pk])
    assert "Waiting for the check" in answer.content.decode()


def test_pages_ask_few_questions(
    scene: Scene, prepare: Act, signed_in: Act, django_assert_max_num_queries: Any
) -> None:
    copy = prepare(relative=scene.father.pk)
    client = signed_in(scene.preparer)
    for address, most in (
        (reverse("sending"), 60),
        (reverse("sending-pack", args=[copy.pack_id]), 70),
        (reverse("sending-copy", args=[copy.pk]), 120),
        (reverse("sent-to-me"), 40),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["sending-redact", "sending-give", "sending-undo", "sending-file"])
def test_a_stranger_changes_nothing(scene: Scene, prepare: Act, signed_in: Callable[[User], Client], name: str) -> None:
    copy = prepare(relative=scene.father.pk)
    assert signed_in(scene.stranger).post(reverse(name, args=[copy.pk])).status_code == 404
