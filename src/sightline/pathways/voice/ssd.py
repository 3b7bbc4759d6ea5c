"""The voice of the child in the Standard Safeguarding Dataset."""

from __future__ import annotations

from sightline.engine.exchange.mapped import Mapped
from sightline.pathways.voice.models import ChildsAnswers
from sightline.returns.ssd.tables import TABLE

ANSWERS = Mapped(
    TABLE["ssd_voice_of_child"],
    ChildsAnswers,
    fields={
        "explained_worries": "voch_explained_worries",
        "story_helped": "voch_story_help_understand",
        "agrees_with_worker": "voch_agree_worker",
        "plan_is_clear": "voch_plan_safe",
        "tablet_helped": "voch_tablet_help_explain",
    },
    start="asked_date",
)
BUILDERS = (ANSWERS.builder(),)
WRITERS = (ANSWERS.writer(),)
