"""The options there are, and what holds. Asked of the database each time, so that a change holds in every server at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from sightline.core.access.administrator import require_administrator
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.options.models import Choice


@dataclass(frozen=True)
class Option:
    """An option: its title, what it does, the values it can have in words, and what holds until somebody chooses."""

    id: str
    title: str
    help: str
    values: tuple[tuple[str, str], ...]
    default: Callable[[], str]


OPTIONS = {
    option.id: option
    for option in (
        Option(
            "restricted_hits",
            "What a search says of people whom the searcher may not see",
            "Of a record under a hidden seal it says nothing, whatever is chosen here.",
            (("existence", "That the person is known, and whom to ask"), ("nothing", "Nothing")),
            lambda: str(getattr(settings, "RESTRICTED_HITS", "existence")),
        ),
        Option(
            "return_previews",
            "Warnings on forms of what the rules of returns would find",
            "A form warns before it is saved, and never refuses. What the rules find stands in the issues of returns either way.",
            (("on", "Shown"), ("off", "Not shown")),
            lambda: "on",
        ),
        Option(
            "alerts",
            "Alerts by e-mail",
            "They hold a link and no word about anybody. What is due stands in the work lists either way.",
            (("on", "Sent"), ("off", "Not sent")),
            lambda: "on",
        ),
    )
}


def chosen(option: str) -> str:
    """What holds. Raises KeyError for an option that is not declared."""
    declared = OPTIONS[option]
    newest = Choice.objects.filter(option=option).order_by("-id").values_list("value", flat=True).first()
    return newest if newest in dict(declared.values) else declared.default()


def choose(option: str, value: str, by: User, because: str) -> None:
    """Choose. Raises InputProblem for what cannot be chosen, or by somebody who may not."""
    declared = OPTIONS.get(option)
    require_administrator(by, option)
    if declared is None or value not in dict(declared.values):
        raise InputProblem("Choose one of the values.", option, "choose again")
    if not because.strip():
        raise InputProblem("Say why.", "because", "say why")
    old = chosen(option)
    with transaction.atomic():
        Choice.objects.create(option=option, value=value, made_by=by.get_username(), because=because.strip()[:200])
        note(by.get_username(), What.SETTINGS, f"option {option}", purpose=because.strip(), old=old, new=value)
