"""Convictions and substance misuse of children looked after, and what their placements cost: what the dataset asks beside the yearly answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.actions.declarations import Attempt, Rules, correct, record
from sightline.engine.actions.refusals import Fault
from sightline.pathways.looked_after.models import PeriodOfCare

_CONVICTION = "looked_after.Conviction"
_SUBSTANCE = "looked_after.SubstanceMisuse"
_FINANCE = "looked_after.PlacementFinance"


def _looked_after(found: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not PeriodOfCare.objects.filter(person=found.person_id).exists():
        yield Fault("person", "The child has never been looked after.")


def _says_something(finance: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not any((finance.item_1, finance.item_2, finance.item_3, finance.item_4)):
        yield Fault("item_1", "Give at least one of the four items.")


RULES = (
    Rules(_CONVICTION, born=True, checks=(_looked_after,)),
    Rules(_SUBSTANCE, born=True, checks=(_looked_after,)),
    Rules(_FINANCE, checks=(_says_something,)),
)

ACTIONS = (
    record(
        *("looked_after.record_conviction", "Record a conviction of a looked-after child", _CONVICTION),
        *("person", "offence_date!", "offence!"),
    ),
    correct("looked_after.correct_conviction", "Correct a conviction of a looked-after child", _CONVICTION),
    record(
        *("looked_after.record_substance_misuse", "Record substance misuse of a looked-after child", _SUBSTANCE),
        *("person", "found_date!", "substance", "intervention_received"),
    ),
    correct("looked_after.correct_substance_misuse", "Correct substance misuse of a looked-after child", _SUBSTANCE),
    record(
        *("looked_after.record_finance", "Record what a placement costs", _FINANCE),
        *("person", "placement", "item_1", "item_2", "item_3", "item_4"),
    ),
    correct("looked_after.correct_finance", "Correct what a placement costs", _FINANCE),
)
