"""Work lists are queries of the one table, on any day; and due dates are said as workers say them."""

from datetime import date
from typing import Any

import pytest

from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.queries import due_in_words, open_on, overdue_on


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "open_then", "overdue"),
    [
        ("2017-04-02", False, False),
        ("2017-04-03", True, False),
        ("2017-06-09", True, False),
        ("2017-06-10", True, True),
        ("2017-06-30", True, True),
        ("2017-07-01", False, False),
    ],
)
def test_a_list_as_at_a_day_shows_what_ran_then(
    make: Any, family: Any, on: str, open_then: bool, overdue: bool
) -> None:
    make("assessment.Assessment", **family.of, start_date="2017-04-03", authorised_date="2017-07-01")
    ledger.rebuild()
    assert open_on(day(on)).filter(clock="ASSESS-45").exists() is open_then
    assert overdue_on(day(on)).filter(clock="ASSESS-45").exists() is overdue


@pytest.mark.parametrize(
    ("clock", "due", "today", "words"),
    [
        ("ICPC-15", "2017-04-18", "2017-04-18", "due today"),
        ("ICPC-15", "2017-04-18", "2017-04-13", "due in 1 working day"),
        ("ICPC-15", "2017-04-21", "2017-04-13", "due in 4 working days"),
        ("ICPC-15", "2017-04-13", "2017-04-18", "overdue by 1 working day"),
        ("ICPC-15", "2017-04-13", "2017-04-15", "overdue since the last working day"),
        ("CP-REVIEW-1", "2017-04-18", "2017-04-13", "due in 5 days"),
        ("CP-REVIEW-1", "2017-04-18", "2017-04-19", "overdue by 1 day"),
    ],
)
def test_due_dates_in_words(clock: str, due: str, today: str, words: str) -> None:
    assert due_in_words(clock, day(due), day(today)) == words
