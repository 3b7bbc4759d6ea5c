"""Pre-proceedings and family group decision making in the children in need census.

Its shape is from an example of 2026-27: which of its fields are required, and the codes of its outcome, are still to be published. So it is
written from the record without the outcome, and kept as received where it is read: a spell that ended has an outcome in the record.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min, OuterRef, Q, Subquery

from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.court.models import Application, PreProceedingsChild, PreProceedingsMeeting

BUILDERS: tuple[Builder, ...] = ()


def _rows(cut: Cut) -> Iterator[Told]:
    """Pre-proceedings that ran on any day of the year, once for each child of the family."""
    spell = "pre_proceedings__"
    ran = cut.during_year(spell, start="decision_date")
    meetings = cut.rows(PreProceedingsMeeting).filter(
        pre_proceedings=OuterRef("pre_proceedings"), meeting_date__lte=cut.end
    )
    of_the_spell = meetings.order_by().values("pre_proceedings")
    first = of_the_spell.annotate(found=Min("meeting_date", filter=Q(kind="INITIAL"))).values("found")
    reviews = of_the_spell.annotate(found=Count("pk", filter=Q(kind="REVIEW"))).values("found")
    issued = cut.rows(Application).filter(pre_proceedings=OuterRef("pre_proceedings")).order_by("issue_date")
    children = cut.rows(PreProceedingsChild).annotate(
        first=Subquery(first), reviews=Subquery(reviews), issued=Subquery(issued.values("issue_date")[:1])
    )
    own = (
        "decision_date",
        "letter_date",
        "group_meeting_offered",
        "group_meeting_held",
        "end_date",
        "court_letter_date",
    )
    stated = tuple(f"{spell}{name}" for name in own)
    order = (f"{spell}decision_date",)
    for row in cut.told(children.filter(ran), "case_id", "first", "reviews", "issued", *stated, order=order):
        decided, letter, offered, held, ended, court_letter = (row[name] for name in stated)
        yield Told(
            row["child"],
            {
                "PPStartDate": decided,
                "LBPSentDate": cut.by_then(letter),
                "FGDMMeetingOffer": offered,
                "FGDMMeetingFac": held,
                "InitialPPMeetingDate": row["first"],
                "ReviewMeetingsCount": row["reviews"] or 0,
                "StepDecisionDate": cut.by_then(ended),
                "CourtAppDate": cut.by_then(row["issued"]),
                "LetterInitCPDate": cut.by_then(court_letter),
            },
            within=row["case_id"],
        )


WRITERS = (TableWriter("cin", "PreProceedingsandFGDM", _rows),)
