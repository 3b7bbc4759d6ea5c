"""Care leavers as the Department's API asks for them.

The block stands in an episode, and an episode lasts as long as the authority gives support: so a case of leaving care only is told as one, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sightline.core.cases.models import Case
from sightline.core.records.spells import open_on
from sightline.engine.social_care_api.declarations import EPISODES, Coded, Cohort, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.leaving_care.models import Accommodation, Activity, CareLeaver, Contact, Outcome

SERVICE = "leaving_care"
YOUNGEST = 16


def _cases(telling: Telling) -> Iterator[Told]:
    cases = telling.about(Case).filter(service=SERVICE, start_date__lte=telling.window.end)
    for row in cases.order_by("start_date", "pk"):
        closed = telling.window.by_then(row.end_date)
        values = {"closure_date": closed, "closure_reason": row.closure_reason if closed else None}
        yield Told(row.person_id, values, case_id(row.pk), first=row.start_date, last=closed)


def _leavers(telling: Telling) -> Iterator[Told]:
    """How each care leaver fared at the last contact: by what was recorded of it, or else by the last return of the window."""
    today = telling.window.end
    said = telling.about(Outcome).filter(telling.window.on("year_end")).order_by("year_end")
    outcomes = {row.person_id: row for row in said}
    activities = _latest(telling.about(Activity).filter(start_date__lte=today))
    homes = _latest(telling.about(Accommodation).filter(start_date__lte=today))
    reached = telling.about(Contact).filter(reached=True, contact_date__lte=today).order_by("contact_date", "pk")
    contacts = {row.person_id: row.contact_date for row in reached}
    owed = telling.about(CareLeaver).filter(start_date__lte=today).values_list("person", flat=True)
    for person in {*owed, *outcomes}:
        outcome = outcomes.get(person)
        home = homes[person].accommodation if person in homes else outcome.accommodation if outcome else ""
        activity = activities[person].activity if person in activities else outcome.activity if outcome else ""
        values = {
            "contact_date": contacts.get(person) or (outcome and outcome.as_at_date),
            "activity": activity,
            # The schema has room for one character: what kind of place it is, without whether it suits.
            "accommodation": home[:1],
        }
        yield Told(person, values, within=today)


def _latest(spells: QuerySet[Any]) -> dict[int, Any]:
    return {row.person_id: row for row in spells.order_by("start_date", "pk")}


def _in_touch(telling: Telling) -> QuerySet[Any]:
    """Care leavers reached in the window, from 16 on, who have an open case."""
    window = telling.window
    held = telling.rows(Case).filter(open_on(window.end), person=OuterRef("person"))
    old_enough = Q(person__birth_date__lte=window.years_before_end(YOUNGEST))
    return telling.rows(Contact).filter(window.on("contact_date"), old_enough, Exists(held), reached=True)


PARTS = (
    Part(EPISODES, _cases, {"closure_reason": Coded("cin_closure_reason", at="closure_date")}),
    Part(
        "social_care_episodes.care_leavers",
        _leavers,
        {"activity": Coded("care_leaver_activity", at="contact_date")},
        alone=True,
    ),
)
COHORTS = (Cohort("a care leaver from 16 on, reached, with an open case", _in_touch),)
