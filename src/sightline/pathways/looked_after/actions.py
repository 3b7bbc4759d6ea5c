"""What can be done for children looked after: episodes, plans and visits, reviews."""

from sightline.pathways.looked_after import conduct, episodes, planning, reviewing

RULES = (*episodes.RULES, *planning.RULES, *conduct.RULES, *reviewing.RULES)
ACTIONS = (*episodes.ACTIONS, *planning.ACTIONS, *conduct.ACTIONS, *reviewing.ACTIONS)
