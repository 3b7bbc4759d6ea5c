"""Clocks: every limit in the data, against a slow count of days, and its versions."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.standards import calendar as cal
from sightline.standards import data, frameworks
from sightline.standards.clocks import Clock, UnknownClock, clock, clocks, due, due_date, due_many, is_met, versions
from sightline.standards.dated import in_force

DAY = timedelta(days=1)
starts = st.dates(date(2010, 1, 1), date(2028, 12, 31))
every_clock = st.sampled_from(clocks())


def at(text: str) -> datetime:
    """A local time without a zone, as a form or a file gives it."""
    return datetime.fromisoformat(text)


def slow_due(c: Clock, started: date) -> date:
    """Walk one day at a time from the trigger until the count is full."""
    step = -DAY if c.counting == "before" else DAY
    day = started - DAY if c.counting == "inclusive" else started
    if c.unit in ("months", "years"):
        return slow_months(day, c.limit * (12 if c.unit == "years" else 1) * (-1 if c.counting == "before" else 1))
    left = {"weeks": c.limit * 7, "hours": math.ceil(c.limit / 24)}.get(c.unit, c.limit)
    while left:
        day += step
        if c.unit != "working_days" or cal.is_working_day(day):
            left -= 1
    return day


def slow_months(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    for last in (31, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


@given(every_clock, starts)
def test_every_clock_agrees_with_walking_the_days(c: Clock, started: date) -> None:
    assert due(c, started) == slow_due(c, started)


@given(every_clock, st.lists(starts, min_size=1, max_size=20))
def test_arrays_agree_with_single_dates(c: Clock, started: list[date]) -> None:
    assert due_many(c, started).tolist() == [due(c, day) for day in started]


@given(every_clock, starts, st.integers(0, 40))
def test_a_later_start_is_never_due_earlier(c: Clock, started: date, later: int) -> None:
    assert due(c, started) <= due(c, started + DAY * later)


@given(every_clock, starts)
def test_the_last_day_is_in_time_and_the_next_is_late(c: Clock, started: date) -> None:
    last = due_date(c, started)
    assert is_met(c, started, last) and not is_met(c, started, last + DAY)


def test_care_proceedings_count_the_day_of_issue() -> None:
    issued = date(2016, 9, 5)
    assert due(clock("CARE-26W"), issued) == issued + 181 * DAY
    assert due(clock("CARE-EXT-8W"), issued) == issued + 56 * DAY


def test_a_conference_is_due_on_the_fifteenth_working_day_over_a_bank_holiday() -> None:
    assert due(clock("ICPC-15", date(2017, 4, 7)), date(2017, 4, 7)) == date(2017, 5, 3)


def test_hours_keep_the_time_of_day_across_a_clock_change() -> None:
    london = ZoneInfo("Europe/London")
    found = datetime(2017, 3, 25, 10, 30, tzinfo=london)
    # The clocks went forward in the night: 72 hours later it is an hour later by the clock.
    assert due(clock("RHI-72H"), found) == datetime(2017, 3, 28, 11, 30, tzinfo=london)
    assert due(clock("RHI-72H"), at("2017-05-01 09:00")) == at("2017-05-04 09:00")
    assert due(clock("RHI-72H"), date(2017, 5, 1)) == date(2017, 5, 4)
    exact = np.array(["2017-05-01T23:30:00"], dtype="datetime64[s]")
    assert due_many(clock("S47-CHILD-SEEN"), exact).tolist() == [date(2017, 5, 2)]


def test_times_are_compared_only_when_both_sides_have_one() -> None:
    c, found = clock("RHI-72H"), at("2017-05-01 09:00")
    assert is_met(c, found, at("2017-05-04 09:00")) and not is_met(c, found, at("2017-05-04 09:01"))
    assert is_met(c, found, date(2017, 5, 4)) and not is_met(c, found, date(2017, 5, 5))


def test_a_working_day_limit_uses_the_day_of_a_time() -> None:
    assert due(clock("CONTACT-DECISION"), at("2017-04-13 23:59")) == date(2017, 4, 18)


def test_an_old_case_is_never_retimed() -> None:
    assert clock("ADOPT-A1", date(2015, 12, 31)).limit == 487
    assert clock("ADOPT-A1", date(2016, 1, 1)).limit == 426
    assert clock("NRM-CG", date(2023, 1, 29)).limit == 45 and clock("NRM-CG", date(2023, 1, 30)).limit == 30
    assert clock("TEMP-APPROVAL-16W", date(2020, 6, 1)).limit == 24
    assert clock("SI-NOTIFY", date(2018, 6, 28)).id == "SI-NOTIFY-2015"
    found = due_many("IA-10", [date(2013, 4, 12), date(2013, 4, 15), date(2009, 1, 1)])
    assert found[0] == np.datetime64("2013-04-26") and np.isnat(found[1:]).all()


@given(st.sampled_from(sorted({c.family for c in clocks()})), starts)
def test_an_array_picks_the_version_of_each_start(family: str, started: date) -> None:
    live = [c for c in versions(family) if in_force(c, started)]
    found = due_many(family, [started])
    assert len(live) <= 1
    assert np.isnat(found[0]) if not live else found.tolist() == [due_date(live[0], started)]


def test_a_clock_that_is_not_held_or_not_in_force_is_said() -> None:
    with pytest.raises(UnknownClock, match="Near: ICPC-15"):
        clock("ICPC15")
    with pytest.raises(UnknownClock, match="not in force on 2017-03-31"):
        clock("IA-10", date(2017, 3, 31))


def test_the_data_is_whole() -> None:
    assert len(clocks()) >= 259
    for c in clocks():
        assert c.process and c.starts and c.stops and c.source, c.id
        assert (c.valid_from or date.min) <= (c.valid_to or date.max), c.id
        for name in c.frameworks:
            if name.startswith("WT"):
                assert frameworks.framework(name).id == name
    assert {c.id for c in clocks() if c.counting == "inclusive"} == {"CARE-26W"}
    assert {c.id for c in clocks() if c.counting == "before"} >= {"ICPC-REPORT", "RCPC-REPORT", "PF-NOTIFY-6W"}


def test_a_clock_runs_only_while_a_framework_it_names_is_in_force() -> None:
    for c in clocks():
        editions = [frameworks.framework(name) for name in c.frameworks if name.startswith("WT")]
        if editions and len(editions) == len(c.frameworks) and c.valid_to:
            assert c.valid_to <= max(e.valid_to or date.max for e in editions) + timedelta(days=640), c.id


LOCAL_HEAD = "id,process,starts_when,stops_when,limit,unit,valid_from,valid_to,source\n"


def test_an_operator_may_set_a_local_limit_from_a_day_on(local: Path) -> None:
    (local / "clocks.csv").write_text(
        LOCAL_HEAD + "CORE-REPEAT,core group,last,next,4,weeks,2018-01-01,,Local standard\n"
    )
    assert clock("CORE-REPEAT", date(2017, 12, 31)).limit == 6
    assert clock("CORE-REPEAT", date(2018, 1, 1)).limit == 4 and clock("CORE-REPEAT").overridden


def test_an_operator_may_add_a_clock(local: Path) -> None:
    (local / "clocks.csv").write_text(LOCAL_HEAD + "OUR-VISIT,visits,a,b,3,working_days,,,Local standard\n")
    assert due(clock("OUR-VISIT"), date(2017, 4, 13)) == date(2017, 4, 20)


def test_a_verified_national_limit_cannot_be_replaced(local: Path) -> None:
    (local / "clocks.csv").write_text(LOCAL_HEAD + "ICPC-15,ICPC,a,b,30,working_days,,,Local wish\n")
    with pytest.raises(data.DataError, match="national limit"):
        clock("ICPC-15")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("X,p,a,b,ten,weeks,,,s", "line 2: limit 'ten'"),
        ("X,p,a,b,10,fortnights,,,s", "'fortnights' is not one of"),
        (
            "X,p,a,b,1,weeks,2017-01-01,,s\nX,p,a,b,2,weeks,2018-01-01,,s",
            "two versions of 'X' are in force on 2018-01-01",
        ),
    ],
)
def test_a_faulty_local_clock_is_refused(local: Path, row: str, message: str) -> None:
    (local / "clocks.csv").write_text(LOCAL_HEAD + row + "\n")
    with pytest.raises(data.DataError, match=message):
        clock("X")


def test_limits_read_well() -> None:
    assert clock("ICPC-15").limit_in_words == "15 working days"
    assert replace(clock("ICPC-15"), limit=1).limit_in_words == "1 working day"


@pytest.mark.parametrize(
    ("day", "id"),
    [
        ("2010-02-28", "WT2006"),
        ("2013-04-15", "WT2013"),
        ("2017-03-31", "WT2015"),
        ("2018-06-29", "WT2018"),
        ("2026-03-19", "WT2026"),
    ],
)
def test_one_edition_of_working_together_is_in_force(day: str, id: str) -> None:
    found = frameworks.in_force(date.fromisoformat(day))
    assert found is not None and found.id == id


def test_before_the_first_edition_held_there_is_none() -> None:
    assert frameworks.in_force(date(1999, 1, 1)) is None
    arrangement = frameworks.in_force(date(2017, 3, 31), "local_arrangements")
    assert arrangement is not None and arrangement.id == "LSCB"
