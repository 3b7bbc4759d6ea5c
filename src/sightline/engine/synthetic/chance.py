"""Seeded chance. Every part of the simulation draws from a stream of its own name, so that a change in one leaves the others as they were."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """`random.Random` with the draws the simulation needs. Its numbers do not change between versions of Python for a text seed."""

    def pick(self, weights: Mapping[T, float]) -> T:
        """One key, by weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def between(self, first: int, last: int) -> int:
        """A whole number in a closed range; the first when the range is empty."""
        return first if last <= first else self.randint(first, last)

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """So many different items (all of them when there are fewer)."""
        return self.sample(items, max(0, min(count, len(items))))

    def mixed(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        return self.sample(items, len(items))

    def about(self, mean: float, spread: float, low: int, high: int) -> int:
        """A whole number near a mean, kept in a closed range."""
        return max(low, min(high, round(self.gauss(mean, spread))))


def stream(seed: int, block: int, name: str) -> Chance:
    """The stream of that name in one block of one seed."""
    return Chance(f"{seed}/{block}/{name}")
