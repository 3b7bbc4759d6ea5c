"""Convictions, substance misuse and finance of placements in the Standard Safeguarding Dataset."""

from __future__ import annotations

from typing import Any

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.local_lists import code_of
from sightline.engine.exchange.mapped import Mapped, linked
from sightline.pathways.looked_after.models import Conviction, PlacementFinance, SubstanceMisuse
from sightline.returns.ssd.tables import TABLE


def _substance(child: Child, row: Row) -> dict[str, Any]:
    return {"substance": code_of(child, "substance_misused", row["clas_substance_misused"])}


def _placement(child: Child, row: Row) -> dict[str, Any] | None:
    placement = linked(child, TABLE["ssd_cla_placement"], row["s251_cla_placement_id"])
    if placement is None:
        child.note("finance of placements in which the child is in no episode: kept with the file")
        return None
    return {"placement": placement}


CONVICTIONS = Mapped(
    TABLE["ssd_cla_convictions"],
    Conviction,
    fields={"offence_date": "clac_cla_conviction_date", "offence": "clac_cla_conviction_offence"},
    start="offence_date",
)
SUBSTANCES = Mapped(
    TABLE["ssd_cla_substance_misuse"],
    SubstanceMisuse,
    fields={"found_date": "clas_substance_misuse_date", "intervention_received": "clas_intervention_received"},
    states=("substance",),
    finds=_substance,
    tells={"clas_substance_misused": "substance"},
    start="found_date",
)
FINANCE = Mapped(
    TABLE["ssd_s251_finance"],
    PlacementFinance,
    fields={f"item_{number}": f"s251_placeholder_{number}" for number in range(1, 5)},
    states=("placement",),
    finds=_placement,
    tells={"s251_cla_placement_id": "placement_id"},
    start="placement__start_date",
)
EVERY = (CONVICTIONS, SUBSTANCES, FINANCE)
