"""Counts the printed figures again, in plain Python over generated tables. Knows neither the profile nor the measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from sightline.engine.synthetic.tables import Table
from sightline.standards.calendar import add_months, add_working_days, add_years, age_on, birthday
from sightline.standards.groups import leaving_care_group, placement_group

Row = dict[str, Any]
Rows = dict[str, list[Row]]
AREA_TOP = {"V3", "V4"}


def read(tables: Iterable[Table], *, without: frozenset[str] = frozenset()) -> Rows:
    """Tables as lists of named values; `recorded_at` stays."""
    found: Rows = defaultdict(list)
    for table in tables:
        if table.record not in without:
            found[table.record] += [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return found


UNNEEDED = frozenset(
    ("people.PersonName", "people.Identifier", "people.Role", "people.HouseholdMember", "people.Household", "people.PersonAddress",
     "places.Place", "people.Relationship", "child_in_need.Visit", "child_protection.Visit", "child_protection.CoreGroup")
)  # fmt: skip


def is_open(row: Row, day: date) -> bool:
    return bool(row["start_date"] <= day and (row["end_date"] is None or row["end_date"] > day))


def within(day: date | None, span: tuple[date, date]) -> bool:
    return day is not None and span[0] <= day <= span[1]


def pct(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


class Recount:
    """One partnership's rows, counted for the year that ends on a day."""

    def __init__(self, rows: Rows, year_end: date) -> None:
        self.rows = rows
        self.ends = {"year": year_end, "prior": add_years(year_end, -1), "before": add_years(year_end, -2)}
        self.spans = {
            name: (add_years(self.ends[name], -1) + timedelta(1), self.ends[name]) for name in ("year", "prior")
        }
        self.births = {row["id"]: row["birth_date"] or row["expected_birth_date"] for row in rows["people.Person"]}
        respite = {row["period_id"] for row in rows["looked_after.Episode"]} - {
            row["period_id"] for row in rows["looked_after.Episode"] if row["legal_status"] not in AREA_TOP
        }
        self.care = [row for row in rows["looked_after.PeriodOfCare"] if row["id"] not in respite]
        self.plans = rows["child_protection.Plan"]
        self.cases = rows["cases.Case"]

    def all(self) -> dict[str, Any]:
        """Every figure by name; those of both years end in the year's name."""
        found: dict[str, Any] = {}
        parts: tuple[Callable[[str], dict[str, Any]], ...] = (
            self.front_door,
            self.assessments,
            self.open_cases,
            self.protection,
            self.conferences,
            self.looked_after,
            self.placements,
            self.care_reviews,
            self.courts,
        )
        for name in ("year", "prior"):
            for part in parts:
                found |= {f"{key}.{name}": value for key, value in part(name).items()}
        return found | self.once()

    def in_year(self, table: str, field: str, name: str) -> list[Row]:
        return [row for row in self.rows[table] if within(row[field], self.spans[name])]

    def front_door(self, name: str) -> dict[str, Any]:
        contacts = Counter(row["outcome"] for row in self.in_year("front_door.Contact", "contact_date", name))
        contacts.pop("REFERRAL", None)
        days: dict[int, list[date]] = defaultdict(list)
        for row in self.rows["front_door.Referral"]:
            days[row["person_id"]].append(row["referral_date"])
        referrals = self.in_year("front_door.Referral", "referral_date", name)
        again = sum(
            any(add_months(row["referral_date"], -12) <= day < row["referral_date"] for day in days[row["person_id"]])
            for row in referrals
        )
        return {
            "contacts": contacts.total(),
            **{f"contacts.{outcome}": count for outcome, count in contacts.items()},
            "referrals": len(referrals),
            "referrals.nfa": sum(row["no_further_action"] for row in referrals),
            "rereferrals": again,
            "rereferrals.linked": sum(row["previous_id"] is not None for row in referrals),
        }

    def assessments(self, name: str) -> dict[str, Any]:
        done = self.in_year("assessment.Assessment", "authorised_date", name)
        day = self.ends[name]
        factors: dict[int, set[str]] = defaultdict(set)
        for row in self.rows["assessment.AssessmentFactor"]:
            factors[row["assessment_id"]].add(row["factor"])
        counts = Counter(factor for row in done for factor in factors[row["id"]])
        trio = sum(
            bool(f & {"3A", "3B", "3C"} and f & {"4A", "4B", "4C"} and f & {"1A", "1B", "1C", "2A", "2B", "2C"})
            for f in (factors[row["id"]] for row in done)
        )
        return {
            "assessments": len(done),
            "assessments.in_time": sum(
                row["authorised_date"] <= add_working_days(row["start_date"], 45) for row in done
            ),
            "assessments.in_progress": sum(
                row["start_date"] <= day
                and (row["authorised_date"] is None or row["authorised_date"] > day)
                and (row["cancelled_date"] is None or row["cancelled_date"] > day)
                for row in self.rows["assessment.Assessment"]
            ),
            **{f"factors.{code}": counts[code] for code in ("3B", "4B", "1B", "3A", "17A", "16A", "2B")},
            "factors.trio": trio,
        }

    def open_cases(self, name: str) -> dict[str, Any]:
        day = self.ends[name]
        earliest: dict[int, date] = {}
        social: set[int] = set()
        for row in self.cases:
            if is_open(row, day):
                earliest[row["person_id"]] = min(row["start_date"], earliest.get(row["person_id"], day))
                if row["service"] == "social_care":
                    social.add(row["person_id"])
        other = {row["person_id"] for row in [*self.plans, *self.care] if is_open(row, day)}
        other |= {row["person_id"] for row in self.rows["leaving_care.CareLeaver"] if is_open(row, day)}
        return {
            "cases": len(earliest),
            "cases.over_two_years": sum(add_years(start, 2) < day for start in earliest.values()),
            "cases.in_need": len(social - other),
            "cases.social_care": len(social),
            "cases.closed": sum(within(row["end_date"], self.spans[name]) for row in self.cases),
        }

    def protection(self, name: str) -> dict[str, Any]:
        day, span = self.ends[name], self.spans[name]
        started = [row for row in self.plans if within(row["start_date"], span)]
        first: dict[int, date] = {}
        for row in self.plans:
            first[row["person_id"]] = min(row["start_date"], first.get(row["person_id"], row["start_date"]))
        disabled = {row["person_id"] for row in self.rows["people.Disability"] if row["disability"] != "NONE"}
        in_year = {
            row["person_id"]
            for row in self.plans
            if row["start_date"] <= span[1] and (row["end_date"] is None or row["end_date"] > span[0])
        }
        open_now = [row for row in self.plans if is_open(row, day)]
        return {
            "plans": len({row["person_id"] for row in open_now}),
            "plans.over_15m": sum(add_months(row["start_date"], 15) < day for row in open_now),
            "plans.started": len(started),
            "plans.started.children": len({row["person_id"] for row in started}),
            "plans.ended": sum(within(row["end_date"], span) for row in self.plans),
            "plans.ended.children": len({row["person_id"] for row in self.plans if within(row["end_date"], span)}),
            "plans.repeat": sum(first[row["person_id"]] < row["start_date"] for row in started),
            **{
                f"plans.{code}": sum(row["initial_category"] == code for row in started)
                for code in ("NEG", "EMO", "SAB", "PHY")
            },
            "plans.disabled": len(disabled & in_year),
        }

    def conferences(self, name: str) -> dict[str, Any]:
        held = {row["id"]: row for row in self.in_year("child_protection.Conference", "conference_date", name)}
        enquiries = {row["id"]: row for row in self.rows["child_protection.Section47"]}
        due = self._review_due()
        children: Counter[str] = Counter()
        in_time: Counter[str] = Counter()
        late_meetings: dict[str, set[int]] = defaultdict(set)
        advocates = 0
        for row in self.rows["child_protection.ConferenceChild"]:
            meeting = held.get(row["conference_id"])
            if meeting is None or meeting["kind"] not in ("ICPC", "RCPC"):
                continue
            kind = meeting["kind"]
            limit = (
                add_working_days(enquiries[row["section47_id"]]["start_date"], 15)
                if kind == "ICPC"
                else due[row["plan_id"], row["conference_id"]]
            )
            children[kind] += 1
            advocates += row["advocate"]
            if meeting["conference_date"] <= limit:
                in_time[kind] += 1
            else:
                late_meetings[kind].add(row["conference_id"])
        found: dict[str, Any] = {"advocates": advocates, "presented": children.total()}
        for kind in ("ICPC", "RCPC"):
            meetings = sum(row["kind"] == kind for row in held.values())
            found |= {
                f"{kind}.children": children[kind],
                f"{kind}.in_time": in_time[kind],
                f"{kind}.meetings": meetings,
                f"{kind}.meetings_in_time_pct": round(pct(meetings - len(late_meetings[kind]), meetings), 1),
            }
        return found

    def _review_due(self) -> dict[tuple[int, int], date]:
        """When each review of each plan was due: three months after the start, then six after the review before."""
        held = {row["id"]: row for row in self.rows["child_protection.Conference"]}
        reviews: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for row in self.rows["child_protection.ConferenceChild"]:
            if held[row["conference_id"]]["kind"] == "RCPC":
                reviews[row["plan_id"]].append((held[row["conference_id"]]["conference_date"], row["conference_id"]))
        due: dict[tuple[int, int], date] = {}
        for plan in self.plans:
            last, months = plan["start_date"], 3
            for day, meeting in sorted(reviews[plan["id"]]):
                due[plan["id"], meeting] = add_months(last, months)
                last, months = day, 6
        return due

    def looked_after(self, name: str) -> dict[str, Any]:
        day, span = self.ends[name], self.spans[name]
        now = [row for row in self.care if is_open(row, day)]
        ages = Counter(_band(age_on(self.births[row["person_id"]], day)) for row in now)
        starts: dict[int, date] = {}
        ends: dict[int, tuple[date, str]] = {}
        for row in self.care:
            if within(row["start_date"], span):
                starts[row["person_id"]] = min(row["start_date"], starts.get(row["person_id"], row["start_date"]))
            if within(row["end_date"], span):
                ends[row["person_id"]] = max(
                    (row["end_date"], row["end_reason"]), ends.get(row["person_id"], (span[0], ""))
                )
        reasons = Counter(code for _, code in ends.values())
        groups = Counter(leaving_care_group(code) for _, code in ends.values())
        alone = {row["person_id"] for row in self.rows["looked_after.AsylumStatus"] if is_open(row, day)}
        service = {row["person_id"] for row in self.rows["disability.ServiceSpell"] if is_open(row, day)}
        children = {row["person_id"] for row in now}
        month_ends = [add_months(span[0], m) - timedelta(1) for m in range(1, 13)]
        stocks = [sum(is_open(row, end) for row in self.care) for end in month_ends]
        return {
            "care": len(children),
            **{f"care.age.{band}": count for band, count in ages.items()},
            "care.started": len(starts),
            "care.started.under_5": sum(age_on(self.births[person], start) < 5 for person, start in starts.items()),
            "care.ended": len(ends),
            "care.adopted": groups["ADOPTED"],
            "care.sgo": groups["SGO"],
            "care.home": groups["HOME"],
            "care.home_planned": reasons["E4A"],
            "care.unaccompanied": len(alone & children),
            "care.least": min(stocks),
            "care.most": max(stocks),
            "disability": len(service),
            "disability.care": len(service & children),
        }

    def placements(self, name: str) -> dict[str, Any]:
        day = self.ends[name]
        first_day = add_years(day, -1) + timedelta(1)
        now = {row["person_id"]: row for row in self.care if is_open(row, day)}
        by_person: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(self.rows["looked_after.Placement"], key=lambda row: row["start_date"]):
            if row["person_id"] in now:
                by_person[row["person_id"]].append(row)
        kinds: Counter[str] = Counter()
        found: Counter[str] = Counter(dict.fromkeys(("outside", "far", "three", "lasting", "settled"), 0))
        for person, period in now.items():
            placed = next(row for row in by_person[person] if is_open(row, day))
            kinds[placement_group(placed["placement_type"])] += 1
            found["outside"] += placed["authority"] != self.area
            found["far"] += placed["distance_miles"] is not None and placed["distance_miles"] > 20
            islands = _islands(by_person[person])
            found["three"] += sum(start <= day and (end is None or end > first_day) for start, end in islands) >= 3
            if age_on(self.births[person], day) < 16 and add_months(period["start_date"], 30) <= day:
                present = next(start for start, end in islands if start <= day and (end is None or end > day))
                found["lasting"] += 1
                found["settled"] += add_months(present, 24) <= day
        return {f"placed.{key}": value for key, value in {**kinds, **found}.items()}

    @property
    def area(self) -> str:
        return str(self.rows["records.Coverage"][0]["area"])

    def care_reviews(self, name: str) -> dict[str, Any]:
        span = self.spans[name]
        held: dict[int, list[date]] = defaultdict(list)
        for row in self.rows["looked_after.Review"]:
            held[row["period_id"]].append(row["review_date"])
        due_in_year = in_time = 0
        for period in self.care:
            days = sorted(held[period["id"]])
            due = add_working_days(period["start_date"], 20)
            for place in range(len(days) + 1):
                if period["end_date"] is not None and period["end_date"] <= due:
                    break
                if within(due, span):
                    due_in_year += 1
                    in_time += place < len(days) and days[place] <= due
                if place < len(days):
                    due = add_months(days[place], 3 if place == 0 else 6)
        return {"reviews.due": due_in_year, "reviews.in_time_pct": round(pct(in_time, due_in_year), 1)}

    def courts(self, name: str) -> dict[str, Any]:
        orders = Counter(row["order"] for row in self.in_year("court.Order", "order_date", name))
        ended = self.in_year("court.Application", "final_order_date", name)
        weeks = [(row["final_order_date"] - row["issue_date"]).days / 7 for row in ended]
        return {
            "orders": orders.total(),
            **{f"orders.{code}": count for code, count in orders.items()},
            "weeks": sum(weeks) / len(weeks) if weeks else 0.0,
        }

    def once(self) -> dict[str, Any]:
        day = self.ends["year"]
        month = add_months(self.ends["prior"], 1)
        long = [row for row in self.plans if is_open(row, month)]
        window = (add_years(month, -1) + timedelta(1), month)
        begun = [row for row in self.plans if within(row["start_date"], window)]
        repeats = sum(
            any(o["person_id"] == row["person_id"] and o["start_date"] < row["start_date"] for o in self.plans)
            for row in begun
        )
        since = add_months(day, -36) + timedelta(1)
        adopted = [row for row in self.rows["adoption.AdoptionPlan"] if within(row["order_date"], (since, day))]
        wait = sum((row["placed_date"] - row["care_start_date"]).days for row in adopted)
        fostered = self._fostered_at_18()
        staying = {(row["person_id"], row["start_date"]) for row in self.rows["leaving_care.StayingPut"]}
        chairs = {row["id"]: row for row in self.rows["organisations.Worker"]}
        members = [row["worker_id"] for row in self.rows["organisations.TeamMembership"] if is_open(row, day)]
        feedback = self.in_year("independent_chairs.Feedback", "returned_date", "year")
        return {
            "april.plans": len(long),
            "april.over_15m": sum(add_months(row["start_date"], 15) < month for row in long),
            "april.started": len(begun),
            "april.repeat": repeats,
            "adopted_3y": self._adopted_share(self.ends["prior"]),
            "adopted_3y.before": self._adopted_share(self.ends["before"]),
            "adopted.wait": wait / len(adopted) if adopted else 0.0,
            "fostered_at_18": len(fostered),
            "staying_put": len(fostered & staying),
            "chairs": sum(chairs[w]["job"] == "independent_chair" for w in members),
            "chairs.disability": sum(
                chairs[w]["job"] == "independent_chair" and chairs[w]["specialism"] == "disability" for w in members
            ),
            "managers": sum(chairs[w]["job"] == "business_manager" for w in members),
            "feedback": (
                len(feedback),
                sum(row["felt_listened_to"] for row in feedback),
                sum(row["explained_well"] for row in feedback),
            ),
            "care.before": sum(is_open(row, self.ends["before"]) for row in self.care),
            "plans.before": sum(is_open(row, self.ends["before"]) for row in self.plans),
        }

    def _adopted_share(self, end: date) -> float:
        ended: dict[tuple[int, int], tuple[date, str]] = {}
        for back in range(3):
            span = (add_years(end, -back - 1) + timedelta(1), add_years(end, -back))
            for row in self.care:
                if within(row["end_date"], span):
                    key = (row["person_id"], back)
                    ended[key] = max((row["end_date"], row["end_reason"]), ended.get(key, (span[0], "")))
        return pct(sum(leaving_care_group(code) == "ADOPTED" for _, code in ended.values()), len(ended))

    def _fostered_at_18(self) -> set[tuple[int, date]]:
        """Children whose care ended on the eighteenth birthday in a foster placement, with that day."""
        span = (self.ends["before"] + timedelta(1), add_months(self.ends["year"], 4))
        last: dict[int, Row] = {}
        for row in sorted(self.rows["looked_after.Placement"], key=lambda row: row["start_date"]):
            last[row["period_id"]] = row
        return {
            (row["person_id"], row["end_date"])
            for row in self.care
            if within(row["end_date"], span)
            and row["end_date"] == birthday(self.births[row["person_id"]], 18)
            and placement_group(last[row["id"]]["placement_type"]) == "FOSTER"
        }


def _band(age: int) -> str:
    return next(
        name
        for limit, name in ((4, "0-4"), (8, "5-8"), (11, "9-11"), (16, "12-16"), (17, "17"), (99, "over"))
        if age <= limit
    )


def _islands(placements: list[Row]) -> list[tuple[date, date | None]]:
    """Spells with one carer: placements in order, temporary ones left out, neighbours with one carer reference joined."""
    found: list[tuple[str, date, date | None]] = []
    for row in placements:
        if row["placement_type"] in ("T0", "T1", "T2", "T3", "T4"):
            continue
        if found and found[-1][0] == row["carer_reference"]:
            found[-1] = (found[-1][0], found[-1][1], row["end_date"])
        else:
            found.append((row["carer_reference"], row["start_date"], row["end_date"]))
    return [(start, end) for _, start, end in found]
