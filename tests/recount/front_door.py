"""Contacts, referrals, assessments, factors, and the cases they open."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.standards.dates import add_months

from .counting import Line, Recount, View, is_open, recounts
from .deadlines import in_time
from .looked_after import looked_after
from .reader import Row


def _contacts(view: View) -> Iterator[Row]:
    for row in view.own("front_door_contact"):
        if view.inside(row["contact_date"]) and row["outcome"] not in (None, "REFERRAL"):
            yield row


@recounts("contacts.total")
def contacts(view: View) -> Iterator[Line]:
    for row in _contacts(view):
        by = {name: row[name] for name in ("outcome", "source", "presenting_issue")}
        yield Line(row, row["contact_date"], person=row["person_id"], categories=by)


def _contacts_with(outcome: str, *, share: bool) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _contacts(view):
            if share or row["outcome"] == outcome:
                yield Line(row, row["contact_date"], hit=row["outcome"] == outcome, person=row["person_id"])

    return count


for _name, _outcome in (("advice", "ADVICE"), ("lst", "EH"), ("nfa", "NFA")):
    recounts(f"contacts.outcome.{_name}")(_contacts_with(_outcome, share=False))
    recounts(f"contacts.outcome.{_name}.pct")(_contacts_with(_outcome, share=True))


def _referrals(view: View) -> Iterator[Row]:
    return (row for row in view.own("front_door_referral") if view.inside(row["referral_date"]))


@recounts("referrals.total")
def referrals(view: View) -> Iterator[Line]:
    for row in _referrals(view):
        by = {"source": row["source"], "primary_need": row["primary_need"]}
        yield Line(row, row["referral_date"], person=row["person_id"], categories=by)


@recounts("referrals.nfa.pct")
def referrals_without_action(view: View) -> Iterator[Line]:
    for row in _referrals(view):
        yield Line(row, row["referral_date"], hit=row["no_further_action"], person=row["person_id"])


@recounts("referrals.rereferral.pct")
def rereferrals(view: View) -> Iterator[Line]:
    for row in _referrals(view):
        again = False
        for other in view.of("front_door_referral", row):
            earlier = other["referral_date"] < row["referral_date"]
            if earlier and other["referral_date"] >= add_months(row["referral_date"], -12):
                again = True
        yield Line(row, row["referral_date"], hit=again, person=row["person_id"])


def _authorised(view: View) -> Iterator[Row]:
    return (row for row in view.own("assessment_assessment") if view.inside(row["authorised_date"]))


@recounts("assessments.completed")
def completed(view: View) -> Iterator[Line]:
    for row in _authorised(view):
        yield Line(row, row["authorised_date"], person=row["person_id"], categories={"outcome": row["outcome"]})


@recounts("assessments.in_progress")
def in_progress(view: View) -> Iterator[Line]:
    day = view.last_day
    for row in view.own("assessment_assessment"):
        finished = row["authorised_date"] or row["cancelled_date"]
        if row["start_date"] <= day and (finished is None or finished > day):
            yield Line(row, day, person=row["person_id"])


@recounts("assessments.timeliness.pct")
def assessments_in_time(view: View) -> Iterator[Line]:
    for row in _authorised(view):
        met = in_time("ASSESS-45", row["start_date"], row["authorised_date"])
        yield Line(row, row["authorised_date"], hit=met, person=row["person_id"])


def _factors_of(view: View, assessment: Row) -> set[str]:
    return {row["factor"] for row in view.tables.by("assessment_assessmentfactor", "assessment_id", assessment["id"])}


def _with_factor(factor: str) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _authorised(view):
            yield Line(row, row["authorised_date"], hit=factor in _factors_of(view, row), person=row["person_id"])

    return count


for _name, _factor in (
    ("dv_parent", "3B"),
    ("mh_parent", "4B"),
    ("alcohol_parent", "1B"),
    ("dv_child", "3A"),
    ("emotional_abuse", "17A"),
    ("neglect", "16A"),
    ("drug_parent", "2B"),
):
    recounts(f"factors.{_name}")(_with_factor(_factor))


@recounts("factors.toxic_trio")
def toxic_trio(view: View) -> Iterator[Line]:
    for row in _authorised(view):
        found = _factors_of(view, row)
        violence = bool(found & {"3A", "3B", "3C"})
        mind = bool(found & {"4A", "4B", "4C"})
        substances = bool(found & {"1A", "1B", "1C", "2A", "2B", "2C"})
        yield Line(row, row["authorised_date"], hit=violence and mind and substances, person=row["person_id"])


@recounts("factors.all")
def factors(view: View) -> Iterator[Line]:
    for row in view.own("assessment_assessmentfactor"):
        assessment = view.tables.one("assessment_assessment", row["assessment_id"])
        assert assessment is not None
        if view.inside(assessment["authorised_date"]):
            day = assessment["authorised_date"]
            yield Line(row, day, person=row["person_id"], categories={"factor": row["factor"]})


@recounts("csc.open_cases")
def open_cases(view: View) -> Iterator[Line]:
    for row in view.own("cases_case"):
        if is_open(row, view.last_day):
            yield Line(row, view.last_day, person=row["person_id"])


@recounts("csc.closed_cases")
def closed_cases(view: View) -> Iterator[Line]:
    for row in view.own("cases_case"):
        if view.inside(row["end_date"]):
            by = {"closure_reason": row["closure_reason"], "service": row["service"]}
            yield Line(row, row["end_date"], person=row["person_id"], categories=by)


@recounts("cin.open")
def in_need_only(view: View) -> Iterator[Line]:
    day = view.last_day
    for row in view.own("cases_case"):
        if row["service"] != "social_care" or not is_open(row, day):
            continue
        on_plan = any(is_open(plan, day) for plan in view.of("child_protection_plan", row))
        owed = any(is_open(spell, day) for spell in view.of("leaving_care_careleaver", row))
        if not on_plan and not owed and not looked_after(view, row["person_id"], day):
            yield Line(row, day, person=row["person_id"])


@recounts("cin.rate")
def in_need(view: View) -> Iterator[Line]:
    for row in view.own("cases_case"):
        if row["service"] == "social_care" and is_open(row, view.last_day):
            yield Line(row, view.last_day, person=row["person_id"])


@recounts("cin.open_over_2y.pct")
def open_over_two_years(view: View) -> Iterator[Line]:
    for row in view.own("cases_case"):
        if is_open(row, view.last_day):
            over = add_months(row["start_date"], 24) < view.last_day
            yield Line(row, view.last_day, hit=over, person=row["person_id"])


@recounts("cin.plans")
def plans(view: View) -> Iterator[Line]:
    for row in view.own("child_in_need_plan"):
        if is_open(row, view.last_day):
            yield Line(row, view.last_day, person=row["person_id"])
