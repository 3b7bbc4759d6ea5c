"""What can be done for children looked after: episodes, plans and visits, reviews."""

from sightline.pathways.looked_after import episodes, planning, reviewing

RULES = (*episodes.RULES, *planning.RULES, *reviewing.RULES)
ACTIONS = (*episodes.ACTIONS, *planning.ACTIONS, *reviewing.ACTIONS)
