"""What must be true of any partnership, whatever its profile and seed: the rules that real records are checked by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from sightline.standards.calendar import add_months, age_on, birthday, is_working_day
from sightline.standards.codes import codeset

from .recount import Row, Rows, is_open

TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
FAR = date(9999, 1, 1)

# Table, field, code set, the field whose day the code is judged on.
CODED = (
    ("front_door.Contact", "source", "cin_referral_source", "contact_date"),
    ("front_door.Contact", "outcome", "contact_outcome", "contact_date"),
    ("front_door.Contact", "presenting_issue", "contact_issue", "contact_date"),
    ("front_door.Referral", "source", "cin_referral_source", "referral_date"),
    ("front_door.Referral", "outcome", "referral_outcome", "referral_date"),
    ("front_door.Referral", "primary_need", "cin_primary_need", "referral_date"),
    ("cases.Case", "closure_reason", "cin_closure_reason", "end_date"),
    ("cases.Case", "service", "service", "start_date"),
    ("assessment.Assessment", "outcome", "assessment_outcome", "authorised_date"),
    ("child_protection.Section47", "outcome", "s47_outcome", "end_date"),
    ("child_protection.Conference", "kind", "conference_kind", "conference_date"),
    ("child_protection.Plan", "initial_category", "cp_category_of_abuse", "start_date"),
    ("child_protection.Plan", "latest_category", "cp_category_of_abuse", "start_date"),
    ("child_protection.Plan", "end_reason", "cp_plan_end_reason", "end_date"),
    ("looked_after.PeriodOfCare", "end_reason", "cla_reason_episode_ceased", "end_date"),
    ("looked_after.PeriodOfCare", "category_of_need", "cla_category_of_need", "start_date"),
    ("looked_after.Placement", "placement_type", "cla_placement_type", "start_date"),
    ("looked_after.Placement", "provider", "cla_placement_provider", "start_date"),
    ("looked_after.Placement", "change_reason", "cla_reason_placement_change", "end_date"),
    ("looked_after.Episode", "start_reason", "cla_reason_new_episode", "start_date"),
    ("looked_after.Episode", "legal_status", "cla_legal_status", "start_date"),
    ("looked_after.Episode", "end_reason", "cla_reason_episode_ceased", "end_date"),
    ("looked_after.Review", "participation", "review_participation", "review_date"),
    ("court.Order", "order", "care_proceedings_order", "order_date"),
    ("court.Hearing", "kind", "hearing_kind", "hearing_date"),
    ("leaving_care.CareLeaver", "eligibility", "care_leaver_eligibility", "start_date"),
    ("leaving_care.Outcome", "activity", "care_leaver_activity", "year_end"),
    ("leaving_care.Outcome", "accommodation", "care_leaver_accommodation", "year_end"),
    ("leaving_care.Outcome", "in_touch", "care_leaver_in_touch", "year_end"),
    ("people.Disability", "disability", "disability", "start_date"),
    ("people.Relationship", "kind", "relationship", "start_date"),
    ("people.Identifier", "scheme", "identifier_scheme", ""),
)

# Table, field of the event, and so when it can first have been recorded.
EVENTS = (
    ("front_door.Contact", "contact_date"),
    ("front_door.Referral", "referral_date"),
    ("cases.Case", "start_date"),
    ("assessment.Assessment", "start_date"),
    ("child_protection.Plan", "start_date"),
    ("child_protection.Conference", "conference_date"),
    ("child_in_need.Plan", "start_date"),
    ("child_in_need.Visit", "visit_date"),
    ("looked_after.PeriodOfCare", "start_date"),
    ("looked_after.Review", "review_date"),
    ("court.Order", "order_date"),
)


class Coherence:
    """Looks through one partnership's rows; every method gives what is wrong, one line each."""

    def __init__(self, rows: Rows, year_end: date) -> None:
        self.rows = rows
        self.year_end = year_end
        self.people = {row["id"]: row for row in rows["people.Person"]}
        self.cases = self.by_person("cases.Case")
        respite = {row["period_id"] for row in rows["looked_after.Episode"] if row["legal_status"] in ("V3", "V4")}
        self.respite = respite
        self.care = {
            person: [row for row in found if row["id"] not in respite]
            for person, found in self.by_person("looked_after.PeriodOfCare").items()
        }
        self.plans = self.by_person("child_protection.Plan")

    def by_person(self, table: str, key: str = "start_date") -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(self.rows[table], key=lambda row: row[key]):
            found[row["person_id"]].append(row)
        return found

    def problems(self) -> list[str]:
        """Everything that is wrong."""
        parts: tuple[Callable[[], Iterator[str]], ...] = (
            self.ids, self.codes, self.recorded, self.spells, self.ages, self.deaths, self.households, self.within_cases, self.referrals,
            self.assessments, self.conferences, self.reviews_of_plans, self.need_plans, self.periods, self.episodes, self.care_reviews,
            self.adoptions, self.courts, self.aftercare,
        )  # fmt: skip
        return [f"{part.__name__}: {problem}" for part in parts for problem in part()]

    def born(self, person: int) -> date:
        found: date = self.people[person]["birth_date"] or self.people[person]["expected_birth_date"]
        return found

    def ids(self) -> Iterator[str]:
        known = {table: {row["id"] for row in rows} for table, rows in self.rows.items()}
        for table, rows in self.rows.items():
            if len(known[table]) != len(rows):
                yield f"{table}: an id twice"
        for table, column, target in (
            ("front_door.Referral", "contact_id", "front_door.Contact"),
            ("front_door.Referral", "previous_id", "front_door.Referral"),
            ("front_door.Referral", "case_id", "cases.Case"),
            ("cases.Allocation", "worker_id", "organisations.Worker"),
            ("looked_after.Episode", "placement_id", "looked_after.Placement"),
            ("looked_after.Placement", "period_id", "looked_after.PeriodOfCare"),
            ("child_protection.ConferenceChild", "plan_id", "child_protection.Plan"),
            ("child_protection.ConferenceChild", "section47_id", "child_protection.Section47"),
            ("people.PersonAddress", "place_id", "places.Place"),
        ):
            lost = {row[column] for row in self.rows[table]} - known.get(target, set()) - {None}
            if lost:
                yield f"{table}.{column}: {len(lost)} that are not in {target}"
        for table, rows in self.rows.items():
            if rows and "person_id" in rows[0] and any(row["person_id"] not in self.people for row in rows):
                yield f"{table}: a person who does not exist"

    def codes(self) -> Iterator[str]:
        for table, field, name, on in CODED:
            codes = codeset(name)
            wrong = {
                (row[field], row[on] if on else None)
                for row in self.rows[table]
                if row[field] not in (None, "") and not codes.is_valid(row[field], row[on] if on else None)
            }
            yield from (f"{table}.{field} {code} on {day}" for code, day in sorted(wrong, key=str)[:3])
        authorised = {row["id"]: row["authorised_date"] for row in self.rows["assessment.Assessment"]}
        factors = codeset("cin_assessment_factors")
        for row in self.rows["assessment.AssessmentFactor"]:
            if not factors.is_valid(row["factor"], authorised[row["assessment_id"]]):
                yield f"factor {row['factor']} on {authorised[row['assessment_id']]}"

    def recorded(self) -> Iterator[str]:
        for table, field in EVENTS:
            if any(row["recorded_at"].date() < row[field] for row in self.rows[table]):
                yield f"{table}: recorded before it happened"

    def spells(self) -> Iterator[str]:
        """Spells of one person in one stream neither end before they start nor overlap."""
        for table, key in (
            ("cases.Case", "service"),
            ("child_protection.Plan", ""),
            ("child_in_need.Plan", ""),
            ("looked_after.PeriodOfCare", ""),
            ("looked_after.Placement", ""),
            ("looked_after.Episode", ""),
            ("leaving_care.CareLeaver", ""),
            ("disability.ServiceSpell", ""),
            ("people.PersonAddress", "kind"),
        ):
            found: dict[Any, list[Row]] = defaultdict(list)
            for row in self.rows[table]:
                found[row["person_id"], row[key] if key else ""].append(row)
            for rows in found.values():
                rows.sort(key=lambda row: (row["start_date"], row["end_date"] or FAR))
                if any(row["end_date"] is not None and row["end_date"] < row["start_date"] for row in rows):
                    yield f"{table}: ends before it starts"
                if any((a["end_date"] or FAR) > b["start_date"] for a, b in pairwise(rows)):
                    yield f"{table}: two at once for person {rows[0]['person_id']}"

    def ages(self) -> Iterator[str]:
        last = add_months(self.year_end, 4)
        for table in ("looked_after.PeriodOfCare", "child_protection.Plan"):
            care = table.startswith("looked")
            for row in self.rows[table]:
                born = self.born(row["person_id"])
                grown_up = birthday(born, 18)
                if (row["end_date"] or (last if care else self.year_end)) > grown_up:
                    yield f"{table}: a person of 18 ({row['person_id']})"
                if care and row["start_date"] < born:
                    yield f"{table}: before birth"
                if row["start_date"] < born and (born - row["start_date"]).days > 280:
                    yield f"{table}: long before birth"
        for row in self.rows["front_door.Referral"]:
            if (self.born(row["person_id"]) - row["referral_date"]).days > 280 or age_on(
                self.born(row["person_id"]), row["referral_date"]
            ) > 17:
                outside = self.cases[row["person_id"]] and self.rows["leaving_care.CareLeaver"]
                if not (
                    outside
                    and any(one["person_id"] == row["person_id"] for one in self.rows["leaving_care.CareLeaver"])
                ):
                    yield f"referral of somebody aged {age_on(self.born(row['person_id']), row['referral_date'])}"

    def deaths(self) -> Iterator[str]:
        died = {person: row["death_date"] for person, row in self.people.items() if row["death_date"]}
        for table, rows in self.rows.items():
            for row in rows:
                day = died.get(row.get("person_id", 0))
                if day is None:
                    continue
                if any(isinstance(value, date) and value > day for name, value in row.items() if name != "recorded_at"):
                    yield f"{table}: after death"

    def households(self) -> Iterator[str]:
        home: dict[int, set[int]] = defaultdict(set)
        for row in self.rows["people.HouseholdMember"]:
            home[row["person_id"]].add(row["household_id"])
        if any(len(found) != 1 for found in home.values()) or len(home) != len(self.people):
            yield "somebody with no household or with two"
        for row in self.rows["people.Relationship"]:
            if home[row["person_id"]] != home[row["other_id"]]:
                yield f"{row['kind']} in another household"
        births: dict[int, list[date]] = defaultdict(list)
        children = {row["person_id"] for row in self.rows["people.Role"] if row["role"] == "child"}
        for person, found in home.items():
            if person in children:
                births[min(found)].append(self.born(person))
        for days in births.values():
            if any(0 < (b - a).days < 280 for a, b in pairwise(sorted(days))):
                yield "brothers and sisters born too near each other"

    def within_cases(self) -> Iterator[str]:
        """Care, plans and assessments lie in one open case of children's social care."""
        for table, start, end in (
            ("looked_after.PeriodOfCare", "start_date", "end_date"),
            ("child_protection.Plan", "start_date", "end_date"),
            ("child_in_need.Plan", "start_date", "end_date"),
            ("assessment.Assessment", "start_date", "authorised_date"),
            ("child_protection.Section47", "start_date", "end_date"),
            ("disability.ServiceSpell", "start_date", "end_date"),
        ):
            for row in self.rows[table]:
                until = row[end] or row.get("cancelled_date")
                if until is not None and until > self.year_end:
                    until = None  # cases are told to the last day of the year
                fits = any(
                    case["service"] == "social_care"
                    and case["start_date"]
                    <= max(row[start], case["start_date"] if row[start] > self.year_end else row[start])
                    and (case["end_date"] is None or (until is not None and until <= case["end_date"]))
                    for case in self.cases[row["person_id"]]
                )
                if not fits:
                    yield f"{table}: {row[start]} to {row[end]} outside a case of person {row['person_id']}"

    def referrals(self) -> Iterator[str]:
        for row in self.rows["front_door.Referral"]:
            day = row["referral_date"]
            if any(case["start_date"] < day and is_open(case, day) for case in self.cases[row["person_id"]]):
                yield f"referral of {day} while a case was open"
            if row["no_further_action"] != (row["case_id"] is None) or row["no_further_action"] != (
                row["outcome"] == "NFA"
            ):
                yield "referral whose outcome and case disagree"
        for row in self.rows["front_door.Contact"]:
            day = row["contact_date"]
            if row["outcome"] != "REFERRAL" and any(is_open(case, day) for case in self.cases[row["person_id"]]):
                yield "contact that ended at the door while a case was open"

    def assessments(self) -> Iterator[str]:
        factors: dict[int, list[str]] = defaultdict(list)
        for row in self.rows["assessment.AssessmentFactor"]:
            factors[row["assessment_id"]].append(row["factor"])
        for row in self.rows["assessment.Assessment"]:
            found = factors[row["id"]]
            if (row["authorised_date"] is not None) != bool(found):
                yield "factors without authorisation, or the other way round"
            if "21" in found and len(found) > 1:
                yield "factor 21 beside another"
        for rows in self.by_person("assessment.Assessment").values():
            for a, b in pairwise(rows):
                if (a["authorised_date"] or a["cancelled_date"] or FAR) > b["start_date"]:
                    yield f"two assessments at once: {a['start_date']} and {b['start_date']}"

    def conferences(self) -> Iterator[str]:
        held = {row["id"]: row for row in self.rows["child_protection.Conference"]}
        enquiries = {row["id"]: row for row in self.rows["child_protection.Section47"]}
        plans = {row["id"]: row for row in self.rows["child_protection.Plan"]}
        discussions = {row["id"]: row for row in self.rows["child_protection.StrategyDiscussion"]}
        made: set[int] = set()
        for row in self.rows["child_protection.ConferenceChild"]:
            meeting, plan = held[row["conference_id"]], plans.get(row["plan_id"])
            day = meeting["conference_date"]
            if not is_working_day(day):
                yield f"conference on {day}, when nobody works"
            if meeting["kind"] == "RCPC":
                continue
            if (row["outcome"] == "CP") != (plan is not None):
                yield "conference whose decision and plan disagree"
            if plan is not None:
                made.add(plan["id"])
                if plan["start_date"] != day or plan["person_id"] != row["person_id"]:
                    yield "plan that starts on another day than its conference, or is another child's"
            if (meeting["kind"] == "ICPC") != (row["section47_id"] is not None):
                yield "initial conference without an enquiry, or transfer with one"
            if row["section47_id"] is not None and enquiries[row["section47_id"]]["start_date"] > day:
                yield "conference before its enquiry"
        if made != plans.keys():
            yield f"{len(plans.keys() - made)} plans without a conference"
        for row in enquiries.values():
            if discussions[row["strategy_discussion_id"]]["discussion_date"] != row["start_date"]:
                yield "enquiry that starts on another day than its discussion"

    def reviews_of_plans(self) -> Iterator[str]:
        held = {row["id"]: row for row in self.rows["child_protection.Conference"]}
        plans = {row["id"]: row for row in self.rows["child_protection.Plan"]}
        for row in self.rows["child_protection.ConferenceChild"]:
            day = held[row["conference_id"]]["conference_date"]
            if held[row["conference_id"]]["kind"] == "RCPC":
                plan = plans[row["plan_id"]]
                if not plan["start_date"] < day <= (plan["end_date"] or FAR):
                    yield f"review on {day} of a plan from {plan['start_date']} to {plan['end_date']}"
        for table, field in (("child_protection.CoreGroup", "meeting_date"), ("child_protection.Visit", "visit_date")):
            for row in self.rows[table]:
                plan = plans[row["plan_id"]]
                if not plan["start_date"] <= row[field] <= (plan["end_date"] or self.year_end):
                    yield f"{table} outside its plan"

    def need_plans(self) -> Iterator[str]:
        plans = {row["id"]: row for row in self.rows["child_in_need.Plan"]}
        for row in plans.values():
            for other in [*self.plans.get(row["person_id"], []), *self.care.get(row["person_id"], [])]:
                if row["start_date"] < (other["end_date"] or FAR) and other["start_date"] < (row["end_date"] or FAR):
                    if other["start_date"] > self.year_end:
                        continue  # care that began after the plans are told
                    yield f"plan for a child in need beside protection or care, person {row['person_id']}"
        for table, field in (("child_in_need.Review", "review_date"), ("child_in_need.Visit", "visit_date")):
            for row in self.rows[table]:
                if (
                    not plans[row["plan_id"]]["start_date"]
                    <= row[field]
                    <= (plans[row["plan_id"]]["end_date"] or self.year_end)
                ):
                    yield f"{table} outside its plan"

    def periods(self) -> Iterator[str]:
        """Placements fill a period of care without a gap, and none begins or ends it that is temporary."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(self.rows["looked_after.Placement"], key=lambda row: row["start_date"]):
            found[row["period_id"]].append(row)
        for period in self.rows["looked_after.PeriodOfCare"]:
            rows = found[period["id"]]
            yield from _chain(rows, period, "placements")
            if rows[0]["placement_type"] in TEMPORARY or rows[-1]["placement_type"] in TEMPORARY:
                yield "temporary placement at an end of care"
            for row in rows:
                if (row["provider"] == "PR0") != (row["placement_type"] == "P1"):
                    yield "provider of a placement with parents"
                if not row["carer_reference"] and row["placement_type"] not in TEMPORARY:
                    yield "placement without carers"

    def episodes(self) -> Iterator[str]:
        """The rules of the SSDA903 return."""
        placements = {row["id"]: row for row in self.rows["looked_after.Placement"]}
        found: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(self.rows["looked_after.Episode"], key=lambda row: row["start_date"]):
            found[row["period_id"]].append(row)
        for period in self.rows["looked_after.PeriodOfCare"]:
            rows = found[period["id"]]
            yield from _chain(rows, period, "episodes")
            if rows[0]["start_reason"] != "S" or any(row["start_reason"] == "S" for row in rows[1:]):
                yield "reason for a new episode: S is the first and only the first"
            if any(row["end_reason"] != "X1" for row in rows[:-1]) or rows[-1]["end_reason"] != period["end_reason"]:
                yield "reason episode ceased: X1 between, the period's own at the end"
            for before, after in pairwise(rows):
                moved = before["placement_id"] != after["placement_id"]
                changed = before["legal_status"] != after["legal_status"]
                expected = {(True, False): "PT", (False, True): "L", (True, True): "BU"}.get((moved, changed), "")
                if after["start_reason"] not in expected:
                    yield f"episode began with {after['start_reason']}: moved {moved}, legal status changed {changed}"
            if period["id"] in self.respite and (period["end_date"] - period["start_date"]).days > 17:
                yield "short break of over 17 days"
            for row in rows:
                kind = placements[row["placement_id"]]["placement_type"]
                if kind in ("A5", "A6") and row["legal_status"] != "E1":
                    yield "placed for adoption without a placement order"
                if kind == "P1" and row["legal_status"] == "V2":
                    yield "placed with parents by agreement"
            last = placements[rows[-1]["placement_id"]]["placement_type"]
            if period["end_reason"] in ("E11", "E12") and last not in ("A3", "A4", "A5", "A6"):
                yield f"adopted from {last}"
            if period["end_reason"] in ("E43", "E45", "E46") and last[0] != "U":
                yield f"guardianship of a former foster carer from {last}"

    def care_reviews(self) -> Iterator[str]:
        periods = {row["id"]: row for row in self.rows["looked_after.PeriodOfCare"]}
        for row in self.rows["looked_after.Review"]:
            period, day = periods[row["period_id"]], row["review_date"]
            if not period["start_date"] <= day <= (period["end_date"] or FAR):
                yield "review outside care"
            if row["participation"] == "PN0" and age_on(self.born(row["person_id"]), day) >= 4:
                yield "PN0 for a child of four or over"

    def adoptions(self) -> Iterator[str]:
        for row in self.rows["adoption.AdoptionPlan"]:
            order = [
                row[f]
                for f in (
                    "care_start_date",
                    "decision_date",
                    "placement_order_date",
                    "matched_date",
                    "placed_date",
                    "order_date",
                )
            ]
            told = [day for day in order if day is not None]
            if told != sorted(told):
                yield f"milestones out of order: {told}"
            ended = [p for p in self.care[row["person_id"]] if p["end_reason"] in ("E11", "E12")]
            if (row["order_date"] is not None) != bool(ended) or (ended and ended[0]["end_date"] != row["order_date"]):
                yield "adoption order and end of care disagree"

    def courts(self) -> Iterator[str]:
        cases = {row["id"]: row for row in self.rows["court.Application"]}
        statuses: dict[int, list[Row]] = self.by_person("looked_after.Episode")
        wanted = {"ICO": "C1", "CO": "C2", "PO": "E1"}
        for row in self.rows["court.Order"]:
            case, day = cases[row["application_id"]], row["order_date"]
            if not case["issue_date"] <= day <= (case["final_order_date"] or FAR):
                yield f"order outside its application: {day}"
            if not any(
                e["legal_status"] == wanted[row["order"]] and e["start_date"] <= day <= (e["end_date"] or FAR)
                for e in statuses[row["person_id"]]
            ):
                yield f"{row['order']} of {day} that no episode shows"

    def aftercare(self) -> Iterator[str]:
        for row in self.rows["leaving_care.CareLeaver"]:
            if age_on(self.born(row["person_id"]), row["start_date"]) < 18:
                yield "leaving care under 18"
            if row["end_date"] is None and age_on(self.born(row["person_id"]), self.year_end) >= 25:
                yield "leaving care at 25 or over"


def _chain(rows: list[Row], period: Row, what: str) -> Iterable[str]:
    if not rows:
        yield f"no {what}"
        return
    if rows[0]["start_date"] != period["start_date"] or rows[-1]["end_date"] != period["end_date"]:
        yield f"{what} do not fill care"
    if any(a["end_date"] != b["start_date"] for a, b in pairwise(rows)):
        yield f"a gap between {what}"
    if any(row["end_date"] is not None and row["end_date"] <= row["start_date"] for row in rows):
        yield f"{what} of no length"
