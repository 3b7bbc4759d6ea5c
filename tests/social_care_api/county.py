"""Invented children of one authority, record by record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sightline.core.records.writing import writing
from sightline.engine.rights.holdings import holdings, links_to

AREA, LA_CODE = "E10000028", "860"
TODAY = date(2026, 5, 31)
#: The 1 April on or before the day two years ago.
START = date(2024, 4, 1)


def day(after: int) -> date:
    """So many days into the window."""
    return START + timedelta(days=after)


class County:
    """Writes, changes and removes records."""

    def __init__(self, make: Callable[..., Any], change: Callable[..., Any]) -> None:
        self.make, self.change = make, change
        self._number = 0
        self.worker = make("organisations.Worker", name="A worker", job="social_worker")
        self.team = make("organisations.Team", name="A team", service="social_care")

    def child(self, local: str | None = None, **of_the_person: Any) -> Any:
        """A child with a name, an address and a local identifier."""
        self._number += 1
        born = {"birth_date": date(2014, 2, 1), "sex": "F", "ethnicity": "WBRI"} | of_the_person
        person = self.make("people.Person", **born)
        self.make("people.PersonName", person=person, forename=f"Child{self._number}", surname="O'Invented")
        self.make("people.Identifier", person=person, scheme="local", value=local or f"C{self._number}")
        place = self.make("places.Place", postcode="ST16 2LH")
        self.make("people.PersonAddress", person=person, place=place, start_date=born["birth_date"] or START)
        return person

    def case(self, person: Any, first: date = START, last: date | None = None, **more: Any) -> Any:
        """An accepted referral and the case that it opened."""
        given = {"service": "social_care", "closure_reason": "RC7" if last else None} | more
        case = self.make("cases.Case", person=person, start_date=first, end_date=last, **given)
        self.make("front_door.Referral", person=person, case=case, referral_date=first, source="1A")
        return case

    def turned_away(self, person: Any, first: date = START) -> Any:
        return self.make("front_door.Referral", person=person, referral_date=first, source="6", no_further_action=True)

    def allocation(self, case: Any, first: date = START, last: date | None = None) -> Any:
        spell = {"start_date": first, "end_date": last}
        return self.make("cases.Allocation", person=case.person, case=case, team=self.team, worker=self.worker, **spell)

    def assessment(self, case: Any, first: date = START, *factors: str) -> Any:
        done = {"authorised_date": first + timedelta(days=30)} if factors else {}
        made = self.make("assessment.Assessment", person=case.person, case=case, start_date=first, **done)
        for factor in factors:
            self.make("assessment.AssessmentFactor", person=case.person, assessment=made, factor=factor)
        return made

    def plan(self, case: Any, first: date = START, last: date | None = None) -> Any:
        """A child in need plan."""
        return self.make("child_in_need.Plan", person=case.person, case=case, start_date=first, end_date=last)

    def protection(self, case: Any, first: date = START, last: date | None = None) -> Any:
        of = {"initial_category": "NEG", "latest_category": "NEG", "end_reason": None}
        spell = {"start_date": first, "end_date": last}
        return self.make("child_protection.Plan", person=case.person, case=case, **spell, **of)

    def enquiry(self, case: Any, first: date = START, conference: date | None = None, **more: Any) -> Any:
        about = {"person": case.person}
        made = self.make("child_protection.Section47", case=case, start_date=first, **about, **more)
        if conference:
            met = self.make("child_protection.Conference", kind="ICPC", conference_date=conference)
            self.make("child_protection.ConferenceChild", conference=met, section47=made, **about)
        return made

    def care(self, person: Any, first: date = START, case: Any = None) -> Any:
        """A period of care with its first episode."""
        spell = {"person": person, "start_date": first}
        period = self.make("looked_after.PeriodOfCare", case=case, category_of_need="N1", **spell)
        return self.episode(period, first, "S")

    def episode(self, period: Any, first: date, reason: str = "P", last: date | None = None) -> Any:
        spell = {"person": period.person, "period": period, "start_date": first, "end_date": last}
        ended = {"change_reason": "CARPL"} if last else {}
        stay = self.make("looked_after.Placement", placement_type="U4", postcode="ST16 2LH", **spell, **ended)
        ended = {"end_reason": "X1"} if last else {}
        of = {"placement": stay, "start_reason": reason, "legal_status": "C2"}
        return self.make("looked_after.Episode", **spell, **of, **ended)

    def questionnaire(self, period: Any, done: date, score: int) -> Any:
        about = {"person": period.person, "period": period}
        return self.make("looked_after.HealthCheck", kind="SDQ", check_date=done, score=score, **about)

    def adoption(self, person: Any, decided: date, **more: Any) -> Any:
        return self.make("adoption.AdoptionPlan", person=person, decision_date=decided, **more)

    def leaver(self, person: Any, reached: date) -> Any:
        duties = self.make("leaving_care.CareLeaver", person=person, eligibility="RELEVANT", start_date=START)
        spell = {"person": person, "start_date": reached, "end_date": reached}
        self.make("leaving_care.Accommodation", accommodation="U1", **spell)
        self.make("leaving_care.Activity", activity="F2", **spell)
        return self.make("leaving_care.Contact", person=person, leaver=duties, contact_date=reached, kind="VISIT")

    def remove(self, record: Any) -> None:
        """Takes a record out, with all that hangs on it."""
        for model, link in links_to(type(record)):
            for row in model._default_manager.filter(**{link: record}):
                self.remove(row)
        with writing("test", by="tester", because="test"):
            type(record)._default_manager.filter(pk=record.pk).delete()

    def remove_child(self, person: Any) -> None:
        """Takes a person out with everything about them, as a disposal does."""
        with writing("test", by="tester", because="test"):
            for model, ids in holdings(person.pk).items():
                rows: Any = model._default_manager.filter(pk__in=ids)
                rows._raw_delete(rows.db)
