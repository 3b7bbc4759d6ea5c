"""Periods written relative to the reporting year."""

from __future__ import annotations

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.report.chapters import periods_needed
from sightline.engine.report.periods import relative
from sightline.standards.periods import year

OF = year(2016)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("year", "2016-17"),
        ("prior", "2015-16"),
        ("year-2", "2014-15"),
        ("month 1", "2016-04"),
        ("month 12", "2017-03"),
        ("quarter 2", "2016-17 Q2"),
        ("12 months to end of month 1", "2015-05-01..2016-04-30"),
        ("36 months to year end", "2014-04-01..2017-03-31"),
        ("36 months to prior year end", "2013-04-01..2016-03-31"),
        ("year start - 12 months .. year end + 4 months", "2015-04-01..2017-07-31"),
        ("2015-16", "2015-16"),
        ("2016-04", "2016-04"),
        ("2013-04-01..2016-03-31", "2013-04-01..2016-03-31"),
    ],
)
def test_an_expression_means_a_period_of_the_reporting_year(written: str, meant: str) -> None:
    assert relative(written, OF).label == meant


@pytest.mark.parametrize("written", ["last year", "month 13", "36 months to Easter", "year start .. never"])
def test_what_is_not_a_period_is_refused_with_what_may_be_written(written: str) -> None:
    with pytest.raises(InputProblem, match="write"):
        relative(written, OF)


def test_every_period_that_a_chapter_reads_is_worked_out_for_it() -> None:
    labels = {period.label for period in periods_needed(OF)}
    assert {"2014-15", "2015-16", "2016-17", "2015-16 Q1", "2017-03"} <= labels
    assert {"2015-05-01..2016-04-30", "2013-04-01..2016-03-31", "2012-04-01..2015-03-31"} <= labels
    assert len(labels) == len(periods_needed(OF)), "each period is there once"
