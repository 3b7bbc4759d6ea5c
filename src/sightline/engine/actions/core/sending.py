"""What can be done about packs and copies: prepare, leave out, give what is protected, check, send, receive, withdraw.

Nothing is sent before a second person has read what the recipient will read. What was checked is what is sent: a change since sends it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import barred, visible, visible_rows
from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.core.sending.models import LEAST_REASON, Copy, CopyRedaction, Pack
from sightline.engine.actions.building import acting_name, acting_user
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, inputs, record, spell
from sightline.engine.actions.engine import people_of
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.engine.rights.packs import frozen
from sightline.engine.sending import copies, documents
from sightline.engine.sending.content import children_of, content
from sightline.engine.sending.declarations import PackKind, pack_kinds
from sightline.engine.sending.guard import family_of

_PACK, _CHILD, _COPY = "sending.Pack", "sending.PackChild", "sending.Copy"
_REDACTION, _PROTECTED = "sending.CopyRedaction", "sending.ProtectedWhereabouts"
_PREPARING, _WAITING, _CHECKED, _SENT, _RECEIVED = (
    "being prepared",
    "waiting for the check",
    "checked",
    "sent",
    "received",
)
_IN_SIGHTLINE = "sightline"
_NOT_SEEN = "Only those who see the whole record of every child in the pack may do this."
_CLOSED = "This recipient may not be sent this record. Ask your manager."


def _user() -> User:
    user = acting_user()
    assert user is not None, "packs are prepared, checked and sent by people"
    return user


# --- Preparing ---


def _prepare(attempt: Attempt) -> Sequence[Record]:
    user, given = _user(), attempt.own
    kind, about = _about(attempt, user)
    children = people_of(about)
    if not children or children - visible(user, Person, children):
        raise Invalid(attempt.action.title, [Fault("", "You do not see every child whom it is about.")])
    parts = [name for name in given["parts"].split(",") if kind.part(name)]
    wanted = documents.chosen(given.get("documents") or "")
    held = content(user, kind, about, children, parts, attempt.today, wanted)
    if set(wanted) - set(documents.of(held)):
        what = "One of the documents is not on the record of these children, was withdrawn, or may not be sent."
        raise Invalid(attempt.action.title, [Fault("documents", what)])
    if not held["parts"]:
        raise Invalid(attempt.action.title, [Fault("parts", "Choose at least one part that holds something.")])
    pack = attempt.new(
        _PACK,
        **{**given, "parts": ",".join(parts), "documents": ",".join(map(str, wanted))},
        prepared_by=acting_name(),
        prepared_at=timezone.now(),
    )
    pack.content, pack.content_hash = frozen(held)
    tied = [attempt.new(_CHILD, person_id=id, pack=pack) for id in sorted(children)]
    return [pack, *tied, *_copies(attempt, pack, children)]


def _about(attempt: Attempt, user: User) -> tuple[PackKind, Any]:
    kind = pack_kinds().get(attempt.values["kind"])
    if kind is None:
        raise Invalid(attempt.action.title, [Fault("kind", "There is no such kind of pack.")])
    model: Any = apps.get_model(kind.model)
    found = visible_rows(user, model).filter(pk=attempt.values["record_id"]).first()
    if found is None or attempt.values["record_table"] != model._meta.db_table:
        raise Invalid(attempt.action.title, [Fault("record_id", "There is no such record, or you may not see it.")])
    return kind, found


def _copies(attempt: Attempt, pack: Any, children: set[int]) -> list[Any]:
    found, faults, seen = [], [], set()
    family = family_of(children)
    for place, row in enumerate(attempt.values["recipients"]):
        copy = attempt.new(_COPY, pack=pack, prepared_by=acting_name(), **row)
        key = (copy.worker_id, copy.relative_id, copy.organisation_id, copy.name.strip().casefold(), copy.role)
        faults += [Fault(f"recipients.{place}.{fault.input}", fault.what) for fault in _wrong(copy, children, family)]
        if key in seen:
            faults.append(Fault(f"recipients.{place}.name", "This recipient is named twice."))
        seen.add(key)
        found.append(copy)
    if faults:
        raise Invalid(attempt.action.title, faults)
    return found


def _wrong(copy: Any, children: set[int], family: set[int]) -> Iterator[Fault]:
    """What keeps somebody from being a recipient."""
    named = [bool(copy.worker_id), bool(copy.relative_id), bool(copy.name.strip())]
    if sum(named) != 1:
        yield Fault("name", "Name one person: a worker, a family member, or somebody by name.")
    if copy.relative_id and (copy.relative_id not in family or barred(_user(), [copy.relative_id])):
        yield Fault("relative", "The record does not name this person as one of the family.")
    if _is_closed_to(copy, children):
        yield Fault("worker", _CLOSED)


def _is_closed_to(copy: Any, children: set[int]) -> bool:
    """Whether a seal or a conflict of interest keeps the recipient from any child of the pack."""
    users = User.objects.filter(worker=copy.worker_id, is_active=True) if copy.worker_id else ()
    return any(barred(user, children) for user in users)


def _pack_in_sight(pack: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not visible_rows(_user(), Pack).filter(pk=pack.pk).exists():
        yield Fault("", _NOT_SEEN)


def _add(attempt: Attempt) -> Sequence[Record]:
    """Copies for more recipients of a pack that was prepared."""
    return [*_copies(attempt, attempt.record, children_of(attempt.record)), attempt.record]


# --- What a copy leaves out ---


def _mine(copy: Copy) -> Iterator[Fault]:
    """A recipient who may prepare packs, too, has no say over the copy that they are sent."""
    if not visible_rows(_user(), Pack).filter(pk=copy.pack_id).exists():
        yield Fault("", _NOT_SEEN)


def _of_a_pack_in_sight(changed: Any, _attempt: Attempt) -> Iterable[Fault]:
    return _mine(changed.copy if isinstance(changed, CopyRedaction) else changed)


def _still_prepared(redaction: Any, _attempt: Attempt) -> Iterator[Fault]:
    if redaction.copy.submitted_at or redaction.copy.withdrawn_at:
        yield Fault("", "The copy has been given to be checked: it has to be sent back before it is changed.")


def _redact(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_REDACTION, **attempt.values, withheld=True, decided_by=acting_name())]


def _names_something(redaction: Any, attempt: Attempt) -> Iterator[Fault]:
    held = copies.content_of(redaction.copy.pack, attempt.today)
    records = [(part["part"], each) for part in held["parts"] for each in part["records"]]
    if redaction.passage.strip():
        words = "\n".join(field["value"] for _part, each in records for field in each["fields"])
        if not copies.stands_in(redaction.passage, words):
            yield Fault("passage", "These words do not stand in the pack. Copy them as they are written there.")
        return
    if redaction.record_id is None:
        if redaction.part not in {part for part, _each in records}:
            yield Fault("part", "Choose what is to be left out, or write the words.")
        return
    names = [
        {"", *(field["name"] for field in each["fields"])}
        for part, each in records
        if (part, each["table"], each["id"]) == (redaction.part, redaction.record_table, redaction.record_id)
    ]
    if not any(redaction.record_field in each for each in names):
        yield Fault("record_id", "The pack has no such record.")
    elif redaction.record_table == documents.TABLE and redaction.record_field:
        yield Fault("record_id", "A file is left out whole, or sent whole: nothing within it can be left out here.")


def _give(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_REDACTION, **attempt.values, withheld=False, decided_by=acting_name())]


def _is_withheld(redaction: Any, attempt: Attempt) -> Iterator[Fault]:
    shown = copies.view(redaction.copy, attempt.today)
    named = [*(item.text for item in shown.withheld if item.known_to(_user())), *shown.files_held_back]
    if redaction.passage.casefold() not in {text.casefold() for text in (*named, *shown.looks_like)}:
        yield Fault("passage", "This is not withheld from the recipient.")
    if len(redaction.note.strip()) < LEAST_REASON:
        yield Fault(
            "note", f"Say in at least {LEAST_REASON} characters why this recipient may have it, and who was asked."
        )


def _undo(attempt: Attempt) -> Sequence[Record]:
    attempt.record.undone_at, attempt.record.undone_by = timezone.now(), acting_name()
    return [attempt.record]


# --- Checking and sending ---


def _submit(attempt: Attempt) -> Sequence[Record]:
    copy = attempt.record
    copy.submitted_at, copy.submitted_by, copy.return_reason = timezone.now(), acting_name(), ""
    return [copy]


def _check(attempt: Attempt) -> Sequence[Record]:
    copy = attempt.record
    copy.checked_at, copy.checked_by = timezone.now(), acting_name()
    copy.places_read = attempt.values.get("places_read")
    copy.files_opened = attempt.values.get("files_opened")
    copy.content = copies.as_kept(copies.view(copy, attempt.today))
    return [copy]


def _another_person(copy: Any, _attempt: Attempt) -> Iterator[Fault]:
    decided = {one.decided_by for one in copies.redactions_of(copy)}
    if acting_name() in {copy.prepared_by, copy.submitted_by, *decided}:
        yield Fault("", "You prepared this copy or decided about it yourself: another person has to check it.")


def _places_were_read(copy: Any, attempt: Attempt) -> Iterator[Fault]:
    if copies.view(copy, attempt.today).guard.up and not copy.places_read:
        yield Fault(
            "places_read", "Somebody's whereabouts are protected: say that you have read every free text for them."
        )


def _files_were_opened(copy: Any, attempt: Attempt) -> Iterator[Fault]:
    if documents.of(copies.given(copies.view(copy, attempt.today))) and not copy.files_opened:
        yield Fault("files_opened", "Documents go with this copy: say that you have opened every one of them.")


def _holds_something(copy: Any, attempt: Attempt) -> Iterator[Fault]:
    if not copies.given(copies.view(copy, attempt.today))["parts"]:
        yield Fault("", "Nothing is left for the recipient to read.")


def _send_back(attempt: Attempt) -> Sequence[Record]:
    copy = attempt.record
    copy.return_reason = attempt.values["return_reason"]
    copy.submitted_at, copy.checked_at, copy.places_read, copy.files_opened = None, None, None, None
    copy.submitted_by, copy.checked_by, copy.content = "", "", ""
    return [copy]


def has_account(copy: Copy) -> bool:
    """Whether the recipient can read the copy in Sightline."""
    return bool(copy.worker_id) and User.objects.filter(worker=copy.worker_id, is_active=True).exists()


def _send(attempt: Attempt) -> Sequence[Record]:
    copy, given = attempt.record, attempt.values
    copy.channel = given.get("channel") or (_IN_SIGHTLINE if has_account(copy) else None)
    copy.sent_at, copy.sent_by, copy.sent_note = (
        given.get("sent_at") or timezone.now(),
        acting_name(),
        given.get("sent_note") or "",
    )
    return [copy]


def _may_go(copy: Any, attempt: Attempt) -> Iterator[Fault]:
    if not copy.channel:
        yield Fault("channel", "Choose how it was sent: the recipient has no sign-in here.")
    if copy.channel == _IN_SIGHTLINE and not has_account(copy):
        yield Fault("channel", "The recipient has no sign-in here: choose another way.")
    if copy.sent_at > timezone.now():
        yield Fault("sent_at", "It cannot have been sent in the future.")
    if copy.sent_at < copy.checked_at and attempt.values.get("sent_at"):
        yield Fault("sent_at", "It was not checked yet at that time.")
    if copies.as_kept(copies.view(copy, attempt.today)) != copy.content:
        yield Fault(
            "", "What is protected or sealed has changed since the check: send it back, and have it checked again."
        )
    if _is_closed_to(copy, children_of(copy.pack)):
        yield Fault("", _CLOSED)


def _receive(attempt: Attempt) -> Sequence[Record]:
    copy, given = attempt.record, attempt.values
    copy.received_at, copy.received_by = given.get("received_at") or timezone.now(), acting_name()
    copy.received_note = given.get("received_note") or ""
    return [copy]


def _is_the_recipient(copy: Any, _attempt: Attempt) -> Iterator[Fault]:
    if copy.worker_id is None or copy.worker_id != _user().worker_id or copy.channel != _IN_SIGHTLINE:
        yield Fault("", "Only the recipient's own opening is a receipt.")


def _by_hand(copy: Any, _attempt: Attempt) -> Iterator[Fault]:
    if copy.channel == _IN_SIGHTLINE:
        yield Fault("", "The recipient reads it in Sightline: their opening is the receipt.")
    if copy.received_at > timezone.now() or copy.received_at < copy.sent_at:
        yield Fault("received_at", "It was received after it was sent, and not in the future.")


def _withdraw(attempt: Attempt) -> Sequence[Record]:
    copy = attempt.record
    copy.withdrawn_at, copy.withdrawn_by = timezone.now(), acting_name()
    copy.withdrawn_reason = attempt.values["withdrawn_reason"]
    return [copy]


RULES = (
    Rules(
        _COPY,
        stages=(
            ("withdrawn", "withdrawn_at"),
            (_RECEIVED, "received_at"),
            (_SENT, "sent_at"),
            (_CHECKED, "checked_at"),
            (_WAITING, "submitted_at"),
            (_PREPARING, ""),
        ),
    ),
    Rules(_REDACTION, stages=(("taken back", "undone_at"), ("stands", ""))),
    spell(_PROTECTED, open=()),
)

_SEND_PERMISSION = Permission.SEND
_RECIPIENTS = Group(
    "recipients",
    "Who gets a copy",
    inputs(_COPY, "role!", "worker", "relative", "organisation", "name"),
    minimum=1,
)


def _amend(
    id: str, title: str, *names: str, when: tuple[str, ...], build: Any, checks: tuple[Any, ...] = (), leads: str = ""
) -> Action:
    """An action on a copy."""
    return Action(
        f"sending.{id}",
        title,
        _COPY,
        inputs(_COPY, *names),
        permission=_SEND_PERMISSION,
        amends=True,
        when=when,
        build=build,
        checks=(_of_a_pack_in_sight, *checks),
        leads=leads,
    )


ACTIONS = (
    Action(
        "sending.prepare",
        "Prepare a pack to send",
        _PACK,
        inputs(_PACK, "kind!", "record_table!", "record_id!", "parts!", "documents"),
        permission=_SEND_PERMISSION,
        build=_prepare,
        # A family member need not be seen to be sent a copy; the builder judges sight of the children.
        any_child=True,
        groups=(_RECIPIENTS,),
    ),
    Action(
        "sending.add_recipients",
        "Add recipients to a pack",
        _PACK,
        (),
        permission=_SEND_PERMISSION,
        amends=True,
        build=_add,
        checks=(_pack_in_sight,),
        any_child=True,
        groups=(_RECIPIENTS,),
    ),
    Action(
        "sending.redact",
        "Leave something out of a copy",
        _REDACTION,
        inputs(_REDACTION, "copy!", "part", "record_table", "record_id", "record_field", "passage", "reason!", "note"),
        permission=_SEND_PERMISSION,
        build=_redact,
        checks=(_of_a_pack_in_sight, _still_prepared, _names_something),
    ),
    Action(
        "sending.give",
        "Give a recipient something that is protected",
        _REDACTION,
        inputs(_REDACTION, "copy!", "passage!", "note!"),
        permission=_SEND_PERMISSION,
        build=_give,
        checks=(_of_a_pack_in_sight, _still_prepared, _is_withheld),
    ),
    Action(
        "sending.undo",
        "Take back a decision about a copy",
        _REDACTION,
        (),
        permission=_SEND_PERMISSION,
        amends=True,
        when=("stands",),
        build=_undo,
        checks=(_of_a_pack_in_sight, _still_prepared),
        leads="taken back",
    ),
    _amend(
        "submit",
        "Give a copy to a second person to check",
        when=(_PREPARING,),
        build=_submit,
        checks=(_holds_something,),
        leads=_WAITING,
    ),
    _amend(
        "check",
        "Check a copy that somebody else prepared",
        "places_read",
        "files_opened",
        when=(_WAITING,),
        build=_check,
        checks=(_another_person, _places_were_read, _files_were_opened),
        leads=_CHECKED,
    ),
    _amend(
        "send_back",
        "Send a copy back to be put right",
        "return_reason!",
        when=(_WAITING, _CHECKED),
        build=_send_back,
        leads=_PREPARING,
    ),
    _amend(
        "send",
        "Send a copy",
        "channel",
        "sent_at",
        "sent_note",
        when=(_CHECKED,),
        build=_send,
        checks=(_may_go,),
        leads=_SENT,
    ),
    Action(
        "sending.open",
        "Open what was sent to you",
        _COPY,
        (),
        permission=Permission.SEE_OWN_CHILDREN,
        amends=True,
        when=(_SENT,),
        build=_receive,
        checks=(_is_the_recipient,),
        leads=_RECEIVED,
    ),
    _amend(
        "confirm_receipt",
        "Record that a copy was received",
        "received_at",
        "received_note!",
        when=(_SENT,),
        build=_receive,
        checks=(_by_hand,),
        leads=_RECEIVED,
    ),
    _amend(
        "withdraw",
        "Withdraw a copy",
        "withdrawn_reason!",
        when=(_PREPARING, _WAITING, _CHECKED, _SENT, _RECEIVED),
        build=_withdraw,
        leads="withdrawn",
    ),
    record(
        *(
            "sending.protect",
            "Protect somebody's whereabouts",
            _PROTECTED,
            "person",
            "reason!",
            "start_date",
            "end_date",
        ),
        permission=_SEND_PERMISSION,
    ),
    amend(
        *("sending.end_protection", "End the protection of somebody's whereabouts", _PROTECTED, "end_date!"),
        permission=Permission.DECIDE,
        when=("open",),
    ),
)
