"""Whole numbers that add up: sharing a total out, grouping children, finding groups with an exact number of children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sightline.engine.synthetic.chance import Chance

LARGEST_GROUP = 5


class Sized(Protocol):
    """Something with a number of children."""

    @property
    def size(self) -> int: ...


S = TypeVar("S", bound=Sized)


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to the total (largest remainders)."""
    whole = sum(weights)
    if not weights or whole <= 0:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    found = [int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (found[i] - exact[i], i))
    for i in by_remainder[: total - sum(found)]:
        found[i] += 1
    return found


def group_sizes(chance: Chance, children: int, groups: int | None = None) -> list[int]:
    """Sizes of sibling groups that add up: an exact number of groups when given, else as families come (about 1.5 each)."""
    if groups is None:
        sizes: list[int] = []
        left = children
        while left > 0:
            size = min(left, chance.choices((1, 2, 3, 4), (64, 22, 10, 4))[0])
            sizes.append(size)
            left -= size
        return sizes
    groups = max(min(groups, children), -(-children // LARGEST_GROUP))
    sizes = [1] * groups
    open_groups = list(range(groups))
    for _ in range(children - groups):
        place = chance.randrange(len(open_groups))
        sizes[open_groups[place]] += 1
        if sizes[open_groups[place]] == LARGEST_GROUP:
            open_groups[place] = open_groups[-1]
            open_groups.pop()
    return sizes


def with_sum(chance: Chance, items: Sequence[S], total: int, count: int | None = None) -> list[S]:
    """Items whose sizes add up to a total, as nearly as the sizes allow; exactly `count` of them when given.

    A random choice, put right by exchanging a chosen item for another until the sum fits.
    """
    pool = chance.mixed(items)
    if count is None:
        return _filling(pool, total)
    count = min(count, len(pool))
    chosen, rest = pool[:count], pool[count:]
    off = sum(item.size for item in chosen) - total
    while off:
        best = _best_exchange(chosen, rest, off)
        if best is None:
            break
        i, j = best
        off += rest[j].size - chosen[i].size
        chosen[i], rest[j] = rest[j], chosen[i]
    return chosen


def _best_exchange(chosen: Sequence[S], rest: Sequence[S], off: int) -> tuple[int, int] | None:
    """Places in the two lists whose exchange brings the sum nearest; None when no exchange helps."""
    here = {item.size: i for i, item in enumerate(chosen)}
    there = {item.size: j for j, item in enumerate(rest)}
    found = min(((abs(off + b - a), i, j) for a, i in here.items() for b, j in there.items()), default=None)
    return found[1:] if found and found[0] < abs(off) else None


def _filling(pool: Sequence[S], total: int) -> list[S]:
    """Items in order while they fit; then the smallest of the rest that fit."""
    chosen: list[S] = []
    skipped: list[S] = []
    left = total
    for item in pool:
        if item.size <= left:
            chosen.append(item)
            left -= item.size
        else:
            skipped.append(item)
    if left:
        # Nothing skipped fits: exchange a chosen item for a larger skipped one when the difference is just what is missing.
        for i, item in enumerate(chosen):
            match = next((other for other in skipped if other.size - item.size == left), None)
            if match is not None:
                chosen[i] = match
                break
    return chosen


def printed(part: int, whole: int, places: int) -> float:
    """A share in per cent as it would be printed."""
    return round(100 * part / whole, places) if whole else 0.0


def part_of(whole: int, percent: float, places: int) -> int:
    """A whole number of `whole` that prints as the percentage, or the nearest there is."""
    guess = round(whole * percent / 100)
    near = sorted(
        range(max(0, guess - 2), min(whole, guess + 2) + 1), key=lambda n: (abs(n - whole * percent / 100), n)
    )
    return next((n for n in near if printed(n, whole, places) == percent), guess)
