"""Missing episodes in the Standard Safeguarding Dataset, of every child and not of those looked after alone."""

from __future__ import annotations

from sightline.engine.exchange.mapped import Mapped
from sightline.pathways.missing.models import MissingEpisode
from sightline.returns.ssd.tables import TABLE

EPISODES = Mapped(
    TABLE["ssd_missing"],
    MissingEpisode,
    fields={
        "kind": "miss_missing_episode_type",
        "start_date": "miss_missing_episode_start_date",
        "end_date": "miss_missing_episode_end_date",
        "interview_offered": "miss_missing_rhi_offered",
        "interview_accepted": "miss_missing_rhi_accepted",
    },
    start="start_date",
    end="end_date",
    with_end=("interview_offered", "interview_accepted"),
)
BUILDERS = (EPISODES.builder(),)
WRITERS = (EPISODES.writer(),)
