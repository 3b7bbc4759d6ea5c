"""What is hidden cannot be worked out: an attack on tables of every shape, by trying all tables that fit what is shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from sightline.engine.disclosure.suppress import Relation, bounds, is_small, relations_of, to_hide

Counts = dict[Hashable, int]
ROOM = 12  # how large a cell the attacker tries where nothing shown bounds it


def test_counts_from_one_to_four_are_hidden_and_nought_is_not() -> None:
    assert to_hide({"a": 0, "b": 1, "c": 4, "d": 5}, []) == {"b", "c"}


def test_the_threshold_can_be_set() -> None:
    assert to_hide({"a": 7, "b": 10}, [], threshold=10) == {"a"}


def test_a_single_hidden_part_takes_the_smallest_other_part_with_it() -> None:
    counts: Counts = {"total": 60, "a": 3, "b": 40, "c": 17}
    assert to_hide(counts, [_sum("total", "abc")]) == {"a", "c"}


def test_two_hidden_parts_that_are_small_together_take_a_third() -> None:
    """1 and 2 hidden out of 20 would leave a range of three: too narrow."""
    counts: Counts = {"total": 20, "a": 1, "b": 2, "c": 17}
    assert to_hide(counts, [_sum("total", "abc")]) == {"a", "b", "c"}


def test_the_rest_of_a_base_counts_as_much_as_the_numerator() -> None:
    """99 of 100 tells of one child."""
    counts: Counts = {"base": 100, "number": 99, "rest": 1}
    assert "number" in to_hide(counts, [{"base": 1, "number": -1, "rest": -1}])


def test_a_sum_that_does_not_hold_is_no_reason_to_hide() -> None:
    counts: Counts = {"total": 70, "a": 3, "b": 40}
    assert to_hide(counts, [_sum("total", "ab")]) == {"a"}


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    counts: Counts = {"total": 30, "a": 10, "b": 20, "c": 0}
    assert to_hide(counts, [_sum("total", "abc")]) == set()


def test_a_year_and_its_months_protect_each_other() -> None:
    counts: Counts = {"year": 50, **{f"m{i}": 4 if i == 0 else 46 // 11 + (i <= 2) for i in range(12)}}
    relation = _sum("year", [f"m{i}" for i in range(12)])
    hidden = to_hide(counts, [relation])
    assert all(
        bounds(name, hidden, counts, relations_of([relation])).wider_than(4)
        for name in hidden
        if is_small(counts[name])
    )


@dataclass(frozen=True)
class Grid:
    """A table with margins and a grand total."""

    rows: int
    columns: int
    counts: Counts
    relations: list[Relation]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Small tables with many small numbers and noughts."""
    rows, columns = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    cells = st.one_of(st.integers(0, 3), st.integers(0, 9))
    counts: Counts = {(r, c): draw(cells) for r in range(rows) for c in range(columns)}
    across = [_margin(counts, ("row", r), [(r, c) for c in range(columns)]) for r in range(rows)]
    down = [_margin(counts, ("column", c), [(r, c) for r in range(rows)]) for c in range(columns)]
    grand = [
        _margin(counts, "all", [("row", r) for r in range(rows)]),
        _margin(counts, "all", [("column", c) for c in range(columns)]),
    ]
    return Grid(rows, columns, counts, [*across, *down, *grand])


@given(grids())
def test_no_hidden_count_of_a_table_can_be_worked_out(grid: Grid) -> None:
    """The attacker looks for whole tables that fit what is shown, and knows the rule."""
    hidden = to_hide(grid.counts, grid.relations)
    small = {name for name, count in grid.counts.items() if is_small(count)}
    assert small <= hidden
    shown = {name: count for name, count in grid.counts.items() if name not in hidden}
    for name in hidden:
        wanted = 3 if name in small else 2
        fitting = (
            value
            for value in sorted(range(3 * ROOM), key=lambda v: abs(v - grid.counts[name]))
            if _fits(grid, {**shown, name: value})
        )
        assert len(list(islice(fitting, wanted))) == wanted, (name, grid, hidden)


def _sum(total: Hashable, parts: Sequence[Hashable]) -> Relation:
    return {total: 1, **dict.fromkeys(parts, -1)}


def _margin(counts: Counts, name: Hashable, parts: Sequence[Hashable]) -> Relation:
    counts[name] = sum(counts[part] for part in parts)
    return _sum(name, parts)


def _fits(grid: Grid, known: Mapping[Hashable, int]) -> bool:
    """Whether a whole table without a number below nought has these cells and margins.

    Filled cell by cell, with no more in a cell than its row, its column and the whole still have room for; the last cell of each takes what is left.
    """
    cells = [(r, c) for r in range(grid.rows) for c in range(grid.columns)]
    lines = {cell: [("row", cell[0]), ("column", cell[1]), "all"] for cell in cells}
    last = {line: cell for cell in cells for line in lines[cell]}
    room = {line: known[line] for line in last if line in known}

    def possible(at: int) -> bool:
        if at == len(cells):
            return True
        cell = cells[at]
        bounded = [line for line in lines[cell] if line in room]
        most = min((room[line] for line in bounded), default=ROOM)
        exact = {room[line] for line in bounded if last[line] == cell} | ({known[cell]} if cell in known else set())
        if len(exact) > 1:
            return False
        for choice in exact or range(most + 1):
            if choice <= most or not bounded:
                for line in bounded:
                    room[line] -= choice
                found = possible(at + 1)
                for line in bounded:
                    room[line] += choice
                if found:
                    return True
        return False

    return possible(0) and _margins_fit(grid, known)


def _margins_fit(grid: Grid, known: Mapping[Hashable, int]) -> bool:
    """Whether shown margins allow the whole, where the cells have been found to allow each of them."""
    for name, size in (("row", grid.rows), ("column", grid.columns)):
        shown = [known.get((name, i)) for i in range(size)]
        total = known.get("all")
        if total is not None and all(one is not None for one in shown) and sum(one or 0 for one in shown) != total:
            return False
    return True
