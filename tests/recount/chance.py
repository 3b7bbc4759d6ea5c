"""Random worlds, made to fall on the edges: dates cluster at the ends of periods, at limits and in leap years; rows are blank, repeated, cut off.

They keep to what the database and the actions allow, and to nothing else.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from sightline.standards.dates import add_months, birthday
from sightline.standards.working_days import add_working_days

from .world import CITY, COUNTY, Rec, World

FIRST, LAST = date(2013, 6, 1), date(2018, 3, 31)
DISTRICTS = ("E07000192", "E07000197", "E06000021", "")
RETURNS = ("return:E10000028:2015-16", "return:E10000028:2016-17")
EDGES = tuple(
    day
    for year in range(2014, 2019)
    for month in range(1, 13)
    for day in (date(year, month, 1), add_months(date(year, month, 1), 1) - timedelta(days=1))
)
CODES: dict[str, tuple[Any, ...]] = {
    "contact": ("NFA", "ADVICE", "EH", "REFERRAL", "OTHER", None),
    "referral": ("NFA", "ASSESS", "STRAT", None),
    "factor": ("1A", "1B", "2B", "2C", "3A", "3B", "3C", "4B", "4C", "16A", "17A"),
    "category": ("NEG", "PHY", "SAB", "EMO", "MUL"),
    "order": ("ICO", "CO", "CO_HOME", "PO", "SO", "NONE"),
    "ceased": ("E11", "E12", "E4A", "E4B", "E43", "E45", "E8", "E17"),
    "placement": ("U1", "U4", "U6", "K2", "P1", "H5", "A3", "A5", "T1", "T3", "R5"),
}


class Chance(World):
    """A world of random families."""

    def __init__(self, seed: int, families: int = 40) -> None:
        super().__init__()
        self.random = Random(seed)
        self.cover()
        for _ in range(8):
            self.worker()
        for _ in range(60):
            self.add(
                "independent_chairs.Feedback",
                returned_date=self.day(),
                meeting_kind=self.pick("review", "conference"),
                felt_listened_to=self.pick(True, False, None),
                explained_well=self.pick(True, False, None),
            )
        for _ in range(families):
            self.family()

    def pick(self, *choices: Any) -> Any:
        """One of the choices."""
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        """True for that share of the throws."""
        return self.random.random() < share

    def day(self, after: date | None = None) -> date:
        """A day, rather on an edge than not; not before `after`."""
        if after is not None and self.chance(0.6):
            return self.later(after)
        day = (
            self.pick(*EDGES)
            if self.chance(0.5)
            else FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days))
        )
        return day if after is None or day >= after else after + timedelta(days=self.random.randrange(400))

    def later(self, day: date) -> date:
        """A day at, one before or one after some limit counted from a day."""
        in_working_days = add_working_days(day, self.pick(1, 15, 20, 45))
        in_months = add_months(day, self.pick(0, 1, 3, 6, 12, 15, 24, 30))
        limit = in_working_days if self.chance(0.3) else in_months
        return max(day, limit + timedelta(days=self.pick(-1, 0, 0, 1)))

    def spells(self, most: int, first: date | None = None, last: date | None = None) -> list[tuple[date, date | None]]:
        """Up to so many spells that do not overlap, the last perhaps open; some touch, a few are empty."""
        days = sorted(self.day(first) for _ in range(2 * self.random.randint(1, most)))
        if first is not None:
            days[0] = first
        if self.chance(0.4):
            days[2::2] = days[1:-1:2]
        days = [day if last is None else min(day, last) for day in days]
        found: list[tuple[date, date | None]] = list(zip(days[::2], days[1::2], strict=True))
        if last is not None:
            found[-1] = (found[-1][0], last)
        elif self.chance(0.5):
            found[-1] = (found[-1][0], None)
        return found

    def cover(self) -> None:
        """Two areas; in the county yearly returns beside its own source; in the city a second one with gaps."""
        self.covers("2013-06-01", "2016-03-31")
        self.covers("2016-04-01", "2018-03-31")
        self.covers("2015-04-01", "2016-03-31", source=RETURNS[0])
        self.covers("2016-04-01", "2017-03-31", source=RETURNS[1])
        self.covers("2014-04-01", "2018-03-31", area=CITY, source="city")
        for stream in ("contacts", "referrals", "looked_after", "court"):
            day = self.day()
            self.covers(day, day + timedelta(days=self.random.randrange(700)), stream, area=CITY, source="other")

    def worker(self) -> None:
        """A worker in one or two teams."""
        job = self.pick("independent_chair", "independent_chair", "business_manager", "social_worker")
        worker = self.add("organisations.Worker", name="W", job=job, specialism=self.pick("", "disability"))
        for _ in range(self.random.randint(1, 2)):
            team = self.add("organisations.Team", name="T", service="social_care")
            for start, end in self.spells(2):
                self.add("organisations.TeamMembership", worker=worker, team=team, start_date=start, end_date=end)

    def family(self) -> None:
        """One to three siblings, whose records one source holds (a few have some elsewhere)."""
        holder = self.pick(
            (COUNTY, "own"), (COUNTY, "own"), (COUNTY, self.pick(*RETURNS)), (CITY, "city"), (CITY, "other")
        )
        self.area, self.source = holder
        children = [self.person() for _ in range(self.random.randint(1, 3))]
        for child in children:
            self.front_door(child)
            self.pathways(child)
            self.area, self.source = holder
        self.protection(children)
        self.court(children)
        self.area, self.source = COUNTY, "own"

    def person(self) -> Rec:
        """A child: of any age, unborn, or of unknown age."""
        born = self.pick(
            date(2000, 2, 29),
            date(2012, 2, 29),
            self.day(),
            self.day(),
            *(add_months(self.day(), -12 * n) for n in (*range(4, 19), 18, 18, 18, 18, 18, 18)),
        )
        birth: dict[str, Any] = self.pick({}, {"expected_birth_date": born}, *[{"birth_date": born}] * 18)
        person = self.add(
            "people.Person",
            sex=self.pick("M", "F", "U"),
            ethnicity=self.pick("WBRI", "MOTH", "AIND", "BOTH", "OOTH", "NOBT"),
            **birth,
        )
        for code in self.pick((), (), ("LD", "AUT"), ("NONE",)):
            self.add("people.Disability", person=person, disability=code, start_date=self.pick(None, self.day()))
        for kind in ("home", "placement"):
            for start, end in self.spells(3):
                place = self.add("places.Place", district=self.pick(*DISTRICTS))
                self.add("people.PersonAddress", person=person, place=place, kind=kind, start_date=start, end_date=end)
        return person

    def front_door(self, child: Rec) -> None:
        """Contacts and referrals, cases and what is done in them."""
        for _ in range(self.random.randint(0, 3)):
            day, outcome = self.day(), self.pick(*CODES["contact"])
            decided: dict[str, Any] = {"outcome": outcome, "outcome_date": self.later(day)} if outcome else {}
            issue = self.pick("DV", "NEGLECT")
            self.add(
                "front_door.Contact", person=child, contact_date=day, source="1A", presenting_issue=issue, **decided
            )
        day = self.day()
        for _ in range(self.random.randint(0, 4)):
            outcome = self.pick(*CODES["referral"])
            self.add(
                "front_door.Referral",
                person=child,
                referral_date=day,
                source=self.pick("1A", "5A"),
                primary_need=self.pick("N1", ""),
                outcome=outcome,
                no_further_action=outcome == "NFA",
                decision_date=self.later(day) if outcome else None,
            )
            day = self.later(day)
        for service in ("social_care", "leaving_care"):
            for start, end in self.spells(3) if service == "social_care" or self.chance(0.2) else ():
                closed: dict[str, Any] = {"end_date": end, "closure_reason": "RC1"} if end else {}
                case = self.add("cases.Case", person=child, service=service, start_date=start, **closed)
                if service == "social_care":
                    child.notes.setdefault("case", case)
                    self.assessments(child, case)
        long_closed: dict[str, Any] = {
            "start_date": date(2012, 1, 1),
            "end_date": date(2012, 2, 1),
            "closure_reason": "RC8",
        }
        child.notes.setdefault("case", self.add("cases.Case", person=child, service="social_care", **long_closed))

    def assessments(self, child: Rec, case: Rec) -> None:
        """Assessments of a case, with factors."""
        for _ in range(self.random.randint(0, 2)):
            start = self.day()
            ending = self.pick(
                {"authorised_date": self.later(start), "outcome": "NFA"},
                {"authorised_date": self.day(start)},
                {"cancelled_date": self.day(start)},
                {},
            )
            assessment = self.add("assessment.Assessment", person=child, case=case, start_date=start, **ending)
            for factor in self.random.sample(CODES["factor"], self.random.randint(0, 7)):
                self.add("assessment.AssessmentFactor", person=child, assessment=assessment, factor=factor)

    def pathways(self, child: Rec) -> None:
        """Everything that a child goes through alone."""
        of: dict[str, Any] = {"person": child}
        for start, end in self.spells(2) if self.chance(0.4) else ():
            self.add("child_in_need.Plan", **of, case=child.notes["case"], start_date=start, end_date=end)
        home = (self.area, self.source)
        away = (CITY, "city") if self.area == COUNTY else (COUNTY, "own")
        if self.chance(0.7):
            for start, end in self.spells(3):
                self.care(child, start, end)
                if self.chance(0.2):
                    self.area, self.source = away if (self.area, self.source) == home else home
        for label, share in (
            ("looked_after.AsylumStatus", 0.3),
            ("disability.ServiceSpell", 0.4),
        ):
            for start, end in self.spells(2) if self.chance(share) else ():
                self.add(label, **of, start_date=start, end_date=end)
        for start, end in self.spells(2) if self.chance(0.3) else ():
            self.add(
                "leaving_care.CareLeaver",
                **of,
                eligibility=self.pick("RELEVANT", "FORMER"),
                start_date=start,
                end_date=end,
            )
        if self.chance(0.3):
            start = self.day()
            self.add(
                "adoption.AdoptionPlan",
                **of,
                care_start_date=self.pick(None, start, start),
                placed_date=self.pick(None, self.later(start), self.later(start)),
                order_date=self.day(start),
            )

    def care(self, child: Rec, start: date, end: date | None) -> None:
        """A period of care with placements, episodes and reviews."""
        birth, kinds = child.values.get("birth_date"), CODES["placement"]
        if start < child.values.get("expected_birth_date", birth or FIRST):
            return
        if birth and start <= birthday(birth, 18) <= (end or LAST) and self.chance(0.8):
            end, kinds = birthday(birth, 18), ("U4", "U6", "U1", "K2", "T1")
            if "stayed" not in child.notes and self.chance(0.7):
                since = end + timedelta(days=self.pick(-1, 0, 0, 0, 1))
                until = self.pick(None, since, since + timedelta(days=1), self.day(since))
                child.notes["stayed"] = self.add(
                    "leaving_care.StayingPut", person=child, start_date=since, end_date=until
                )
        of: dict[str, Any] = {"person": child}
        reason = self.pick(*CODES["ceased"]) if end else None
        period = self.add(
            "looked_after.PeriodOfCare",
            **of,
            start_date=start,
            end_date=end,
            end_reason=reason,
            category_of_need=self.pick("N1", "N8"),
        )
        status = self.pick("V2", "V2", "C1", "C2", "V3", "V4", "mixed", "none")
        days = sorted({start, *(self.day(start) for _ in range(self.random.randint(0, 6)))})
        days = [day for day in days if end is None or day < end] or [start]
        for number, first in enumerate(days):
            if not self.chance(0.1):  # Else a gap between placements.
                self.placement(of | {"period": period}, first, [*days, end][number + 1], (status, self.pick(*kinds)))
        day = start
        for _ in range(self.random.randint(0, 5)):
            day = self.later(day) if self.chance(0.8) else self.day()
            self.add("looked_after.Review", **of, period=period, review_date=day)

    def placement(self, of: dict[str, Any], start: date, end: date | None, codes: tuple[str, str]) -> None:
        """A placement and its episode, unless episodes are not held."""
        status, kind = codes
        spell: dict[str, Any] = {"start_date": start, "end_date": end}
        placement = self.add(
            "looked_after.Placement",
            **of,
            **spell,
            placement_type=kind,
            carer_reference="" if kind[0] in "KR" else self.pick("A", "A", "B", ""),
            authority=self.pick(COUNTY, CITY, ""),
            distance_miles=self.pick(None, 19.9, 20.0, 20.1, 55.0),
        )
        if status != "none":
            legal = self.pick("V3", "V4", "C2") if status == "mixed" else status
            self.add("looked_after.Episode", **of, **spell, placement=placement, start_reason="S", legal_status=legal)

    def protection(self, children: list[Rec]) -> None:
        """Enquiries, conferences at which siblings are presented together, plans and their reviews."""
        for _ in range(self.random.randint(0, 2)):
            start = self.day()
            meeting = self.add(
                "child_protection.Conference",
                kind=self.pick("ICPC", "ICPC", "PRE_BIRTH", "TRANSFER_IN"),
                conference_date=self.pick(self.later(start), add_working_days(start, self.pick(14, 15, 16))),
            )
            for child in children:
                enquiry = self.add(
                    "child_protection.Section47",
                    person=child,
                    case=child.notes["case"],
                    start_date=self.pick(start, start, self.day()),
                )
                self.present(child, meeting, section47=self.pick(enquiry, enquiry, enquiry, None))
        days = [self.day() for _ in range(self.random.randint(0, 5))]
        plans = {child: self.plans(child) for child in children if self.chance(0.7)}
        begun = [plan.values["start_date"] for held in plans.values() for plan in held]
        days += [self.later(day) for day in begun] + [add_months(self.later(day), 6) for day in begun]
        for day in sorted(set(days)):
            meeting = self.add("child_protection.Conference", kind="RCPC", conference_date=day)
            for held in plans.values():
                for plan in held:
                    ended = plan.values["end_date"]
                    if plan.values["start_date"] <= day and (ended is None or day <= ended):
                        self.present(plan.values["person"], meeting, plan=self.pick(*[plan] * 9, None))
                        break

    def plans(self, child: Rec) -> list[Rec]:
        """Child protection plans of a child."""
        found = []
        for start, end in self.spells(3):
            plan = self.add(
                "child_protection.Plan",
                person=child,
                case=child.notes["case"],
                start_date=start,
                end_date=end,
                initial_category=self.pick(*CODES["category"]),
                latest_category=self.pick(*CODES["category"]),
                end_reason="NO_RISK" if end else None,
                declared_previous_plans=self.pick(None, None, None, 0, 1),
            )
            found.append(plan)
        return found

    def present(self, child: Rec, meeting: Rec, **more: Any) -> None:
        """A child at a conference."""
        self.add(
            "child_protection.ConferenceChild", person=child, conference=meeting, advocate=self.chance(0.3), **more
        )

    def court(self, children: list[Rec]) -> None:
        """An application for the family's children, and orders."""
        issued = self.day()
        application = self.add(
            "court.Application", issue_date=issued, final_order_date=self.pick(None, self.day(issued))
        )
        for child in children:
            self.add("court.ApplicationChild", person=child, application=application)
            for _ in range(self.random.randint(0, 2)):
                self.add(
                    "court.Order",
                    person=child,
                    application=application,
                    order=self.pick(*CODES["order"]),
                    order_date=self.day(),
                )
