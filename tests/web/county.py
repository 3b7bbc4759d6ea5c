"""A small invented county: families with every kind of record, written through the bulk door, so that every page has something to show.

The same seed gives the same county. It aims at variety, not at likeness: every count measure of its second year is above nought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from django.apps import apps

from sightline.core.access.standing import SYNTHETIC
from sightline.core.organisations.models import Organisation
from sightline.engine.actions.bulk import Batch, Provenance, load, reserve
from sightline.engine.deadlines import ledger

COUNTY = "E10000028"
DISTRICTS = ("E07000192", "E07000193", "E07000194")
COMES_OF_AGE, LONG_IN_CARE, LEAVES_CARE = 5, 1, 9
FIRST, LAST = date(2014, 4, 1), date(2017, 3, 31)
STREAMS = (
    *("contacts", "referrals", "cases", "assessment", "child_in_need", "child_protection", "looked_after"),
    *("leaving_care", "adoption", "court", "disability", "independent_chairs"),
)
_ORDER = (
    *("organisations.Team", "organisations.Worker", "organisations.TeamMembership", "places.Place", "people.Person"),
    *("people.PersonName", "people.PersonAddress", "people.Disability", "front_door.Contact", "cases.Case"),
    *(
        "cases.Allocation",
        "front_door.Referral",
        "assessment.Assessment",
        "assessment.AssessmentFactor",
        "child_in_need.Plan",
    ),
    *("child_protection.StrategyDiscussion", "child_protection.Section47", "child_protection.Conference"),
    *(
        "child_protection.Plan",
        "child_protection.ConferenceChild",
        "looked_after.PeriodOfCare",
        "looked_after.Placement",
    ),
    *("looked_after.Episode", "looked_after.Review", "looked_after.AsylumStatus", "adoption.AdoptionPlan"),
    *(
        "court.Application",
        "court.ApplicationChild",
        "court.Order",
        "disability.ServiceSpell",
        "leaving_care.CareLeaver",
    ),
    *("leaving_care.StayingPut", "independent_chairs.Feedback", "records.Coverage"),
)


@dataclass
class County:
    """What was written: ids by record type, and who is who."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    workers: list[int] = field(default_factory=list)
    managers: list[int] = field(default_factory=list)
    chairs: list[int] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)

    def ids(self, label: str) -> list[int]:
        """Ids of the records of one type."""
        return [row["id"] for row in self.rows.get(label, [])]


class Builder:
    """Puts records together, then writes them."""

    def __init__(self, children: int, seed: int, source: str = SYNTHETIC) -> None:
        self.chance = Random(seed)
        self.children = children
        self.source = source
        self.county = County()
        self._next: dict[str, Any] = {}

    def add(self, label: str, **values: Any) -> int:
        """One record; returns its id."""
        if label not in self._next:
            self._next[label] = iter(reserve(apps.get_model(label), self.children * 12 + 60))
        id: int = next(self._next[label])
        self.county.rows.setdefault(label, []).append({"id": id, **values})
        return id

    def day(self, first: date, last: date) -> date:
        """Some day of a span."""
        return first + timedelta(days=self.chance.randrange(max((last - first).days, 1)))

    def likely(self, share: float) -> bool:
        """Whether something happens."""
        return self.chance.random() < share

    def write(self) -> County:
        """Writes everything, and the deadlines."""
        agency, _ = Organisation.objects.get_or_create(name="County council", kind="local_authority", area=COUNTY)
        batches = [batch for label in _ORDER for batch in _batches(label, self.county.rows.get(label, []))]
        load("test.county", batches, Provenance(agency.pk, self.source), by="tester", because="test")
        ledger.rebuild()
        return self.county


def _batches(label: str, rows: list[dict[str, Any]]) -> list[Batch]:
    """Rows that name the same fields together."""
    ordered = sorted(rows, key=sorted)
    return [
        Batch(apps.get_model(label), list(names), [tuple(row[name] for name in names) for row in same])
        for names, same in ((tuple(names), list(same)) for names, same in groupby(ordered, key=sorted))
    ]


def build(children: int = 180, seed: int = 1, source: str = SYNTHETIC) -> County:
    """Write a county of this many children."""
    b = Builder(children, seed, source)
    _staff(b)
    for number in range(children):
        _child(b, number)
    for stream in STREAMS:
        b.add("records.Coverage", area=COUNTY, stream=stream, start_date=FIRST, end_date=LAST)
    for _ in range(children // 6):
        kind = b.chance.choice(("CONFERENCE", "REVIEW"))
        answers = {"felt_listened_to": b.likely(0.8), "explained_well": b.likely(0.8)}
        b.add("independent_chairs.Feedback", returned_date=b.day(FIRST, LAST), meeting_kind=kind, **answers)
    return b.write()


def _staff(b: Builder) -> None:
    county = b.county
    for number in range(3):
        county.teams.append(b.add("organisations.Team", name=f"Team {number + 1}", service="social_care"))
    people = [("social_worker", number % 3, "") for number in range(9)]
    people += [("team_manager", number, "") for number in range(3)]
    people += [("independent_chair", 0, "disability" if number == 0 else "") for number in range(3)] + [
        ("business_manager", 0, "")
    ]
    for number, (job, team, specialism) in enumerate(people):
        id = b.add("organisations.Worker", name=f"Worker {number + 1}", job=job, specialism=specialism)
        b.add("organisations.TeamMembership", worker_id=id, team_id=county.teams[team], start_date=FIRST)
        known = {"social_worker": county.workers, "team_manager": county.managers, "independent_chair": county.chairs}
        known.get(job, []).append(id)


def _child(b: Builder, number: int) -> None:
    born, opened = _when(b, number)
    sex, ethnicity = b.chance.choice("MF"), b.chance.choice(("WBRI", "WBRI", "WBRI", "MWBC", "APKN", "BAFR", "NOBT"))
    person = b.add("people.Person", birth_date=born, sex=sex, ethnicity=ethnicity)
    b.add("people.PersonName", person_id=person, forename="Child", surname=f"Invented-{number}", kind="legal")
    place = b.add(
        "places.Place",
        line_1=f"{number} Nowhere Street",
        postcode="ZZ99 9ZZ",
        district=b.chance.choice(DISTRICTS),
        authority=COUNTY,
    )
    b.add("people.PersonAddress", person_id=person, place_id=place, kind="home", start_date=born)
    if b.likely(0.15):
        b.add("people.Disability", person_id=person, disability="LD")
    for _ in range(b.chance.randrange(3)):
        _contact(b, person)
    _case(b, person, number, opened, born)


def _when(b: Builder, number: int) -> tuple[date, date]:
    """Birth and the opening of the case. Of every twelve, one comes of age in care
    in the last year, one has long been in care, at any age, and one leaves care in the last year."""
    if number % 12 == COMES_OF_AGE:
        return b.day(date(1998, 4, 15), date(1999, 3, 1)), b.day(date(2014, 6, 1), date(2016, 2, 1))
    if number % 12 == LONG_IN_CARE:
        return date(2015 - (number // 12 * 5) % 16, 3, 1), b.day(date(2014, 4, 10), date(2014, 8, 1))
    first, last = (
        (date(2016, 4, 10), date(2016, 8, 1)) if number % 12 == LEAVES_CARE else (date(2014, 6, 1), date(2017, 2, 1))
    )
    return b.day(date(1999, 6, 1), date(2016, 3, 1)), b.day(first, last)


def _contact(b: Builder, person: int) -> None:
    received = b.day(FIRST, LAST)
    outcome = b.chance.choice(("ADVICE", "ADVICE", "EH", "NFA"))
    issue = b.chance.choice(_codes("contact_issue"))
    b.add(
        "front_door.Contact", person_id=person, contact_date=received, source=b.chance.choice(_codes("cin_referral_source")),
        presenting_issue=issue, outcome=outcome, outcome_date=received,
    )  # fmt: skip


def _case(b: Builder, person: int, number: int, opened: date, born: date) -> None:
    stays = number % 12 in (COMES_OF_AGE, LONG_IN_CARE)
    ended = opened + timedelta(days=b.chance.randrange(90, 500)) if not stays and b.likely(0.6) else None
    ended = opened + timedelta(days=200) if number % 12 == LEAVES_CARE else ended
    ended = ended if ended and ended <= LAST else None
    need = b.chance.choice(("N1", "N2", "N4", "N5"))
    case = b.add(
        "cases.Case", person_id=person, service="social_care", start_date=opened, end_date=ended,
        closure_reason="RC8" if ended else None, primary_need=need,
    )  # fmt: skip
    worker = number % 9
    b.add(
        "cases.Allocation", person_id=person, case_id=case, team_id=b.county.teams[worker % 3],
        worker_id=b.county.workers[worker], start_date=opened, end_date=ended,
    )  # fmt: skip
    if b.likely(0.3):
        _referral(b, person, None, opened - timedelta(days=b.chance.randrange(20, 300)), need)
    _referral(b, person, case, opened, need)
    done = opened + timedelta(days=b.chance.randrange(20, 90))
    started = {"person_id": person, "case_id": case, "start_date": opened}
    # Some are still under way at the end, of cases that are open.
    authorised = done if done <= (ended or LAST) and (ended or b.likely(0.85)) else None
    assessment = b.add("assessment.Assessment", **started, authorised_date=authorised, outcome=None)
    for factor in b.chance.sample(("1B", "3A", "3B", "4B", "2B", "16A", "17A"), 3) if authorised else ():
        b.add("assessment.AssessmentFactor", person_id=person, assessment_id=assessment, factor=factor)
    share = number % 4
    if share == 0:
        _protection(b, person, case, opened, ended)
    elif share == 1:
        _care(b, person, case, number, opened, ended, born)
    elif share == 2:
        b.add(
            "child_in_need.Plan", person_id=person, case_id=case, start_date=opened + timedelta(days=40), end_date=ended
        )
    if number % 9 == 0 or number % 9 == 1:
        b.add(
            "disability.ServiceSpell",
            person_id=person,
            case_id=case,
            team_id=b.county.teams[0],
            start_date=opened,
            end_date=ended,
        )


def _referral(b: Builder, person: int, case: int | None, day: date, need: str) -> None:
    source = b.chance.choice(_codes("cin_referral_source"))
    b.add(
        "front_door.Referral", person_id=person, case_id=case, referral_date=day, source=source, primary_need=need,
        no_further_action=case is None, decision_date=day,
    )  # fmt: skip


def _protection(b: Builder, person: int, case: int, opened: date, ended: date | None) -> None:
    strategy = opened + timedelta(days=7)
    talk = b.add("child_protection.StrategyDiscussion", person_id=person, case_id=case, discussion_date=strategy)
    enquiry = b.add(
        "child_protection.Section47", person_id=person, case_id=case, strategy_discussion_id=talk, start_date=strategy,
        end_date=strategy + timedelta(days=10), outcome=_codes("s47_outcome")[0],
    )  # fmt: skip
    held = strategy + timedelta(days=b.chance.choice((14, 18, 25)))
    chair = b.chance.choice(b.county.chairs)
    category = b.chance.choice(("NEG", "EMO", "SAB", "PHY"))
    plan = b.add(
        "child_protection.Plan", person_id=person, case_id=case, start_date=held, end_date=ended, initial_category=category,
        latest_category=category, end_reason=_codes("cp_plan_end_reason")[0] if ended else None,
        declared_previous_plans=1 if b.likely(0.2) else 0,
    )  # fmt: skip
    meeting = b.add("child_protection.Conference", kind="ICPC", conference_date=held, chair_id=chair)
    b.add(
        "child_protection.ConferenceChild",
        person_id=person,
        conference_id=meeting,
        section47_id=enquiry,
        plan_id=plan,
        advocate=b.likely(0.4),
    )
    review = held + timedelta(days=b.chance.choice((80, 91, 100)))
    while review < (ended or LAST):
        meeting = b.add("child_protection.Conference", kind="RCPC", conference_date=review, chair_id=chair)
        b.add(
            "child_protection.ConferenceChild",
            person_id=person,
            conference_id=meeting,
            section47_id=None,
            plan_id=plan,
            advocate=b.likely(0.4),
        )
        review += timedelta(days=b.chance.choice((150, 180, 200)))


def _care(b: Builder, person: int, case: int, number: int, opened: date, ended: date | None, born: date) -> None:
    start = opened + timedelta(days=14)
    eighteen = date(born.year + 18, born.month, min(born.day, 28))
    ended = eighteen if opened < eighteen <= LAST else ended
    reason = "E17" if ended == eighteen else ("E4A", "E4B", "E11", "E43", "E12")[number // 12 % 5] if ended else None
    if ended == eighteen:
        next(row for row in b.county.rows["cases.Case"] if row["id"] == case).update(
            end_date=ended, closure_reason="RC8"
        )
        b.county.rows["cases.Allocation"][-1].update(end_date=ended)
        for table in ("assessment.Assessment",):
            last = b.county.rows[table][-1]
            last["authorised_date"] = min(last["authorised_date"] or ended, ended)
    period = b.add(
        "looked_after.PeriodOfCare", person_id=person, case_id=case, start_date=start, end_date=ended, end_reason=reason,
        category_of_need="N1",
    )  # fmt: skip
    moved = start + timedelta(days=60)
    spells = [(start, moved), (moved, ended)] if moved < (ended or LAST) else [(start, ended)]
    for first, last in spells:
        placed = "U6" if ended == eighteen else b.chance.choice(("U1", "U4", "U6", "K2", "K1", "A3"))
        far = b.likely(0.3)
        placement = b.add(
            "looked_after.Placement", person_id=person, period_id=period, start_date=first, end_date=last, placement_type=placed,
            carer_reference=f"C{number}-{first}", authority="E08000026" if far else COUNTY, distance_miles=25.5 if far else 4.0,
        )  # fmt: skip
        b.add(
            "looked_after.Episode", person_id=person, period_id=period, placement_id=placement, start_date=first, end_date=last,
            start_reason="S" if first == start else "P", legal_status="C2", end_reason=(reason if last == ended else "X1") if last else None,
        )  # fmt: skip
    review = start + timedelta(days=b.chance.choice((18, 20, 35)))
    while review < (ended or LAST):
        b.add(
            "looked_after.Review",
            person_id=person,
            period_id=period,
            review_date=review,
            chair_id=b.chance.choice(b.county.chairs),
        )
        review += timedelta(days=b.chance.choice((80, 120, 150)))
    _after_care(b, person, case, number, start, ended, eighteen, reason)


def _after_care(
    b: Builder, person: int, case: int, number: int, start: date, ended: date | None, eighteen: date, reason: str | None
) -> None:
    if number % 12 == 1:
        b.add("looked_after.AsylumStatus", person_id=person, start_date=start, end_date=None)
    if reason in ("E11", "E12"):
        dates = {
            "decision_date": start + timedelta(days=60),
            "placed_date": start + timedelta(days=70),
            "order_date": ended,
        }
        b.add("adoption.AdoptionPlan", person_id=person, care_start_date=start, **dates)
    if ended == eighteen:
        b.add(
            "leaving_care.CareLeaver",
            person_id=person,
            eligibility=_codes("care_leaver_eligibility")[-1],
            start_date=ended,
        )
        if b.likely(0.6):
            b.add("leaving_care.StayingPut", person_id=person, start_date=ended)
    issued = start + timedelta(days=5)
    decided = issued + timedelta(days=b.chance.randrange(150, 260))
    application = b.add(
        "court.Application",
        reference=f"ZZ{number}",
        issue_date=issued,
        final_order_date=decided if decided <= LAST else None,
    )
    b.add("court.ApplicationChild", person_id=person, application_id=application, case_id=case)
    if decided <= LAST:
        order = b.chance.choice(_codes("care_proceedings_order"))
        b.add("court.Order", person_id=person, application_id=application, order=order, order_date=decided)


def _codes(name: str) -> list[str]:
    from sightline.standards.codes import codeset

    return [row.code for row in codeset(name)]
