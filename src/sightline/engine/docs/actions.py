"""The page of actions: what can be done to the record, what each asks for, and when."""

from __future__ import annotations

from itertools import groupby

from sightline.engine.actions.declarations import Action, actions
from sightline.engine.docs import table

_INTRODUCTION = """\
# Actions

Records are written by these actions and by bulk loads, and in no other way. Each checks everything before it writes anything, and tells all
that is wrong at once. With the records it writes their history, the deadlines of everybody they concern, and an audit entry, all in one
transaction.

An input in **bold** must be given; others may be left out. Every action also asks for the reason.
"""


def markdown() -> str:
    """The page."""
    lines = [_INTRODUCTION]
    for pathway, found in groupby(_by_pathway(), key=lambda action: action.pathway):
        lines += [f"## {pathway.replace('_', ' ')}", ""]
        heads = ("Action", "What it does", "On", "While it is", "Permission", "Inputs")
        lines += [*table(heads, [_row(action) for action in found]), ""]
    return "\n".join(lines)


def _by_pathway() -> list[Action]:
    return sorted(actions().values(), key=lambda action: action.pathway)


def _row(action: Action) -> tuple[str, ...]:
    on = f"a {action.model}" if action.amends else f"a new {action.model}"
    given = ", ".join(f"**{one.name}**" if action.needs(one) else one.name for one in action.inputs)
    for group in action.groups:
        each = ", ".join(f"**{one.name}**" if one.required else one.name for one in group.inputs)
        given += f"; any number of {group.name} ({each})"
    return f"`{action.id}`", action.title, on, " or ".join(action.when), str(action.permission), given
