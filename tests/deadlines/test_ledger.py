"""The ledger follows from the records: whatever happened, in whatever order it was refreshed, it says what a slow reading of the law says."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing
from sightline.engine.deadlines import ledger, reference
from sightline.engine.deadlines.declarations import running_clocks
from sightline.engine.deadlines.models import ClockVersion, Deadline, ReferenceLoaded
from sightline.standards import clocks
from sightline.standards.clocks import UnknownClock, clock, due_date
from sightline.standards.frameworks import in_force
from sightline.standards.working_days import OutsideCalendar

Row = tuple[str, str, int, int, int | None, date, date, date | None, date | None, str]
FIRST = date(2013, 2, 1)
# The clocks that the oracle reads; those of other records are tested beside their pathways.
KNOWN = (
    *("CONTACT-DECISION", "REFERRAL-DECISION", "ASSESS-45", "ICPC-15", "CP-REVIEW-1", "CP-REVIEW-N", "CP-VISIT"),
    *("CORE-FIRST", "CORE-REPEAT", "CP-DRIFT-15M", "CP-2Y", "CIN-REVIEW-1", "CIN-REVIEW-N", "CIN-VISIT", "CIN-2Y"),
    *("LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N", "CARE-26W", "CARE-EXT-8W"),
)


# --- The oracle: one clock at a time, in plain Python, from records and `standards` alone ---


def oracle() -> set[Row]:
    """Every deadline that should stand in the ledger."""
    return {
        row
        for reading in (_front_door, _assessments, _enquiries, _plans, _need, _care, _proceedings)
        for row in reading()
    }


def _row(
    id: str, record: Any, turn: int, started: date, stopped: date | None, closed: date | None = None
) -> Iterable[Row]:
    try:
        due = due_date(clock(id, started), started)
    except UnknownClock:
        return
    if stopped is not None:
        outcome, closed = ("met" if stopped <= due else "late"), None
    elif closed is not None:
        outcome = "not_required" if closed <= due else "late"
    else:
        outcome = "open"
    person = getattr(record, "person_id", None)
    yield id, record._meta.db_table, record.id, turn, person, started, due, stopped, closed, outcome


def _all(label: str) -> list[Any]:
    return list(apps.get_model(label).objects.all())


def _front_door() -> Iterable[Row]:
    for contact in _all("front_door.Contact"):
        yield from _row("CONTACT-DECISION", contact, 1, contact.contact_date, contact.outcome_date)
    for referral in _all("front_door.Referral"):
        yield from _row("REFERRAL-DECISION", referral, 1, referral.referral_date, referral.decision_date)


def _assessments() -> Iterable[Row]:
    for found in _all("assessment.Assessment"):
        yield from _row("ASSESS-45", found, 1, found.start_date, found.authorised_date, found.cancelled_date)


def _enquiries() -> Iterable[Row]:
    presented = _all("child_protection.ConferenceChild")
    for enquiry in _all("child_protection.Section47"):
        held = [
            child.conference.conference_date
            for child in presented
            if child.section47_id == enquiry.id and child.conference.kind in ("ICPC", "PRE_BIRTH")
        ]
        if enquiry.conference_not_required:
            continue
        if not held and enquiry.outcome is not None and enquiry.outcome not in ("SUBST_RISK", "ICPC"):
            continue
        yield from _row("ICPC-15", enquiry, 1, enquiry.start_date, min(held, default=None), enquiry.case.end_date)


def _chain(names: list[str], record: Any, events: Iterable[date]) -> Iterable[Row]:
    started = record.start_date
    inside = sorted({day for day in events if day >= started and (record.end_date is None or day <= record.end_date)})
    turn = 0
    for turn, day in enumerate(inside, start=1):
        yield from _row(names[min(turn, len(names)) - 1], record, turn, started, day)
        started = day
    if record.end_date is None or started < record.end_date:
        yield from _row(names[min(turn + 1, len(names)) - 1], record, turn + 1, started, None, record.end_date)


def _plans() -> Iterable[Row]:
    visits, groups = _all("child_protection.Visit"), _all("child_protection.CoreGroup")
    presented = _all("child_protection.ConferenceChild")
    for plan in _all("child_protection.Plan"):
        reviews = [
            c.conference.conference_date for c in presented if c.plan_id == plan.id and c.conference.kind == "RCPC"
        ]
        yield from _chain(["CP-REVIEW-1", "CP-REVIEW-N"], plan, reviews)
        yield from _chain(["CP-VISIT"], plan, [v.visit_date for v in visits if v.plan_id == plan.id and v.seen])
        yield from _chain(["CORE-FIRST", "CORE-REPEAT"], plan, [g.meeting_date for g in groups if g.plan_id == plan.id])
        for threshold in ("CP-DRIFT-15M", "CP-2Y"):
            yield from _row(threshold, plan, 1, plan.start_date, plan.end_date)


def _need() -> Iterable[Row]:
    reviews, visits = _all("child_in_need.Review"), _all("child_in_need.Visit")
    for plan in _all("child_in_need.Plan"):
        yield from _chain(
            ["CIN-REVIEW-1", "CIN-REVIEW-N"], plan, [r.review_date for r in reviews if r.plan_id == plan.id]
        )
        yield from _chain(["CIN-VISIT"], plan, [v.visit_date for v in visits if v.plan_id == plan.id and v.seen])
    for case in _all("cases.Case"):
        if case.service == "social_care":
            yield from _row("CIN-2Y", case, 1, case.start_date, case.end_date)


def _care() -> Iterable[Row]:
    episodes, reviews = _all("looked_after.Episode"), _all("looked_after.Review")
    for period in _all("looked_after.PeriodOfCare"):
        statuses = {episode.legal_status for episode in episodes if episode.period_id == period.id}
        if statuses and statuses <= {"V3", "V4"}:
            continue
        held = [review.review_date for review in reviews if review.period_id == period.id]
        yield from _chain(["LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N"], period, held)


def _proceedings() -> Iterable[Row]:
    for application in _all("court.Application"):
        final = application.final_order_date
        yield from _row("CARE-26W", application, 1, application.issue_date, final)
        try:
            ends = due_date(clock("CARE-26W", application.issue_date), application.issue_date)
        except UnknownClock:
            continue
        extensions = sorted(
            (found for found in _all("court.Extension") if found.application_id == application.id),
            key=lambda found: (found.granted_date, found.id),
        )
        for turn, extension in enumerate(extensions, start=1):
            started = max(extension.granted_date, ends)
            stops = [day for day in (final, *(later.granted_date for later in extensions[turn : turn + 1])) if day]
            yield from _row("CARE-EXT-8W", extension, turn, started, min(stops, default=None))
            ends = due_date(clock("CARE-EXT-8W", started), started)


def held() -> set[Row]:
    """What stands in the ledger of the clocks that the oracle knows, in its words."""
    columns = (
        "clock",
        "record_table",
        "record_id",
        "sequence",
        "person_id",
        "started",
        "due",
        "stopped",
        "closed",
        "outcome",
    )
    return set(Deadline.objects.filter(clock__in=KNOWN).values_list(*columns))


def everything() -> set[tuple[Any, ...]]:
    """Every column of the ledger but the row number, which says nothing."""
    columns = [field.attname for field in Deadline._meta.concrete_fields if field.attname != "id"]
    return set(Deadline.objects.values_list(*columns))


# --- Random lives ---

# Days lie on a coarse grid, so that events often meet on a day; and one life is about one thing, so that there is something for them to meet.
days = st.integers(1, 14).map(lambda n: n * 60)
themes = {
    "front door": ["contact", "assessment", "close"],
    "enquiry": ["enquiry", "enquiry", "conference", "close"],
    "protection": ["plan", "end_plan", "visit", "visit", "core_group", "review_conference", "review_conference"],
    "need": ["need_plan", "need_review", "need_visit", "need_visit"],
    "care": ["care", "care_review", "care_review", "respite"],
    "court": ["extension", "extension", "final_order"],
}


def life(theme: str) -> st.SearchStrategy[list[Any]]:
    """Steps of one theme: what, to whom, from when, for how long, yes or no."""
    step = st.tuples(
        st.sampled_from(themes[theme]), st.sampled_from([0, 0, 0, 1]), days, st.none() | days, st.booleans()
    )
    subject = step.map(lambda drawn: (themes[theme][0], 0, *drawn[2:]))
    return st.tuples(subject, st.lists(step, min_size=4, max_size=12)).map(lambda drawn: [drawn[0], *drawn[1]])


steps = st.sampled_from(sorted(themes)).flatmap(life)


class Lives:
    """Two children to whom things happen. A step that makes no sense where it comes, the database would refuse: it is left out."""

    def __init__(self) -> None:
        self.agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")
        self.people = [self.add("people.Person", birth_date=FIRST) for _ in range(2)]
        self.cases = [
            self.add("cases.Case", person=person, service="social_care", start_date=FIRST) for person in self.people
        ]
        self.application = self.add("court.Application", issue_date=date(2014, 5, 2))
        self.add("court.ApplicationChild", person=self.people[0], application=self.application)

    def add(self, label: str, **values: Any) -> Any:
        return apps.get_model(label).objects.create(agency=self.agency, **values)

    def step(self, what: str, who: int, first: int, length: int | None, flag: bool) -> int:
        """Let one thing happen, and say to whom."""
        start = FIRST + timedelta(first)
        end = None if length is None else start + timedelta(length)
        getattr(self, what)(self.people[who], self.cases[who], start, end, flag)
        return int(self.people[who].id)

    def contact(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        outcome = "NFA" if end else None
        self.add("front_door.Contact", person=person, contact_date=start, outcome=outcome, outcome_date=end)
        self.add("front_door.Referral", person=person, referral_date=start, decision_date=end)

    def assessment(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        ending = {"authorised_date" if flag else "cancelled_date": end}
        self.add("assessment.Assessment", person=person, case=case, start_date=start, **ending)

    def enquiry(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        outcome = ("SUBST_RISK" if flag else "NFA") if end else None
        self.add(
            "child_protection.Section47", person=person, case=case, start_date=start, end_date=end, outcome=outcome
        )

    def conference(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        enquiry = self.last("child_protection.Section47", person)
        if enquiry:
            self.present(person, "ICPC" if flag else "PRE_BIRTH", start, section47=enquiry)

    def review_conference(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        plan = self.last("child_protection.Plan", person)
        if plan:
            self.present(person, "RCPC", start, plan=plan)

    def present(self, person: Any, kind: str, day: date, **links: Any) -> None:
        conference = self.add("child_protection.Conference", kind=kind, conference_date=day)
        self.add("child_protection.ConferenceChild", person=person, conference=conference, **links)

    def plan(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        category = {"initial_category": "NEG", "latest_category": "NEG"}
        self.add("child_protection.Plan", person=person, case=case, start_date=start, end_date=end, **category)

    def end_plan(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        plan = self.last("child_protection.Plan", person)
        if plan:
            plan.end_date = end
            plan.save()

    def visit(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.hang("child_protection.Visit", "child_protection.Plan", person, visit_date=start, seen=flag)

    def core_group(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.hang("child_protection.CoreGroup", "child_protection.Plan", person, meeting_date=start)

    def need_plan(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.add("child_in_need.Plan", person=person, case=case, start_date=start, end_date=end)

    def need_review(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.hang("child_in_need.Review", "child_in_need.Plan", person, review_date=start)

    def need_visit(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.hang("child_in_need.Visit", "child_in_need.Plan", person, visit_date=start, seen=flag)

    def care(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.add("looked_after.PeriodOfCare", person=person, start_date=start, end_date=end, category_of_need="N1")

    def care_review(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        self.hang("looked_after.Review", "looked_after.PeriodOfCare", person, link="period", review_date=start)

    def respite(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        period = self.last("looked_after.PeriodOfCare", person)
        if period:
            of = {"person": person, "period": period, "start_date": start, "end_date": end}
            placement = self.add("looked_after.Placement", **of, placement_type="U4")
            status = "V3" if flag else "C2"
            self.add("looked_after.Episode", **of, placement=placement, start_reason="S", legal_status=status)

    def extension(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        if person == self.people[0] and start >= self.application.issue_date:
            self.add("court.Extension", application=self.application, granted_date=start)

    def final_order(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        if person == self.people[0] and start >= self.application.issue_date:
            self.application.final_order_date = start if flag else None
            self.application.save()

    def close(self, person: Any, case: Any, start: date, end: date | None, flag: bool) -> None:
        case.end_date, case.closure_reason = (start, "RC9") if flag else (None, None)
        case.save()

    def hang(self, label: str, on: str, person: Any, link: str = "plan", **values: Any) -> None:
        subject = self.last(on, person)
        if subject:
            self.add(label, person=person, **{link: subject}, **values)

    def last(self, label: str, person: Any) -> Any:
        return apps.get_model(label).objects.filter(person=person).order_by("id").last()


@pytest.mark.django_db
# A life is rebuilt at every step: the long run has many more of them.
@settings(max_examples=400 if settings.get_current_profile_name() == "long" else 6)
@given(steps)
def test_refreshed_step_by_step_or_rebuilt_at_once_it_says_what_the_oracle_says(path: list[Any]) -> None:
    with transaction.atomic():
        with writing("test", by="tester", because="test"):
            lives = Lives()
            ledger.rebuild([person.id for person in lives.people])
            for step in path:
                try:
                    with transaction.atomic():
                        person = lives.step(*step)
                except IntegrityError:
                    continue  # A life that the database does not allow: the ledger must be right without this step.
                ledger.rebuild([person])
        step_by_step = everything()
        assert ledger.rebuild() == 0
        assert everything() == step_by_step
        Deadline.objects.all().delete()
        ledger.rebuild()
        assert everything() == step_by_step
        assert held() == oracle()
        transaction.set_rollback(True)


@pytest.mark.django_db
@given(st.sampled_from(clocks.clocks()), st.dates(date(1995, 1, 1), date(2035, 12, 31)))
def test_sql_and_python_agree_on_every_due_date(version: clocks.Clock, started: date) -> None:
    reference.refresh()
    with connection.cursor() as cursor:
        cursor.execute("SELECT due, framework FROM deadlines_due(%s, %s)", [version.id, started])
        found = cursor.fetchall()
    try:
        expected = due_date(clock(version.id, started), started)
    except UnknownClock:
        assert found == []
        return
    except OutsideCalendar:
        expected = None
    edition = in_force(started)
    assert [due for due, _ in found] == [expected]
    if edition and edition.id in clock(version.id, started).frameworks:
        assert found[0][1] == edition.id


@pytest.mark.django_db
def test_versions_of_a_clock_never_overlap_in_the_database() -> None:
    reference.refresh()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM deadlines_clockversion a JOIN deadlines_clockversion b"
            " ON a.clock = b.clock AND a.id < b.id AND a.first_day <= b.last_day AND b.first_day <= a.last_day"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_changed_limit_rebuilds_everybody_and_leaves_started_clocks_of_other_versions_alone(
    make: Any, family: Any
) -> None:
    make("assessment.Assessment", **family.of, start_date="2017-04-03")
    ledger.rebuild()
    ClockVersion.objects.filter(clock="ASSESS-45").update(working_days=35)
    ReferenceLoaded.objects.update(fingerprint="an earlier edition")
    assert ledger.rebuild(persons=[]) == 0, "the shipped limit is loaded again, and the ledger already follows it"
    assert ClockVersion.objects.filter(clock="ASSESS-45", working_days=45).exists()


@pytest.mark.django_db
def test_a_write_to_one_table_works_out_only_the_clocks_that_read_it(make: Any, family: Any) -> None:
    ledger.rebuild()
    assessment = make("assessment.Assessment", **family.of, start_date="2017-04-03")
    assert ledger.rebuild([family.person.id], written=["front_door_contact"]) == 0
    of_assessments = [running for running in running_clocks() if assessment._meta.db_table in running.reads]
    assert ledger.rebuild([family.person.id], written=[assessment._meta.db_table]) == len(of_assessments)


def test_every_running_clock_is_a_limit_that_is_declared() -> None:
    for running in running_clocks():
        for id in running.clocks:
            assert clock(id).role in ("deadline", "threshold")


def test_a_deadline_of_a_clock_that_no_longer_runs_goes(make: Any, family: Any) -> None:
    ledger.rebuild()
    Deadline.objects.filter(clock="CIN-2Y").update(clock="GONE")
    ledger.rebuild()
    assert set(Deadline.objects.values_list("clock", flat=True)) == {"CIN-2Y"}


def test_many_people_are_looked_up_by_numbers_of_the_columns_width(make: Any, family: Any) -> None:
    """Sent as small integers, PostgreSQL compares each row with each number in turn: an import into a full record waited for that."""
    make("assessment.Assessment", **family.of, start_date="2017-04-03")
    ledger.rebuild()
    with CaptureQueriesContext(connection) as asked:
        ledger.rebuild([family.of["person"].id, 1, 2])
    lists = [found for query in asked for found in re.findall(r"ANY\('\{[\d,]*\}'::(\w+)", query["sql"])]
    assert lists
    assert set(lists) <= {"bigint", "int8"}
