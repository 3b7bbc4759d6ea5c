"""Starting, moving, changing status and ceasing: each one guided action that writes every record the SSDA903 return will ask for.

What is refused here is what the return's own validation would refuse. Rules that look at a new record leave alone what was imported: an old row that
lacks something must not stop the next move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Q

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.building import named_once
from sightline.engine.actions.declarations import (
    Action,
    Attempt,
    Group,
    amend,
    correct,
    inputs,
    labelled,
    record,
    spell,
)
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.areas import authority_of
from sightline.standards.dates import add_months, age_on
from sightline.standards.distance import compact, distance, locate, tidy

PERIOD = "looked_after.PeriodOfCare"
PLACEMENT = "looked_after.Placement"
EPISODE = "looked_after.Episode"
ASYLUM = "looked_after.AsylumStatus"
_PLAN_FOR_ADOPTION = "adoption.AdoptionPlan"
_DECIDE = Permission.DECIDE
_GOES_ON = "X1"
_RESPITE = ("V3", "V4")
_TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
_FOR_ADOPTION = ("A3", "A4", "A5", "A6")
_FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
_LONG_TERM_FOSTER = ("U1", "U4")
_WITHOUT_PROVIDER = (*_TEMPORARY, "Z1", "Z11", "Z12", "Z13", "Z14")
_PLACE = (
    *("placement_type", "provider", "urn", "carer_reference", "postcode", "planned"),
    *("emergency", "lasting", "connected_approved_date", "before_assessment", "distant", "director_approved_date"),
)
_PARTICULARS = ("placement_type", "provider", "urn", "postcode")
_STARTS = ("start_date", "home_postcode", "decision_date", "decided_by", "out_of_hours", "approved_date", "approved_by")
_OF_CHILD = (
    *("person", "case", "category_of_need"),
    *("previous_permanence", "previous_permanence_date", "previous_permanence_authority"),
)
# The age from which a placement of that type may be used, and the rule of the return that says so.
_AGES = {"K3": (16, 371), "P2": (16, 370), "H5": (16, 370), "R5": (10, 372), "S1": (4, 373), "P3": (14, 374)}
# The placement types that a provider cannot have, and the rule of the return.
_NOT_FOR = {
    "PR1": (("P1", "R2", "R5"), 527),
    "PR2": (("P1", "R2", "R5"), 528),
    "PR3": (("P1", *_FOR_ADOPTION, "K1", "K2", *_FOSTER), 529),
    "PR4": (("P1",), 530),
    "PR5": (("P1",), 531),
}
# Reasons why care ended that hold only from an age, or only below one, and the rule of the return.
_ENDS_FROM = {"E5": (14, 387), "E6": (14, 387), "E7": (16, 389), "E17": (18, 460)}
_ENDS_BELOW_18 = {"E11": 386, "E12": 386} | dict.fromkeys(("E43", "E44", "E45", "E46", "E47", "E48"), 407)


# --- Where a placement is ---


def locate_placement(placement: Any, home: str | None, *, alone: bool, respite: bool) -> Any:
    """Work out the authority and the distance from home. Both stay empty for short breaks (rules 398 and 420), the distance for UASC (rule 406)."""
    if placement.postcode:
        placement.postcode = tidy(placement.postcode)
        found = locate(placement.postcode)
        placement.authority = authority_of(found.laua).code if found and not respite else ""
        placement.distance_miles = None if alone or respite or not home else distance(home, placement.postcode)
    return placement


def _seeks_asylum_alone(person: Any, day: date) -> bool:
    spells = apps.get_model(ASYLUM)._default_manager.filter(person=person, start_date__lte=day)
    return bool(spells.filter(Q(end_date=None) | Q(end_date__gt=day)).exists())


def _home(person: Any, day: date) -> str | None:
    """The postcode of the child's home on a day, from the address on record."""
    addresses = apps.get_model("people.PersonAddress")._default_manager.filter(person=person, kind="home")
    lived = addresses.filter(Q(end_date=None) | Q(end_date__gte=day), start_date__lte=day).order_by("-start_date")
    found = lived.select_related("place").first()
    return found.place.postcode or None if found else None


# --- Starting ---


def _picked(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _begin(attempt: Attempt, given: Mapping[str, Any], together: str = "") -> list[Record]:
    """A period of care with its first placement and its first episode, which begins with reason S (rule 357)."""
    person, day, status = given["person"], given["start_date"], given["legal_status"]
    of = {"person": person, "start_date": day}
    period = attempt.new(PERIOD, **_picked(given, (*_STARTS, *_OF_CHILD)), started_with=together)
    period.home_postcode = tidy(period.home_postcode) if period.home_postcode else _home(person, day)
    asylum = given.get("asylum_from")
    alone = asylum is not None or _seeks_asylum_alone(person, day)
    placement = attempt.new(PLACEMENT, period=period, **of, **_picked(given, _PLACE))
    locate_placement(placement, period.home_postcode, alone=alone, respite=status in _RESPITE)
    episode = attempt.new(EPISODE, period=period, placement=placement, **of, start_reason="S", legal_status=status)
    spells = [attempt.new(ASYLUM, person=person, start_date=asylum, end_date=given.get("asylum_to"))] if asylum else []
    return [period, placement, episode, *spells]


def _start(attempt: Attempt) -> Sequence[Record]:
    return _begin(attempt, attempt.values)


def _start_together(attempt: Attempt) -> Sequence[Record]:
    """Each child has a period of care of their own; a reference says that they started together."""
    rows, shared = attempt.values["children"], attempt.own
    named_once(attempt)
    together = uuid4().hex
    return list(chain.from_iterable(_begin(attempt, {**shared, **row}, together) for row in rows))


# --- Going on ---


def now(attempt: Attempt) -> tuple[Any, Any]:
    """The open placement and the open episode of the period of care."""
    placement, episode = (
        apps.get_model(label)._default_manager.filter(period=attempt.record, end_date=None).first()
        for label in (PLACEMENT, EPISODE)
    )
    if placement is None or episode is None:
        _refuse(attempt, Fault("", "The period of care has no open placement and episode: correct those first."))
    return placement, episode


def _refuse(attempt: Attempt, *faults: Fault | None) -> None:
    if found := [fault for fault in faults if fault is not None]:
        raise Invalid(attempt.action.title, found)


def _next_episode(attempt: Attempt, old: Any, placement: Any, day: date, reason: str, status: str) -> list[Record]:
    """The old episode ends X1 and the new one begins on the same day (rule 433)."""
    old.end_date, old.end_reason = day, _GOES_ON
    of = {"person": old.person, "period": old.period, "placement": placement, "start_date": day}
    return [old, attempt.new(EPISODE, **of, start_reason=reason, legal_status=status)]


def _placed(attempt: Attempt, day: date, status: str, **values: Any) -> Any:
    period = attempt.record
    placement = attempt.new(PLACEMENT, person=period.person, period=period, start_date=day, **values)
    alone = _seeks_asylum_alone(period.person, day)
    return locate_placement(placement, period.home_postcode, alone=alone, respite=status in _RESPITE)


def _same_carer(given: Mapping[str, Any], old: Any) -> bool:
    return bool(given.get("carer_reference")) and given["carer_reference"] == old.carer_reference


def _move(attempt: Attempt) -> Sequence[Record]:
    """A new placement and, since an episode is one status in one placement, a new episode. The reason follows from what changed."""
    given = attempt.values
    old, episode = now(attempt)
    day, status = given["start_date"], given.get("legal_status") or episode.legal_status
    values = attempt.given(*_PLACE)
    same = _same_carer(given, old)
    if same:
        # The same carers in the same house: what is not said again stays as it was.
        values = {**{name: getattr(old, name) for name in ("provider", "urn", "postcode")}, **_without_empty(values)}
    new = _placed(attempt, day, status, **values)
    _refuse(attempt, *_move_faults(old, episode, new, status, given.get("change_reason")))
    old.end_date, old.change_reason = day, given.get("change_reason")
    reason = {(False, False): "P", (True, False): "T", (False, True): "B", (True, True): "U"}[
        same, status != episode.legal_status
    ]
    ended, began = _next_episode(attempt, episode, new, day, reason, status)
    return [attempt.record, old, ended, new, began]


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _move_faults(old: Any, episode: Any, new: Any, status: str, reason: str | None) -> Iterator[Fault]:
    if episode.legal_status in _RESPITE or status in _RESPITE:
        yield Fault("placement_type", "A short break stays in one placement: end it and start another (rule 366).")
    if new.placement_type in _TEMPORARY:
        yield Fault("placement_type", "For hospital, a holiday or a few days elsewhere, record a temporary absence.")
    if old.placement_type in _TEMPORARY:
        yield Fault(
            "placement_type",
            "The child is away for a time: record the return to the usual placement first, or correct the temporary placement if they will"
            " not go back (rule 383).",
        )
    if new.placement_type and all(_particular(new, name) == _particular(old, name) for name in _PARTICULARS):
        yield Fault("placement_type", "Type, provider, URN and postcode are those of the present placement (rule 435).")
    birth = old.person.birth_date
    if reason == "CUSTOD" and birth and age_on(birth, new.start_date) < 10:
        yield Fault("change_reason", "A child under 10 does not move into custody (rule 234).")


def _particular(placement: Any, name: str) -> Any:
    value = getattr(placement, name) or ""
    return compact(value) or value if name == "postcode" else value


def _new_status(attempt: Attempt) -> Sequence[Record]:
    """A new legal status in the same placement."""
    placement, episode = now(attempt)
    given = attempt.values
    status = given["legal_status"]
    if status == episode.legal_status:
        _refuse(attempt, Fault("legal_status", "This is the child's legal status already (rule 434)."))
    if (status in _RESPITE) != (episode.legal_status in _RESPITE):
        _refuse(attempt, Fault("legal_status", "Short breaks are a period of care of their own: end this one first."))
    return [attempt.record, *_next_episode(attempt, episode, placement, given["start_date"], "L", status)]


def _go_away(attempt: Attempt) -> Sequence[Record]:
    """A temporary placement, which counts as no move and needs no reason (rule 226) and no provider (rule 213)."""
    usual, episode = now(attempt)
    given, day = attempt.values, attempt.values["start_date"]
    _refuse(attempt, *_absence_faults(attempt, usual, episode, given["placement_type"], day))
    usual.end_date = day
    away = _placed(attempt, day, episode.legal_status, **attempt.given("placement_type", "postcode"))
    ended, began = _next_episode(attempt, episode, away, day, "P", episode.legal_status)
    return [attempt.record, usual, ended, away, began]


def _absence_faults(attempt: Attempt, usual: Any, episode: Any, kind: str, day: date) -> Iterator[Fault]:
    if kind not in _TEMPORARY:
        yield Fault("placement_type", "A temporary absence is of type T0 to T4; anything else is a move.")
    if usual.placement_type in _TEMPORARY:
        yield Fault("placement_type", "The child is away already: record the return first.")
    if episode.legal_status in _RESPITE:
        yield Fault("placement_type", "A child on a short break is in no temporary placement (rule 382).")
    away = apps.get_model(PLACEMENT)._default_manager.filter(person=attempt.record.person_id, placement_type="T3")
    if kind == "T3" and away.filter(start_date__gt=add_months(day, -12)).count() >= 2:
        yield Fault("placement_type", "The carers' holidays explain two absences in twelve months, no more (rule 377).")


def _come_back(attempt: Attempt) -> Sequence[Record]:
    """The usual placement goes on: a new row of the same particulars, tied to the one before the absence."""
    away, episode = now(attempt)
    if away.placement_type not in _TEMPORARY:
        _refuse(attempt, Fault("start_date", "The child is not away from the usual placement."))
    day = attempt.values["start_date"]
    usual = (
        apps.get_model(PLACEMENT)
        ._default_manager.filter(period=attempt.record, end_date=away.start_date)
        .order_by("-start_date")
        .first()
    )
    if usual is None:
        _refuse(attempt, Fault("", "No placement ended when the absence began: correct the placements first."))
    kept = (
        *(*_PARTICULARS, "carer_reference", "authority", "distance_miles", "lasting"),
        *("before_assessment", "fewer_visits_date", "distant"),
    )
    copied = {name: getattr(usual, name) for name in kept}
    of = {"person": usual.person, "period": usual.period, "start_date": day}
    back = attempt.new(PLACEMENT, **of, **copied, resumes=usual.resumes or usual)
    away.end_date = day
    ended, began = _next_episode(attempt, episode, back, day, "P", episode.legal_status)
    return [attempt.record, away, ended, back, began]


def _cease(attempt: Attempt) -> Sequence[Record]:
    """Episode, placement and period end together, for one reason, and so does the naming of a reviewing officer."""
    period, day, reason = attempt.record, attempt.values["end_date"], attempt.values["end_reason"]
    placement, episode = now(attempt)
    _refuse(attempt, *_ending_faults(placement, day, reason))
    episode.end_date, episode.end_reason, placement.end_date = day, reason, day
    period.end_date, period.end_reason = day, reason
    officers = list(
        apps.get_model("looked_after.ReviewingOfficer")._default_manager.filter(period=period, end_date=None)
    )
    for officer in officers:
        officer.end_date = day
    return [episode, placement, *officers, period]


def _ending_faults(placement: Any, day: date, reason: str) -> Iterator[Fault]:
    person, kind = placement.person, placement.placement_type
    age = age_on(person.birth_date, day) if person.birth_date else None
    if kind in _TEMPORARY:
        yield Fault("end_date", "Care does not end in a temporary placement: record the return first (rule 381).")
    if reason in ("E11", "E12") and kind not in _FOR_ADOPTION:
        yield Fault("end_reason", "A child is adopted from a placement for adoption (rule 390).")
    if reason in ("E45", "E46") and kind not in _FOSTER:
        yield Fault(
            "end_reason", "A special guardian who was the foster carer needs a foster placement before it (rule 516)."
        )
    least, rule = _ENDS_FROM.get(reason, (0, 0))
    if age is not None and age < least:
        yield Fault("end_reason", f"This reason is for those aged {least} and over (rule {rule}).")
    if age is not None and age >= 18 and reason in _ENDS_BELOW_18:
        yield Fault("end_reason", f"This reason is for those under 18 (rule {_ENDS_BELOW_18[reason]}).")
    if reason not in ("E11", "E12", "E2") and _open_adoption(person).exists():
        yield Fault("end_reason", "A plan for adoption is still open: reverse it first (rule 557).")


def _open_adoption(person: Any) -> Any:
    plans = apps.get_model(_PLAN_FOR_ADOPTION)._default_manager.filter(person=person, reversed_date=None)
    return plans.filter(order_date=None, decision_date__isnull=False)


def _correct_placement(attempt: Attempt) -> Sequence[Record]:
    """Where the postcode changes, authority and distance follow, unless they were given too."""
    placement, given = attempt.record, attempt.values
    for name, value in given.items():
        setattr(placement, name, value)
    if "postcode" in given and not {"authority", "distance_miles"} & set(given):
        first = apps.get_model(EPISODE)._default_manager.filter(placement=placement).order_by("start_date").first()
        respite = first is not None and first.legal_status in _RESPITE
        alone = _seeks_asylum_alone(placement.person, placement.start_date)
        locate_placement(placement, placement.period.home_postcode, alone=alone, respite=respite)
    return [placement]


# --- Rules of the return ---


def _a_child(period: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = period.person.birth_date if period.person_id else None
    if birth and period.start_date and age_on(birth, period.start_date) >= 18:
        yield Fault("start_date", "Care does not begin at 18 or over (SSDA903 rule 352).")
    if bool(period.end_date) != bool(period.end_reason):
        yield Fault("end_reason", "Care that ended needs both its date and its reason.")
    if period.end_reason == _GOES_ON:
        yield Fault("end_reason", "X1 says that care goes on; care that ends needs another reason.")


def _begins_anew(period: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A period that starts on the day on which another ended is no new one (rule 431); after a death or an adoption none starts (rule 437)."""
    if period.pk:
        return
    earlier = apps.get_model(PERIOD)._default_manager.filter(person=period.person_id)
    if earlier.filter(end_date=period.start_date).exists():
        yield Fault(
            "start_date", "Care ended on that day: if it goes on, correct that ending and record a move (rule 431)."
        )
    if earlier.filter(end_reason__in=("E11", "E12")).exists():
        yield Fault("person", "This child was adopted: the adopted child has a record of their own (rule 199).")


def _permanence_before(period: Any, _attempt: Attempt) -> Iterator[Fault]:
    kind = period.previous_permanence
    if (period.previous_permanence_date or period.previous_permanence_authority) and kind in (None, "", "Z1"):
        yield Fault(
            "previous_permanence", "A date or an authority belongs to an earlier permanent arrangement (rule 635)."
        )


def _placement_holds(placement: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = placement.person.birth_date if placement.person_id else None
    least, rule = _AGES.get(placement.placement_type, (0, 0))
    if birth and age_on(birth, placement.start_date) < least:
        what = "Supported accommodation" if placement.placement_type == "K3" else "This placement"
        yield Fault("placement_type", f"{what} is for those aged {least} and over (SSDA903 rule {rule}).")
    if placement.start_date == placement.period.start_date and placement.placement_type.startswith("T"):
        yield Fault("placement_type", "Care does not begin in a temporary placement (SSDA903 rule 380).")
    if not placement.pk:
        yield from _new_placement_holds(placement)


def _new_placement_holds(placement: Any) -> Iterator[Fault]:
    kind, provider, home = placement.placement_type, placement.provider, placement.period.home_postcode
    if not provider and kind not in _WITHOUT_PROVIDER:
        yield Fault("provider", "Say who provides the placement (SSDA903 rule 526).")
    not_for, rule = _NOT_FOR.get(provider, ((), 0))
    if kind in not_for:
        yield Fault("provider", f"This provider does not go with this type of placement (SSDA903 rule {rule}).")
    if provider == "PR0" and kind != "P1":
        yield Fault("provider", "A parent provides only a placement with themselves (SSDA903 rule 550).")
    same = home and placement.postcode and compact(home) == compact(placement.postcode)
    if same and kind != "P1":
        yield Fault("postcode", "This is the home that the child left (SSDA903 rule 392d).")
    if placement.before_assessment and kind != "P1":
        yield Fault("before_assessment", "This is asked of a placement with a parent only.")
    if placement.distant and placement.authority and placement.authority == placement.agency.area:
        yield Fault("distant", "The postcode lies in the authority's own area: the placement is not at a distance.")
    if kind in _FOR_ADOPTION and not _decided_for_adoption(placement.person, placement.start_date):
        yield Fault("placement_type", "There is no decision that the child should be placed for adoption (rule 551).")


def _a_notice(placement: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not placement.notified_date and not placement.area_notified_date:
        yield Fault("notified_date", "Say when the notice was given, or when the authority of the area was told.")


def _at_a_distance(placement: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not placement.distant:
        yield Fault("", "This placement is not recorded as at a distance: correct the placement first if it is.")


def _may_have_fewer_visits(placement: Any, _attempt: Attempt) -> Iterator[Fault]:
    if placement.placement_type not in _LONG_TERM_FOSTER:
        yield Fault("", "Only in a long-term foster placement (U1 or U4) may visits be six months apart.")


def _decided_for_adoption(person: Any, day: date) -> bool:
    plans = apps.get_model(_PLAN_FOR_ADOPTION)._default_manager.filter(person=person, decision_date__lte=day)
    return bool(plans.filter(Q(reversed_date=None) | Q(reversed_date__gt=day)).exists())


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
    if episode.end_date and episode.end_date == episode.start_date:
        yield Fault(
            "start_date",
            f"An episode began on {said(episode.start_date)}, and none lasts less than a day (SSDA903 rule 355): correct that one instead.",
        )
    if not episode.pk:
        yield from _new_episode_holds(episode)


def _new_episode_holds(episode: Any) -> Iterator[Fault]:
    status, kind = episode.legal_status, episode.placement.placement_type
    if status in _RESPITE and (kind in _TEMPORARY or kind in ("U1", "U4")):
        yield Fault("placement_type", "A short break is in no temporary or long-term placement (rules 382 and 384).")
    if kind in ("A3", "A5") and episode.start_reason not in ("S", "T", "U", "L"):
        yield Fault(
            "carer_reference", "Adopters who fostered the child are the same carers: give their reference (rule 217)."
        )
    if status == "E1" and not _decided_for_adoption(episode.person, episode.start_date):
        yield Fault("legal_status", "There is no decision that the child should be placed for adoption (rule 553).")
    others = {"V3": "V4", "V4": "V3"}
    if status in others and _in_one_year(episode, others[status]):
        yield Fault("legal_status", "V3 and V4 are not both used for one child in one year (SSDA903 rule 426).")


def _in_one_year(episode: Any, status: str) -> bool:
    """Whether the child had that status in the return's year, 1 April to 31 March, in which the episode starts."""
    day = episode.start_date
    first = date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    others = apps.get_model(EPISODE)._default_manager.filter(person=episode.person_id, legal_status=status)
    others = others.filter(start_date__lt=date(first.year + 1, 4, 1))
    return bool(others.filter(Q(end_date=None) | Q(end_date__gte=first)).exists())


RULES = (
    spell(
        PERIOD,
        stages=(("ended", "end_date"), ("in care", "")),
        open=("in care",),
        born=True,
        checks=(_a_child, _begins_anew, _permanence_before),
    ),
    spell(PLACEMENT, born=True, outside=("resumes",), checks=(_placement_holds,)),
    spell(EPISODE, born=True, checks=(_episode_holds,)),
    spell(ASYLUM, born=True, future=("end_date",)),
)

_OF_PLACE = inputs(PLACEMENT, "placement_type!", *_PLACE[1:])
_STATUS = inputs(EPISODE, "legal_status!")
_FROM = (*inputs(ASYLUM, "asylum_from=start_date", "asylum_to=end_date"),)
_CHILD = (*inputs(PERIOD, "person!", "case", "category_of_need!", *_OF_CHILD[3:]), *_STATUS, *_OF_PLACE, *_FROM)


def _on_a_period(id: str, title: str, asked: tuple[Any, ...], build: Any) -> Action:
    return Action(id, title, PERIOD, asked, permission=_DECIDE, amends=True, when=("in care",), build=build)


ACTIONS = (
    Action(
        "looked_after.start",
        "Start to look after a child",
        PERIOD,
        _CHILD + inputs(PERIOD, "start_date!", *_STARTS[1:]),
        permission=_DECIDE,
        build=_start,
    ),
    Action(
        "looked_after.start_together",
        "Start to look after brothers and sisters",
        PERIOD,
        inputs(PERIOD, "start_date!", *_STARTS[1:]),
        permission=_DECIDE,
        build=_start_together,
        groups=(Group("children", "Children", _CHILD, minimum=1),),
    ),
    amend(
        *("looked_after.approve", "Approve that a child is looked after", PERIOD, "approved_date!", "approved_by!"),
        permission=_DECIDE,
        when=("in care",),
    ),
    _on_a_period(
        "looked_after.move",
        "Move a child to another placement",
        labelled(inputs(PLACEMENT, "start_date!"), "Moved on")
        + labelled(inputs(PLACEMENT, "change_reason!"), "Reason for the move")
        + _OF_PLACE
        + labelled(inputs(EPISODE, "legal_status"), "New legal status, if it changes on the same day"),
        _move,
    ),
    _on_a_period(
        "looked_after.change_legal_status",
        "Change a child's legal status",
        labelled(inputs(EPISODE, "start_date!"), "New status from") + _STATUS,
        _new_status,
    ),
    _on_a_period(
        "looked_after.start_absence",
        "Record a temporary absence from the placement",
        labelled(inputs(PLACEMENT, "start_date!"), "Away from") + inputs(PLACEMENT, "placement_type!", "postcode"),
        _go_away,
    ),
    _on_a_period(
        "looked_after.end_absence",
        "Record the return from a temporary absence",
        labelled(inputs(PLACEMENT, "start_date!"), "Back on"),
        _come_back,
    ),
    _on_a_period("looked_after.cease", "End a period of care", inputs(PERIOD, "end_date!", "end_reason!"), _cease),
    amend(
        "looked_after.decide_connected",
        "Record the full approval of a relative or friend",
        PLACEMENT,
        "connected_decided_date!",
        permission=_DECIDE,
        when=("open",),
    ),
    amend(
        "looked_after.notify_placement",
        "Record the notices of a placement",
        PLACEMENT,
        "notified_date",
        "area_notified_date",
        checks=(_a_notice,),
    ),
    amend(
        "looked_after.approve_distant",
        "Approve a placement at a distance",
        PLACEMENT,
        "director_approved_date!",
        permission=_DECIDE,
        when=("open",),
        checks=(_at_a_distance,),
    ),
    amend(
        "looked_after.agree_fewer_visits",
        "Record that a child agreed to be visited twice a year",
        PLACEMENT,
        "fewer_visits_date!",
        when=("open",),
        checks=(_may_have_fewer_visits,),
    ),
    correct("looked_after.correct_period", "Correct a period of care", PERIOD, permission=_DECIDE),
    correct(
        "looked_after.correct_placement",
        "Correct a placement",
        PLACEMENT,
        permission=_DECIDE,
        build=_correct_placement,
    ),
    correct("looked_after.correct_episode", "Correct an episode", EPISODE, permission=_DECIDE),
    record(
        "looked_after.record_asylum",
        "Record that a child seeks asylum alone",
        ASYLUM,
        "person",
        "start_date",
        "end_date",
    ),
    amend("looked_after.end_asylum", "End or foresee the end of a child's asylum status", ASYLUM, "end_date!"),
    correct("looked_after.correct_asylum", "Correct a child's asylum status", ASYLUM),
)
