"""The page of states: what state each record type can be in, what may be done in it, and the state that follows. Drawn from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst

from sightline.engine.actions.declarations import Action, Rules, actions, rules
from sightline.engine.docs import table

_INTRODUCTION = """\
# States

Written from the declarations: do not edit. A record's state follows from which of its dates or decisions are filled; an action is refused, with the
reason, unless the record is in a state that its row names. Corrections may be made in any state and are left out here; they leave their trace in
the history.
"""


@dataclass(frozen=True)
class Transition:
    """One action on a record in one state, and the state it leaves the record in."""

    before: str
    action: Action
    after: str


def transitions(own: Rules) -> list[Transition]:
    """Every transition of a record type, in the order of states and then of declaration."""
    found = []
    for state in states(own):
        for action in amendments(own):
            if not action.when or state in action.when:
                found.append(Transition(state, action, leads_to(own, action) or state))
    return found


def states(own: Rules) -> list[str]:
    """The states of a record type, the one it starts in first."""
    return [state for state, _field in reversed(own.stages)]


def amendments(own: Rules) -> list[Action]:
    """What is done to a record that is there; corrections are not part of its course."""
    return [
        action
        for action in actions().values()
        if action.model == own.model and action.amends and ".correct" not in action.id
    ]


def leads_to(own: Rules, action: Action) -> str:
    """The state that an action leads to: as it says, or the first whose field it must fill or fills by itself. Empty: the state stays."""
    if action.leads:
        return action.leads
    filled = {given.field for given in action.inputs if given.required and given.model == own.model} | set(action.fixed)
    return next((state for state, field in own.stages if field and field in filled), "")


def markdown() -> str:
    """The page."""
    with_states = sorted((own for own in rules().values() if own.stages), key=lambda own: own.model)
    return "\n".join([_INTRODUCTION, *(line for own in with_states for line in _section(own))])


def _section(own: Rules) -> Iterator[str]:
    yield f"## {capfirst(str(apps.get_model(own.model)._meta.verbose_name))}"
    yield ""
    yield f"`{own.model}`. {_open(own)}"
    yield ""
    found = transitions(own)
    yield from ("```mermaid", "stateDiagram-v2", *_diagram(own, found), "```", "")
    if found:
        heads = ("While it is", "Action", "What it does", "Permission", "Then it is")
        yield from table(heads, [_row(each) for each in found])
        yield ""


def _open(own: Rules) -> str:
    if not own.open:
        return "It never keeps a case open."
    return f"While it is {' or '.join(own.open)}, the case it belongs to cannot close."


def _diagram(own: Rules, found: list[Transition]) -> Iterator[str]:
    names = {state: f"s{number}" for number, state in enumerate(states(own))}
    for state, name in names.items():
        yield f'    state "{state}" as {name}'
    yield "    [*] --> s0"
    for each in found:
        if each.before != each.after:
            yield f"    {names[each.before]} --> {names[each.after]}: {each.action.id}"


def _row(each: Transition) -> tuple[str, ...]:
    after = each.after if each.after != each.before else "unchanged"
    return each.before, f"`{each.action.id}`", each.action.title, str(each.action.permission), after
