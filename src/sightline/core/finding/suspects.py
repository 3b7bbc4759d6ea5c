"""Likely duplicates: pairs of people who share what two people seldom share, the likest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.finding.find import born
from sightline.core.finding.guards import never_together
from sightline.core.finding.likeness import birth_closeness, names_alike
from sightline.core.finding.search import Candidate, particulars
from sightline.core.people.models import Judgement, Person

#: How many pairs are compared, and the least likeness to be shown.
_PAIRS = 3000
_ALIKE = 0.85
MOST = 100


@dataclass(frozen=True)
class Suspect:
    """Two people who may be one."""

    one: int
    other: int
    one_name: str
    one_born: str
    other_name: str
    other_born: str
    score: int
    why: tuple[str, ...]


_SAME_NUMBER = """
    SELECT a.person_id, b.person_id FROM finding_entry a
    JOIN finding_entry b ON b.kind = a.kind AND b.key = a.key AND b.person_id > a.person_id
    WHERE a.kind IN ('number', 'phone', 'email') AND a.person_id = ANY(%(people)s) AND b.person_id = ANY(%(people)s)"""
# Two people of one day of birth whose names share a word, or who share a postcode.
_SAME_BIRTH = """
    SELECT a.person_id, b.person_id FROM finding_entry a
    JOIN finding_entry b ON b.kind = 'born' AND b.key = a.key AND b.person_id > a.person_id
    WHERE a.kind = 'born' AND a.person_id = ANY(%(people)s) AND b.person_id = ANY(%(people)s) AND EXISTS (
        SELECT FROM finding_entry x JOIN finding_entry y ON y.person_id = b.person_id AND y.kind = x.kind AND y.key = x.key
        WHERE x.person_id = a.person_id AND x.kind IN ('name', 'postcode'))"""


def suspects(user: User) -> list[Suspect]:
    """The pairs that a user may see both of, without those judged to be two; at most `MOST`, the likest first."""
    people = list(visible_rows(user, Person).order_by().values_list("pk", flat=True))
    judged = {frozenset(pair) for pair in Judgement.objects.values_list("person_id", "other_id")}
    left = [pair for pair in _pairs(people) if frozenset(pair) not in judged]
    found = _compared(left)
    apart = {pair for pair in {(one.one, one.other) for one in found} if never_together(pair)}
    found = [one for one in found if (one.one, one.other) not in apart]
    return sorted(found, key=lambda one: (-one.score, one.one, one.other))[:MOST]


def _pairs(people: list[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        query = f"{_SAME_NUMBER} UNION {_SAME_BIRTH} ORDER BY 1, 2 LIMIT {_PAIRS}"
        cursor.execute(query, {"people": people})
        return list(cursor.fetchall())


def _compared(pairs: list[tuple[int, int]]) -> list[Suspect]:
    day = standing().day
    held = {one.person.pk: one for one in particulars({person: {} for pair in pairs for person in pair})}
    found = []
    for one, other in pairs:
        if one not in held or other not in held:
            continue
        first, second = held[one], held[other]
        score, why = _alike(first, second)
        if score >= _ALIKE:
            found.append(Suspect(one, other, *_told(first, day), *_told(second, day), round(score * 100), why))
    return found


def _told(one: Candidate, day: date) -> tuple[str, str]:
    return one.shown or "No name recorded", born(one.person.birth_date, one.person.expected_birth_date, day)


def _alike(one: Candidate, other: Candidate) -> tuple[float, tuple[str, ...]]:
    """How alike two people are by name and birth, and in what way."""
    name, ways = max(
        (names_alike(first, second) for first in one.names for second in other.names),
        key=lambda found: found[0],
        default=(0.0, []),
    )
    births = (one.person.birth_date or one.person.expected_birth_date, other.person.birth_date)
    closeness, words = birth_closeness(births[0], births[1]) if births[0] else (0.3, "")
    told = tuple(way for way in [*ways, words] if way)
    return (3 * name + 2 * closeness) / 5, told
