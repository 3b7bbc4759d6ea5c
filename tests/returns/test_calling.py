"""Rules are run by whoever has tables: what they hand over is taken as it stands, or refused with what to mend, and never half heard."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from sightline.core.errors import InputProblem
from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.result import Outcome, RunResult

_CHILD = {"CHILD": "1", "SEX": "X", "DOB": "10/05/2014"}
_PLACED = {"CHILD": "1", "DECOM": "01/06/2026", "LS": "C2", "PLACE": "K2", "PLACE_PROVIDER": "PR1"}
#: What no authority can say of itself, and every authority but Birmingham of its own provision.
_ELSEWHERE = {**_PLACED, "PL_LOCATION": "IN", "PL_LA": "E08000025"}


def _run(tables: Any, rules: Any = ("101",), **context: Any) -> RunResult:
    return run_rules("ssda903", "2026-27", tables, rules=rules, context=context)


@pytest.mark.parametrize("rules", ["101", ["101"], ("101", "101"), {"101": 1}])
def test_rules_may_be_named_in_any_collection_or_one_alone(rules: Any) -> None:
    assert list(_run({"Header": [_CHILD]}, rules).rules) == ["101"]


def test_rules_named_by_a_generator_are_run() -> None:
    assert list(_run({"Header": [_CHILD]}, (code for code in ["101", "102"])).rules) == ["101", "102"]


@pytest.mark.parametrize("year", [None, 2027, date(2027, 3, 31)])
def test_a_year_that_is_no_text_is_refused(year: Any) -> None:
    with pytest.raises(InputProblem, match="is not a collection year"):
        run_rules("ssda903", year, {"Header": [_CHILD]})


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({1: [_CHILD]}, "no table '1'"),
        ([_CHILD], "The tables are a list"),
        ({"Header": [_CHILD], "header": [_CHILD]}, "The table Header comes twice"),
        ({"Header": [{"Sex": "F", "sex": "F"}]}, "The table Header has the column SEX twice"),
        ({"Header": pa.table([["1"], ["F"], ["M"]], names=["CHILD", "SEX", "SEX"])}, "has the column SEX twice"),
        ({"Header": [{"CHILD": "1", "SEX": "\ud800"}]}, "half a character"),
    ],
)
def test_tables_that_say_two_things_or_nothing_are_refused(tables: Any, told: str) -> None:
    with pytest.raises(InputProblem, match=told):
        _run(tables)


@pytest.mark.parametrize("beside", [{"sex": "F"}, {"S E X": "F"}])
@pytest.mark.parametrize("first", [True, False])
def test_a_column_of_the_returns_own_name_goes_before_one_that_reads_like_it(
    beside: dict[str, str], first: bool
) -> None:
    row = beside | _CHILD if first else _CHILD | beside
    for table in ([row], pa.table({name: [cell] for name, cell in row.items()})):
        assert _run({"Header": table})["101"].outcome is Outcome.FAILED


def test_the_context_is_a_dictionary() -> None:
    with pytest.raises(InputProblem, match="The context are a str"):
        run_rules("ssda903", "2026-27", {"Header": [_CHILD]}, context="E10000028")  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["2026-07-01", date(2026, 7, 1), datetime(2026, 7, 1, 12, tzinfo=UTC)])
def test_the_day_on_which_a_year_is_taken_to_end_may_be_a_text(given: Any) -> None:
    """A police protection that began on 30 June has lasted a day by then, and nine months by the end of the year."""
    tables = {"Header": [_CHILD], "Episodes": [{"CHILD": "1", "DECOM": "30/06/2026", "LS": "L1"}]}
    assert _run(tables, ["361"])["361"].outcome is Outcome.FAILED
    assert _run(tables, ["361"], as_at=given)["361"].outcome is Outcome.PASSED


@pytest.mark.parametrize("name", ["day", "as_at"])
@pytest.mark.parametrize("given", ["01/07/2026", 5])
def test_a_day_that_is_none_is_refused(name: str, given: Any) -> None:
    with pytest.raises(InputProblem, match="is not a day"):
        _run({"Header": [_CHILD]}, **{name: given})


@pytest.mark.parametrize("code", ["411", "1015"])
def test_rules_about_the_authority_could_not_run_without_it(code: str) -> None:
    tables = {"Header": [_CHILD], "Episodes": [_ELSEWHERE]}
    found = _run(tables, [code])[code]
    assert (found.outcome, found.cause) == (Outcome.COULD_NOT_RUN, "needs the authority, which was not given")
    assert _run(tables, [code], authority="E10000028")[code].outcome is Outcome.FAILED
    assert _run({**tables, "Episodes": []}, [code])[code].outcome is Outcome.NOT_APPLICABLE


def test_the_rule_about_the_authority_of_a_provider_could_not_run_without_it() -> None:
    tables = {"Header": [_CHILD], "Episodes": [_PLACED], "Provider Info": [{"URN": "SC123"}]}
    assert _run(tables, ["229"])["229"].outcome is Outcome.COULD_NOT_RUN
    assert _run(tables, ["229"], authority="E10000028")["229"].outcome is Outcome.PASSED


_CAUSE = """
from sightline.engine.exchange import run_rules
print(run_rules("ssda903", "2026-27", {"Header": [{"CHILD": "1"}], "UASC": []}, rules=["205A"])["205A"].cause)
"""


def test_the_cause_does_not_depend_on_how_the_interpreter_orders_sets() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _CAUSE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert told == {"needs the return of the year before (Header_last), which was not given\n"}
