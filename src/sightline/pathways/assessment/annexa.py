"""Assessments (list 4) in Annex A."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.assessment.models import Assessment
from sightline.returns.annexa.people import COVERS, WHO_AND_BY_WHOM, case_on, who, with_whom

TABLE = "List 4"
STARTED, AUTHORISED = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
#: Outcomes after which social care goes on, and those after which it does not.
SUPPORTED = frozenset({"SERVICES", "SHORTBREAK", "STRAT", "LEGAL", "CLA", "PF", "SPECIALIST"})
NOT_SUPPORTED = frozenset({"NFA", "EH", "OTHER_AGENCY"})


def assessments(child: Child) -> None:
    """One assessment for each row, held by the case of list 6 that was open when it started."""
    for row in child.of(TABLE):
        case = case_on(child, row[STARTED])
        if case is None:
            child.note("assessments that no episode of need of list 6 holds: kept with the file")
            continue
        child.add(
            Assessment,
            row,
            f"assessment/{row[STARTED]}",
            case=case,
            start_date=row[STARTED],
            authorised_date=row[AUTHORISED],
        )


BUILDERS = (
    Builder(
        "annexa",
        (TABLE,),
        {Assessment: ("person", "case", "start_date", "authorised_date")},
        assessments,
        covers=COVERS,
    ),
)


def _assessments(cut: Cut) -> Iterator[Told]:
    """Assessments that are open on the day of the return or were authorised in the six months. One that was cancelled is neither."""
    open_ = Q(start_date__lte=cut.end) & (Q(authorised_date=None) | Q(authorised_date__gt=cut.end))
    rows = cut.rows(Assessment).filter(open_ | cut.in_year("authorised_date"), cancelled_date=None)
    stated = ("start_date", "authorised_date", "child_seen_date", "outcome")
    for row in cut.told(with_whom(cut, rows), *stated, *WHO_AND_BY_WHOM, order=("start_date",)):
        authorised = cut.by_then(row["authorised_date"])
        outcome = row["outcome"] if authorised else None
        supported = True if outcome in SUPPORTED else False if outcome in NOT_SUPPORTED else None
        values = {
            STARTED: row["start_date"],
            "Child Seen During Continuous Assessment": cut.by_then(row["child_seen_date"]) is not None,
            AUTHORISED: authorised,
            "Was the child assessed as requiring LA children's social care support?": supported,
        }
        yield Told(row["child"], who(cut, row) | values)


WRITERS = (TableWriter("annexa", TABLE, _assessments),)
