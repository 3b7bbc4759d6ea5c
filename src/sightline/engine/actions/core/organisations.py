"""What an administrator does to teams, workers and who belongs to which team. Agencies are no records, so `engine/administration.py` keeps those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import TeamMembership
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.declarations import Action as _Action
from sightline.engine.actions.declarations import Attempt, Rules, amend, record
from sightline.engine.actions.refusals import Fault

_TEAM, _WORKER, _MEMBER = "organisations.Team", "organisations.Worker", "organisations.TeamMembership"
_ADMINISTER = Permission.ADMINISTER


def _named(record: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not record.name.strip():
        yield Fault("name", "Name is missing.")


def _named_once(team: Any, _attempt: Attempt) -> Iterator[Fault]:
    same = type(team).objects.filter(agency=team.agency_id, name__iexact=team.name.strip(), closed_date=None)
    if team.closed_date is None and same.exclude(pk=team.pk).exists():
        yield Fault("name", "The agency has a team of this name.")


def _holds_nothing(team: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A team that holds cases cannot close: nobody would answer for them."""
    held = Allocation.objects.filter(team=team.pk, end_date=None).count()
    if held:
        yield Fault(
            "closed_date", f"The team holds {held} {'case' if held == 1 else 'cases'}: give them to another team first."
        )


def _no_cases_left(worker: Any, _attempt: Attempt) -> Iterator[Fault]:
    held = Allocation.objects.filter(worker=worker.pk, end_date=None).count()
    if held:
        yield Fault(
            "left_date",
            f"The worker holds {held} {'case' if held == 1 else 'cases'}: give them to somebody else first.",
        )


def _end_memberships(attempt: Attempt, day: str, **whose: Any) -> Sequence[Record]:
    """The record with its last day, and the memberships that end with it."""
    ending = attempt.values[day]
    setattr(attempt.record, day, ending)
    held = list(TeamMembership.objects.filter(end_date=None, **whose))
    for each in held:
        each.end_date = max(each.start_date, ending)
    return [*held, attempt.record]


def _close(attempt: Attempt) -> Sequence[Record]:
    return _end_memberships(attempt, "closed_date", team=attempt.record.pk)


def _leave(attempt: Attempt) -> Sequence[Record]:
    return _end_memberships(attempt, "left_date", worker=attempt.record.pk)


def _both_there(member: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Nobody joins a team that is closed, or after they left."""
    if member.end_date is not None:
        return
    if member.team.closed_date:
        yield Fault("team", f"The team closed on {said(member.team.closed_date)}.")
    if member.worker.left_date:
        yield Fault("worker", f"The worker left on {said(member.worker.left_date)}.")
    if member.team.agency_id != member.worker.agency_id and member.worker.agency.kind == "local_authority":
        yield Fault("team", "The team is of another agency.")


RULES = (
    Rules(_TEAM, stages=(("closed", "closed_date"), ("open", "")), checks=(_named, _named_once)),
    Rules(_WORKER, stages=(("left", "left_date"), ("at work", "")), checks=(_named,)),
    Rules(_MEMBER, stages=(("ended", "end_date"), ("open", "")), checks=(_both_there,)),
)

ACTIONS: tuple[_Action, ...] = (
    record("organisations.add_team", "Add a team", _TEAM, "agency!", "name!", "service!", permission=_ADMINISTER),
    amend(
        *("organisations.rename_team", "Rename a team", _TEAM, "name!", "service!"),
        permission=_ADMINISTER,
        when=("open",),
    ),
    amend(
        *("organisations.close_team", "Close a team", _TEAM, "closed_date!"),
        permission=_ADMINISTER,
        when=("open",),
        checks=(_holds_nothing,),
        build=_close,
        leads="closed",
    ),
    record(
        *("organisations.add_worker", "Add a worker", _WORKER, "agency!", "name!", "job!", "specialism"),
        permission=_ADMINISTER,
    ),
    amend(
        *("organisations.change_worker", "Change a worker's name or job", _WORKER, "name!", "job!", "specialism"),
        permission=_ADMINISTER,
        when=("at work",),
    ),
    amend(
        *("organisations.leave", "Record that a worker left", _WORKER, "left_date!"),
        permission=_ADMINISTER,
        when=("at work",),
        checks=(_no_cases_left,),
        build=_leave,
        leads="left",
    ),
    record(
        *("organisations.join_team", "Add a worker to a team", _MEMBER, "worker!", "team!", "start_date!"),
        permission=_ADMINISTER,
    ),
    amend(
        *("organisations.leave_team", "End a worker's place in a team", _MEMBER, "end_date!"),
        permission=_ADMINISTER,
        when=("open",),
    ),
)
