"""What stands beside a form: what changed since its reader last had the record in hand. A pathway says it in its `screens.py`, as `BESIDE`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sightline.core.registry import pathway_modules
from sightline.engine.screens.words import as_kept


@dataclass(frozen=True)
class Changed:
    """One field of which an earlier and the present value differ, as the history keeps them."""

    field: str
    title: str
    before: Any
    now: Any


@dataclass(frozen=True)
class Beside:
    """The same as it is read."""

    title: str
    before: str
    now: str


def beside(action: str, record: Any) -> list[Beside]:
    """What changed, for the form of an action on a record; nothing where no pathway has anything to say."""
    ask = _declared().get(action)
    fields = type(record)._meta
    return [
        Beside(
            each.title,
            as_kept(fields.get_field(each.field), each.before),
            as_kept(fields.get_field(each.field), each.now),
        )
        for each in (ask(record) if ask else ())
    ]


@cache
def _declared() -> dict[str, Callable[[Any], list[Changed]]]:
    return {action: ask for module in pathway_modules("screens") for action, ask in module.BESIDE.items()}
