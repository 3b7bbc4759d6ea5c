"""The daily digest: counts and a link, no word of a record; once a day; only to those who want it; audited."""

from __future__ import annotations

import re
from argparse import Namespace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db.models import Model

from sightline.cli.commands import alerts as command
from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import SetUpProblem
from sightline.core.options.declared import choose
from sightline.engine.work import alerts
from sightline.engine.work.models import Digest

from .conftest import LONG_AGO, Make

pytestmark = pytest.mark.django_db

HOSTILE = (
    "Ann\nBcc: everybody@example.org",
    "{{ settings.SECRET_KEY }}",
    "<script>alert(1)</script>",
    "Zebedee-O’Quixote",
    "12 late",
)


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://sightline.example.org"


@pytest.fixture
def due(make: Make, staff: SimpleNamespace, child: Make) -> list[Any]:
    """A late task for each of several children with hostile names."""
    children = [child(name=name) for name in HOSTILE]
    for one, words in zip(children, HOSTILE, strict=True):
        task = {"what": f"Ring {words}", "worker": staff.worker.worker, "set_date": LONG_AGO, "due_date": LONG_AGO}
        make("notes.Task", person=one.person, **task)
    return children


class TestTheDigest:
    def test_holds_counts_and_a_link_and_no_word_about_anybody(self, staff: SimpleNamespace, due: list[Any]) -> None:
        told = {one.username: one.outcome for one in alerts.send()}
        assert told["worker"] == alerts.SENT
        [sent] = [one for one in mail.outbox if one.to == ["worker@example.org"]]
        text = f"{sent.subject}\n{sent.body}\n{sent.message().as_string()}"
        assert "- 5 late" in sent.body
        assert "https://sightline.example.org/" in sent.body
        for one, name in zip(due, HOSTILE, strict=True):
            assert name not in text
            assert f" {one.person.pk} " not in text.replace("- 5 late", "")
        for word in ("Zebedee", "Ann", "script", "SECRET", "Testcase", "Ring", "Bcc"):
            assert word not in text
        assert set(re.findall(r"^- (.*)$", sent.body, re.MULTILINE)) == {"5 late"}

    def test_says_the_same_for_everybody_with_the_same_counts(self) -> None:
        one = alerts.message(alerts.Figures(late=3), "a@example.org")
        other = alerts.message(alerts.Figures(late=3), "b@example.org")
        assert (one.subject, one.body) == (other.subject, other.body)
        assert not any(isinstance(value, Model | str) for value in vars(alerts.Figures()).values())

    def test_is_sent_once_a_day(self, due: list[Any]) -> None:
        assert [one.outcome for one in alerts.send() if one.username == "worker"] == [alerts.SENT]
        count = len(mail.outbox)
        assert [one for one in alerts.send() if one.username == "worker"] == []
        assert len(mail.outbox) == count
        Digest.objects.update(sent_on=LONG_AGO)
        assert [one.outcome for one in alerts.send() if one.username == "worker"] == [alerts.SENT]

    def test_is_not_sent_to_those_who_turned_it_off_or_have_nothing_due(
        self, staff: SimpleNamespace, due: list[Any]
    ) -> None:
        alerts.choose(staff.worker, False)
        assert Entry.objects.get(what="settings").details == {"wanted": False}
        outcomes = {one.username: one.outcome for one in alerts.send()}
        assert "worker" not in outcomes
        assert outcomes["stranger"] == alerts.NOTHING
        assert ["worker@example.org"] not in [one.to for one in mail.outbox]

    def test_is_sent_to_nobody_while_alerts_are_turned_off(
        self, due: list[Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        administrator = User.objects.create(username="admin", role="administrator")
        choose("alerts", "off", administrator, "a trial")
        assert list(alerts.send()) == []
        assert command.run(Namespace(what="send", dry_run=False)) == 0
        assert "turned off" in capsys.readouterr().out
        assert mail.outbox == []
        choose("alerts", "on", administrator, "the trial is over")
        assert [one.outcome for one in alerts.send() if one.username == "worker"] == [alerts.SENT]

    def test_that_is_sent_is_audited_with_counts_alone(self, due: list[Any]) -> None:
        list(alerts.send())
        entry = Entry.objects.get(what="sent", who="worker")
        assert entry.details == {"late": 5, "today": 0, "soon": 0}

    def test_that_fails_is_told_and_tried_again(self, due: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_self: Any) -> int:
            raise OSError("refused: Zebedee")

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMessage.send", refuse)
            assert [one.failed for one in alerts.send() if one.username == "worker"] == [True]
        assert not Entry.objects.filter(what="sent").exists()
        assert [one.outcome for one in alerts.send() if one.username == "worker"] == [alerts.SENT]


class TestTheCommand:
    def test_says_what_it_would_send_and_sends_nothing(
        self, due: list[Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert command.run(SimpleNamespace(dry_run=True)) == 0  # type: ignore[arg-type]
        out = capsys.readouterr().out
        assert "worker: would be sent: 5 late" in out
        assert "Zebedee" not in out
        assert mail.outbox == []
        assert not Digest.objects.exists()

    def test_needs_an_address_to_lead_to(self, settings: Any) -> None:
        settings.PUBLIC_ADDRESS = ""
        with pytest.raises(SetUpProblem):
            command.run(SimpleNamespace(dry_run=False))  # type: ignore[arg-type]
