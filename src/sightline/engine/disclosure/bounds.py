"""What an attacker can work out: the least and the greatest value of a hidden count, from what is shown.

Exact, in fractions: a hidden value that can be pinned down is found, whatever the numbers. The system is `A x = b` with `x >= 0`, solved by
the simplex method with Bland's rule, which cannot go round in circles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

ZERO = Fraction(0)
#: Whole numbers stay whole until one must be divided, which is seldom: with them the work is many times quicker, and as exact.
Exact = int | Fraction


@dataclass(frozen=True)
class Interval:
    """Values that a hidden count could have. `high` is None when nothing bounds it."""

    low: Fraction
    high: Fraction | None

    def wider_than(self, width: int) -> bool:
        """Whether the interval is at least so wide."""
        return self.high is None or self.high - self.low >= width


@dataclass(frozen=True)
class Equation:
    """`sum(coefficient * unknown) = constant`."""

    unknowns: Mapping[Any, int]
    constant: int


def interval(unknown: Any, equations: Sequence[Equation]) -> Interval:
    """The interval of one unknown. Raises ValueError when the equations have no solution."""
    names = sorted({name for equation in equations for name in equation.unknowns}, key=repr)
    if unknown not in names:
        return Interval(ZERO, None)
    at = names.index(unknown)
    rows: list[list[Exact]] = [[equation.unknowns.get(name, 0) for name in names] for equation in equations]
    tableau = _Tableau(rows, [equation.constant for equation in equations])
    low = tableau.least(at)
    assert low is not None  # every unknown is nought or more
    highest = tableau.least(at, -1)
    return Interval(Fraction(low), None if highest is None else Fraction(-highest))


class _Tableau:
    """A feasible tableau, kept in the form that phase one leaves."""

    def __init__(self, rows: list[list[Exact]], constants: list[int]) -> None:
        self.width = len(rows[0])
        # Each row gets an artificial unknown; a negative constant turns its row round.
        self.rows: list[list[Exact]] = []
        for index, (row, constant) in enumerate(zip(rows, constants, strict=True)):
            sign = -1 if constant < 0 else 1
            artificial = [int(index == other) for other in range(len(rows))]
            self.rows.append([*(sign * value for value in row), *artificial, sign * constant])
        self.basis = [self.width + index for index in range(len(rows))]
        self._find_feasible()

    def _find_feasible(self) -> None:
        costs = [0] * self.width + [1] * len(self.rows)
        if self._minimise(costs, len(costs)) != 0:
            raise ValueError("the equations contradict each other")
        for index, basic in enumerate(self.basis):
            if basic >= self.width:
                column = next((j for j in range(self.width) if self.rows[index][j]), None)
                if column is not None:
                    self._pivot(index, column)
        kept = [index for index, basic in enumerate(self.basis) if basic < self.width]
        self.rows = [self.rows[index][: self.width] + self.rows[index][-1:] for index in kept]
        self.basis = [self.basis[index] for index in kept]

    def least(self, at: int, sign: int = 1) -> Exact | None:
        """The least value of `sign` times an unknown, None when there is none."""
        costs = [0] * self.width
        costs[at] = sign
        return self._minimise(costs, self.width)

    def _minimise(self, costs: list[int], columns: int) -> Exact | None:
        while True:
            entering = next((j for j in range(columns) if self._reduced(costs, j) < 0), None)
            if entering is None:
                return sum(costs[basic] * row[-1] for basic, row in zip(self.basis, self.rows, strict=True))
            ratios = [
                (Fraction(row[-1], row[entering]), self.basis[i], i)
                for i, row in enumerate(self.rows)
                if row[entering] > 0
            ]
            if not ratios:
                return None
            self._pivot(min(ratios)[2], entering)

    def _reduced(self, costs: list[int], column: int) -> Exact:
        return costs[column] - sum(
            costs[basic] * row[column]
            for basic, row in zip(self.basis, self.rows, strict=True)
            if row[column] and costs[basic]
        )

    def _pivot(self, index: int, column: int) -> None:
        """Solve the row for the column's unknown and put it into the others. Most of a row is nought: only the rest is worked on."""
        pivot = self.rows[index][column]
        chosen = self.rows[index] = [
            Fraction(value, pivot) if pivot != 1 and value else value for value in self.rows[index]
        ]
        bases = [(at, base) for at, base in enumerate(chosen) if base]
        for other, row in enumerate(self.rows):
            if other != index and row[column]:
                factor = row[column]
                for at, base in bases:
                    row[at] -= factor * base
        self.basis[index] = column
