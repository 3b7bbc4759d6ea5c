"""Which counts to hide: small ones first, then as few others as keep every hidden one from being worked out.

What is known about the counts is a set of relations, each a sum that is nought (`total - part - part = 0`). A count that is not hidden is
shown. After hiding, what is shown leaves every hidden small count a range of at least `threshold` values, and every other hidden count one of
at least two. A count may be named by anything hashable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sightline.engine.disclosure.bounds import Equation, Interval, interval

#: A sum that is nought: from count to coefficient.
Relation = Mapping[Any, int]
#: The relations that each count is in.
Near = Mapping[Any, Sequence[Relation]]
USUAL_THRESHOLD = 5


def is_small(count: int, threshold: int = USUAL_THRESHOLD) -> bool:
    """Whether a count is from 1 up to the number below the threshold. A nought says nothing about anybody."""
    return 0 < count < threshold


def to_hide(counts: Mapping[Any, int], relations: Sequence[Relation], threshold: int = USUAL_THRESHOLD) -> set[Any]:
    """The counts to hide. Relations that name a count that is not there, or do not hold, are left out of account."""
    holding = [relation for relation in relations if _holds(relation, counts)]
    hidden = {name for name, count in counts.items() if is_small(count, threshold)}
    near = relations_of(holding)
    waiting = sorted(hidden, key=repr)
    while waiting:
        name = waiting.pop()
        while not _is_safe(name, hidden, counts, near, threshold):
            another = _cheapest(name, hidden, counts, near)
            if another is None:
                break  # All that bears on it is hidden; only a nought can be forced then, and it is nobody's.
            hidden.add(another)
            # Those already found safe stay so: hiding more never narrows an interval. The new one has to be looked at.
            waiting.append(another)
    return hidden


def _is_safe(name: Any, hidden: set[Any], counts: Mapping[Any, int], near: Near, threshold: int) -> bool:
    """Whether what is shown leaves a hidden count wide open enough."""
    width = threshold - 1 if is_small(counts[name], threshold) else 1
    return bounds(name, hidden, counts, near).wider_than(width)


def bounds(name: Any, hidden: set[Any], counts: Mapping[Any, int], near: Near) -> Interval:
    """The interval of a hidden count, from everything shown that bears on it."""
    return interval(name, [_equation(relation, hidden, counts) for relation in _reached(name, hidden, near)])


def _equation(relation: Relation, hidden: set[Any], counts: Mapping[Any, int]) -> Equation:
    known = sum(coefficient * counts[name] for name, coefficient in relation.items() if name not in hidden)
    return Equation({name: coefficient for name, coefficient in relation.items() if name in hidden}, -known)


def _holds(relation: Relation, counts: Mapping[Any, int]) -> bool:
    if not all(name in counts for name in relation):
        return False
    return sum(coefficient * counts[name] for name, coefficient in relation.items()) == 0


def relations_of(relations: Sequence[Relation]) -> dict[Any, list[Relation]]:
    """The relations that each count is in."""
    found: defaultdict[Any, list[Relation]] = defaultdict(list)
    for relation in relations:
        for name in relation:
            found[name].append(relation)
    return dict(found)


def _reached(name: Any, hidden: set[Any], near: Near) -> list[Relation]:
    """The relations that hidden counts join to this one."""
    found: dict[int, Relation] = {}
    seen, waiting = {name}, [name]
    while waiting:
        for relation in near.get(waiting.pop(), ()):
            found[id(relation)] = relation
            joined = [other for other in relation if other in hidden and other not in seen]
            seen.update(joined)
            waiting.extend(joined)
    return list(found.values())


def _cheapest(name: Any, hidden: set[Any], counts: Mapping[Any, int], near: Near) -> Any:
    """The count to hide next: the smallest part that is not nought, in the relations nearest to the one that is not safe; a total only in
    need. None when all are hidden."""

    def cost(found: tuple[Any, bool, int]) -> tuple[Any, ...]:
        other, is_total, far = found
        return far, counts[other] == 0, is_total, counts[other], repr(other)

    return min(_shown_near(name, hidden, near), key=cost, default=(None,))[0]


def _shown_near(name: Any, hidden: set[Any], near: Near) -> Iterator[tuple[Any, bool, int]]:
    """Shown counts in the relations that reach a hidden one: which, whether it is a total there, and how far off."""
    for far, relation in enumerate(_reached(name, hidden, near)):
        for other, coefficient in relation.items():
            if other not in hidden:
                yield other, coefficient > 0, min(far, 1)
