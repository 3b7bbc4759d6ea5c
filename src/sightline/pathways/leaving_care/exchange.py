"""Care leavers in the SSDA903 return (table OC3)."""

from __future__ import annotations

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.declarations import Builder, Table, code, day, text
from sightline.pathways.leaving_care.models import Outcome

TABLES = (
    Table(
        "ssda903",
        "oc3",
        columns=(
            text("CHILD", required=True, longest=40),
            day("DOB", required=True),
            code("IN_TOUCH", "care_leaver_in_touch", required=True),
            code("ACTIV", "care_leaver_activity"),
            code("ACCOM", "care_leaver_accommodation"),
        ),
        files=("oc3", "careleavers"),
    ),
)


def outcomes(child: Child) -> None:
    """One outcome for the year of the return."""
    for row in child.of("oc3"):
        child.add(
            Outcome,
            row,
            f"oc3/{child.period_end}",
            year_end=child.period_end,
            in_touch=row["IN_TOUCH"],
            activity=row["ACTIV"],
            accommodation=row["ACCOM"],
        )


BUILDERS = (
    Builder(
        "ssda903",
        ("oc3",),
        {Outcome: ("person", "year_end", "in_touch", "activity", "accommodation")},
        outcomes,
        # It says how those of certain ages fare, not who all is owed leaving care duties, nor since when.
        covers=("leaving_care_outcomes",),
    ),
)
