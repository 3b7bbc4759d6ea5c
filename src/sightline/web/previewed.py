"""Sending a form whose record feeds a return: what the rules would newly find is shown first, and saved anyway when its writer says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import transaction

from sightline.core.access.models import User
from sightline.core.options.declared import chosen
from sightline.core.people.models import Person
from sightline.engine.actions.engine import Done
from sightline.engine.return_issues import preview
from sightline.engine.return_issues.checking import check_children
from sightline.engine.return_issues.preview import Concerned, Warned

#: The name of the button that saves in spite of warnings; its value says of which.
ACCEPTED, BETWEEN = "accepted", ","


def previewed(act: Callable[[], Done], by: User, accepted: str) -> tuple[Done | None, list[Warned]]:
    """What was done; or nothing, and the rules that would newly fail, save those that are accepted. Raises what the act raises."""
    known = frozenset(accepted.split(BETWEEN))
    with transaction.atomic():
        done = act()
        asked = _concerned(done)
        after = preview.failing(asked)
        if all(preview.code_of(one, key.rule) in known for one, key in after):
            _keep(asked, after, by)
            return done, []
        transaction.set_rollback(True)
    before = preview.failing(preview.narrowed(asked, after))
    warned = [each for each in preview.news(after, before) if each.code not in known]
    if warned:
        return None, warned
    with transaction.atomic():
        return act(), []


def foreseen(act: Callable[[], Done]) -> list[Warned]:
    """The rules that would newly fail if it were done. It is not done, whatever comes of it. Raises what the act raises."""
    with transaction.atomic():
        asked = _concerned(act())
        after = preview.failing(asked)
        transaction.set_rollback(True)
    return preview.news(after, preview.failing(preview.narrowed(asked, after)))


def _concerned(done: Done) -> list[Concerned]:
    found = preview.concerned(done.written, _people(done.written))
    return found if found and chosen("return_previews") == "on" else []


def _people(written: Iterable[Any]) -> set[int]:
    own = (each.pk if isinstance(each, Person) else getattr(each, "person_id", None) for each in written)
    return {person for person in own if person is not None}


def _keep(asked: Collection[Concerned], after: preview.Found, by: User) -> None:
    """What was accepted is an issue from now on, so that it is on its owner's list."""
    for each in preview.narrowed(asked, after):
        check_children(each.collection, each.people, by, each.rules)
