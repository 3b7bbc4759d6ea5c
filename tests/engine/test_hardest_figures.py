"""The figures that are easiest to get wrong, each on a few records whose answer is worked out by hand in the comments.

The records go the whole way: PostgreSQL, the bulk door, the deadlines ledger, a snapshot, the measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.lists import listing
from sightline.engine.measures.registry import measure
from sightline.engine.measures.results import Status
from sightline.standards import populations
from sightline.standards.periods import month, span, year

from ..recount.comparing import compare, snapshots
from .scenes import YEAR, Families, Scene, Staged

pytestmark = pytest.mark.django_db

THREE_YEARS = span(year(2014).start, YEAR.end)
STAYING_PUT = span(year(2015).start, month(2017, 7).end)
PERIODS = [year(2015), YEAR, year(2017), *YEAR.months(), month(2018, 2), THREE_YEARS, STAYING_PUT]
SCENES: list[Scene] = []


def scene(function: Scene) -> Scene:
    """A scene that is played in the one snapshot."""
    SCENES.append(function)
    return function


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    """Every scene, played once."""
    with django_db_blocker.unblock():
        staged = Staged(SCENES, snapshots(tmp_path_factory), PERIODS)
    yield staged
    staged.tables.backend.disconnect()


def test_the_recount_agrees_on_every_scene(stage: Staged) -> None:
    found = compare(stage.snapshot, [YEAR, year(2017), month(2017, 3), STAYING_PUT], stage.areas.values())
    assert not found.different, "\n".join(found.different[:40])


# Contacts and referrals


@scene
def contacts(w: Families) -> None:
    for outcome in ("ADVICE", "ADVICE", "NFA", "REFERRAL", None):
        decided = {"outcome": outcome, "outcome_date": "2016-05-03"} if outcome else {}
        w.add(
            "front_door.Contact",
            person=w.child(),
            contact_date="2016-05-02",
            source="1A",
            presenting_issue="DV",
            **decided,
        )


def test_a_contact_that_became_a_referral_is_not_a_contact_as_well(stage: Staged) -> None:
    # Two advice, one no further action. The referral is out, and one still undecided has not ended.
    assert stage.count(contacts, "contacts.total") == 3
    assert stage.of(contacts, "contacts.outcome.advice.pct") == (2, 3)
    assert stage.count(contacts, "contacts.per_week") == 3 / 52


@scene
def rereferrals(w: Families) -> None:
    exactly = w.child()
    w.referral(exactly, "2015-04-01")
    w.referral(exactly, "2016-04-01")  # Twelve months to the day: inside.
    a_day_more = w.child()
    w.referral(a_day_more, "2015-03-31")
    w.referral(a_day_more, "2016-04-01")  # Twelve months and a day: outside.
    whatever = w.child()
    w.referral(whatever, "2016-03-01", outcome="NFA")
    w.referral(whatever, "2016-06-01")  # The earlier one came to nothing, and counts.
    same_day = w.child()
    w.referral(same_day, "2016-05-05")
    w.referral(same_day, "2016-05-05")  # Neither came before the other.
    over_the_year_end = w.child()
    w.referral(over_the_year_end, "2017-03-31")
    w.referral(over_the_year_end, "2017-04-01")  # The pair's second belongs to the next year.


def test_rereferrals_pair_across_the_year_end(stage: Staged) -> None:
    # 2016-17: one, one, one, two and one referrals. Two have another in the twelve months before.
    assert stage.of(rereferrals, "referrals.rereferral.pct") == (2, 6)
    assert stage.of(rereferrals, "referrals.rereferral.pct", year(2017)) == (1, 1)
    assert stage.of(rereferrals, "referrals.nfa.pct") == (0, 6)
    assert stage.of(rereferrals, "referrals.nfa.pct", year(2015)) == (1, 2)


@scene
def short_memory(w: Families) -> None:
    w.covers("2015-04-02", "2018-03-31", "referrals")
    w.referral(w.child(), "2016-06-01")


def test_rereferrals_are_not_covered_without_the_year_before(stage: Staged) -> None:
    # The twelve months before 1 April 2016 begin on 1 April 2015, a day before the records do.
    assert stage.result(short_memory, "referrals.rereferral.pct").status is Status.NOT_COVERED
    assert stage.count(short_memory, "referrals.total") == 1
    assert stage.result(short_memory, "referrals.rereferral.pct", year(2017)).status is Status.NO_BASE


# Assessments and cases


@scene
def toxic_trio(w: Families) -> None:
    w.assessment(w.child(), "2016-04-01", "3B", "4B", "1B")  # All three, of a parent: counts.
    divided = w.child()
    w.assessment(divided, "2016-05-03", "3B", "4B")
    w.assessment(divided, "2016-06-01", "2B")  # The third in another assessment of the same child: neither counts.
    w.assessment(w.child(), "2017-03-31", "3C", "4A", "2C")  # Of anyone in the household: counts.
    w.assessment(w.child(), "2016-07-01", "3A", "3B", "1A", "2A")  # No mental ill-health.
    w.assessment(w.child(), "2017-04-01", "3B", "4B", "1B")  # Authorised in the next year.
    w.assessment(w.child(), None, "3B", "4B", "1B")  # Not completed.


def test_the_toxic_trio_is_found_in_one_assessment(stage: Staged) -> None:
    assert stage.of(toxic_trio, "factors.toxic_trio") == (2, 5)
    # 3B stands in the first, the second and the fourth family's assessments of the year.
    assert stage.of(toxic_trio, "factors.dv_parent") == (3, 5)
    assert stage.count(toxic_trio, "factors.all") == 3 + 2 + 1 + 3 + 4


@scene
def open_cases(w: Families) -> None:
    both = w.child()
    w.case(both, "2016-01-04")
    w.case(both, "2016-06-01", service="leaving_care")  # Open to two services: one child.
    w.case(w.child(), "2016-01-04", "2017-03-31")  # Closed on the day: not open on it.
    w.case(w.child(), "2016-01-04", "2017-04-01")  # Open on the day.
    w.case(w.child(), "2017-03-31")  # Opened on the day.
    twice = w.child()
    w.case(twice, "2016-04-04", "2016-05-02")
    w.case(twice, "2016-09-01", "2016-10-03")  # Closes twice.


def test_open_cases_count_children_and_closures_count_cases(stage: Staged) -> None:
    assert stage.count(open_cases, "csc.open_cases") == 3
    assert stage.count(open_cases, "csc.closed_cases") == 3
    assert stage.count(open_cases, "csc.closed_cases", year(2017)) == 1


@scene
def in_need(w: Families) -> None:
    start = "2017-01-03"
    in_assessment = w.child()
    w.case(in_assessment, start)
    w.assessment(in_assessment, None)  # In assessment: in need.
    on_plan = w.child()
    w.case(on_plan, start)
    w.plan(on_plan, "2017-02-01")
    plan_ended = w.child()
    w.case(plan_ended, start)
    w.plan(plan_ended, "2016-02-01", "2017-03-31")  # The plan ended on the day: in need again.
    looked_after = w.child()
    w.case(looked_after, start)
    w.care(looked_after, "2017-02-01")
    short_breaks = w.child()
    w.case(short_breaks, start)
    w.care(short_breaks, "2017-02-01", status="V4")  # A series of short breaks is no care: in need.
    left_care = w.child("1998-06-01")
    w.case(left_care, start, service="leaving_care")  # Aftercare only: no episode of need.
    owed = w.child("1998-06-01")
    w.case(owed, start)
    w.add("leaving_care.CareLeaver", person=owed, eligibility="FORMER_RELEVANT", start_date=start)


def test_a_child_in_need_is_neither_on_a_plan_nor_looked_after(stage: Staged) -> None:
    # In assessment, plan ended, short breaks.
    assert stage.count(in_need, "cin.open") == 3
    assert stage.count(in_need, "csc.open_cases") == 7
    # Every episode of need, plans and looked-after children included: all but the one in aftercare.
    rate = stage.result(in_need, "cin.rate")
    children = populations.population(stage.areas[in_need], YEAR.end).number
    assert (rate.numerator, rate.denominator) == (6, children)
    assert rate.value == pytest.approx(6 / children * 10_000)


@scene
def two_years(w: Families) -> None:
    w.case(w.child(), "2015-03-31")  # Two years to the day: not more.
    w.case(w.child(), "2015-03-30")  # A day more: counts.
    two_services = w.child()
    w.case(two_services, "2013-06-03", service="leaving_care")
    w.case(two_services, "2016-06-01")  # One of the open cases is older than two years: counts, once.
    reopened = w.child()
    w.case(reopened, "2013-04-01", "2016-04-01")
    w.case(reopened, "2016-04-01")  # The current spell is a year old, however long the child has been known.


def test_open_over_two_years_goes_by_the_open_spell(stage: Staged) -> None:
    assert stage.of(two_years, "cin.open_over_2y.pct") == (2, 4)


@scene
def leap(w: Families) -> None:
    w.case(w.child(), "2016-02-29")


def test_two_years_from_a_leap_day_are_up_at_the_end_of_february(stage: Staged) -> None:
    # 24 months after 29 February 2016 is 28 February 2018, clipped to the month's end: not yet more on that day.
    assert stage.of(leap, "cin.open_over_2y.pct", month(2018, 2)) == (0, 1)
    assert stage.of(leap, "cin.open_over_2y.pct", year(2017)) == (1, 1)


# Child protection


@scene
def fifteen_months(w: Families) -> None:
    w.plan(w.child(), "2015-12-31")  # Fifteen months to the day on 31 March 2017.
    w.plan(w.child(), "2015-12-30")  # A day more.
    w.plan(w.child(), "2013-05-01", "2017-03-31")  # Ended on the day.
    w.plan(w.child(), "2015-01-31", "2016-12-01")  # Fifteen months are up on 30 April 2016, clipped to the month's end.
    w.plan(w.child(), "2015-01-29", "2016-12-01")  # Up on 29 April 2016: more on the 30th.


def test_fifteen_months_are_calendar_months(stage: Staged) -> None:
    assert stage.of(fifteen_months, "cp.over_15m.pct") == (1, 2)
    # 30 April 2016: all five are open; the third (2013) and the last are over.
    assert stage.of(fifteen_months, "cp.over_15m.pct", month(2016, 4)) == (2, 5)


@scene
def repeat_plans(w: Families) -> None:
    long_ago = w.child("2000-01-01")
    w.plan(long_ago, "2001-05-01", "2001-09-01")
    w.plan(long_ago, "2016-07-01")  # A plan fifteen years earlier counts.
    w.plan(w.child(), "2016-07-01")  # The first.
    w.plan(w.child(), "2016-07-01", declared_previous_plans=1)  # The history is declared, not held.
    twice = w.child()
    w.plan(twice, "2016-04-01", "2016-06-01", initial_category="EMO", latest_category="NEG")
    w.plan(twice, "2017-03-31")  # Two starts in the year: the second is a repeat.


def test_a_repeat_plan_follows_any_earlier_one(stage: Staged) -> None:
    assert stage.of(repeat_plans, "cp.repeat.pct") == (3, 5)
    assert stage.count(repeat_plans, "cp.started") == 5
    # The first category recorded, whatever it is now.
    assert stage.of(repeat_plans, "cp.category.emotional.pct") == (1, 5)
    assert stage.count(repeat_plans, "cp.ceased") == 1


@scene
def conferences(w: Families) -> None:
    siblings = w.conference("ICPC", "2016-06-22")
    w.initial(siblings, "2016-06-01", advocate=True)  # The 15th working day after 1 June is 22 June: in time.
    w.initial(siblings, "2016-05-31")  # Due on 21 June: late, so the meeting of both was not in time.
    alone = w.conference("ICPC", "2016-06-07")
    w.initial(alone, "2016-05-16")  # 30 May is a bank holiday: due on 7 June, in time.
    unborn = w.conference("PRE_BIRTH", "2016-07-15")
    w.initial(unborn, "2016-07-01")  # A pre-birth conference is an initial one.
    moved_in = w.conference("TRANSFER_IN", "2016-07-15")
    w.initial(moved_in, "2016-03-01", advocate=True)  # A transfer in is left out.

    first, second = w.plan(w.child(), "2016-04-11"), w.plan(w.child(), "2016-04-11", "2017-02-01")
    for meeting in (w.conference("RCPC", "2016-07-11"), w.conference("RCPC", "2017-01-12")):
        w.reviewed(meeting, first)  # Three months to the day: in time. Six months and a day: late, for both.
        w.reviewed(meeting, second)
    older = w.plan(w.child(), "2015-10-01")
    w.reviewed(w.conference("RCPC", "2015-12-20"), older)
    w.reviewed(w.conference("RCPC", "2016-06-20"), older, advocate=True)  # Six months to the day.


def test_conferences_are_meetings_and_children_are_children(stage: Staged) -> None:
    # Meetings: the siblings' (late for one), alone, pre-birth.
    assert stage.of(conferences, "cp.icpc.timeliness.pct") == (2, 3)
    # Children: two, one, one; one late.
    assert stage.count(conferences, "ic.icpc.children") == 4
    assert stage.of(conferences, "ic.icpc.timeliness.pct") == (3, 4)


def test_review_conferences_follow_the_one_before(stage: Staged) -> None:
    assert stage.of(conferences, "cp.reviews.timeliness.pct") == (2, 3)
    assert stage.count(conferences, "ic.rcpc.children") == 5
    assert stage.of(conferences, "ic.rcpc.timeliness.pct") == (3, 5)


def test_advocacy_is_taken_over_both_kinds_of_conference(stage: Staged) -> None:
    # Four at initial and five at review conferences; the advocate at the transfer in is out of both sides.
    assert stage.of(conferences, "ic.participation.advocacy.pct") == (2, 9)


@scene
def disabled(w: Families) -> None:
    def child(code: str = "LD") -> Any:
        found = w.child()
        w.add("people.Disability", person=found, disability=code)
        return found

    w.plan(child(), "2015-06-01", "2016-04-01")  # Its last day on the plan was 31 March: not in the year.
    w.plan(child(), "2015-06-01", "2016-04-02")  # One day of the year.
    w.plan(child(), "2017-03-31")  # The last day of the year.
    w.plan(child(), "2016-08-01", "2016-08-01")  # Ended as it began: on the plan on no day.
    w.plan(child("NONE"), "2016-08-01")  # Recorded as not disabled.
    w.plan(w.child(), "2016-08-01")
    twice = child()
    w.add("people.Disability", person=twice, disability="AUT")
    w.plan(twice, "2016-05-02", "2016-06-01")
    w.plan(twice, "2016-12-01")  # Two disabilities, two plans, one child.


def test_disabled_children_on_a_plan_at_any_time(stage: Staged) -> None:
    assert stage.count(disabled, "ic.cwd.cp") == 3


# Looked after


@scene
def starts_and_ends(w: Families) -> None:
    two_periods = w.child("2015-04-01")
    w.care(two_periods, "2016-05-02", "2016-06-01", "E4A")
    w.care(two_periods, "2016-09-01", "2017-02-01", "E11")  # One start; the last end is the adoption.
    back_again = w.child()
    w.care(back_again, "2014-05-01", "2016-07-01", "E4B")
    w.care(back_again, "2016-08-01")  # Left once, started once.
    respite = w.child()
    w.care(respite, "2016-05-02", "2016-05-09", "E8", status="V4")  # Short breaks: neither.
    guardianship = w.child()
    w.care(guardianship, "2014-05-01", "2017-03-31", "E45")
    w.care(w.child(), "2014-05-01", "2017-04-01", "E12")  # Adopted in the next year.


def test_children_start_at_the_first_and_leave_at_the_last(stage: Staged) -> None:
    assert stage.count(starts_and_ends, "lac.started") == 2
    assert stage.count(starts_and_ends, "lac.ceased") == 3
    assert stage.count(starts_and_ends, "lac.ceased", breakdown="reason", category="E11") == 1
    assert stage.count(starts_and_ends, "lac.ceased", breakdown="reason", category="E4A") is None
    assert stage.of(starts_and_ends, "lac.ceased.return_home.pct") == (1, 3)
    assert stage.of(starts_and_ends, "lac.ceased.adoption.pct") == (1, 3)
    assert stage.of(starts_and_ends, "lac.ceased.sgo.pct") == (1, 3)
    assert stage.count(starts_and_ends, "adoption.total") == 1
    # The planned return home was not the last end; the other was not planned.
    assert stage.count(starts_and_ends, "ic.lac.return_home") == 0
    # Aged 1 at the first start (of two).
    assert stage.of(starts_and_ends, "ic.lac.started.0_4.pct") == (1, 2)


@scene
def moved_to_another_authority(w: Families) -> None:
    child = w.child()
    w.care(child, "2014-05-01", "2016-06-01", "E3")
    home, w.area = w.area, "E06000001"
    w.care(child, "2016-06-01", "2017-01-03", "E4A")
    w.area = home


def test_each_authority_counts_its_own_end_of_care(stage: Staged) -> None:
    # The child left this authority's care in June, whatever another authority's care came to in the same year.
    assert stage.count(moved_to_another_authority, "lac.ceased") == 1
    assert stage.of(moved_to_another_authority, "lac.ceased.return_home.pct") == (0, 1)


@scene
def month_ends(w: Families) -> None:
    w.care(w.child(), "2015-01-05", "2017-03-30", "E8")  # Eleven month ends: not 31 March.
    w.care(w.child(), "2016-06-30", "2016-09-30", "E8")  # Open on 30 June; on 30 September no longer.
    w.care(w.child(), "2016-07-05", "2016-07-20", "E8")  # Between two month ends: never seen.


def test_fewest_and_most_at_month_ends(stage: Staged) -> None:
    assert stage.count(month_ends, "ic.lac.min") == 0
    assert stage.count(month_ends, "ic.lac.max") == 2
    assert [stage.count(month_ends, "lac.total", part) for part in YEAR.months()] == [
        1,
        1,
        2,
        2,
        2,
        1,
        1,
        1,
        1,
        1,
        1,
        0,
    ]


@scene
def no_episodes(w: Families) -> None:
    w.add("looked_after.PeriodOfCare", person=w.child(), start_date="2016-05-02", category_of_need="N1")


def test_a_child_whose_episodes_are_not_held_is_looked_after(stage: Staged) -> None:
    assert stage.count(no_episodes, "lac.total") == 1
    # No placement is held, so nothing is said about placements.
    assert stage.of(no_episodes, "lac.placement.foster.pct") == (0, 0)
    assert stage.result(no_episodes, "lac.placement.foster.pct").status is Status.NO_BASE


@scene
def placements(w: Families) -> None:
    old = "2014-06-02"
    w.care(
        w.child(), old, stays=((old, "A"), ("2016-06-01", "B"), ("2016-09-01", "C"))
    )  # The one held at the start makes three.
    w.care(
        w.child(), old, stays=((old, "A"), ("2016-06-01", "", "T1"), ("2016-06-05", "A"), ("2016-09-01", "B"))
    )  # Hospital and back: two.
    w.care(
        w.child(), old, stays=((old, "A"), ("2016-04-01", "B"), ("2016-09-01", "C"))
    )  # A was left on the first day: two.
    w.care(
        w.child(), old, stays=((old, "A"), ("2016-06-01", "B"), ("2016-09-01", "A"))
    )  # Back to the first carers: three stays.
    w.care(
        w.child(), old, stays=((old, "A", "U6"), ("2016-06-01", "A", "U4"), ("2016-09-01", "B"))
    )  # A change of type only: two.
    returned = w.child()
    w.care(returned, old, "2016-08-01", "E4A", stays=((old, "A"), ("2016-06-01", "B")))
    w.care(returned, "2016-11-01")  # Two stays before the return home and one after it: three.


def test_three_or_more_placements_in_twelve_months(stage: Staged) -> None:
    assert stage.of(placements, "lac.stability.short.pct") == (3, 6)


@scene
def stability(w: Families) -> None:
    old = "2014-06-02"
    adoptive = w.child()
    w.care(
        adoptive, old, stays=((old, "A"), ("2016-10-03", "A", "A5"))
    )  # Adopted by the foster carers: their time counts.
    w.care(w.child(), old, stays=((old, "A"), ("2016-10-03", "D", "A6")))  # Adopted by others: half a year.
    w.care(w.child(), old, stays=((old, "A"), ("2015-04-01", "B")))  # Two years on 1 April 2017: a day short.
    w.care(w.child(), old, stays=((old, "A"), ("2015-03-31", "B")))  # Two years on the day.
    w.care(
        w.child("2001-04-01"), old, stays=((old, "A"), ("2016-06-01", "", "T3"), ("2016-06-15", "A"))
    )  # Still 15; a holiday passed over.
    w.care(w.child("2001-03-31"), old)  # 16 on the day: not in the base.
    w.care(w.child(), "2014-09-30")  # 30 months are up on 30 March 2017, and 2 years and a half with A.
    w.care(w.child(), "2014-10-01")  # 30 months are up on 1 April 2017: not in the base.
    broken = w.child()
    w.care(broken, "2013-05-01", "2015-01-05", "E4A")
    w.care(broken, "2015-01-06")  # A break of a day: not in the base.


def test_two_years_with_the_same_carers(stage: Staged) -> None:
    # Base: the first five and the seventh. Adopted by carers, two years on the day, the 15 year old, the seventh.
    assert stage.of(stability, "lac.stability.long.pct") == (4, 6)


@scene
def reviews(w: Families) -> None:
    for _ in range(2):  # Two siblings, reviewed together: each counts.
        period = w.care(w.child(), "2016-05-02")
        # 20 working days from a bank holiday Monday over another bank holiday: due 31 May, held on it. Then due 31 August, held a day late.
        # Then due 1 March 2017 and not held.
        for day in ("2016-05-31", "2016-09-01"):
            w.add("looked_after.Review", person=period.values["person"], period=period, review_date=day)
    # Started before the year over Easter: due 14 April, held on it. Then due 14 July, when care has ended: not needed.
    left = w.care(w.child(), "2016-03-15", "2016-07-14", "E4A")
    w.add("looked_after.Review", person=left.values["person"], period=left, review_date="2016-04-14")
    long_in_care = w.care(w.child(), "2015-06-01")
    # Before the year: 29 June, 29 September, 29 March. In it: due 29 September, held; due 29 March 2017, held a day late.
    for day in ("2015-06-29", "2015-09-29", "2016-03-29", "2016-09-29", "2017-03-30"):
        w.add("looked_after.Review", person=long_in_care.values["person"], period=long_in_care, review_date=day)


def test_reviews_due_are_counted_for_each_child(stage: Staged) -> None:
    # Due: three each for two siblings, one, two. In time: one each, one, one.
    assert stage.of(reviews, "lac.reviews.timeliness.pct") == (4, 9)


@scene
def distance(w: Families) -> None:
    w.place("2016-05-02", distance_miles=20.0, authority=w.area)  # Not more than 20.
    w.place("2016-05-02", distance_miles=20.1, authority=w.area)  # Far, in the area.
    w.place("2016-05-02", distance_miles=60.0, authority="E06000001")  # Far, and out of it.
    w.place("2016-05-02", distance_miles=1.0, authority="E06000001")  # Next door, and out of the area.
    alone = w.place("2016-05-02", distance_miles=None, authority="")  # Unaccompanied: a home is not known.
    w.add("looked_after.AsylumStatus", person=alone, start_date="2016-05-02", end_date="2018-01-01")


def test_over_twenty_miles_with_blanks(stage: Staged) -> None:
    assert stage.count(distance, "ic.lac.over_20_miles") == 2
    assert stage.of(distance, "ic.lac.over_20_miles.pct") == (2, 5)
    assert stage.count(distance, "lac.placement.out_of_area") == 2
    # The day the status will end lies ahead of the day counted.
    assert stage.count(distance, "uasc.total") == 1


# Court, adoption, leaving care


@scene
def court(w: Families) -> None:
    first = w.add("court.Application", issue_date="2016-01-04", final_order_date="2016-07-04")
    second = w.add("court.Application", issue_date="2016-10-03", final_order_date="2017-01-09")
    w.add("court.Application", issue_date="2016-10-03", final_order_date="2017-04-03")
    w.add("court.Application", issue_date="2016-10-03")
    for application, children in ((first, 2), (second, 1)):
        for _ in range(children):
            child = w.child()
            w.add("court.ApplicationChild", person=child, application=application)
            w.add("court.Order", person=child, application=application, order="ICO", order_date="2016-05-03")
            w.add("court.Order", person=child, application=application, order="CO", order_date="2017-01-09")
    w.add("court.Order", person=w.child(), order="PO", order_date="2017-03-31")
    w.add("court.Order", person=w.child(), order="PO", order_date="2017-04-01")


def test_an_order_for_two_children_is_two(stage: Staged) -> None:
    # Three interim, three full, one placement order in the year.
    assert stage.count(court, "court.orders") == 7
    assert stage.of(court, "court.orders.interim.pct") == (3, 7)
    assert stage.of(court, "court.orders.full.pct") == (3, 7)
    assert stage.of(court, "court.orders.placement.pct") == (1, 7)


def test_weeks_are_a_mean_over_applications_that_ended(stage: Staged) -> None:
    # 182 days are 26 weeks and 98 days are 14: the family of two counts once.
    assert stage.count(court, "court.duration_weeks") == pytest.approx((26 + 14) / 2)


@scene
def adoption(w: Families) -> None:
    def adopted(care: str, placed: str | None, ordered: str | None) -> None:
        w.add("adoption.AdoptionPlan", person=w.child(), care_start_date=care, placed_date=placed, order_date=ordered)

    adopted("2010-01-01", "2012-01-01", "2014-04-01")  # 730 days; the entry lies years before the window.
    adopted("2015-01-01", "2015-12-27", "2017-03-31")  # 360 days.
    adopted("2013-01-01", "2013-02-01", "2014-03-31")  # Ordered a day before the window.
    adopted("2016-01-01", "2016-02-01", None)  # Not yet adopted.


def test_the_wait_for_adoption_is_taken_over_thirty_six_months(stage: Staged) -> None:
    assert stage.count(adoption, "adoption.wait_days", THREE_YEARS) == pytest.approx((730 + 360) / 2)
    assert stage.count(adoption, "adoption.wait_days") == pytest.approx(360)


@scene
def staying_put(w: Families) -> None:
    def left(day: str, kind: str, stayed_from: str | None, born: str | None = None) -> None:
        child = w.child(born or f"{int(day[:4]) - 18}{day[4:]}")
        w.care(child, "2014-06-02", day, "E17", stays=(("2014-06-02", "A", kind),))
        if stayed_from:
            w.add("leaving_care.StayingPut", person=child, start_date=stayed_from)

    left("2017-07-31", "U4", "2017-07-31")  # After the year's end, inside the window: stayed.
    left("2015-04-01", "U6", None)  # In the base.
    left("2016-05-02", "U6", "2016-06-01")  # Came back a month later: had not stayed.
    left("2016-05-02", "K2", None)  # From a children's home.
    left("2016-05-02", "U6", None, born="1999-05-02")  # At 17.


def test_staying_put_runs_past_the_year_end(stage: Staged) -> None:
    assert stage.of(staying_put, "careleavers.staying_put.share", STAYING_PUT) == (1, 3)
    assert stage.count(staying_put, "careleavers.staying_put", STAYING_PUT) == 1
    assert stage.of(staying_put, "careleavers.staying_put.share") == (0, 1)


# Feedback


@scene
def feedback(w: Families) -> None:
    for day, listened in (("2016-04-01", True), ("2017-03-31", True), ("2016-05-02", False), ("2016-05-02", None)):
        w.add(
            "independent_chairs.Feedback",
            returned_date=day,
            meeting_kind="review",
            felt_listened_to=listened,
            explained_well=True,
        )


def test_feedback_is_anonymous_and_taken_over_all_returned(stage: Staged) -> None:
    # A blank answer stays in the base.
    assert stage.of(feedback, "ic.feedback.listened.pct") == (2, 4)
    assert stage.of(feedback, "ic.feedback.explained.pct") == (4, 4)
    entry = stage.snapshot.manifest.tables["independent_chairs_feedback"]
    assert not {"person_id", "case_id"} & set(entry.columns)
    what = measure("ic.feedback.listened.pct")
    assert isinstance(what, Measure)
    with pytest.raises(InputProblem):
        listing(stage.tables, what, YEAR, stage.areas[feedback], breakdown="sex", category="F")
