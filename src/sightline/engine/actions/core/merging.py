"""What can be done about two records of one person: bring them together, take them apart again, or judge that they are two people.

Two people do it where either record is restricted: one asks, another confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.finding.guards import are_apart, is_restricted
from sightline.core.people import merging
from sightline.core.people.merged import merged_away
from sightline.core.people.models import Merge
from sightline.core.records import writing
from sightline.core.records.models import Record
from sightline.engine.actions.checks import broken
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, inputs
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.engine.deadlines import ledger

_MERGE = "people.Merge"


def _merge(attempt: Attempt) -> Sequence[Record]:
    """Merge at once, or ask for a second person."""
    given = attempt.values
    kept, gone = given["person"], given["gone"]
    _refuse(attempt, faults_between(kept, gone))
    by = writing.require(_MERGE).by
    merge = attempt.new(_MERGE, **attempt.given("person", "gone", "reason"), requested_by=by)
    if is_restricted((kept.pk, gone.pk)):
        merge.second_person_needed = True
        return [merge]
    _do(attempt, merge, by)
    return [merge]


def _confirm(attempt: Attempt) -> Sequence[Record]:
    """The second person's part."""
    merge, by = attempt.record, writing.require(_MERGE).by
    if by == merge.requested_by:
        _refuse(attempt, [Fault("", "You asked for this merge: somebody else has to confirm it.")])
    _refuse(attempt, faults_between(merge.person, merge.gone))
    _do(attempt, merge, by)
    return [merge]


def _do(attempt: Attempt, merge: Merge, by: str) -> None:
    merge.merged_at, merge.merged_by = timezone.now(), by
    found = merging.repoint(merge.person, merge.gone)
    _refuse(attempt, [Fault("", clash.words) for clash in found.clashes])
    merge.save()
    merging.remember(merge, found.moves, merge.gone)
    _after(What.MERGE, merge, by, rows=len(found.moves))


def _unmerge(attempt: Attempt) -> Sequence[Record]:
    """Everything as it was; what was written since stays with the kept person unless it is named."""
    merge, given, by = attempt.record, attempt.values, writing.require(_MERGE).by
    _refuse(attempt, _why_not_unmerge(merge, by))
    since = {(row.table, row.row) for row in merging.written_since(merge)}
    named = {(row["table_name"], row["row_id"]) for row in given["later"]}
    if named - since:
        _refuse(attempt, [Fault("later", "One of the records named was not written since the merge.")])
    try:
        with transaction.atomic():
            merging.restore(merge, named)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        fault = broken(type(merge), constraint)
        _refuse(attempt, [Fault("later", f"As they are now they cannot be taken apart: {fault.what}")])
    merge.undone_at, merge.undone_by, merge.undone_reason = timezone.now(), by, given["undone_reason"]
    merge.save()
    _after(What.UNMERGE, merge, by, given_back=len(named))
    return [merge]


def _why_not_unmerge(merge: Merge, by: str) -> list[Fault]:
    faults = []
    if merged_away([merge.person_id]):
        faults.append(Fault("", "The person who was kept has since been merged into another. Un-merge that first."))
    later = Merge.objects.filter(
        person=merge.person_id, merged_at__gt=merge.merged_at, undone_at=None, merged_at__isnull=False
    )
    if later.exists():
        faults.append(Fault("", "Another record has since been merged into this person. Un-merge that one first."))
    if is_restricted((merge.person_id, merge.gone_id)) and by == merge.merged_by:
        faults.append(
            Fault("", "A record here is restricted: somebody other than who merged them has to un-merge them.")
        )
    return faults


def _after(what: What, merge: Merge, by: str, **details: Any) -> None:
    """Deadlines follow their records, and the audit names both people."""
    both = {merge.person_id, merge.gone_id}
    ledger.rebuild(both)
    note(by, what, f"people_merge {merge.pk}", people=both, purpose=merge.reason, **details)


def faults_between(kept: Any, gone: Any) -> list[Fault]:
    """Why two people may not be merged, whatever their records hold."""
    if kept.pk == gone.pk:
        return [Fault("gone", "That is the same record twice.")]
    faults = []
    if merged_away([kept.pk]):
        faults.append(Fault("person", "This record was merged into another: choose the person it leads to."))
    if merged_away([gone.pk]):
        faults.append(Fault("gone", "This record was merged into another already."))
    waiting = Merge.objects.filter(gone=gone, person=kept, merged_at=None, withdrawn_at=None)
    if waiting.exclude(requested_by=writing.require(_MERGE).by).exists() and not _confirming():
        faults.append(Fault("gone", "This merge has been asked for already, and waits for a second person."))
    if are_apart(kept.pk, gone.pk):
        # Nothing here may let on why.
        faults.append(Fault("gone", "These two records cannot be merged. Ask the information governance lead."))
    return faults


def _confirming() -> bool:
    return writing.require(_MERGE).action == "people.confirm_merge"


def _refuse(attempt: Attempt, faults: list[Fault]) -> None:
    if faults:
        raise Invalid(attempt.action.title, faults)


def _withdraw(attempt: Attempt) -> Sequence[Record]:
    attempt.record.withdrawn_at = timezone.now()
    return [attempt.record]


RULES = (
    Rules(
        _MERGE,
        stages=(("un-merged", "undone_at"), ("withdrawn", "withdrawn_at"), ("merged", "merged_at"), ("requested", "")),
    ),
)

ACTIONS = (
    Action(
        "people.merge",
        "Merge two records of one person",
        _MERGE,
        inputs(_MERGE, "person!", "gone!", "reason!"),
        permission=Permission.MERGE,
        build=_merge,
    ),
    Action(
        "people.confirm_merge",
        "Confirm a merge",
        _MERGE,
        (),
        permission=Permission.MERGE,
        amends=True,
        when=("requested",),
        build=_confirm,
    ),
    Action(
        "people.withdraw_merge",
        "Withdraw a merge that was asked for",
        _MERGE,
        (),
        permission=Permission.MERGE,
        amends=True,
        when=("requested",),
        build=_withdraw,
    ),
    Action(
        "people.unmerge",
        "Un-merge two people",
        _MERGE,
        inputs(_MERGE, "undone_reason!"),
        permission=Permission.MERGE,
        amends=True,
        when=("merged",),
        build=_unmerge,
        groups=(
            Group(
                "later",
                "Written since the merge, and belonging to the person who is given back",
                inputs("people.Move", "table_name!", "row_id!"),
            ),
        ),
    ),
    Action(
        "people.judge_two",
        "Judge that two people who look alike are two",
        "people.Judgement",
        inputs("people.Judgement", "person!", "other!"),
        permission=Permission.MERGE,
        fixed={"none_of_these": True},
    ),
)
