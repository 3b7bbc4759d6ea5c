"""What can be done in early help: start it, pass it on, assess, end it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault

_EPISODE, _ASSESSMENT = "early_help.Episode", "early_help.Assessment"
_MAY = Permission.RECORD_EARLY_HELP


def _start(attempt: Attempt) -> Sequence[Record]:
    """Whoever starts it leads it, unless they name another."""
    given = {"worker": attempt.worker} | attempt.values
    return [attempt.new(_EPISODE, **given)]


def _ends_with_its_reason(episode: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(episode.end_date) != bool(episode.end_reason):
        yield Fault("end_reason", "Early help that ended has a day and a reason; early help that goes on has neither.")


RULES = (
    spell(_EPISODE, checks=(_ends_with_its_reason,)),
    Rules(
        _ASSESSMENT,
        stages=(("completed", "completed_date"), ("under way", "")),
        # Families are often assessed before anybody knows whether there will be an episode.
        outside=("episode",),
    ),
)

ACTIONS = (
    Action(
        "early_help.start",
        "Start early help",
        _EPISODE,
        inputs(_EPISODE, "person!", "start_date!", "reason!", "organisation", "worker"),
        permission=_MAY,
        build=_start,
        # A family comes to early help before anybody has a reason to see them, as a contact does.
        any_child=True,
    ),
    amend(
        *("early_help.pass_on", "Pass early help on to another lead practitioner", _EPISODE),
        *("organisation", "worker"),
        permission=_MAY,
        when=("open",),
    ),
    amend(
        *("early_help.end", "End early help", _EPISODE, "end_date!", "end_reason!"),
        permission=_MAY,
        when=("open",),
    ),
    correct("early_help.correct", "Correct an early help episode", _EPISODE, permission=_MAY),
    record(
        *("early_help.assess", "Start an early help assessment", _ASSESSMENT),
        *("person", "episode", "start_date", "organisation"),
        permission=_MAY,
    ),
    amend(
        *("early_help.complete", "Complete an early help assessment", _ASSESSMENT, "completed_date!", "organisation"),
        permission=_MAY,
        when=("under way",),
    ),
    correct("early_help.correct_assessment", "Correct an early help assessment", _ASSESSMENT, permission=_MAY),
)
