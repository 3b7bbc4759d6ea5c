"""Notes, documents, oversight and tasks: on every record, by those who see the child."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.visibility import visible
from sightline.core.errors import InputProblem
from sightline.core.notes import files
from sightline.core.notes.models import CaseNote, Document, Oversight, Task
from sightline.core.records.models import Change
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted

DAY = date(2024, 2, 5)
NOTE = {"kind": "HOME", "happened_at": "2024-02-06 16:30", "text": "Met the family at home."}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("SIGHTLINE_SCAN", raising=False)
    return tmp_path


@pytest.fixture
def case(open_case: Any, family: list[Any]) -> Any:
    return open_case(family[0], DAY)


class TestNotes:
    def test_are_kept_with_their_writer_and_both_times(
        self, act: Any, people: Any, family: list[Any], case: Any
    ) -> None:
        note = act(
            people.worker, "notes.add_note", person=family[0], record_table="cases_case", record_id=case.pk, **NOTE
        ).record
        assert note.worker == people.worker.worker
        assert timezone.localtime(note.happened_at).strftime("%H:%M") == "16:30"
        assert note.late_entry, "it was written up long after"

    def test_written_at_once_are_no_late_entry(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        now = {**NOTE, "happened_at": timezone.now() - timedelta(hours=1)}
        assert not act(people.worker, "notes.add_note", person=family[0], **now).record.late_entry

    @pytest.mark.parametrize(
        ("other", "message"),
        [
            ({"text": ""}, "Write what happened"),
            ({"happened_at": "2999-01-01 10:00"}, "in the future"),
            ({"happened_at": "1999-01-01 10:00"}, "before the birth"),
            ({"happened_at": "31/31/2024"}, "When it happened"),
            ({"kind": "NONSENSE"}, "no code"),
            ({"record_table": "cases_case", "record_id": 99999}, "no such record about this person"),
            ({"record_table": "auth_group", "record_id": 1}, "no such record about this person"),
            ({"record_table": "cases_case"}, "both or neither"),
        ],
    )
    def test_that_make_no_sense_are_refused(
        self, act: Any, people: Any, family: list[Any], case: Any, other: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(Invalid, match=message):
            act(people.worker, "notes.add_note", person=family[0], **{**NOTE, **other})

    def test_are_not_hung_on_another_childs_record(
        self, act: Any, people: Any, family: list[Any], open_case: Any
    ) -> None:
        open_case(family[0], DAY)
        other = open_case(family[1], DAY)
        with pytest.raises(Invalid, match="no such record"):
            act(
                *(people.worker, "notes.add_note"),
                **{"person": family[0], "record_table": "cases_case", "record_id": other.pk, **NOTE},
            )

    def test_are_seen_and_written_by_those_with_a_reason_only(
        self, act: Any, people: Any, family: list[Any], case: Any
    ) -> None:
        note = act(people.worker, "notes.add_note", person=family[0], **NOTE).record
        assert visible(people.worker, CaseNote, [note.pk])
        assert visible(people.manager, CaseNote, [note.pk])
        assert not visible(people.stranger, CaseNote, [note.pk])
        with pytest.raises(NotPermitted, match="no reason on record"):
            act(people.stranger, "notes.add_note", person=family[0], **NOTE)
        with pytest.raises(NotPermitted, match="may not"):
            act(people.chair, "notes.add_note", person=family[0], **NOTE)

    def test_keep_what_they_said_before_a_correction(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        note = act(people.worker, "notes.add_note", person=family[0], **NOTE).record
        act(people.worker, "notes.correct_note", note, text="Met the mother at home.")
        change = Change.objects.filter(table_name="notes_casenote", operation="update").get()
        assert change.old is not None and change.old["text"] == NOTE["text"]
        assert change.by == "worker"


class TestDocuments:
    def add(self, act: Any, people: Any, child: Any, stored_as: str) -> Any:
        values = {"person": child, "kind": "REPORT", "name": "School report", "stored_as": stored_as}
        return act(people.worker, "notes.add_document", **values).record

    def test_are_described_by_their_content(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        stored = files.keep([b"%PDF-1.7 ", b"words"])
        document = self.add(act, people, family[0], stored.stored_as)
        assert (document.content_type, document.size) == ("application/pdf", 14)
        assert document.scanned == "NOT_SCANNED"
        assert files.path_of(document.stored_as).read_bytes() == b"%PDF-1.7 words"

    def test_that_nobody_sent_are_refused(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        for name in ("f" * 64, "../../etc/passwd"):
            with pytest.raises(Invalid, match="not there"):
                self.add(act, people, family[0], name)

    def test_are_not_kept_under_two_titles(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        stored = files.keep([b"words"]).stored_as
        self.add(act, people, family[0], stored)
        with pytest.raises(Invalid, match="already"):
            self.add(act, people, family[0], stored)

    def test_are_withdrawn_once_by_a_manager(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        document = self.add(act, people, family[0], files.keep([b"words"]).stored_as)
        why = {"withdrawn_date": DAY + timedelta(3), "withdrawn_reason": "Of another child"}
        with pytest.raises(NotPermitted):
            act(people.worker, "notes.withdraw_document", document, **why)
        act(people.manager, "notes.withdraw_document", document, **why)
        with pytest.raises(NotNow, match="withdrawn"):
            act(people.manager, "notes.withdraw_document", Document.objects.get(), **why)


class TestFiles:
    @pytest.mark.parametrize("content", [b"MZ\x90\x00\x03", b"PK\x03\x04anything", b"\xff\xfe\x00\x01"])
    def test_of_other_types_are_not_taken(self, content: bytes, folder: Path) -> None:
        with pytest.raises(InputProblem, match="not taken"):
            files.keep([content])
        assert not [path for path in folder.rglob("*") if path.is_file()], "nothing is left behind"

    def test_that_are_too_large_or_empty_are_not_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SIGHTLINE_FILE_LIMIT", "10")
        with pytest.raises(InputProblem, match="larger"):
            files.keep([b"12345", b"678901"])
        with pytest.raises(InputProblem, match="empty"):
            files.keep([])

    @pytest.mark.parametrize(
        ("command", "message"),
        [("false", "harmful"), ("/no/such/scanner", "did not answer"), ("sh -c 'exit 2'", "judge")],
    )
    def test_are_refused_unless_the_scanner_clears_them(
        self, monkeypatch: pytest.MonkeyPatch, command: str, message: str, folder: Path
    ) -> None:
        monkeypatch.setenv("SIGHTLINE_SCAN", command)
        with pytest.raises(InputProblem, match=message):
            files.keep([b"words"])
        assert not [path for path in folder.rglob("*") if path.is_file()]

    def test_that_the_scanner_clears_say_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SIGHTLINE_SCAN", "true")
        assert files.keep([b"words"]).scanned == "CLEAN"


class TestOversight:
    @pytest.fixture
    def oversight(self, act: Any, people: SimpleNamespace, teams: Any, family: list[Any], case: Any) -> Oversight:
        tasks = [
            {"what": "See the school", "worker": people.worker.worker, "due_date": date(2026, 12, 31)},
            {"what": "Find a duty visit", "team": teams.safeguarding},
        ]
        values = {"person": family[0], "kind": "SUPERVISION", "held_date": DAY + timedelta(7), "discussion": "Risk"}
        done = act(people.manager, "notes.record_oversight", **values, worker=people.worker.worker, tasks=tasks)
        found: Oversight = done.record
        return found

    def test_makes_its_decisions_tasks(self, people: SimpleNamespace, oversight: Oversight) -> None:
        assert oversight.manager == people.manager.worker
        assert list(Task.objects.order_by("id").values_list("what", "set_date")) == [
            ("See the school", oversight.held_date),
            ("Find a duty visit", oversight.held_date),
        ]

    def test_whose_task_is_for_nobody_is_refused_whole(
        self, act: Any, people: Any, family: list[Any], case: Any
    ) -> None:
        values = {"person": family[0], "kind": "SUPERVISION", "held_date": DAY, "discussion": "Risk"}
        with pytest.raises(Invalid, match="for a worker or for a team"):
            act(people.manager, "notes.record_oversight", **values, tasks=[{"what": "See the school"}])
        assert not Oversight.objects.exists()

    def test_is_the_managers(self, act: Any, people: Any, family: list[Any], case: Any) -> None:
        with pytest.raises(NotPermitted):
            act(people.worker, "notes.record_oversight", person=family[0], kind="SUPERVISION", held_date=DAY)

    def test_a_task_is_done_once(self, act: Any, people: Any, oversight: Oversight) -> None:
        task = Task.objects.order_by("id")[0]
        act(people.worker, "notes.finish_task", task, done_date=DAY + timedelta(9), outcome="Seen")
        task.refresh_from_db()
        with pytest.raises(NotNow, match="The task is done"):
            act(people.worker, "notes.cancel_task", task, cancelled_date=DAY + timedelta(9))
