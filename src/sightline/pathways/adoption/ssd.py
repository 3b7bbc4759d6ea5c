"""Plans for adoption in the Standard Safeguarding Dataset."""

from __future__ import annotations

from typing import Any

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.mapped import Mapped
from sightline.pathways.adoption.models import AdoptionPlan
from sightline.returns.ssd.tables import TABLE

CARE = "clae_entered_care_date"


def _plan(child: Child, row: Row) -> dict[str, Any] | None:
    """Orders of other kinds end care as well, and are told by the episode that ends with them."""
    kind = str(row["perm_permanence_order_type"] or "").lower()
    if kind and "adopt" not in kind:
        child.note("permanence orders other than adoption: kept with the file")
        return None
    decided = row["perm_adm_decision_date"] or "9999"
    starts = {
        str(episode[CARE] or episode["clae_cla_episode_start_date"] or "") for episode in child.of("ssd_cla_episodes")
    }
    return {"care_start_date": max((start for start in starts if start and start <= decided), default=None)}


PLANS = Mapped(
    TABLE["ssd_permanence"],
    AdoptionPlan,
    fields={
        "decision_date": "perm_adm_decision_date",
        "placement_order_date": "perm_placement_order_date",
        "placed_date": "perm_placed_for_adoption_date",
        "matched_date": "perm_matched_date",
        "adopted_by_carer": "perm_adopted_by_carer_flag",
        "foster_for_adoption_date": "perm_placed_ffa_cp_date",
        "reversed_date": "perm_decision_reversed_date",
        "reversed_reason": "perm_decision_reversed_reason",
        "order_date": "perm_permanence_order_date",
        "adopters_sex": "perm_adopter_sex",
        "adopters_status": "perm_adopter_legal_status",
        "adopters": "perm_number_of_adopters",
    },
    states=("care_start_date",),
    finds=_plan,
)
BUILDERS = (PLANS.builder(20),)
WRITERS = (PLANS.writer(),)
