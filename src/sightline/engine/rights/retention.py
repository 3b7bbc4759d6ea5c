"""Until when a person's records are kept, and what holds them longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from sightline.core.cases.models import Case
from sightline.core.people.models import Person
from sightline.core.records.spells import open_on
from sightline.core.rights.models import LegalHold
from sightline.engine.actions.belonging import said
from sightline.engine.rights.holdings import holdings, of_others
from sightline.standards.dates import age_on
from sightline.standards.retention import period

EIGHTEEN = 18


@dataclass(frozen=True)
class Until:
    """The class a person's records fall in, and the first day on which they may go; None when that cannot be told."""

    id: str
    title: str
    day: date | None

    @property
    def words(self) -> str:
        """The day as it is said."""
        return said(self.day) if self.day else "a day that cannot be told, since the birth is not recorded"


def kept_until(person: Person, today: date) -> Until:
    """The class is the one that keeps longest: adoption, then looked after, then any child's record."""
    event, id = person.birth_date, "child"
    plans = apps.get_model("adoption.AdoptionPlan")._default_manager.filter(person=person, order_date__isnull=False)
    order = plans.order_by("-order_date").values_list("order_date", flat=True).first() or _adopting_ended(person)
    if order:
        event, id = order, "adoption"
    elif apps.get_model("looked_after.PeriodOfCare")._default_manager.filter(person=person).exists():
        id = "looked_after"
        if person.death_date and person.birth_date and age_on(person.birth_date, person.death_date) < EIGHTEEN:
            event, id = person.death_date, "looked_after_death"
    found = period(id, on=today)
    return Until(id, found.title, found.ends(event) if event else None)


def _adopting_ended(person: Person) -> date | None:
    """The day of a prospective adopter's order, or on which they left. No law says how long the latter are kept, so it is as long."""
    ends = _adopting(person).annotate(end=Coalesce("order_date", "left_date")).filter(end__isnull=False)
    found: date | None = ends.order_by("-end").values_list("end", flat=True).first()
    return found


def _adopting(person: Person) -> QuerySet[Any]:
    found: QuerySet[Any] = apps.get_model("adopters.ProspectiveAdopter")._default_manager.filter(person=person)
    return found


def holds(person: Person, today: date) -> list[str]:
    """Why the records may not be disposed of now, in sentences; none when nothing holds them."""
    found = []
    if LegalHold.objects.filter(open_on(today), Q(person=person) | Q(person=None)).exists():
        found.append("A legal hold is on these records.")
    if Case.objects.filter(person=person, end_date=None).exists():
        found.append("A case of the person is still open.")
    if _adopting(person).filter(order_date=None, left_date=None).exists():
        found.append("The person is a prospective adopter who has not left the process.")
    others = of_others(holdings(person.pk), person.pk)
    if others:
        table, id = others[0]
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        found.append(f"A record of another person depends on them: {table} {id}{more}.")
    return found
