"""The attacker's arithmetic finds exactly what can be found."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.engine.disclosure.bounds import Equation, Interval, interval


def test_one_part_missing_from_a_total_is_known() -> None:
    assert interval("a", [Equation({"a": 1}, 3)]) == Interval(Fraction(3), Fraction(3))


def test_two_parts_missing_from_a_total_share_it() -> None:
    assert interval("a", [Equation({"a": 1, "b": 1}, 7)]) == Interval(Fraction(0), Fraction(7))


def test_a_hidden_total_has_no_upper_bound() -> None:
    assert interval("total", [Equation({"total": 1, "a": -1}, 4)]) == Interval(Fraction(4), None)


def test_a_square_of_four_hidden_cells_is_bounded_by_its_smaller_margins() -> None:
    rows = [Equation({"a": 1, "b": 1}, 5), Equation({"c": 1, "d": 1}, 9)]
    columns = [Equation({"a": 1, "c": 1}, 6), Equation({"b": 1, "d": 1}, 8)]
    assert interval("a", rows + columns) == Interval(Fraction(0), Fraction(5))


def test_what_no_equation_names_can_be_anything() -> None:
    assert interval("elsewhere", [Equation({"a": 1}, 3)]) == Interval(Fraction(0), None)


def test_equations_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict"):
        interval("a", [Equation({"a": 1}, 3), Equation({"a": 1}, 4)])


@given(st.lists(st.integers(0, 4), min_size=6, max_size=6), st.integers(0, 5))
def test_bounds_hold_every_whole_solution_and_reach_no_further_than_fractions_allow(
    cells: list[int], asked: int
) -> None:
    """Against every whole solution of a table of two rows and three columns, found by trying them all."""
    names = list(range(6))
    rows = [names[:3], names[3:]]
    columns = [[0, 3], [1, 4], [2, 5]]
    equations = [Equation(dict.fromkeys(group, 1), sum(cells[i] for i in group)) for group in rows + columns]
    found = interval(asked, equations)
    solutions = [
        values[asked]
        for values in product(range(13), repeat=2)
        for values in [_completed(values, equations)]
        if values is not None
    ]
    # A table of two rows has whole extremes, so the bounds are met exactly.
    assert (found.low, found.high) == (min(solutions), max(solutions))


def _completed(first: tuple[int, ...], equations: list[Equation]) -> list[int] | None:
    """The table with two cells given and the rest from the margins; None when a cell would be below nought."""
    top, bottom, *across = (equation.constant for equation in equations)
    a, b = first
    values = [a, b, top - a - b, across[0] - a, across[1] - b, across[2] - (top - a - b)]
    return values if min(values) >= 0 and sum(values[3:]) == bottom else None
