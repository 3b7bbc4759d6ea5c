"""Finds people: words like those typed, people by these words, and how alike each is, explained in words.

Three steps keep it quick among hundreds of thousands: words that are like a word typed are few and are looked up by their sounds; people who have
them are scored in the database; and only the best of these are compared in full.
"""
# ruff: noqa: S608 (the SQL is put together from words of our own, never from input)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from sightline.core.finding import index
from sightline.core.finding.asked import Asked
from sightline.core.finding.likeness import Like, birth_closeness, fits, full_name, like_words
from sightline.core.finding.nicknames import stands_for
from sightline.core.finding.words import sounds
from sightline.core.people.merged import leads_to, merged_away
from sightline.core.people.models import Person, PersonName

#: A search gives no more than this: the best. Whoever needs the next one adds something to the question.
MOST = 200
#: How many are compared in full.
COMPARED = 400
#: A hit may be this much less like the question than the best one.
_NEAR_THE_BEST = 0.3
_AT_LEAST = 0.4
#: No record has a greater number: the database could not hold it.
_LARGEST = 2**63 - 1

_SAME = {
    "number": "same number",
    "source": "same reference in the system it came from",
    "phone": "same telephone number",
    "email": "same e-mail address",
    "reference": "same family reference",
    "postcode": "same postcode",
    "district": "same postcode district",
    "address": "like the address",
    "person": "same record number",
}


@dataclass
class Match:
    """A person who may be the one: how alike from 0 to 1, and why in words."""

    person: int
    score: float
    why: tuple[str, ...]
    name: str
    birth_date: date | None
    expected_birth_date: date | None
    #: Kinds of entry of the index that answered exactly.
    kinds: frozenset[str] = frozenset()


def matches(asked: Asked, within: QuerySet[Any, Any] | None = None) -> list[Match]:
    """The people who are most like the question, the best first; of those `within` (people), when it is given.

    The same question on the same records gives the same order. At most `MOST`.
    """
    if asked.is_empty:
        return []
    people = None if within is None else list(within.order_by().values_list("pk", flat=True))
    if people is not None and not people:
        return []
    alike = likenesses(asked.words)
    held = _candidates(asked, alike, people)
    compared = [_compared(asked, alike, one) for one in particulars(held)]
    found = [match for match in compared if match.score >= _AT_LEAST]
    best = max((match.score for match in found), default=0.0)
    found = [match for match in found if match.score >= best - _NEAR_THE_BEST]
    return sorted(found, key=_order)[:MOST]


def _order(match: Match) -> tuple[float, str, date, int]:
    return (-round(match.score, 4), match.name.lower(), match.birth_date or date.max, match.person)


# --- Words ---


def likenesses(words: Sequence[str]) -> list[list[Like]]:
    """For each word, the words of the index that are like it, the likest first."""
    full = [word for word in words if len(word) > 1]
    held = _words_near(full) if full else []
    return [like_words(word, held) for word in words]


def _words_near(words: Sequence[str]) -> list[str]:
    """Words worth comparing: those that share a sound or a mistyping, begin alike, look alike or stand for it."""
    index.sound_new_words()
    keys = sorted({key for word in words for key in sounds(word)})
    exact = sorted({*words, *(other for word in words for other in stands_for(word)), *_joined(words)})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM finding_word WHERE sounds && %(keys)s::varchar[]"
            " UNION SELECT word FROM finding_word WHERE word = ANY(%(exact)s)"
            " UNION SELECT w.word FROM unnest(%(words)s::text[]) t JOIN finding_word w ON w.word LIKE t || '%%' WHERE length(t) > 2"
            " UNION SELECT w.word FROM unnest(%(words)s::text[]) t JOIN finding_word w ON w.word %% t WHERE length(t) > 5"
            " ORDER BY word",
            {"keys": keys, "exact": exact, "words": list(words)},
        )
        return [word for (word,) in cursor.fetchall()]


def _joined(words: Sequence[str]) -> list[str]:
    """Neighbours as one word: `o neill` and `mac donald` are written together, too."""
    return [one + other for one, other in pairwise(words)]


# --- Candidates ---


def _candidates(asked: Asked, alike: list[list[Like]], people: list[int] | None) -> dict[int, dict[str, Any]]:
    """People worth comparing, with the entries of the index that brought them."""
    held: dict[int, dict[str, Any]] = {}
    for person, kind, key in _by_keys(asked, people):
        held.setdefault(person, {}).setdefault(kind, key)
    if asked.words:
        for person in _by_words(asked, alike, people):
            held.setdefault(person, {})
    if asked.line:
        for person in _by_line(asked, people):
            held.setdefault(person, {})["address"] = asked.line
    if asked.person and asked.person <= _LARGEST:
        # The number of a record that was merged leads to the person it was merged into.
        person = leads_to(asked.person)
        if people is None or person in set(people):
            held.setdefault(person, {})["person"] = str(person)
    return held


_WITHIN = "(%(people)s::bigint[] IS NULL OR e.person_id = ANY(%(people)s::bigint[]))"
_SPAN = (
    " AND (%(first)s::date IS NULL OR EXISTS (SELECT FROM people_person p WHERE p.id = e.person_id"
    " AND coalesce(p.birth_date, p.expected_birth_date) BETWEEN %(first)s::date AND %(last)s::date))"
)
_PLACE = (
    " AND (%(place_kind)s::text IS NULL OR EXISTS (SELECT FROM finding_entry o WHERE o.person_id = e.person_id"
    " AND o.kind = %(place_kind)s AND o.key = %(place_key)s))"
)


def _narrowing(asked: Asked, people: list[int] | None) -> dict[str, Any]:
    first, last = asked.span or (None, None)
    kind, key = asked.place or (None, None)
    return {"people": people, "first": first, "last": last, "place_kind": kind, "place_key": key}


def _by_keys(asked: Asked, people: list[int] | None) -> list[tuple[int, str, str]]:
    """People with exactly a number, a day of birth or a postcode."""
    keys = set(asked.keys)
    if asked.born:
        keys |= {(kind, day.isoformat()) for kind in ("born", "due") for day in _near(asked.born)}
    elif asked.place and not asked.words:
        keys.add(asked.place)
    elif asked.span and not asked.words and not asked.keys and not asked.line:
        return _by_span(asked, people)
    if not keys:
        return []
    narrowing = _narrowing(asked, people) | {"kinds": [kind for kind, _ in keys], "keys": [key for _, key in keys]}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.person_id, e.kind, e.key FROM unnest(%(kinds)s::text[], %(keys)s::text[]) q(kind, key)"
            f" JOIN finding_entry e ON e.kind = q.kind AND e.key = q.key WHERE {_WITHIN}{_SPAN}"
            " ORDER BY e.kind = 'district', e.person_id LIMIT 2000",
            narrowing,
        )
        return list(cursor.fetchall())


def _by_span(asked: Asked, people: list[int] | None) -> list[tuple[int, str, str]]:
    """A year or an age by itself: as many as are compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.person_id, 'span', e.key FROM finding_entry e WHERE e.kind = 'born'"
            f" AND e.key BETWEEN %(from)s AND %(to)s AND {_WITHIN} ORDER BY e.key DESC, e.person_id LIMIT {COMPARED}",
            {"people": people, "from": asked.span[0].isoformat(), "to": asked.span[1].isoformat()}
            if asked.span
            else {},
        )
        return list(cursor.fetchall())


def _near(born: date) -> list[date]:
    """A day of birth, and the one it becomes when day and month are changed round."""
    return [born, date(born.year, born.day, born.month)] if born.day <= 12 and born.day != born.month else [born]


def _by_words(asked: Asked, alike: list[list[Like]], people: list[int] | None) -> list[int]:
    """The people whose names have most of the words asked for, or words like them."""
    asked_for = [(like.word, place, like.score) for place, likes in enumerate(alike) for like in likes]
    for place, both in enumerate(_joined(asked.words)):
        asked_for += [(both, place, 1.0), (both, place + 1, 1.0)]
    words, places, scores = (list(column) for column in zip(*asked_for, strict=True)) if asked_for else ([], [], [])
    # A date of birth makes up for more of a name.
    slack = (0.6 if asked.born else _NEAR_THE_BEST + 0.05) * len(asked.words)
    values = _narrowing(asked, people) | {"words": words, "places": places, "scores": scores, "slack": slack}
    # One letter is an initial: it says too little to look for, and counts when names are compared.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM (SELECT person_id, sum(score) AS score, max(sum(score)) OVER () AS best FROM ("
            "  SELECT e.person_id, q.place, max(q.score) AS score"
            "  FROM unnest(%(words)s::text[], %(places)s::int[], %(scores)s::float[]) q(word, place, score)"
            f"  JOIN finding_entry e ON e.kind = 'name' AND e.key = q.word WHERE {_WITHIN}{_SPAN}{_PLACE}"
            "  GROUP BY 1, 2) each GROUP BY 1) scored"
            # Whoever has one word of two is not worth comparing where somebody has both.
            f" WHERE score >= best - %(slack)s ORDER BY score DESC, person_id LIMIT {COMPARED}",
            values,
        )
        return [person for (person,) in cursor.fetchall()]


def _by_line(asked: Asked, people: list[int] | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.person_id FROM finding_entry e WHERE e.kind = 'address'"
            f" AND e.key LIKE '%%' || %(line)s || '%%' AND {_WITHIN}{_PLACE} ORDER BY 1 LIMIT {COMPARED}",
            _narrowing(asked, people) | {"line": asked.line},
        )
        return [person for (person,) in cursor.fetchall()]


@dataclass
class Candidate:
    """A person worth comparing, with their names and the entries of the index that brought them."""

    person: Any
    names: list[PersonName]
    entries: dict[str, str]

    @property
    def shown(self) -> str:
        """The name to show: the newest legal one."""
        legal = (full_name(each) for each in reversed(self.names) if each.kind == "legal")
        return next(legal, full_name(self.names[-1]) if self.names else "")


def particulars(held: dict[int, dict[str, Any]]) -> list[Candidate]:
    """The people with their names, but for those who were merged into others."""
    people = Person.objects.filter(pk__in=list(held)).only("id", "birth_date", "expected_birth_date")
    # A merged record keeps what was set aside; it is found under the person it was merged into.
    merged = merged_away(held)
    called: dict[int, list[PersonName]] = {}
    for name in PersonName.objects.filter(person__in=list(held)).order_by("end_date", "start_date", "id"):
        called.setdefault(name.person_id, []).append(name)
    return [Candidate(one, called.get(one.pk, []), held[one.pk]) for one in people if one.pk not in merged]


# --- Comparing ---


def _compared(asked: Asked, alike: list[list[Like]], one: Candidate) -> Match:
    """How much one person is like the question, and why."""
    parts: list[tuple[float, float]] = []
    why: list[str] = []
    exact = [kind for kind in ("number", "phone", "email", "reference", "source", "person") if kind in one.entries]
    why += [_SAME[kind] for kind in exact]
    score, ways = _best_name(asked.words, alike, one.names)
    if asked.words and not ("address" in one.entries and score < _AT_LEAST):
        parts.append((3.0, score))
        why += ways
    if asked.born:
        closeness, words = birth_closeness(asked.born, one.person.birth_date or one.person.expected_birth_date)
        parts.append((2.0, closeness))
        why += [words] if words else []
    why += _narrowed(asked, one)
    total = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts) if parts else 0.0
    if exact:
        total = 1.0 if not parts else 0.9 + 0.1 * total
    elif "address" in one.entries:
        total = max(total, 0.8)
    elif not parts:
        total = 0.8 if one.entries else 0.0
    return Match(
        one.person.pk, total, tuple(dict.fromkeys(why)), one.shown, one.person.birth_date, one.person.expected_birth_date,
        frozenset(one.entries) | ({asked.place[0]} if asked.place else frozenset()),
    )  # fmt: skip


def _narrowed(asked: Asked, one: Candidate) -> list[str]:
    """What the rest of the question says of a person."""
    if "address" in one.entries:
        return [_SAME["address"]]
    found = []
    if asked.span and (asked.words or "span" in one.entries):
        whole_year = (asked.span[0].month, asked.span[0].day) == (1, 1)
        found.append(f"born in {asked.span[0].year}" if whole_year else "of that age")
    if asked.place and (asked.words or asked.place[0] in one.entries):
        found.append(_SAME[asked.place[0]])
    return found


def _best_name(words: Sequence[str], alike: list[list[Like]], names: list[PersonName]) -> tuple[float, list[str]]:
    """How well the likest of a person's names fits, and in what way."""
    best: tuple[float, list[str]] = (0.0, [])
    for each in names:
        score, ways = fits(words, alike, each)
        if score > best[0]:
            best = (score, ways if each.kind == "legal" else [*ways, f"under the name {full_name(each)}"])
    return best
