"""What can be done about information rights: requests, packs, redactions, rectification, disclosure, holds, disposal, breaches, reviews of access.

Whoever answers for these sees no child by a reason of their own, so the actions ask for no reason to see one; the permission decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.records.models import Change, Record
from sightline.core.rights.models import Pack, Redaction
from sightline.engine.actions.building import acting_name
from sightline.engine.actions.declarations import Action, Attempt, Rules, inputs, spell
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.engine.rights import packs, retention

_REQUEST, _DISCLOSURE, _PACK = "rights.AccessRequest", "rights.Disclosure", "rights.Pack"
_REDACTION, _RECTIFICATION, _HOLD = "rights.Redaction", "rights.Rectification", "rights.LegalHold"
_DISPOSAL, _BREACH, _REVIEW = "rights.Disposal", "rights.Breach", "audit.AccessReview"


def _signed(attempt: Attempt, *, model: str = "", **names: Any) -> Sequence[Any]:
    """The record with who acted and the day put in. `names`: fields, with "by" or "today" for their value."""
    record = attempt.record if attempt.action.amends else attempt.new(model or attempt.action.model)
    asked = {given.name: given.field for given in attempt.action.inputs}
    for name, value in attempt.values.items():
        setattr(record, asked[name], value)
    for name, value in names.items():
        setattr(record, name, {"by": acting_name(), "today": attempt.today}.get(value, value))
    return [record]


def _another_than(field: str, what: str) -> Callable[[Any, Attempt], Iterable[Fault]]:
    """Whoever did the first half may not do the second."""

    def check(_record: Any, attempt: Attempt) -> Iterator[Fault]:
        if attempt.before.get(field) == acting_name():
            yield Fault("", f"You {what} yourself: another person has to do this.")

    return check


# --- Subject access and packs ---

_CHOOSE = "What the pack is for is missing: choose the request or the disclosure, one of them."


def _make_pack(attempt: Attempt) -> Sequence[Record]:
    subject: Any = attempt.values.get("access_request") or attempt.values.get("disclosure")
    if subject is None:
        raise Invalid(attempt.action.title, [Fault("access_request", _CHOOSE)])
    pack = attempt.new(_PACK, person=subject.person, **attempt.given("access_request", "disclosure"))
    pack.made_date, pack.made_by = attempt.today, acting_name()
    content = packs.content(subject.person, subject, attempt.today)
    pack.content, pack.content_hash = packs.frozen(content)
    note(pack.made_by, What.EXPORT, "pack made", people=[subject.person_id], purpose=str(subject._meta.verbose_name))
    return [pack]


def _one_purpose(pack: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(pack.access_request_id) == bool(pack.disclosure_id):
        yield Fault("access_request", _CHOOSE)
    request, disclosure = pack.access_request, pack.disclosure
    if request is not None and (request.identity_checked_date is None or request.sent_date):
        yield Fault("access_request", "Identity has not been shown yet, or the request has been answered.")
    if disclosure is not None and (not disclosure.approved_by or disclosure.sent_date):
        yield Fault("disclosure", "It has not been approved yet, or has been sent.")


def _names_an_item(redaction: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not packs.has_item(redaction.pack, redaction.record_table, redaction.record_id, redaction.record_field):
        yield Fault("record_id", "The pack has no such item.")
    if redaction.withheld and not redaction.reason:
        yield Fault("reason", "Choose why it is left out.")
    if not redaction.withheld and not redaction.note.strip():
        yield Fault("note", "Say why it may be given although it concerns somebody else.")
    if packs.is_sent(redaction.pack):
        yield Fault("pack", "The pack has been sent: make a new one.")


def _ready(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A pack is there, every third party in it has been decided on, and every decision checked by somebody else."""
    if record._meta.label == _REQUEST and record.outcome in ("refused", "withdrawn"):
        if record.outcome == "refused" and not record.refusal_reason.strip():
            yield Fault("refusal_reason", "Say why it is refused.")
        return
    link = "access_request" if record._meta.label == _REQUEST else "disclosure"
    pack = Pack.objects.filter(**{link: record}).order_by("-id").first()
    if pack is None:
        yield Fault("", "No pack has been made yet.")
        return
    unchecked = Redaction.objects.filter(pack=pack, checked_by="").count()
    if unchecked:
        yield Fault("", f"{unchecked} decisions about what to leave out have not been checked by a second person.")
    left = len(packs.undecided(pack))
    if left:
        yield Fault("", f"{left} items concern other people, and nobody has decided about them yet.")


def _extended_in_time(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not record.extension_reason.strip():
        yield Fault("extension_reason", "Say why it is extended.")
    extended, record.extended_date = record.extended_date, None
    if extended and extended > record.due:
        yield Fault("extended_date", "The first month is over: the requester had to be told within it (article 12(3)).")
    record.extended_date = extended


# --- Rectification ---


def _corrected(attempt: Attempt) -> Sequence[Record]:
    """Agreed: by now an action has corrected the record, and its change is named."""
    [record] = _signed(attempt, decided_date="today")
    change = Change.objects.filter(
        table_name=record.record_table,
        record_id=record.record_id,
        operation="update",
        at__date__gte=record.received_date,
    )
    newest = change.order_by("-id").first()
    record.change = newest.pk if newest else None
    return [record]


def _has_change(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    if record.outcome in ("agreed", "part") and record.change is None:
        yield Fault("outcome", "The record has not been corrected since the request came in: correct it first.")
    if record.outcome in ("part", "refused") and not record.refusal_reason.strip():
        yield Fault("refusal_reason", "Say why it is refused, or in part.")


def _there_is_one(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not packs.is_of(record.record_table, record.record_id, record.person_id):
        yield Fault("record_id", "The person has no record of that table and number.")


# --- Disposal ---


def _may_go(disposal: Any, attempt: Attempt) -> Iterator[Fault]:
    """The period is over, nothing holds the records, and no other person's record depends on them."""
    if disposal.person is None:
        yield Fault("person", "Choose whose records are to be disposed of.")
        return
    for why in retention.holds(disposal.person, attempt.today):
        yield Fault("person", why)
    until = retention.kept_until(disposal.person, attempt.today)
    if until.day is None or until.day > attempt.today:
        yield Fault("person", f"The records are kept as {until.title.lower()} until {until.words}.")


def _propose(attempt: Attempt) -> Sequence[Record]:
    [record] = _signed(attempt, proposed_by="by", proposed_date="today")
    if record.person is not None:
        record.retention_class = retention.kept_until(record.person, attempt.today).id
    return [record]


# --- Breaches ---


def _in_time_or_why(breach: Any, _attempt: Attempt) -> Iterator[Fault]:
    if breach.ico_told_at and breach.ico_told_at > breach.ico_due and not breach.late_reason.strip():
        yield Fault("late_reason", "More than 72 hours have passed: say why (UK GDPR article 33(1)).")
    if breach.ico_told_at and breach.ico_told_at < breach.noticed_at:
        yield Fault("ico_told_at", "It is before the breach was noticed.")


def _all_told(breach: Any, _attempt: Attempt) -> Iterator[Fault]:
    if breach.risk in ("risk", "high") and not breach.ico_told_at:
        yield Fault("closed_date", "There is a risk to people, and the ICO has not been told.")
    if breach.risk == "high" and not breach.subjects_told_date:
        yield Fault("closed_date", "There is a high risk, and the people have not been told (article 34).")


def _noticed(breach: Any, _attempt: Attempt) -> Iterator[Fault]:
    if breach.noticed_at and breach.noticed_at > timezone.now():
        yield Fault("noticed_at", "Noticed at is in the future.")


# --- Reviews of access ---


def _review(attempt: Attempt) -> Sequence[Record]:
    return _signed(attempt, reviewer="by", reviewed_date="today")


def _not_ones_own(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    if review.access.who == acting_name():
        yield Fault("access", "This is your own access: another person has to review it.")
    if review.finding != "justified" and not review.note.strip():
        yield Fault("note", "Say what was found out and what followed.")


RULES = (
    Rules(
        _REQUEST,
        stages=(("answered", "sent_date"), ("identity shown", "identity_checked_date"), ("received", "")),
        after_death=True,
    ),
    Rules(
        _DISCLOSURE,
        stages=(("sent", "sent_date"), ("approved", "approved_by"), ("recorded", "")),
        future=("due_date",),
        after_death=True,
    ),
    Rules(_REDACTION, stages=(("checked", "checked_by"), ("decided", "")), checks=(_names_an_item,)),
    Rules(_RECTIFICATION, stages=(("decided", "decided_date"), ("received", "")), after_death=True),
    spell(_HOLD, open=(), after_death=True),
    Rules(_PACK, after_death=True),
    Rules(_DISPOSAL, stages=(("ended", "ended_date"), ("agreed", "agreed_by"), ("proposed", "")), after_death=True),
    Rules(_BREACH, stages=(("closed", "closed_date"), ("open", "")), checks=(_noticed,)),
)


def _action(id: str, title: str, model: str, *names: str, amends: bool = False, **more: Any) -> Action:
    settings = {"permission": Permission.INFORMATION_RIGHTS, "any_child": True, **more}
    return Action(f"rights.{id}", title, model, inputs(model, *names), amends=amends, **settings)


_record = _action
_amend = partial(_action, amends=True)

ACTIONS: tuple[Action, ...] = (
    _record(
        *("receive_request", "Record a subject access request", _REQUEST),
        *("subject=person!", "requester_kind", "requester!", "received_date"),
    ),
    _amend(
        *("check_identity", "Record that identity was shown", _REQUEST, "identity_checked_date!", "identity_evidence!"),
        when=("received",),
    ),
    _amend(
        *("extend_request", "Extend a subject access request", _REQUEST, "extended_date!", "extension_reason!"),
        when=("received", "identity shown"),
        checks=(_extended_in_time,),
    ),
    _amend(
        *("answer_request", "Answer a subject access request", _REQUEST, "outcome!", "sent_date!", "refusal_reason"),
        when=("received", "identity shown"),
        checks=(_ready,),
    ),
    _record(
        *("make_pack", "Make a pack", _PACK, "access_request", "disclosure"),
        build=_make_pack,
        checks=(_one_purpose,),
    ),
    _record(
        *("decide_item", "Decide what is left out of a pack", _REDACTION),
        *("pack!", "record_table", "record_id", "record_field", "withheld", "reason", "note"),
        build=partial(_signed, decided_by="by"),
    ),
    _amend(
        *("check_item", "Check a decision about a pack", _REDACTION),
        build=partial(_signed, checked_by="by", checked_date="today"),
        when=("decided",),
        checks=(_another_than("decided_by", "decided this"),),
    ),
    _amend(
        *("change_item", "Change a decision about a pack", _REDACTION, "withheld!", "reason", "note"),
        build=partial(_signed, decided_by="by", checked_by="", checked_date=None),
    ),
    _record(
        *("receive_rectification", "Record a request to put a record right", _RECTIFICATION),
        *("subject=person!", "received_date", "requester!", "record_table", "record_id", "wrong!"),
        checks=(_there_is_one,),
    ),
    _amend(
        *("decide_rectification", "Decide on a request to put a record right", _RECTIFICATION),
        *("outcome!", "refusal_reason", "statement"),
        build=_corrected,
        when=("received",),
        checks=(_has_change,),
    ),
    _amend(
        *("add_statement", "Add a statement of dispute", _RECTIFICATION, "statement!"),
        when=("decided",),
    ),
    _record(
        *("record_disclosure", "Record an order or request to disclose", _DISCLOSURE),
        *("subject=person!", "kind", "ordered_by!", "reference!", "order_date", "due_date", "scope!"),
        *("from_date", "to_date"),
        build=partial(_signed, asked_by="by"),
    ),
    _amend(
        *("approve_disclosure", "Approve a disclosure", _DISCLOSURE),
        build=partial(_signed, approved_by="by", approved_date="today"),
        when=("recorded",),
        checks=(_another_than("asked_by", "recorded this disclosure"),),
    ),
    _amend(
        *("send_disclosure", "Send a disclosure", _DISCLOSURE, "sent_date!", "sent_to!"),
        when=("approved",),
        checks=(_ready,),
    ),
    _record("hold", "Hold records from disposal", _HOLD, "subject=person", "reason", "note", "start_date"),
    _amend("end_hold", "End a hold", _HOLD, "end_date!", when=("open",)),
    _record(
        *("propose_disposal", "Propose a disposal", _DISPOSAL, "subject=person!"), build=_propose, checks=(_may_go,)
    ),
    _amend(
        *("agree_disposal", "Agree to a disposal", _DISPOSAL),
        build=partial(_signed, agreed_by="by", agreed_date="today"),
        when=("proposed",),
        checks=(_another_than("proposed_by", "proposed this disposal"), _may_go),
    ),
    _amend(
        *("end_disposal", "Refuse or withdraw a disposal", _DISPOSAL, "outcome!", "ended_date!"),
        when=("proposed", "agreed"),
    ),
    _record(
        *("record_breach", "Record a personal data breach", _BREACH),
        *("kind", "what!", "noticed_at", "people_affected", "risk"),
    ),
    _amend(
        *(
            "update_breach",
            "Bring a breach up to date",
            _BREACH,
            "people_affected",
            "risk",
            "subjects_told_date",
            "lessons",
        ),
        when=("open",),
    ),
    _amend(
        *("tell_ico", "Record that the ICO was told", _BREACH, "ico_told_at!", "ico_reference", "late_reason"),
        when=("open",),
        checks=(_in_time_or_why,),
    ),
    _amend(
        *("close_breach", "Close a breach", _BREACH, "lessons!", "closed_date!"), when=("open",), checks=(_all_told,)
    ),
    _record(
        *("review_access", "Review an unusual access", _REVIEW, "access!", "finding", "note"),
        permission=Permission.REVIEW_ACCESS,
        build=_review,
        checks=(_not_ones_own,),
    ),
)
