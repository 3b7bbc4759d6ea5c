"""Section 47 enquiries and child protection plans as the Department's API asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Min, OuterRef, Subquery

from sightline.engine.social_care_api.declarations import Cohort, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.plans import begun, running
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.child_protection.models import ConferenceChild, Plan, Section47


def _enquiries(telling: Telling) -> Iterator[Told]:
    held = telling.about(ConferenceChild).filter(conference__kind="ICPC", section47=OuterRef("pk"))
    first = held.order_by().values("section47").annotate(first=Min("conference__conference_date")).values("first")
    begun = telling.about(Section47).filter(start_date__lte=telling.window.end)
    stated = ("pk", "person", "case", "start_date", "end_date", "conference_not_required", "conference")
    for row in begun.annotate(conference=Subquery(first)).order_by("start_date", "pk").values(*stated):
        ended = telling.window.by_then(row["end_date"])
        met = telling.window.by_then(row["conference"])
        values = {
            "start_date": row["start_date"],
            "icpc_required_flag": _required(row["conference_not_required"], met, ended),
            "icpc_date": met,
            "end_date": ended,
        }
        yield Told(row["person"], values, str(row["pk"]), within=case_id(row["case"]))


def _required(not_required: bool, met: date | None, ended: date | None) -> bool | None:
    """Whether a conference was required; not known while the enquiry runs and none was held."""
    if not_required:
        return False
    return True if met or ended else None


PARTS = (
    Part("social_care_episodes.section_47_assessments", _enquiries),
    Part("social_care_episodes.child_protection_plans", begun(Plan)),
)
COHORTS = (Cohort("a child protection plan", running(Plan)),)
