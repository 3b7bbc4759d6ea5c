"""Early help assessments (list 2) in Annex A."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.early_help.models import Assessment
from sightline.returns.annexa.people import COVERS, WHO, who

TABLE = "List 2"
STARTED, COMPLETED, ORGANISATION = (
    "Assessment start date",
    "Assessment completion date",
    "Organisation completing assessment",
)


def assessments(child: Child) -> None:
    """One assessment for each row."""
    for row in child.of(TABLE):
        child.add(
            Assessment,
            row,
            f"early help/{row[STARTED] or row.line}",
            start_date=row[STARTED],
            completed_date=row[COMPLETED],
            organisation=row[ORGANISATION],
        )


BUILDERS = (
    Builder(
        "annexa",
        (TABLE,),
        {Assessment: ("person", "start_date", "completed_date", "organisation")},
        assessments,
        covers=COVERS,
    ),
)


def _assessments(cut: Cut) -> Iterator[Told]:
    """Assessments under way on the day of the return, or completed in the six months up to it."""
    under_way = Q(completed_date=None) | Q(completed_date__gt=cut.end)
    rows = cut.rows(Assessment).filter(under_way | cut.in_year("completed_date"), start_date__lte=cut.end)
    for row in cut.told(rows, "start_date", "completed_date", "organisation", *WHO, order=("start_date",)):
        values = {
            STARTED: row["start_date"],
            COMPLETED: cut.by_then(row["completed_date"]),
            ORGANISATION: row["organisation"],
        }
        yield Told(row["child"], who(cut, row) | values)


WRITERS = (TableWriter("annexa", TABLE, _assessments),)
