"""What can be done for children looked after. A move or a new status is one action that writes every record the SSDA903 return will ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.dates import age_on

_PERIOD = "looked_after.PeriodOfCare"
_PLACEMENT = "looked_after.Placement"
_EPISODE = "looked_after.Episode"
_REVIEW = "looked_after.Review"
_ASYLUM = "looked_after.AsylumStatus"
_DECIDE = Permission.DECIDE
_GOES_ON = "X1"
_PLACE = ("placement_type", "provider", "urn", "carer_reference", "postcode", "planned")


# --- Writing the right records ---


def _start(attempt: Attempt) -> Sequence[Record]:
    """A period of care with its first placement and its first episode, which begins with reason S (SSDA903 rule 357)."""
    given, start = attempt.values, {"start_date": attempt.values["start_date"]}
    person = given["person"]
    period = attempt.new(_PERIOD, **attempt.given("person", "case", "start_date", "category_of_need", "home_postcode"))
    placement = attempt.new(_PLACEMENT, person=person, period=period, **start, **attempt.given(*_PLACE))
    of = {"person": person, "period": period, "placement": placement, **start}
    return [period, placement, attempt.new(_EPISODE, **of, start_reason="S", legal_status=given["legal_status"])]


def _now(attempt: Attempt) -> tuple[Any, Any]:
    """The open placement and the open episode of the period of care."""
    placement, episode = (
        apps.get_model(label)._default_manager.filter(period=attempt.record, end_date=None).first()
        for label in (_PLACEMENT, _EPISODE)
    )
    if placement is None or episode is None:
        missing = Fault("", "The period of care has no open placement and episode: correct those first.")
        raise Invalid(attempt.action.title, [missing])
    return placement, episode


def _next_episode(attempt: Attempt, old: Any, placement: Any, day: date, reason: str, status: str) -> list[Record]:
    """The old episode ends X1 and the new one begins on the same day (SSDA903 rule 433)."""
    old.end_date, old.end_reason = day, _GOES_ON
    of = {"person": old.person, "period": old.period, "placement": placement, "start_date": day}
    return [old, attempt.new(_EPISODE, **of, start_reason=reason, legal_status=status)]


def _move(attempt: Attempt) -> Sequence[Record]:
    """A new placement and, since an episode is one status in one placement, a new episode. The reason follows from what changed."""
    given, period = attempt.values, attempt.record
    placement, episode = _now(attempt)
    day, status = given["start_date"], given.get("legal_status") or episode.legal_status
    placement.end_date, placement.change_reason = day, given.get("change_reason")
    new = attempt.new(_PLACEMENT, person=period.person, period=period, start_date=day, **attempt.given(*_PLACE))
    same_carer = bool(new.carer_reference) and new.carer_reference == placement.carer_reference
    reasons = {(False, False): "P", (True, False): "T", (False, True): "B", (True, True): "U"}
    reason = reasons[same_carer, status != episode.legal_status]
    old, began = _next_episode(attempt, episode, new, day, reason, status)
    return [period, placement, old, new, began]


def _new_status(attempt: Attempt) -> Sequence[Record]:
    """A new legal status in the same placement."""
    placement, episode = _now(attempt)
    given = attempt.values
    return [
        attempt.record,
        *_next_episode(attempt, episode, placement, given["start_date"], "L", given["legal_status"]),
    ]


def _cease(attempt: Attempt) -> Sequence[Record]:
    """Episode, placement and period end together, for one reason."""
    period, day, reason = attempt.record, attempt.values["end_date"], attempt.values["end_reason"]
    placement, episode = _now(attempt)
    episode.end_date, episode.end_reason, placement.end_date = day, reason, day
    period.end_date, period.end_reason = day, reason
    return [episode, placement, period]


# --- Rules of the return ---


def _a_child(period: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = period.person.birth_date if period.person_id else None
    if birth and period.start_date and age_on(birth, period.start_date) >= 18:
        yield Fault("start_date", "Care does not begin at 18 or over (SSDA903 rule 352).")
    if bool(period.end_date) != bool(period.end_reason):
        yield Fault("end_reason", "Care that ended needs both its date and its reason.")
    if period.end_reason == _GOES_ON:
        yield Fault("end_reason", "X1 says that care goes on; care that ends needs another reason.")


def _placement_holds(placement: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = placement.person.birth_date if placement.person_id else None
    if birth and placement.placement_type == "K3" and age_on(birth, placement.start_date) < 16:
        yield Fault("placement_type", "Supported accommodation is for those aged 16 and over (SSDA903 rule 371).")
    if placement.start_date == placement.period.start_date and placement.placement_type.startswith("T"):
        yield Fault("placement_type", "Care does not begin in a temporary placement (SSDA903 rule 380).")


def _episode_holds(episode: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = episode.person.birth_date if episode.person_id else None
    status, kind = episode.legal_status, episode.placement.placement_type
    if birth and status and status.startswith("J") and age_on(birth, episode.start_date) < 10:
        yield Fault("legal_status", "A remand needs the age of 10 (SSDA903 rule 358).")
    if kind in ("A5", "A6") and status != "E1":
        yield Fault("legal_status", "A placement for adoption with an order needs legal status E1 (SSDA903 rule 408).")
    if kind == "P1" and status == "V2":
        yield Fault(
            "legal_status", "A child with their own parent is not accommodated under section 20 (SSDA903 rule 378)."
        )
    if bool(episode.end_date) != bool(episode.end_reason):
        yield Fault("end_reason", "An episode that ceased needs both its date and its reason.")


def _took_part(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = review.person.birth_date if review.person_id else None
    if birth and review.review_date and review.participation:
        young = age_on(birth, review.review_date) < 4
        if review.participation == "PN0" and not young:
            yield Fault("participation", "PN0 is for a child under 4 (SSDA903 rule 440).")
        if review.participation != "PN0" and young:
            yield Fault("participation", "A child under 4 is coded PN0 (SSDA903 rule 441).")


RULES = (
    spell(_PERIOD, stages=(("ended", "end_date"), ("in care", "")), open=("in care",), born=True, checks=(_a_child,)),
    spell(_PLACEMENT, born=True, checks=(_placement_holds,)),
    spell(_EPISODE, born=True, checks=(_episode_holds,)),
    Rules(_REVIEW, born=True, checks=(_took_part,)),
    spell(_ASYLUM, born=True, future=("end_date",)),
)

_OF_PLACE = inputs(_PLACEMENT, "placement_type!", *_PLACE[1:])

ACTIONS = (
    Action(
        "looked_after.start",
        "Start to look after a child",
        _PERIOD,
        inputs(_PERIOD, "person!", "case", "start_date!", "category_of_need!", "home_postcode")
        + inputs(_EPISODE, "legal_status!")
        + _OF_PLACE,
        permission=_DECIDE,
        build=_start,
    ),
    Action(
        "looked_after.move",
        "Move a child to another placement",
        _PERIOD,
        inputs(_PLACEMENT, "start_date!", "change_reason!") + _OF_PLACE + inputs(_EPISODE, "legal_status"),
        amends=True,
        when=("in care",),
        permission=_DECIDE,
        build=_move,
    ),
    Action(
        "looked_after.change_legal_status",
        "Change a child's legal status",
        _PERIOD,
        inputs(_EPISODE, "start_date!", "legal_status!"),
        amends=True,
        when=("in care",),
        permission=_DECIDE,
        build=_new_status,
    ),
    Action(
        "looked_after.cease",
        "End a period of care",
        _PERIOD,
        inputs(_PERIOD, "end_date!", "end_reason!"),
        amends=True,
        when=("in care",),
        permission=_DECIDE,
        build=_cease,
    ),
    correct("looked_after.correct_period", "Correct a period of care", _PERIOD, permission=_DECIDE),
    correct("looked_after.correct_placement", "Correct a placement", _PLACEMENT, permission=_DECIDE),
    correct("looked_after.correct_episode", "Correct an episode", _EPISODE, permission=_DECIDE),
    record(
        *("looked_after.hold_review", "Record a review", _REVIEW),
        *("person", "period", "review_date", "participation", "chair", "parts"),
        permission=Permission.CHAIR,
        any_child=True,
    ),
    correct("looked_after.correct_review", "Correct a review", _REVIEW, permission=Permission.CHAIR),
    record(
        "looked_after.record_asylum",
        "Record that a child seeks asylum alone",
        _ASYLUM,
        "person",
        "start_date",
        "end_date",
    ),
    amend("looked_after.end_asylum", "End or foresee the end of a child's asylum status", _ASYLUM, "end_date!"),
    correct("looked_after.correct_asylum", "Correct a child's asylum status", _ASYLUM),
)
