"""Working days, months, ages and periods, against slow readings of the rules and against GOV.UK's own list."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from sightline.standards import calendar as cal
from sightline.standards.build_calendar import COLUMNS, bank_holidays, rows
from sightline.standards.data import data_path
from sightline.standards.working_days import table

DAY = timedelta(days=1)
days = st.dates(date(1992, 1, 1), date(2038, 12, 31))
any_day = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def slow_add(start: date, n: int) -> date:
    """Step one day at a time and count."""
    day, step = start, DAY if n > 0 else -DAY
    while n:
        day += step
        if cal.is_working_day(day):
            n -= 1 if n > 0 else -1
    return day


def slow_between(start: date, end: date) -> int:
    if end < start:
        return -slow_between(end, start)
    return sum(cal.is_working_day(start + DAY * i) for i in range(1, (end - start).days + 1))


def govuk() -> set[date]:
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return {entry["date"] for entry in listed}


def test_the_calendar_agrees_with_govuk_on_every_day_it_publishes() -> None:
    known = govuk()
    years = range(min(known).year, max(known).year + 1)
    assert years.start <= 2012 and years.stop > 2028
    for year in years:
        day = date(year, 1, 1)
        while day.year == year:
            assert cal.is_working_day(day) == (day.weekday() < 5 and day not in known), day
            day += DAY


@pytest.mark.parametrize(
    "closed",
    [
        "1995-05-08",
        "1999-12-31",
        "2002-06-03",
        "2002-06-04",
        "2011-04-29",
        "2012-06-05",
        "2020-05-08",
        "2022-09-19",
        "2023-05-08",
    ],
)
def test_one_off_bank_holidays_are_closed(closed: str) -> None:
    assert not cal.is_working_day(date.fromisoformat(closed))
    assert cal.holiday_name(date.fromisoformat(closed))


@pytest.mark.parametrize("opened", ["1995-05-01", "2012-05-28", "2020-05-04", "2022-05-30"])
def test_bank_holidays_that_moved_are_open(opened: str) -> None:
    assert cal.is_working_day(date.fromisoformat(opened))


def test_the_committed_table_is_what_the_script_makes() -> None:
    lines = data_path("calendar", "england_working_days.csv").read_text(encoding="utf-8").splitlines()
    made = [",".join(str(value) for value in row) for row in rows(bank_holidays())]
    assert lines[0] == ",".join(COLUMNS)
    assert [line.replace('"', "") for line in lines[1:]] == [line.replace('"', "") for line in made]
    assert table().projected_from == date(2029, 1, 1)


@given(days, st.integers(-300, 300))
def test_adding_working_days_agrees_with_stepping(start: date, n: int) -> None:
    assert cal.add_working_days(start, n) == slow_add(start, n)


@given(days, st.integers(-400, 400))
def test_counting_working_days_agrees_with_stepping(start: date, gap: int) -> None:
    end = start + DAY * gap
    assert cal.working_days_between(start, end) == slow_between(start, end)


@given(days, st.integers(0, 200), st.integers(0, 60))
def test_taken_is_the_smallest_limit_that_would_have_been_met(start: date, gap: int, n: int) -> None:
    end = start + DAY * gap
    assert (cal.working_days_taken(start, end) <= n) == (end <= cal.add_working_days(start, n))


@given(st.lists(days, min_size=1, max_size=30), st.integers(-200, 200))
def test_arrays_agree_with_single_dates(starts: list[date], n: int) -> None:
    found = cal.add_working_days_many(starts, n)
    assert found.tolist() == [cal.add_working_days(start, n) for start in starts]
    counted = cal.working_days_between_many(starts, found)
    assert counted.tolist() == [cal.working_days_between(a, b) for a, b in zip(starts, found.tolist(), strict=True)]
    taken = cal.working_days_taken_many(starts, found)
    expected = [cal.working_days_taken(a, b) if b >= a else None for a, b in zip(starts, found.tolist(), strict=True)]
    assert [None if np.isnan(value) else value for value in taken] == expected


def test_missing_dates_pass_through_arrays() -> None:
    found = cal.add_working_days_many(["2016-04-01", None], [5, 5])
    assert found[0] == np.datetime64("2016-04-08") and np.isnat(found[1])
    assert np.isnan(cal.working_days_between_many(["2016-04-01"], [None]))[0]


def test_work_done_on_the_saturday_after_a_friday_limit_is_late() -> None:
    friday, saturday = date(2017, 3, 17), date(2017, 3, 18)
    start = date(2017, 3, 10)
    assert cal.add_working_days(start, 5) == friday
    assert cal.working_days_between(start, saturday) == 5
    assert cal.working_days_taken(start, saturday) == 6


def test_a_trigger_on_a_closed_day_counts_from_the_next_open_one() -> None:
    good_friday = date(2017, 4, 14)
    assert cal.add_working_days(good_friday, 1) == date(2017, 4, 18)
    assert cal.next_working_day(good_friday) == date(2017, 4, 18)
    assert cal.add_working_days(good_friday, 0) == good_friday


def test_outside_the_table_is_said_not_guessed() -> None:
    with pytest.raises(cal.OutsideCalendar, match="1990-01-01 to 2040-12-31"):
        cal.is_working_day(date(1989, 12, 31))
    with pytest.raises(cal.OutsideCalendar):
        cal.add_working_days(date(2040, 12, 28), 10)
    with pytest.raises(cal.OutsideCalendar, match="2041-01-01"):
        cal.add_working_days_many([date(2041, 1, 1)], 1)


@given(any_day, st.integers(-200, 200))
def test_months_are_clipped_to_the_end_of_the_month(day: date, n: int) -> None:
    found = cal.add_months(day, n)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == n
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)
    assert cal.add_months_many([day], n).tolist() == [found]


def test_month_ends() -> None:
    assert cal.add_months(date(2016, 8, 31), 6) == date(2017, 2, 28)
    assert cal.add_months(date(2015, 11, 30), 3) == date(2016, 2, 29)
    assert cal.add_years(date(2016, 2, 29), 1) == date(2017, 2, 28)


@given(any_day, any_day)
def test_age_counts_birthdays_reached(birth: date, day: date) -> None:
    age = cal.age_on(birth, day)
    assert cal.birthday(birth, age) <= day < cal.birthday(birth, age + 1) if birth.year + age + 1 <= 9999 else True
    assert cal.ages_on([birth], day).tolist() == [age]


def test_born_on_29_february_comes_of_age_on_1_march() -> None:
    birth = date(2000, 2, 29)
    assert cal.age_on(birth, date(2018, 2, 28)) == 17
    assert cal.age_on(birth, date(2018, 3, 1)) == 18
    assert cal.birthday(birth, 18) == date(2018, 3, 1) and cal.birthday(birth, 20) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2016-17", "2016-17", "2016-04-01", "2017-03-31"),
        ("2016/17", "2016-17", "2016-04-01", "2017-03-31"),
        ("2016-2017", "2016-17", "2016-04-01", "2017-03-31"),
        ("1999-00", "1999-00", "1999-04-01", "2000-03-31"),
        ("2011-12", "2011-12", "2011-04-01", "2012-03-31"),
        ("2011-M12", "2011-M12", "2011-12-01", "2011-12-31"),
        ("2016-17 Q1", "2016-17 Q1", "2016-04-01", "2016-06-30"),
        ("2016-17q4", "2016-17 Q4", "2017-01-01", "2017-03-31"),
        ("2016-04", "2016-04", "2016-04-01", "2016-04-30"),
        ("2016-M04", "2016-04", "2016-04-01", "2016-04-30"),
        ("2016-05-01..2017-04-30", "2016-05-01..2017-04-30", "2016-05-01", "2017-04-30"),
        ("2016-05-01 to 2017-04-30", "2016-05-01..2017-04-30", "2016-05-01", "2017-04-30"),
        ("2017-03-31", "2017-03-31..2017-03-31", "2017-03-31", "2017-03-31"),
    ],
)
def test_periods_are_read(text: str, label: str, start: str, end: str) -> None:
    found = cal.parse(text)
    assert (found.label, found.start.isoformat(), found.end.isoformat()) == (label, start, end)


@pytest.mark.parametrize(
    "text",
    ["", "2016", "2016-18", "2016-13", "2016-17 Q5", "2017-03-31..2016-04-01", "last year", "2016-02-30..2016-03-01"],
)
def test_what_is_not_a_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        cal.parse(text)


@pytest.mark.parametrize("text", ["0001-02", "0001-01-01", "1989-90", "2100-2101", "9999-12", "9999-12-31", "1989-12"])
def test_a_period_that_no_record_can_be_of_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        cal.asked_for(text)


@given(any_day, st.sampled_from(["year", "quarter", "month"]))
def test_a_label_reads_back_as_the_same_period(day: date, kind: str) -> None:
    found = cal.containing(day, kind)  # type: ignore[arg-type]
    assert day in found and cal.parse(found.label) == found
    assert found.previous().until == found.start
    assert found.prior().kind == kind and found.prior().until <= found.start
    assert abs((found.start - found.prior().start).days - 365) <= 1


@given(any_day)
def test_quarters_and_months_share_out_the_year(day: date) -> None:
    whole = cal.containing(day, "year")
    for parts, number in ((whole.quarters(), 4), (whole.months(), 12)):
        assert len(parts) == number and parts[0].start == whole.start and parts[-1].end == whole.end
        assert all(a.until == b.start for a, b in pairwise(parts))
        assert sum(part.days for part in parts) == whole.days


def test_rolling_years_and_ranges() -> None:
    assert cal.rolling_year(date(2017, 2, 28)) == cal.span(date(2016, 3, 1), date(2017, 2, 28))
    rolling = cal.rolling_years(date(2016, 4, 30), date(2017, 3, 31))
    assert len(rolling) == 12 and rolling[-1].start == date(2016, 4, 1)
    assert cal.span(date(2016, 3, 1), date(2017, 2, 28)).prior() == cal.span(date(2015, 3, 1), date(2016, 2, 29))
    assert [p.label for p in cal.quarters_between(date(2017, 3, 31), date(2017, 4, 1))] == ["2016-17 Q4", "2017-18 Q1"]
    assert len(cal.years_between(date(2014, 5, 1), date(2017, 3, 31))) == 3
    assert cal.year(2016).year_end == date(2017, 3, 31) and cal.month(2016, 12).year_end == date(2017, 3, 31)
    assert cal.quarter(2016, 1).title == "Quarter 1 of 2016-17"
