"""What can be done to cases: open and close them, and give them to a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.cases.models import Allocation
from sightline.core.records.models import Record
from sightline.engine.actions.checks import nothing_open
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault


def _close(attempt: Attempt) -> Sequence[Record]:
    """A case closes together with the allocation that is open on it."""
    case = attempt.record
    case.end_date, case.closure_reason = attempt.values["end_date"], attempt.values["closure_reason"]
    held = list(Allocation.objects.filter(case=case, end_date=None))
    for allocation in held:
        allocation.end_date = case.end_date
    return [*held, case]


def _reallocate(attempt: Attempt) -> Sequence[Record]:
    """The new worker takes over on the day the old one lets go."""
    given = attempt.values
    held = list(Allocation.objects.filter(case=given["case"], end_date=None))
    for allocation in held:
        allocation.end_date = given["start_date"]
    new = attempt.new(
        "cases.Allocation", person=given["case"].person, **attempt.given("case", "team", "worker", "start_date")
    )
    return [*held, new]


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
_OPEN = (("closed", "end_date"), ("open", ""))

RULES = (
    Rules(_CASE, stages=_OPEN, open=("open",), checks=(_closed_after_assessment, _only_when_closing)),
    # An allocation does not hold a case open: it ends with it.
    spell("cases.Allocation", open=()),
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
        build=_close,
    ),
    correct("cases.correct", "Correct a case", _CASE, permission=Permission.DECIDE),
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
)
