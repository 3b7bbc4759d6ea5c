"""Care leavers (list 9) in Annex A. The list is written and not read: it does not say since when a young person is owed what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.leaving_care.models import Accommodation, Activity, CareLeaver, Contact, Outcome, PathwayReview
from sightline.returns.annexa.people import WHO_AND_BY_WHOM, who, with_whom

TABLE = "List 9"
SOUGHT = "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)"


def _leavers(cut: Cut) -> Iterator[Told]:
    """Those who are owed leaving care duties on the day of the return, as they fare by what is latest on record."""
    open_ = Q(end_date=None) | Q(end_date__gt=cut.end)

    def latest(rows: QuerySet[Any], day: str, what: str) -> Subquery:
        found = rows.filter(**{f"{day}__lte": cut.end}, person=OuterRef("person"))
        return Subquery(found.order_by(f"-{day}", "-pk").values(what)[:1])

    outcomes, contacts = cut.rows(Outcome), cut.rows(Contact).filter(reached=True)
    asylum = cut.rows(apps.get_model("looked_after.AsylumStatus")).filter(
        person=OuterRef("person"), start_date__lte=cut.end
    )
    rows = cut.rows(CareLeaver).filter(open_, start_date__lte=cut.end)
    rows = rows.annotate(
        sought=Exists(asylum),
        reviewed=latest(cut.rows(PathwayReview), "review_date", "review_date"),
        contacted=latest(contacts, "contact_date", "contact_date"),
        in_touch=latest(outcomes, "year_end", "in_touch"),
        told_home=latest(outcomes, "year_end", "accommodation"),
        told_activity=latest(outcomes, "year_end", "activity"),
        home=latest(cut.rows(Accommodation).filter(open_), "start_date", "accommodation"),
        activity=latest(cut.rows(Activity).filter(open_), "start_date", "activity"),
    )
    own = ("eligibility", "personal_adviser__name", "sought", "reviewed", "contacted", "in_touch")
    fares = ("home", "told_home", "activity", "told_activity")
    for row in cut.told(with_whom(cut, rows), *own, *fares, *WHO_AND_BY_WHOM, order=("start_date",)):
        home = row["home"] or row["told_home"] or ""
        values = {
            SOUGHT: row["sought"],
            "Allocated Personal Advisor": row["personal_adviser__name"],
            "Eligibility Category": row["eligibility"],
            "Latest Pathway Plan Review Date": row["reviewed"],
            "LA in Touch": row["in_touch"],
            "Latest Date of Contact": row["contacted"],
            # A code of the return is the kind of home and whether it suits.
            "Type of Accommodation": home[:1],
            "Suitability of Accommodation": home[1:],
            "Activity Status": row["activity"] or row["told_activity"],
        }
        yield Told(row["child"], who(cut, row) | values)


BUILDERS: tuple[Builder, ...] = ()
WRITERS = (TableWriter("annexa", TABLE, _leavers),)
