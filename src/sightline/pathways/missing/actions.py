"""What can be done when a child goes missing: record it, and that the child is back."""

from sightline.engine.actions.declarations import amend, correct, record, spell

_EPISODE = "missing.MissingEpisode"

RULES = (spell(_EPISODE, born=True),)

ACTIONS = (
    record("missing.report", "Record that a child is missing", _EPISODE, "person", "kind", "start_date"),
    amend("missing.end", "Record that a missing child is back", _EPISODE, "end_date!", when=("open",)),
    correct("missing.correct", "Correct a missing episode", _EPISODE),
)
