"""Documents in a pack: chosen one by one, sent whole or left out whole, opened by the second person, and read by way of the copy alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from sightline.core.audit.models import Entry
from sightline.core.notes import files
from sightline.core.sending.models import Copy
from sightline.engine.actions.refusals import Invalid
from sightline.engine.sending import copies, documents
from sightline.engine.sending.content import choosable

from .conftest import DAY, Scene, fresh

Act = Callable[..., Any]
PDF = b"%PDF-1.4 a report that names Oak Primary"
WHY = "The school was asked, and she has to read it to plan her visits."


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_VAR", str(tmp_path))


@pytest.fixture
def document(make: Act, scene: Scene) -> Act:
    """`document("Paediatric report")` keeps a document on the child's record."""

    def keep(name: str, **values: Any) -> Any:
        kept = files.keep([PDF])
        of = {"person": scene.child, "record_table": "people_person", "record_id": scene.child.pk}
        stored = {"stored_as": kept.stored_as, "content_type": "application/pdf", "size": len(PDF)}
        return make(
            "notes.Document", **{**of, "kind": "REPORT", "name": name, "document_date": DAY, **stored, **values}
        )

    return keep


@pytest.fixture
def with_documents(act: Act, scene: Scene) -> Act:
    """`with_documents(report, role=..., name=...)` prepares a pack with these documents for one recipient: the copy."""

    def do(*chosen: Any, **recipient: Any) -> Copy:
        numbers = ",".join(str(each.pk) for each in chosen)
        about = {"record_table": scene.planned._meta.db_table, "record_id": scene.planned.pk}
        who = recipient or {"role": "POLICE", "worker": scene.recipient.worker}
        values = {"kind": "conference", **about, "parts": "invitation,who", "documents": numbers, "recipients": [who]}
        return Copy.objects.get(pack=act(scene.preparer, "sending.prepare", **values).record)

    return do


def given(copy: Copy) -> list[int]:
    """The documents that the recipient would get."""
    return documents.of(copies.given(copies.view(copy, DAY)))


@pytest.fixture
def no_guard(scene: Scene, change: Act) -> None:
    """Nothing on record says that somebody's whereabouts have to be protected."""
    from django.apps import apps

    for factor in apps.get_model("assessment.AssessmentFactor").objects.all():
        change(factor, factor="1A")


@pytest.mark.usefixtures("no_guard")
class TestWithoutTheGuard:
    def test_only_what_was_chosen_goes_into_the_pack(self, document: Act, with_documents: Act) -> None:
        report = document("Paediatric report")
        document("Another")
        assert given(with_documents(report)) == [report.pk]

    def test_of_another_child_or_withdrawn_it_is_refused(
        self, document: Act, with_documents: Act, make: Act, scene: Scene
    ) -> None:
        stranger = make("people.Person", birth_date="2016-01-01")
        foreign = document("Foreign", person=stranger)
        withdrawn = document("Gone", withdrawn_date=DAY, withdrawn_reason="Wrong child")
        for one in (foreign, withdrawn):
            with pytest.raises(Invalid, match="not on the record of these children"):
                with_documents(one)
        assert choosable(scene.preparer, scene.planned, {scene.child.pk}, DAY) == []

    def test_the_second_person_opens_every_file(
        self, document: Act, with_documents: Act, act: Act, scene: Scene
    ) -> None:
        copy = with_documents(document("Paediatric report"))
        act(scene.preparer, "sending.submit", copy)
        with pytest.raises(Invalid, match="opened every one"):
            act(scene.checker, "sending.check", fresh(copy))
        act(scene.checker, "sending.check", fresh(copy), files_opened=True)
        act(scene.checker, "sending.send_back", fresh(copy), return_reason="The wrong report")
        assert fresh(copy).files_opened is None

    def test_is_left_out_whole_and_not_in_part(
        self, document: Act, with_documents: Act, act: Act, scene: Scene
    ) -> None:
        report = document("Paediatric report")
        copy = with_documents(report)
        target = {"copy": copy, "part": "documents", "record_table": documents.TABLE, "record_id": report.pk}
        with pytest.raises(Invalid, match="sent whole"):
            act(scene.preparer, "sending.redact", **target, record_field="name", reason="not_needed")
        act(scene.preparer, "sending.redact", **target, reason="not_needed")
        assert given(copy) == []

    def test_the_recipient_takes_it_away_by_way_of_the_copy_and_no_other(
        self, document: Act, with_documents: Act, act: Act, scene: Scene, signed_in: Act, change: Act
    ) -> None:
        report, other = document("Paediatric report"), document("Another")
        copy = with_documents(report)
        act(scene.preparer, "sending.submit", copy)
        act(scene.checker, "sending.check", fresh(copy), files_opened=True)
        act(scene.preparer, "sending.send", fresh(copy))
        client = signed_in(scene.recipient)
        page = client.get(reverse("sent-copy", args=[copy.pk])).content.decode()
        address = reverse("sent-document", args=[copy.pk, report.pk])
        assert address in page
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert Entry.objects.filter(what="download").latest("id").details["people"] == [scene.child.pk]
        assert client.get(reverse("document-file", args=[report.pk])).status_code == 404, "not by way of the record"
        assert client.get(reverse("sent-document", args=[copy.pk, other.pk])).status_code == 404
        assert signed_in(scene.stranger).get(address).status_code == 404
        change(report, withdrawn_date=DAY, withdrawn_reason="Wrong child")
        assert client.get(address).status_code == 404

    def test_withdrawn_between_check_and_sending_it_stops_the_copy(
        self, document: Act, with_documents: Act, act: Act, scene: Scene, change: Act
    ) -> None:
        report = document("Paediatric report")
        copy = with_documents(report)
        act(scene.preparer, "sending.submit", copy)
        act(scene.checker, "sending.check", fresh(copy), files_opened=True)
        change(report, withdrawn_date=DAY, withdrawn_reason="Wrong child")
        with pytest.raises(Invalid, match="has changed since the check"):
            act(scene.preparer, "sending.send", fresh(copy))


class TestUnderTheGuard:
    def test_a_file_stays_out_until_it_is_given_with_a_reason(
        self, document: Act, with_documents: Act, act: Act, scene: Scene, signed_in: Act
    ) -> None:
        report = document("Paediatric report")
        copy = with_documents(report, role="HEALTH_VISITOR", name="Health visitor")
        assert given(copy) == []
        client = signed_in(scene.preparer)
        address = reverse("sending-copy", args=[copy.pk])
        name = f"Document {report.pk}: Paediatric report"
        assert f"<option>{name}</option>" in client.get(address).content.decode()
        client.post(reverse("sending-give", args=[copy.pk]), {"protected": name, "give-note": WHY})
        assert given(copy) == [report.pk]
        assert "Given although protected" in client.get(address).content.decode()

    def test_it_is_chosen_on_the_page_that_prepares_the_pack(self, document: Act, scene: Scene, signed_in: Act) -> None:
        report = document("<b>Report</b>")
        address = reverse("sending-prepare", args=["conference", scene.planned.pk])
        client = signed_in(scene.preparer)
        shown = client.get(address).content.decode()
        assert "&lt;b&gt;Report" in shown
        refused = client.post(address, {"parts": ["who"], "documents": [report.pk]}).content.decode()
        assert f'value="{report.pk}" checked' in refused
        bad = client.post(address, {"parts": ["who"], "documents": ["999999"], "proposed": ["0"]})
        assert bad.status_code == 422
        assert "not on the record of these children" in bad.content.decode()
        sent = client.post(address, {"parts": ["who"], "documents": [report.pk], "proposed": ["0"]})
        assert sent.status_code == 302
        assert reverse("document-file", args=[report.pk]) in client.get(sent["Location"]).content.decode()


class TestDraftsOnTheCopysPage:
    def test_are_kept_opened_again_and_listed(self, prepare: Act, scene: Scene, signed_in: Act) -> None:
        copy, client = prepare(name="Health visitor"), signed_in(scene.preparer)
        keep = reverse("sending-keep", args=[copy.pk, "redact"])
        answer = client.post(
            keep, {"passage": "Room 3", "reason": "not_needed"}, headers={"Accept": "application/json"}
        )
        assert answer.json()["saved"]
        address = reverse("sending-copy", args=[copy.pk])
        assert ">Room 3</textarea>" in client.get(address).content.decode()
        home = client.get(reverse("home")).content.decode()
        assert "Leave something out of a copy" in home
        assert address in home
        client.post(reverse("sending-redact", args=[copy.pk]), {"passage": "Room 3", "reason": "not_needed"})
        assert ">Room 3</textarea>" not in client.get(address).content.decode()
        assert signed_in(scene.stranger).post(keep, {"passage": "x"}).status_code == 404
        assert client.post(reverse("sending-keep", args=[copy.pk, "other"]), {}).status_code == 404

    def test_survive_a_session_that_ended(self, prepare: Act, scene: Scene, signed_in: Act) -> None:
        from django.test import Client

        copy = prepare(name="Health visitor")
        sent = {"passage": "Room 3", "form-key": f"sending-copy.redact/{copy.pk}"}
        parted = Client().post(reverse("sending-redact", args=[copy.pk]), sent)
        assert parted.status_code == 302
        from urllib.parse import parse_qs, urlsplit

        onward = parse_qs(urlsplit(parted["Location"]).query)["next"][0]
        assert onward.startswith(reverse("sending-copy", args=[copy.pk]))
        assert ">Room 3</textarea>" in signed_in(scene.preparer).get(onward).content.decode()
