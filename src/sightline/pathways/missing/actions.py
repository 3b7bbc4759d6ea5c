"""What can be done when a child goes missing: record it, that the child is back, and the return interview."""

from collections.abc import Iterator
from typing import Any

from sightline.engine.actions.declarations import Attempt, amend, correct, record, spell
from sightline.engine.actions.refusals import Fault

_EPISODE = "missing.MissingEpisode"


def _interview(episode: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Offered, accepted, held: each needs the one before it, and a child who is back."""
    if episode.interview_offered is not None and not episode.end_date:
        yield Fault("interview_offered", "A return interview is offered once the child is back.")
    if episode.interview_accepted and not episode.interview_offered:
        yield Fault("interview_accepted", "Only an interview that was offered can be accepted.")
    if episode.interview_date:
        if not episode.interview_accepted:
            yield Fault("interview_date", "Only an interview that was accepted is held.")
        if episode.end_date and episode.interview_date < episode.end_date:
            yield Fault("interview_date", "The interview comes after the return.")
        if episode.not_held_reason:
            yield Fault("not_held_reason", "An interview that was held needs no reason why it was not.")


RULES = (spell(_EPISODE, born=True, checks=(_interview,)),)

ACTIONS = (
    record("missing.report", "Record that a child is missing", _EPISODE, "person", "kind", "start_date"),
    amend("missing.end", "Record that a missing child is back", _EPISODE, "end_date!", when=("open",)),
    amend(
        *("missing.interview", "Record the return interview", _EPISODE),
        *("interview_offered!", "interview_accepted", "interview_date", "not_held_reason"),
        when=("ended",),
    ),
    correct("missing.correct", "Correct a missing episode", _EPISODE),
)
