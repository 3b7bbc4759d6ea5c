"""What can be done to what narrows or widens who sees a record: seals, conflicts of interest, emergency access, sharing, adopted identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.access.rules import SeenByAll, SeenByPermission, SeenByUser, model_of, rule_for
from sightline.core.access.standing import standing
from sightline.core.access.visibility import barred, visible
from sightline.core.cases.models import Case
from sightline.core.errors import InputProblem
from sightline.core.people.models import Household, Relationship
from sightline.core.records.models import Record
from sightline.core.restrictions import standing as holds
from sightline.core.restrictions.barrier import identity_barrier
from sightline.core.restrictions.masks import restricted
from sightline.core.restrictions.models import AdoptedIdentity, Seal, SealMember
from sightline.core.restrictions.notices import recipients
from sightline.engine.actions.building import acting_user
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, inputs, record, spell
from sightline.engine.actions.refusals import Fault
from sightline.standards.local_rules import local_rule

_SEAL = "restrictions.Seal"
_MEMBER = "restrictions.SealMember"
_CONFLICT = "restrictions.ConflictOfInterest"
_EMERGENCY = "restrictions.EmergencyAccess"
_NOTICE = "restrictions.Notice"
_SHARING = "restrictions.SharingDecision"
_IDENTITY = "restrictions.AdoptedIdentity"
_DISCLOSURE = "restrictions.IdentityDisclosure"
#: As the engine says of a number that names nobody: of a hidden person there is no other word.
_NO_SUCH_PERSON = "Person: there is no such record."


# --- Seals ---


def _seal(attempt: Attempt) -> Sequence[Record]:
    """A seal with its members: who makes it, whom others are to ask, and those named. Nobody can be without members."""
    given = attempt.values
    names = ("policy", "person", "household", "record_table", "record_id", "ask", "emergency", "reason", "end_date")
    start = given.get("start_date") or attempt.today
    seal = attempt.new(_SEAL, **attempt.given(*names), start_date=start)
    members = [attempt.worker, given["ask"], *(row["worker"] for row in given.get("members", ()))]
    once = {worker.pk: worker for worker in members if worker is not None}
    return [seal, *(attempt.new(_MEMBER, seal=seal, worker=worker, start_date=start) for worker in once.values())]


def _in_force(seal: Any, attempt: Attempt) -> Iterator[Fault]:
    """Whoever seals takes it that nobody else sees it from now on."""
    if seal.end_date and seal.end_date <= attempt.today:
        yield Fault(
            "end_date", "A seal that has ended by today seals nothing: leave its end empty, or give a later day."
        )


def _of_something_seen(seal: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Nobody seals what they do not see, so a seal tells nothing to who makes it."""
    user = acting_user()
    if user is None:
        return
    if seal.household_id and not visible(user, Household, [seal.household_id]):
        yield Fault("household", "Household: there is no such record.")
    if seal.record_table and seal.record_id:
        try:
            model = model_of(seal.record_table)
        except InputProblem:
            yield Fault("record_table", "There is no such kind of record.")
            return
        if isinstance(rule_for(model), SeenByAll | SeenByUser | SeenByPermission):
            yield Fault("record_table", "Records of this kind say nothing about a child and cannot be sealed.")
        elif not visible(user, model, [seal.record_id]):
            yield Fault("record_id", "There is no such record, or you may not see it.")


def _of_own_seal(member: Any, _attempt: Attempt) -> Iterator[Fault]:
    user = acting_user()
    if user is not None and not visible(user, Seal, [member.seal_id]):
        yield Fault("seal", "Seal: there is no such record.")


def _somebody_stays(member: Any, attempt: Attempt) -> Iterator[Fault]:
    """A seal without members would close a record to everybody for good."""
    others = SealMember.objects.filter(seal=member.seal_id, end_date=None).exclude(pk=member.pk)
    seal = member.seal
    if not others.exists() and (seal.end_date is None or seal.end_date > attempt.today):
        yield Fault("end_date", "This is the last member: name another first, or lift the seal.")
    if seal.ask_id == member.worker_id and seal.end_date is None:
        yield Fault("end_date", "Others are told to ask this member: name another to ask first.")


# --- Conflicts of interest ---


def _own_conflict(attempt: Attempt) -> Sequence[Record]:
    return [_declared(attempt, attempt.worker)]


def _conflict(attempt: Attempt) -> Sequence[Record]:
    return [_declared(attempt, attempt.values["worker"])]


def _declared(attempt: Attempt, worker: Any) -> Any:
    start = attempt.values.get("start_date") or attempt.today
    given = attempt.given("person", "household", "reason", "end_date")
    return attempt.new(_CONFLICT, worker=worker, declared_by=attempt.worker, start_date=start, **given)


def _about_one_not_hidden(found: Any, _attempt: Attempt) -> Iterator[Fault]:
    if found.person_id and _is_hidden(found.person_id):
        yield Fault("person", _NO_SUCH_PERSON)


def _is_hidden(person: int) -> bool:
    """Whether the person is closed to the user without a word."""
    user = acting_user()
    return user is not None and bool(barred(user, [person])) and not restricted(user, [person])


def _by_somebody_else(conflict: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.worker is not None and conflict.worker_id == attempt.worker.pk:
        yield Fault("end_date", "Your own conflict of interest is ended by somebody else.")


# --- Emergency access ---


def _break_glass(attempt: Attempt) -> Sequence[Record]:
    """The record opens at once and for a limited time, and the child's manager is told in the same transaction."""
    now = timezone.now()
    ends = now + timedelta(hours=local_rule("EMERGENCY-HOURS", attempt.today))
    person, worker = attempt.values["person"], attempt.worker
    given = attempt.given("person", "reason")
    opened = attempt.new(_EMERGENCY, worker=worker, granted_at=now, ends_at=ends, **given)
    if worker is None:
        return [opened]
    told, past_owner = recipients(person, worker, standing().day)
    words = {"emergency": opened, "past_owner": past_owner, "sent_at": now}
    return [opened, *(attempt.new(_NOTICE, recipient=each, **words) for each in told or (None,))]


def _can_be_opened(opened: Any, _attempt: Attempt) -> Iterator[Fault]:
    user = acting_user()
    if user is None or user.worker is None:
        yield Fault("", "Only a worker can open a record in an emergency.")
    elif _is_hidden(opened.person_id):
        # The same words as for nobody, whether the seal could be opened or not is for those to know who know of it.
        if not holds.may_be_opened(user, opened.person_id, standing().day):
            yield Fault("person", _NO_SUCH_PERSON)
    elif not holds.may_be_opened(user, opened.person_id, standing().day):
        yield Fault("person", "You cannot open this record yourself: ask your manager to act.")
    if user is not None and holds.running(user).filter(person=opened.person_id).exists():
        yield Fault("person", "You have opened this record already, and it is still open to you.")


def _review(attempt: Attempt) -> Sequence[Record]:
    found, user = attempt.record, acting_user()
    found.finding, found.finding_words = attempt.values["finding"], attempt.values["finding_words"]
    found.reviewed_at, found.reviewed_by = timezone.now(), user.username if user else ""
    return [found]


def _by_another(found: Any, _attempt: Attempt) -> Iterator[Fault]:
    user = acting_user()
    if user is not None and user.worker_id == found.worker_id:
        yield Fault("", "Emergency access is reviewed by somebody other than the person who used it.")


def _end_now(attempt: Attempt) -> Sequence[Record]:
    attempt.record.ends_at = timezone.now()
    return [attempt.record]


def _own_and_running(found: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.worker is None or found.worker_id != attempt.worker.pk:
        yield Fault("", "Only the person who opened the record can give it back.")
    elif attempt.before["ends_at"] <= timezone.now():
        yield Fault("", "It has ended already.")


def _read(attempt: Attempt) -> Sequence[Record]:
    attempt.record.read_at = timezone.now()
    return [attempt.record]


# --- Sharing ---


def _share(attempt: Attempt) -> Sequence[Record]:
    names = ("person", "partner", "purpose", "lawful_basis", "record_table", "record_id", "end_date")
    start = attempt.values.get("start_date") or attempt.today
    decision = attempt.new(_SHARING, **attempt.given(*names), decided_by=attempt.worker, start_date=start)
    streams = dict.fromkeys(row["stream"] for row in attempt.values.get("streams", ()))
    parts = [attempt.new("restrictions.SharedStream", decision=decision, stream=stream) for stream in streams]
    return [decision, *parts]


def _shares_something(decision: Any, attempt: Attempt) -> Iterator[Fault]:
    if decision.partner.kind == "local_authority" or decision.partner_id == attempt.agency_id:
        yield Fault("partner", "Sharing is with another agency; within the authority, allocate the case.")
    if decision.record_id is None:
        if not attempt.values.get("streams"):
            yield Fault("streams", "Say which parts of the record are shared.")
        return
    if attempt.values.get("streams"):
        yield Fault("streams", "Share either one record or parts of the record, not both in one decision.")
    try:
        model = model_of(decision.record_table)
    except InputProblem:
        yield Fault("record_table", "There is no such kind of record.")
        return
    user = acting_user()
    if not any(field.name == "person" for field in model._meta.concrete_fields):
        yield Fault(
            "record_table", "A record of this kind is of several children: share the part of this child's record."
        )
    elif user is not None and not visible(user, model, [decision.record_id]):
        yield Fault("record_id", "There is no such record, or you may not see it.")
    elif not model._default_manager.filter(pk=decision.record_id, person=decision.person_id).exists():
        yield Fault("record_id", "This record is another person's.")


# --- The two identities of an adopted child ---


def _link(attempt: Attempt) -> Sequence[Record]:
    start = attempt.today
    return [attempt.new(_IDENTITY, **attempt.given("before", "after"), linked_by=attempt.worker, start_date=start)]


def _two_that_can_part(link: Any, _attempt: Attempt) -> Iterator[Fault]:
    """What is still open or related would be cut in two, or would lead from one identity to the other."""
    if Case.objects.filter(person=link.before_id, end_date=None).exists():
        yield Fault("before", "A case is still open under the identity before the adoption: close it first.")
    pair = Q(person=link.before_id, other=link.after_id) | Q(person=link.after_id, other=link.before_id)
    if Relationship.objects.filter(pair).exists():
        yield Fault("after", "The two are recorded as related to each other: correct that first.")
    if link.after_id in identity_barrier(link.before_id):
        yield Fault("after", "The two are linked already.")


def _ask(attempt: Attempt) -> Sequence[Record]:
    return [
        attempt.new(_DISCLOSURE, **attempt.given("person", "reason"), asked_by=attempt.worker, asked_at=timezone.now())
    ]


def _agree(attempt: Attempt) -> Sequence[Record]:
    now, request = timezone.now(), attempt.record
    request.agreed_by, request.agreed_at = attempt.worker, now
    request.ends_at = now + timedelta(hours=local_rule("IDENTITY-HOURS", attempt.today))
    return [request]


def _by_a_worker(_record: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.worker is None:
        yield Fault("", "Only a worker can do this: ask an administrator to tie your sign-in to a worker.")


def _by_a_second_person(request: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.worker is not None and request.asked_by_id == attempt.worker.pk:
        yield Fault("", "Somebody else has to agree.")


def _unlink(attempt: Attempt) -> Sequence[Record]:
    """A link made by mistake ends, by whom the identity was disclosed to and so by two people."""
    request = attempt.record
    side = Q(before=request.person_id) | Q(after=request.person_id)
    links = list(AdoptedIdentity.objects.filter(side, end_date=None))
    for link in links:
        link.end_date = attempt.today
    return [*links, request]


def _disclosed_to_them(request: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.worker is None or request.asked_by_id != attempt.worker.pk or not _runs(request):
        yield Fault("", "Only the person to whom the identity is disclosed, while it is, can end the link.")


def _runs(request: Any) -> bool:
    return bool(request.ends_at and request.agreed_at <= timezone.now() < request.ends_at)


RULES = (
    spell(_SEAL, future=("end_date",), open=(), checks=(_of_something_seen,)),
    spell(_MEMBER, future=("end_date",), open=()),
    spell(_CONFLICT, future=("end_date",), open=()),
    Rules(_EMERGENCY, stages=(("reviewed", "finding"), ("to be reviewed", ""))),
    Rules(_NOTICE, stages=(("read", "read_at"), ("unread", ""))),
    spell(_SHARING, future=("end_date",), open=()),
    spell(_IDENTITY, open=()),
    Rules(_DISCLOSURE, stages=(("agreed", "agreed_at"), ("asked", ""))),
)

ACTIONS: tuple[Action, ...] = (
    Action(
        *("restrictions.seal", "Seal a record", _SEAL),
        inputs(_SEAL, "person", "household", "record_table", "record_id", "policy!", "ask!", "emergency", "reason!")
        + inputs(_SEAL, "start_date", "end_date"),
        permission=Permission.RESTRICT,
        groups=(Group("members", "Members", inputs(_MEMBER, "worker!")),),
        build=_seal,
        checks=(_by_a_worker, _in_force),
    ),
    amend(
        *("restrictions.change_seal", "Change a seal", _SEAL, "policy!", "ask!", "emergency", "reason!"),
        permission=Permission.RESTRICT,
        when=("open",),
    ),
    amend(
        *("restrictions.lift_seal", "Lift a seal", _SEAL, "end_date!"),
        permission=Permission.RESTRICT,
        when=("open",),
    ),
    record(
        *("restrictions.add_member", "Add a member to a seal", _MEMBER, "seal", "worker", "start_date", "end_date"),
        permission=Permission.RESTRICT,
        checks=(_of_own_seal,),
    ),
    amend(
        *("restrictions.end_membership", "End membership of a seal", _MEMBER, "end_date!"),
        permission=Permission.RESTRICT,
        when=("open",),
        checks=(_somebody_stays,),
    ),
    Action(
        *("restrictions.declare_own_conflict", "Declare a conflict of interest of your own", _CONFLICT),
        inputs(_CONFLICT, "person", "household", "reason!", "start_date", "end_date"),
        permission=Permission.SEARCH,
        any_child=True,
        build=_own_conflict,
        checks=(_about_one_not_hidden,),
    ),
    Action(
        *("restrictions.declare_conflict", "Declare a worker's conflict of interest", _CONFLICT),
        inputs(_CONFLICT, "worker!", "person", "household", "reason!", "start_date", "end_date"),
        permission=Permission.RESTRICT,
        any_child=True,
        build=_conflict,
        checks=(_about_one_not_hidden,),
    ),
    amend(
        *("restrictions.end_conflict", "End a conflict of interest", _CONFLICT, "end_date!"),
        permission=Permission.RESTRICT,
        when=("open",),
        checks=(_by_somebody_else,),
    ),
    Action(
        *("restrictions.break_glass", "Open a record in an emergency", _EMERGENCY),
        inputs(_EMERGENCY, "person!", "reason!"),
        permission=Permission.BREAK_GLASS,
        any_child=True,
        build=_break_glass,
        checks=(_can_be_opened,),
    ),
    Action(
        *("restrictions.end_emergency", "Give an opened record back", _EMERGENCY, ()),
        permission=Permission.BREAK_GLASS,
        amends=True,
        build=_end_now,
        checks=(_own_and_running,),
    ),
    Action(
        *("restrictions.review_emergency", "Review an emergency access", _EMERGENCY),
        inputs(_EMERGENCY, "finding!", "finding_words!"),
        permission=Permission.REVIEW_ACCESS,
        amends=True,
        when=("to be reviewed",),
        build=_review,
        checks=(_by_another,),
    ),
    Action(
        *("restrictions.read_notice", "Confirm that a notice was read", _NOTICE, ()),
        permission=Permission.SEE_FIGURES,
        amends=True,
        when=("unread",),
        build=_read,
    ),
    Action(
        *("restrictions.share", "Share a record with another agency", _SHARING),
        inputs(_SHARING, "person!", "partner!", "purpose!", "lawful_basis!", "record_table", "record_id")
        + inputs(_SHARING, "start_date", "end_date!"),
        permission=Permission.SHARE,
        groups=(Group("streams", "Parts of the record", inputs("restrictions.SharedStream", "stream!")),),
        build=_share,
        checks=(_shares_something,),
    ),
    amend(
        *("restrictions.stop_sharing", "End or prolong sharing", _SHARING, "end_date!"),
        permission=Permission.SHARE,
    ),
    Action(
        *("restrictions.link_identities", "Link an adopted child's two identities", _IDENTITY),
        inputs(_IDENTITY, "before!", "after!"),
        permission=Permission.DISCLOSE_IDENTITY,
        any_child=True,
        build=_link,
        checks=(_two_that_can_part,),
    ),
    Action(
        *("restrictions.ask_identity", "Ask for an adopted child's other identity", _DISCLOSURE),
        inputs(_DISCLOSURE, "person!", "reason!"),
        permission=Permission.DISCLOSE_IDENTITY,
        any_child=True,
        build=_ask,
        checks=(_by_a_worker,),
    ),
    Action(
        *("restrictions.agree_identity", "Agree to disclose an adopted child's other identity", _DISCLOSURE, ()),
        permission=Permission.DISCLOSE_IDENTITY,
        amends=True,
        when=("asked",),
        build=_agree,
        checks=(_by_a_worker, _by_a_second_person),
    ),
    Action(
        *("restrictions.unlink_identities", "End a link of identities made by mistake", _DISCLOSURE, ()),
        permission=Permission.DISCLOSE_IDENTITY,
        amends=True,
        when=("agreed",),
        build=_unlink,
        checks=(_disclosed_to_them,),
    ),
)
