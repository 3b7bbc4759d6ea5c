"""What can be done before proceedings and in them: letter and meetings, issue, hearings, extensions, orders.

An order that says where a child stands in law also writes the care episode: nobody types it twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.borrowing import borrowed
from sightline.engine.actions.building import named_once
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.codes import codeset

_BEFORE = "court.PreProceedings"
_BEFORE_CHILD = "court.PreProceedingsChild"
_MEETING = "court.PreProceedingsMeeting"
_APPLICATION = "court.Application"
_CHILD = "court.ApplicationChild"
_HEARING = "court.Hearing"
_EXTENSION = "court.Extension"
_ORDER = "court.Order"
_PERIOD = "looked_after.PeriodOfCare"
_DECIDE = Permission.DECIDE
# The legal status that an order gives to a child in care (SSDA903 LS).
STATUS_BY_ORDER = {"ICO": "C1", "CO": "C2", "CO_HOME": "C2", "PO": "E1", "EPO": "L2"}
# Orders under which a child stays in care: with them it does not end.
_KEEPS_CARE = ("ICO", "CO", "CO_HOME", "PO", "EPO")


# --- Before proceedings ---


def _begin(attempt: Attempt) -> Sequence[Record]:
    """Pre-proceedings concern a family: one row for each child of it."""
    named_once(attempt)
    spell = attempt.new(_BEFORE, **attempt.own)
    children = attempt.values["children"]
    return [spell, *(attempt.new(_BEFORE_CHILD, pre_proceedings=spell, **child) for child in children)]


def _letter_after_decision(spell: Any, _attempt: Attempt) -> Iterator[Fault]:
    if spell.letter_date and spell.letter_date < spell.decision_date:
        yield Fault("letter_date", "The letter follows the decision to start pre-proceedings.")
    if spell.group_meeting_held and not spell.group_meeting_offered:
        yield Fault("group_meeting_offered", "A family group meeting that was held was offered.")


# --- Proceedings ---


def _issue(attempt: Attempt) -> Sequence[Record]:
    """An application concerns a child from the first, and the brothers and sisters given with it; others are added to it."""
    given = ("reference", "issue_date", "pre_proceedings", "guardian", "guardian_date")
    application = attempt.new(_APPLICATION, **attempt.given(*given))
    first = attempt.given("person", "case")
    named_once(attempt, besides=attempt.values["person"])
    children = [first, *attempt.values["children"]]
    return [application, *(attempt.new(_CHILD, application=application, **child) for child in children)]


def _order(attempt: Attempt) -> Sequence[Record]:
    """One order, with what it changes for the child."""
    return _with_effect(attempt, attempt.values)


def _orders(attempt: Attempt) -> Sequence[Record]:
    """One hearing can make an order for each of several children, and more than one for a child."""
    rows, shared = attempt.values["children"], attempt.own
    written: list[Any] = [record for row in rows for record in _with_effect(attempt, {**shared, **row})]
    people = [record.person_id for record in written if record._meta.label == "looked_after.Episode" and not record.pk]
    if len(set(people)) < len(people):
        several = "Two orders give one child two legal statuses on one day: record the one that stands first."
        raise Invalid(attempt.action.title, [Fault("children", several)])
    return written


def _with_effect(attempt: Attempt, given: Mapping[str, Any]) -> list[Record]:
    values = dict(given)
    reason = values.pop("care_end_reason", None)
    order = attempt.new(_ORDER, **values)
    period = _in_care(order.person, order.order_date)
    if reason:
        if period is None:
            raise Invalid(attempt.action.title, [Fault("care_end_reason", "The child is not looked after.")])
        if order.order in _KEEPS_CARE:
            raise Invalid(attempt.action.title, [Fault("care_end_reason", "Under this order the child stays in care.")])
        ended = borrowed(attempt, "looked_after.cease", period, end_date=order.order_date, end_reason=reason)
        return [*ended, order]
    return [*_in_the_plan_for_adoption(attempt, order), *_new_status(attempt, period, order), order]


def _in_the_plan_for_adoption(attempt: Attempt, order: Any) -> Sequence[Record]:
    """A placement order is a milestone of the open plan for adoption too."""
    if order.order != "PO":
        return []
    plans = apps.get_model("adoption.AdoptionPlan")._default_manager.filter(person=order.person, reversed_date=None)
    plan = plans.filter(order_date=None, decision_date__isnull=False, placement_order_date=None).first()
    if plan is None:
        return []
    return borrowed(attempt, "adoption.record_placement_order", plan, placement_order_date=order.order_date)


def _in_care(person: Any, day: date) -> Any:
    periods = apps.get_model(_PERIOD)._default_manager.filter(person=person, end_date=None, start_date__lte=day)
    return periods.first()


def _new_status(attempt: Attempt, period: Any, order: Any) -> Sequence[Record]:
    """The episode that an order begins. An order recorded late, from before the present episode, leaves the episodes to be corrected by hand."""
    status = STATUS_BY_ORDER.get(order.order)
    if period is None or status is None:
        return []
    episode = apps.get_model("looked_after.Episode")._default_manager.filter(period=period, end_date=None).first()
    if episode is None or episode.legal_status == status or order.order_date < episode.start_date:
        return []
    if order.order_date == episode.start_date:
        label = codeset("cla_legal_status").label(episode.legal_status, on=order.order_date)
        wrong = f"An episode began on {said(order.order_date)} with the status “{label}”: correct that episode first."
        raise Invalid(attempt.action.title, [Fault("order_date", wrong)])
    return borrowed(
        attempt, "looked_after.change_legal_status", period, start_date=order.order_date, legal_status=status
    )


def _within_the_proceedings(order: Any, _attempt: Attempt) -> Iterator[Fault]:
    if order.hearing_id and order.application_id and order.hearing.application_id != order.application_id:
        yield Fault("hearing", "The hearing belongs to another application.")
    if order.expiry_date and order.expiry_date < order.order_date:
        yield Fault("expiry_date", "The order runs out before it is made.")


def _needs_a_reason(extension: Any, _attempt: Attempt) -> Iterator[Fault]:
    if extension.reason is None and not extension.pk:
        yield Fault("reason", "Say why the court extends the time: each extension needs its own reason.")


def _child_once(child: Any, _attempt: Attempt) -> Iterator[Fault]:
    others = apps.get_model(_CHILD)._default_manager.filter(application=child.application_id, person=child.person_id)
    if child.application_id and others.exclude(pk=child.pk).exists():
        yield Fault("person", "The child is in the application already.")


RULES = (
    Rules(
        _BEFORE,
        stages=(("ended", "end_date"), ("letter sent", "letter_date"), ("decided", "")),
        open=("decided", "letter sent"),
        checks=(_letter_after_decision,),
    ),
    Rules(_BEFORE_CHILD, outside=("case",)),
    Rules(_APPLICATION, stages=(("finished", "final_order_date"), ("issued", "")), open=("issued",)),
    # A case may open when the application has been made, and one application may outlast it.
    Rules(_CHILD, outside=("case",), checks=(_child_once,)),
    Rules(_HEARING, future=("next_date",)),
    Rules(_EXTENSION, checks=(_needs_a_reason,)),
    # An order may be made after the final one, as when it is varied.
    Rules(_ORDER, outside=("application",), future=("expiry_date",), checks=(_within_the_proceedings,)),
)

_RUNNING = ("decided", "letter sent")

ACTIONS = (
    Action(
        "court.start_pre_proceedings",
        "Start pre-proceedings",
        _BEFORE,
        inputs(_BEFORE, "decision_date!", "decided_by", "letter_date", "group_meeting_offered"),
        permission=_DECIDE,
        build=_begin,
        groups=(Group("children", "Children", inputs(_BEFORE_CHILD, "person!", "case"), minimum=1),),
    ),
    amend(
        "court.send_letter",
        "Record the letter before proceedings",
        _BEFORE,
        *("letter_date!", "group_meeting_offered"),
        when=("decided",),
    ),
    amend(
        "court.offer_group_meeting",
        "Record family group decision making",
        _BEFORE,
        *("group_meeting_offered!", "group_meeting_held"),
        when=_RUNNING,
    ),
    amend(
        "court.extend_pre_proceedings",
        "Go on with pre-proceedings beyond 16 weeks",
        _BEFORE,
        *("extended_date!", "extended_because!"),
        permission=_DECIDE,
        when=("letter sent",),
    ),
    amend(
        "court.end_pre_proceedings",
        "End pre-proceedings",
        _BEFORE,
        *("end_date!", "outcome!", "court_letter_date"),
        permission=_DECIDE,
        when=_RUNNING,
    ),
    correct("court.correct_pre_proceedings", "Correct pre-proceedings", _BEFORE),
    record(
        "court.add_child_before",
        "Add a child to pre-proceedings",
        _BEFORE_CHILD,
        *("person", "pre_proceedings", "case"),
    ),
    correct("court.correct_child_before", "Correct a child's part in pre-proceedings", _BEFORE_CHILD),
    record(
        *("court.hold_meeting", "Record a pre-proceedings meeting", _MEETING),
        *("pre_proceedings", "meeting_date", "kind", "parents_represented", "agreed"),
    ),
    correct("court.correct_meeting", "Correct a pre-proceedings meeting", _MEETING),
    Action(
        "court.issue",
        "Record an application for care or supervision",
        _APPLICATION,
        inputs(_APPLICATION, "reference", "issue_date!", "pre_proceedings", "guardian", "guardian_date")
        + inputs(_CHILD, "person!", "case"),
        build=_issue,
        groups=(Group("children", "Brothers and sisters", inputs(_CHILD, "person!", "case")),),
    ),
    record("court.add_child", "Add a child to an application", _CHILD, "person", "application", "case"),
    correct("court.correct_child", "Correct a child's part in an application", _CHILD),
    amend(
        "court.appoint_guardian",
        "Record the children's guardian",
        _APPLICATION,
        *("guardian!", "guardian_date!"),
        when=("issued",),
    ),
    amend("court.finish", "Record the final order's date", _APPLICATION, "final_order_date!", when=("issued",)),
    correct("court.correct", "Correct an application", _APPLICATION),
    record(
        *("court.record_hearing", "Record a hearing", _HEARING),
        *("application", "hearing_date", "kind", "directions", "next_date"),
    ),
    correct("court.correct_hearing", "Correct a hearing", _HEARING),
    record(
        "court.extend",
        "Record an extension",
        _EXTENSION,
        *("application", "granted_date", "reason", "explanation"),
    ),
    correct("court.correct_extension", "Correct an extension", _EXTENSION),
    Action(
        "court.record_order",
        "Record an order",
        _ORDER,
        inputs(_ORDER, "person!", "application", "order!", "order_date!", "hearing", "expiry_date")
        + inputs(_PERIOD, "care_end_reason=end_reason"),
        build=_order,
    ),
    Action(
        "court.record_orders",
        "Record the orders of a hearing for each child",
        _ORDER,
        inputs(_ORDER, "application!", "order_date!", "hearing"),
        build=_orders,
        groups=(
            Group(
                "children",
                "Children",
                inputs(_ORDER, "person!", "order!", "expiry_date") + inputs(_PERIOD, "care_end_reason=end_reason"),
                minimum=1,
            ),
        ),
    ),
    correct("court.correct_order", "Correct an order", _ORDER),
)
