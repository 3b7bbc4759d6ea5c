"""The factors found at the end of assessments: each on exactly as many as the profile says, and all three of the "toxic trio" on so many.

An assessment that is not of the trio lacks at least one of its three kinds, so that no other has all three by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.profile import AssessmentYear

KINDS = {
    "abuse": frozenset(("3A", "3B", "3C")),
    "health": frozenset(("4A", "4B", "4C")),
    "substance": frozenset(("1A", "1B", "1C", "2A", "2B", "2C")),
}
# Shares of assessments with the factors the profile does not number.
OTHERS = {
    "4A": 0.07, "5A": 0.05, "5B": 0.03, "6A": 0.04, "6B": 0.04, "7A": 0.03, "10A": 0.04, "11A": 0.03, "12A": 0.004, "13A": 0.006,
    "14A": 0.07, "15A": 0.05, "18A": 0.12, "19A": 0.06, "3C": 0.03, "2A": 0.03, "1A": 0.02, "9A": 0.004, "20": 0.08, "22A": 0.001,
    "24A": 0.03, "18B": 0.03, "18C": 0.1, "19B": 0.02, "19C": 0.04,
}  # fmt: skip
SINCE = {
    "22A": (2016, 4),
    "23A": (2016, 4),
    "24A": (2021, 4),
    "18B": (2020, 4),
    "18C": (2020, 4),
    "19B": (2020, 4),
    "19C": (2020, 4),
}
UNTIL = {"18A": (2024, 4), "19A": (2024, 4)}
NOTHING = "21"


def in_force(factor: str, on: Day) -> bool:
    """Whether a factor could be recorded on a day. 18A and 19A gave way to the split ones as soon as these came."""
    since = SINCE.get(factor)
    if since and on < days.of(*since, 1):
        return False
    split = {"18A": "18C", "19A": "19C"}.get(factor)
    until = UNTIL.get(factor)
    if until and on >= days.of(*until, 1):
        return False
    return not (split and on >= days.of(*SINCE[split], 1))


def settle(chance: Chance, authorised: Sequence[Day], closed: Sequence[bool], asked: AssessmentYear) -> list[set[str]]:
    """Factors for assessments, given by the days on which they were authorised and whether their case closed with them.

    Every one has at least one. That there is none ("21") is said only where the case closed for that.
    """
    count = len(authorised)
    found: list[set[str]] = [set() for _ in range(count)]
    trio = set(chance.some(range(count), asked.three_together))
    lacks = [None if i in trio else chance.choice(tuple(KINDS)) for i in range(count)]
    have = dict.fromkeys(asked.factors, 0)
    for i in sorted(trio):
        for factor in ("3B", "4B", "2B" if chance.random() < 0.45 else "1B"):
            found[i].add(factor)
            if factor in have:
                have[factor] += 1
    for factor, wanted in asked.factors.items():
        ready = [i for i in range(count) if _fits(found[i], lacks[i], factor) and in_force(factor, authorised[i])]
        for i in chance.some(ready, wanted - have[factor]):
            found[i].add(factor)
    _others(chance, found, lacks, authorised, set(asked.factors))
    for factors, nothing in zip(found, closed, strict=True):
        if not factors:
            factors.add(NOTHING if nothing and chance.random() < 0.75 else "20")
    return found


def _fits(factors: set[str], lacks: str | None, factor: str) -> bool:
    return factor not in factors and (lacks is None or factor not in KINDS[lacks])


def _others(
    chance: Chance, found: list[set[str]], lacks: list[str | None], authorised: Sequence[Day], numbered: set[str]
) -> None:
    for factor, share in OTHERS.items():
        if factor in numbered:
            continue
        for i in chance.some(range(len(found)), round(share * len(found))):
            if _fits(found[i], lacks[i], factor) and in_force(factor, authorised[i]):
                found[i].add(factor)
