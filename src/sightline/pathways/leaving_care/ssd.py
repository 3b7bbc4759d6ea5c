"""Care leavers in the Standard Safeguarding Dataset: how each fares in the year, as SSDA903 asks (table OC3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.mapped import ids, parts_of
from sightline.pathways.leaving_care.models import CareLeaver, Outcome
from sightline.returns.ssd.tables import TABLE

LEAVERS = TABLE["ssd_care_leavers"]


def outcomes(child: Child) -> None:
    """One outcome for the year of the dataset. Since when a young person is owed duties the dataset does not say, so that has no record."""
    for row in child.of(LEAVERS.name):
        if row["clea_care_leaver_in_touch"] is None:
            child.note("care leavers of whom is not said whether they are in touch: kept with the file")
            continue
        child.add(
            Outcome,
            row,
            parts_of(row, LEAVERS),
            year_end=child.period_end,
            as_at_date=row["clea_care_leaver_latest_contact"],
            in_touch=row["clea_care_leaver_in_touch"],
            activity=row["clea_care_leaver_activity"],
            accommodation=row["clea_care_leaver_accommodation"],
        )


BUILDERS = (
    Builder(
        "ssd",
        (LEAVERS.name,),
        {Outcome: ("person", "year_end", "as_at_date", "in_touch", "activity", "accommodation")},
        outcomes,
        covers=("leaving_care_outcomes",),
    ),
)


def _leavers(cut: Cut) -> Iterator[Told]:
    owed = cut.rows(CareLeaver).filter(person=OuterRef("person"), start_date__lte=cut.end).order_by("-start_date")
    held = cut.rows(Outcome).filter(cut.about_children(), year_end=cut.end)
    rows = held.annotate(eligibility=Subquery(owed.values("eligibility")[:1]))
    for row in cut.told(rows, "pk", "in_touch", "as_at_date", "activity", "accommodation", "eligibility"):
        values = {
            "clea_care_leaver_eligibility": row["eligibility"],
            "clea_care_leaver_in_touch": row["in_touch"],
            "clea_care_leaver_latest_contact": row["as_at_date"],
            "clea_care_leaver_accommodation": row["accommodation"],
            "clea_care_leaver_activity": row["activity"],
        }
        yield Told(row["child"], values | ids(LEAVERS, row))


WRITERS = (TableWriter("ssd", LEAVERS.name, _leavers),)
