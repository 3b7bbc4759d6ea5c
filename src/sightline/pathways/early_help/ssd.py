"""Early help episodes in the Standard Safeguarding Dataset."""

from __future__ import annotations

from typing import Any

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.local_lists import code_of
from sightline.engine.exchange.mapped import Mapped
from sightline.pathways.early_help.models import Episode
from sightline.returns.ssd.tables import TABLE


def _reasons(child: Child, row: Row) -> dict[str, Any]:
    return {
        "reason": code_of(child, "early_help_reason", row["earl_episode_reason"]),
        "end_reason": code_of(child, "early_help_end_reason", row["earl_episode_end_reason"]),
    }


EPISODES = Mapped(
    TABLE["ssd_early_help_episodes"],
    Episode,
    fields={
        "start_date": "earl_episode_start_date",
        "end_date": "earl_episode_end_date",
        "organisation": "earl_episode_organisation",
    },
    states=("reason", "end_reason"),
    finds=_reasons,
    tells={
        "earl_episode_reason": "reason",
        "earl_episode_end_reason": "end_reason",
        "earl_episode_worker_id": "worker_id",
    },
    start="start_date",
    end="end_date",
    with_end=("end_reason",),
)
BUILDERS = (EPISODES.builder(),)
WRITERS = (EPISODES.writer(),)
