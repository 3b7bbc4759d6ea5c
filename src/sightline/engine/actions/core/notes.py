"""What can be written on every record: case notes, documents, management oversight and its tasks.

Workers, chairs and contact officers each write notes under their own permission, so the first three actions come once for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.notes.files import kept
from sightline.core.records.models import Record
from sightline.engine.actions.checks import BEFORE_BIRTH
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs
from sightline.engine.actions.engine import people_of
from sightline.engine.actions.refusals import Fault
from sightline.engine.rights.holdings import table_of

_NOTE = "notes.CaseNote"
_DOCUMENT = "notes.Document"
_OVERSIGHT = "notes.Oversight"
_TASK = "notes.Task"
_ABOUT = ("person!", "record_table", "record_id")


def _about_its_record(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A record that is named is there, and concerns the person."""
    if not record.record_table and record.record_id is None:
        return
    if not record.record_table or record.record_id is None:
        yield Fault("record_id", "A record is named by its table and its number, both or neither.")
        return
    model = table_of(record.record_table)
    found = model._default_manager.filter(pk=record.record_id).first() if model else None
    if found is None or record.person_id not in people_of(found):
        yield Fault("record_id", "There is no such record about this person.")


def _said_something(note: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not note.text.strip() and not note.child_voice.strip():
        yield Fault("text", "Write what happened, or what the child said.")
    if note.happened_at > timezone.now():
        yield Fault("happened_at", "When it happened lies in the future.")
    birth = note.person.birth_date or note.person.expected_birth_date
    if birth and birth - timezone.localtime(note.happened_at).date() > BEFORE_BIRTH:
        yield Fault("happened_at", "When it happened is more than 40 weeks before the birth.")


def _note(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_NOTE, worker=attempt.worker, **attempt.values)]


def _document(attempt: Attempt) -> Sequence[Record]:
    """What the file is comes from its content, never from whoever sends it."""
    document = attempt.new(_DOCUMENT, worker=attempt.worker, **attempt.values)
    found = kept(document.stored_as)
    if found is not None:
        document.content_type, document.size = found.content_type, found.size
        document.sha256, document.scanned = found.sha256, found.scanned
    return [document]


def _kept(document: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not document.sha256:
        yield Fault("stored_as", "The file is not there: choose it again.")
    if not document.name.strip():
        yield Fault("name", "Title of the document is missing.")


def _oversee(attempt: Attempt) -> Sequence[Record]:
    """The oversight, and its decisions that are to be done as tasks."""
    values = attempt.own
    values["manager"] = values.get("manager") or attempt.worker
    oversight = attempt.new(_OVERSIGHT, **values)
    about = attempt.given("person", "record_table", "record_id")
    held = oversight.held_date or attempt.today
    tasks = [attempt.new(_TASK, oversight=oversight, set_date=held, **about, **row) for row in attempt.values["tasks"]]
    return [oversight, *tasks]


def _decided_something(oversight: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not oversight.discussion.strip() and not oversight.decision.strip():
        yield Fault("discussion", "Write what was discussed, or what was decided.")


def _set_task(attempt: Attempt) -> Sequence[Record]:
    values = {"set_date": attempt.today} | attempt.values
    return [attempt.new(_TASK, **values)]


def _for_someone(task: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not task.what.strip():
        yield Fault("what", "What is to be done is missing.")
    if not task.worker_id and not task.team_id:
        yield Fault("worker", "A task is for a worker or for a team.")
    if task.due_date and task.due_date < task.set_date:
        yield Fault("due_date", "A task cannot be due before it is set.")


def _whole_withdrawal(document: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(document.withdrawn_date) != bool(document.withdrawn_reason.strip()):
        yield Fault("withdrawn_reason", "A withdrawal needs its date and its reason.")


RULES = (
    Rules(_NOTE, checks=(_about_its_record, _said_something)),
    Rules(
        _DOCUMENT,
        stages=(("withdrawn", "withdrawn_date"), ("kept", "")),
        checks=(_about_its_record, _kept, _whole_withdrawal),
    ),
    Rules(_OVERSIGHT, checks=(_about_its_record, _decided_something)),
    Rules(
        _TASK,
        stages=(("done", "done_date"), ("cancelled", "cancelled_date"), ("open", "")),
        future=("due_date",),
        checks=(_about_its_record, _for_someone),
    ),
)

_NOTE_INPUTS = inputs(_NOTE, *_ABOUT, "kind!", "happened_at!", "significance", "text", "child_voice", "analysis")
_DOCUMENT_INPUTS = inputs(_DOCUMENT, *_ABOUT, "kind!", "name!", "document_date", "stored_as!")
_OVERSIGHT_INPUTS = inputs(_OVERSIGHT, *_ABOUT, "kind!", "held_date!", "worker", "manager", "discussion", "decision")
_TASKS = Group("tasks", "Decisions that are to be done", inputs(_TASK, "what!", "worker", "team", "due_date"))


def _written_by(suffix: str, words: str, permission: Permission) -> tuple[Action, ...]:
    """The action of adding a note and of adding a document, for those who hold a permission."""
    return (
        Action(
            f"notes.add_note{suffix}",
            f"Add a case note{words}",
            _NOTE,
            _NOTE_INPUTS,
            permission=permission,
            build=_note,
        ),
        Action(
            f"notes.add_document{suffix}",
            f"Add a document{words}",
            _DOCUMENT,
            _DOCUMENT_INPUTS,
            permission=permission,
            build=_document,
        ),
    )


ACTIONS = (
    *_written_by("", "", Permission.RECORD),
    *_written_by("_as_chair", " as chair or reviewing officer", Permission.CHAIR),
    *_written_by("_at_front_door", " at the front door", Permission.RECORD_CONTACT),
    correct("notes.correct_note", "Correct a case note", _NOTE),
    amend(
        *("notes.withdraw_document", "Withdraw a document", _DOCUMENT, "withdrawn_date!", "withdrawn_reason!"),
        permission=Permission.DECIDE,
        when=("kept",),
    ),
    Action(
        "notes.record_oversight",
        "Record supervision or management oversight",
        _OVERSIGHT,
        _OVERSIGHT_INPUTS,
        permission=Permission.DECIDE,
        build=_oversee,
        groups=(_TASKS,),
    ),
    correct("notes.correct_oversight", "Correct management oversight", _OVERSIGHT, permission=Permission.DECIDE),
    Action(
        "notes.set_task",
        "Set a task",
        _TASK,
        inputs(_TASK, *_ABOUT, "what!", "worker", "team", "due_date", "set_date"),
        build=_set_task,
    ),
    amend("notes.finish_task", "Finish a task", _TASK, "done_date!", "outcome", when=("open",)),
    amend(
        "notes.cancel_task", "Say that a task is no longer needed", _TASK, "cancelled_date!", "outcome", when=("open",)
    ),
    amend("notes.pass_task", "Give a task to someone else", _TASK, "worker", "team", "due_date", when=("open",)),
)
