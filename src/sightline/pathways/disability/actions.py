"""What can be done to the spells of the children with disabilities service."""

from sightline.engine.actions.declarations import amend, correct, record, spell

_SPELL = "disability.ServiceSpell"

RULES = (spell(_SPELL),)

ACTIONS = (
    record("disability.start", "Start the disability service", _SPELL, "person", "case", "team", "start_date"),
    amend("disability.end", "End the disability service", _SPELL, "end_date!", when=("open",)),
    correct("disability.correct", "Correct a disability service spell", _SPELL),
)
