"""Pre-proceedings in the Standard Safeguarding Dataset, which has a row for each child: read back, each child has its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min, OuterRef, Q, Subquery

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.mapped import ids, parts_of
from sightline.pathways.court.models import PreProceedings, PreProceedingsChild, PreProceedingsMeeting
from sightline.returns.ssd.tables import TABLE
from sightline.standards.codes import codeset

ROWS = TABLE["ssd_pre_proceedings"]
INITIAL, REVIEW = "INITIAL", "REVIEW"
OUTCOMES = "pre_proceedings_outcome"


def spells(child: Child) -> None:
    """The spell, with the child in it. An outcome that is none of the record's leaves the spell open."""
    for row in child.of(ROWS.name):
        outcome = row["prep_pre_pro_outcome"]
        known = outcome is not None and outcome in codeset(OUTCOMES)
        if outcome and not known:
            child.note("outcomes of pre-proceedings that the record does not know: recorded as still open")
        parts = parts_of(row, ROWS)
        spell = child.add(
            PreProceedings,
            row,
            parts,
            decision_date=row["prep_pre_pro_decision_date"],
            letter_date=row["prep_pre_pro_letter_date"],
            court_letter_date=row["prep_care_pro_letter_date"],
            end_date=row["prep_agree_stepdown_issue_date"] if known else None,
            outcome=outcome if known else None,
        )
        child.add(PreProceedingsChild, row, f"{parts}/child", pre_proceedings=spell)


BUILDERS = (
    Builder(
        "ssd",
        (ROWS.name,),
        {
            PreProceedings: ("decision_date", "letter_date", "court_letter_date", "end_date", "outcome"),
            PreProceedingsChild: ("person", "pre_proceedings"),
        },
        spells,
        covers=("pre_proceedings",),
    ),
)


def _spells(cut: Cut) -> Iterator[Told]:
    met = cut.rows(PreProceedingsMeeting).filter(pre_proceedings=OuterRef("pre_proceedings"), meeting_date__lte=cut.end)
    meetings = (
        met.order_by()
        .values("pre_proceedings")
        .annotate(first=Min("meeting_date", filter=Q(kind=INITIAL)), held=Count("pk", filter=Q(kind=REVIEW)))
    )
    rows = cut.rows(PreProceedingsChild).filter(cut.about_children(), pre_proceedings__decision_date__lte=cut.end)
    rows = rows.annotate(first=Subquery(meetings.values("first")), held=Subquery(meetings.values("held")))
    of = "pre_proceedings__"
    stated = [f"{of}{name}" for name in ("decision_date", "letter_date", "court_letter_date", "end_date", "outcome")]
    for row in cut.told(rows, "pk", "pre_proceedings_id", "first", "held", *stated, order=(f"{of}decision_date",)):
        ended = cut.by_then(row[f"{of}end_date"])
        values = {
            "prep_plo_family_id": row["pre_proceedings_id"],
            "prep_pre_pro_decision_date": row[f"{of}decision_date"],
            "prep_initial_pre_pro_meeting_date": row["first"],
            "prep_pre_pro_outcome": row[f"{of}outcome"] if ended else None,
            "prep_agree_stepdown_issue_date": ended,
            "prep_pre_pro_letter_date": cut.by_then(row[f"{of}letter_date"]),
            "prep_care_pro_letter_date": cut.by_then(row[f"{of}court_letter_date"]),
            "prep_pre_pro_meetings_num": row["held"] or 0,
        }
        yield Told(row["child"], values | ids(ROWS, row))


WRITERS = (TableWriter("ssd", ROWS.name, _spells),)
