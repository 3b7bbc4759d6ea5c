"""Care leavers in the SSDA903 return (table OC3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, Cohort, TableWriter, Told
from sightline.pathways.leaving_care.models import Outcome


def outcomes(child: Child) -> None:
    """One outcome for the year of the return."""
    for row in child.of("OC3"):
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
        ("OC3",),
        {Outcome: ("person", "year_end", "in_touch", "activity", "accommodation")},
        outcomes,
        # It says how those of certain ages fare, not who all is owed leaving care duties, nor since when.
        covers=("leaving_care_outcomes",),
    ),
)


def _of_the_year(cut: Cut) -> QuerySet[Any]:
    return cut.rows(Outcome).filter(cut.for_year("year_end"))


def _leavers(cut: Cut) -> QuerySet[Any, Any]:
    """Care leavers of the year. They are in the header, too: every table's children are."""
    return _of_the_year(cut).values("person")


def _outcome_rows(cut: Cut) -> Iterator[Told]:
    for row in cut.told(_of_the_year(cut), "in_touch", "activity", "accommodation", "person__birth_date"):
        yield Told(
            row["child"],
            {
                "CHILD": row["reference"],
                "DOB": row["person__birth_date"],
                "IN_TOUCH": row["in_touch"],
                "ACTIV": row["activity"],
                "ACCOM": row["accommodation"],
            },
        )


COHORTS = (Cohort("ssda903", _leavers),)
WRITERS = (TableWriter("ssda903", "OC3", _outcome_rows),)
