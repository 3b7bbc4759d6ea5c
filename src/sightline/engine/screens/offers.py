"""Which actions are offered where: new records on a child's page, amendments on a record's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from sightline.core.access.models import User
from sightline.core.people.models import Person
from sightline.engine.actions.declarations import Action, actions
from sightline.engine.actions.engine import available, may
from sightline.engine.screens import words


@dataclass(frozen=True)
class Offer:
    """Actions of one pathway, under its name."""

    pathway: str
    actions: tuple[Action, ...]


#: What practitioners record most, first; then the other pathways by name; what concerns particulars and access, last.
_FIRST = ("notes", "front_door", "assessment", "child_in_need", "child_protection", "looked_after")
_LAST = ("cases", "people", "deadlines", "restrictions", "rights")


def _place(pathway: str) -> tuple[int, int, str]:
    if pathway in _FIRST:
        return 0, _FIRST.index(pathway), pathway
    return (2, _LAST.index(pathway), pathway) if pathway in _LAST else (1, 0, pathway)


def about_a_child(action: Action) -> bool:
    """Whether the action writes something new about a child: its own input, or one of a group of children."""
    if action.amends:
        return False
    own = any(asked.name == "person" for asked in action.inputs)
    return own or any(group.inputs[0].definition.related_model is Person for group in action.groups)


def for_a_child(user: User) -> list[Offer]:
    """What the user may record about a child, by pathway."""
    found: dict[str, list[Action]] = {}
    for action in actions().values():
        if about_a_child(action) and may(action, by=user):
            found.setdefault(action.pathway, []).append(action)
    return [
        Offer(words.part_called(pathway), tuple(each))
        for pathway, each in sorted(found.items(), key=lambda item: _place(item[0]))
    ]


def for_a_record(record: object, user: User) -> list[Action]:
    """What the user may do to a record now; corrections come last."""
    return sorted(available(record, user), key=lambda action: "correct" in action.id)


def next_to(record: models.Model, user: User) -> list[tuple[Action, str]]:
    """What the user may record that belongs to a record, each with the input that names it: a visit to a plan."""
    found = []
    for action in actions().values():
        link = next((each.name for each in action.inputs if each.definition.related_model is type(record)), None)
        if link and about_a_child(action) and may(action, by=user):
            found.append((action, link))
    return found
