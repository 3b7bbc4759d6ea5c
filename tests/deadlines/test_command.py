"""`sightline clocks`, as a script uses it."""

import argparse
import csv
import json
from io import StringIO
from typing import Any

import pytest

from sightline.cli.commands import clocks


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    clocks.add_arguments(parser)
    return clocks.run(parser.parse_args(words))


def test_lists_every_limit_and_what_it_runs_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json") == 0
    listed = {row["clock"]: row for row in json.loads(capsys.readouterr().out)}
    assert listed["ICPC-15"]["limit"] == "15 working days"
    assert listed["ICPC-15"]["runs on"] == "child_protection.Section47"
    assert listed["TRAIN-DSL"]["runs on"] == ""


def test_rebuilds_and_counts_what_is_overdue_on_a_day(
    make: Any, family: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    make("assessment.Assessment", **family.of, start_date="2017-04-03")
    assert run("--rebuild", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == [{"deadlines": 4, "new or changed": 4}]
    assert run("--overdue", "--as-at", "2017-06-12", "--format", "csv") == 0
    assert list(csv.DictReader(StringIO(capsys.readouterr().out))) == [
        {"clock": "ASSESS-45", "open": "1", "overdue": "1", "since": "2017-06-09"},
        {"clock": "ASSESS-CHILD-SEEN", "open": "1", "overdue": "1", "since": "2017-04-10"},
        {"clock": "ASSESS-REVIEWPOINT", "open": "1", "overdue": "1", "since": "2017-04-19"},
        {"clock": "CIN-2Y", "open": "1", "overdue": "0", "since": ""},
    ]


def test_refuses_a_day_it_cannot_read(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--overdue", "--as-at", "12/06/2017")
    assert "not a date written as YYYY-MM-DD" in capsys.readouterr().err
