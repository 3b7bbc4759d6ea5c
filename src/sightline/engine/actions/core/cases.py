"""What can be done to cases: open and close them, and give them to a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.cases.models import Allocation, Case
from sightline.core.organisations.models import Team, Worker
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.checks import nothing_open
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault


def _write(attempt: Attempt) -> Sequence[Record]:
    """A case closes together with the allocation that is open on it, whether closing it was the wish or a correction says that it closed."""
    case = attempt.record
    for name, value in attempt.values.items():
        setattr(case, name, value)
    held = list(Allocation.objects.filter(case=case, end_date=None)) if case.end_date else []
    for allocation in held:
        allocation.end_date = case.end_date
    return [*held, case]


def _reallocate(attempt: Attempt) -> Sequence[Record]:
    """The new worker takes over on the day the old one lets go."""
    given = attempt.values
    return _hand_over(attempt, given["case"], given["start_date"], given["team"], given.get("worker"))


def _hand_over(attempt: Attempt, case: Case, day: date, team: Team, worker: Worker | None) -> list[Record]:
    held = list(Allocation.objects.filter(case=case, end_date=None))
    for allocation in held:
        allocation.end_date = day
    of = {"person": case.person, "case": case, "start_date": day}
    return [*held, attempt.new("cases.Allocation", team=team, worker=worker, **of)]


def _request(attempt: Attempt) -> Sequence[Record]:
    """Who holds the case now is what the allocation says."""
    given = attempt.values
    held = Allocation.objects.filter(case=given["case"], end_date=None).first()
    given = {"requested_date": attempt.today, "requested_by": attempt.worker} | given
    return [
        attempt.new(
            _TRANSFER,
            from_team=held.team if held else None,
            from_worker=held.worker if held else None,
            **given,
        )
    ]


def _receive(attempt: Attempt) -> Sequence[Record]:
    attempt.record.received_at = timezone.now()
    return [attempt.record]


def _accept(attempt: Attempt) -> Sequence[Record]:
    """The new allocation begins on the day the old one ends, and only now."""
    transfer, day = attempt.record, attempt.values["accepted_date"]
    transfer.accepted_date, transfer.decided_by = day, attempt.worker
    transfer.received_at = transfer.received_at or timezone.now()
    transfer.to_worker = attempt.values.get("to_worker") or transfer.to_worker
    handed = _hand_over(attempt, transfer.case, day, transfer.to_team, transfer.to_worker)
    return [*handed, transfer]


def _send_back(attempt: Attempt) -> Sequence[Record]:
    transfer = attempt.record
    transfer.returned_date, transfer.decided_by = attempt.values["returned_date"], attempt.worker
    transfer.returned_reason = attempt.values["returned_reason"]
    return [transfer]


def _open_case(transfer: Any, _attempt: Attempt) -> Iterator[Fault]:
    if transfer.case.end_date:
        yield Fault("case", "The case is closed: nothing is left to transfer.")


def _ends_with_its_case(allocation: Any, _attempt: Attempt) -> Iterator[Fault]:
    closed = allocation.case.end_date
    if closed and not allocation.end_date and allocation.source_system == "sightline":
        yield Fault("case", f"The case closed on {said(closed)}, and what is closed is held by nobody.")


def _to_someone_else(transfer: Any, _attempt: Attempt) -> Iterator[Fault]:
    same_team = transfer.to_team_id == transfer.from_team_id
    if same_team and transfer.to_worker_id == transfer.from_worker_id:
        yield Fault("to_team", "The case is already with them.")


def _not_received_before(_transfer: Any, attempt: Attempt) -> Iterator[Fault]:
    if attempt.before.get("received_at"):
        yield Fault("received_at", "Receipt of this transfer is already confirmed.")


def _closed_after_assessment(case: Any, _attempt: Attempt) -> Iterator[Fault]:
    """RC8 and RC9 say that the assessment found no need: they are barred once an enquiry or a plan exists (CIN census guide s4.7)."""
    if case.closure_reason not in ("RC8", "RC9"):
        return
    for label in ("child_protection.Section47", "child_protection.Plan", "child_in_need.Plan"):
        model = apps.get_model(label)
        if model._default_manager.filter(case=case).exists():
            yield Fault(
                "closure_reason", f"{case.closure_reason} cannot close a case that had a {model._meta.verbose_name}."
            )


def _only_when_closing(case: Any, attempt: Attempt) -> Iterator[Fault]:
    if case.end_date and not attempt.before.get("end_date"):
        yield from nothing_open(case, attempt)


_CASE = "cases.Case"
_TRANSFER = "cases.Transfer"
_OPEN = (("closed", "end_date"), ("open", ""))

RULES = (
    Rules(_CASE, stages=_OPEN, open=("open",), checks=(_closed_after_assessment, _only_when_closing)),
    # An allocation does not hold a case open: it ends with it.
    spell("cases.Allocation", open=(), checks=(_ends_with_its_case,)),
    Rules(
        _TRANSFER,
        stages=(
            ("accepted", "accepted_date"),
            ("sent back", "returned_date"),
            ("withdrawn", "withdrawn_date"),
            ("requested", ""),
        ),
        open=("requested",),
    ),
)

ACTIONS = (
    record(
        *("cases.open", "Open a case", _CASE, "person", "service", "start_date", "primary_need"),
        permission=Permission.DECIDE,
        any_child=True,
    ),
    Action(
        "cases.close",
        "Close a case",
        _CASE,
        inputs(_CASE, "end_date!", "closure_reason!"),
        permission=Permission.DECIDE,
        amends=True,
        when=("open",),
        build=_write,
    ),
    correct("cases.correct", "Correct a case", _CASE, permission=Permission.DECIDE, build=_write),
    Action(
        "cases.allocate",
        "Allocate a case to a worker",
        "cases.Allocation",
        inputs("cases.Allocation", "case!", "team!", "worker", "start_date!"),
        permission=Permission.DECIDE,
        build=_reallocate,
    ),
    amend(
        "cases.end_allocation",
        "End an allocation",
        "cases.Allocation",
        "end_date!",
        permission=Permission.DECIDE,
        when=("open",),
    ),
    correct("cases.correct_allocation", "Correct an allocation", "cases.Allocation", permission=Permission.DECIDE),
    Action(
        "cases.request_transfer",
        "Ask for a case to be transferred",
        _TRANSFER,
        inputs(_TRANSFER, "person!", "case!", "to_team!", "to_worker", "reason!", "summary!", "outstanding")
        + inputs(_TRANSFER, "requested_date"),
        build=_request,
        checks=(_open_case, _to_someone_else),
    ),
    Action(
        "cases.confirm_receipt",
        "Confirm receipt of a transfer",
        _TRANSFER,
        (),
        permission=Permission.DECIDE,
        amends=True,
        when=("requested",),
        build=_receive,
        checks=(_not_received_before,),
    ),
    Action(
        "cases.accept_transfer",
        "Accept a transfer",
        _TRANSFER,
        inputs(_TRANSFER, "accepted_date!", "to_worker"),
        permission=Permission.DECIDE,
        amends=True,
        when=("requested",),
        build=_accept,
        checks=(_open_case,),
    ),
    Action(
        "cases.return_transfer",
        "Send a transfer back",
        _TRANSFER,
        inputs(_TRANSFER, "returned_date!", "returned_reason!"),
        permission=Permission.DECIDE,
        amends=True,
        when=("requested",),
        build=_send_back,
    ),
    amend("cases.withdraw_transfer", "Withdraw a transfer", _TRANSFER, "withdrawn_date!", when=("requested",)),
)
