"""Child in need plans as the Department's API asks for them."""

from sightline.engine.social_care_api.declarations import Cohort, Part
from sightline.engine.social_care_api.plans import begun, running
from sightline.pathways.child_in_need.models import Plan

PARTS = (Part("social_care_episodes.child_in_need_plans", begun(Plan)),)
COHORTS = (Cohort("a child in need plan", running(Plan)),)
