"""How alike words, names and dates of birth are, and in what way, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from sightline.core.finding.nicknames import stands_for
from sightline.core.finding.words import shared_sounds, skeleton, split
from sightline.core.people.models import PersonName

_WORDS_EACH = 60
_LIKE_ENOUGH = 0.72
_SAME = "same name"


@dataclass(frozen=True)
class Like:
    """A word in the index that is like a word typed: how much, and in what way."""

    word: str
    score: float
    way: str


def like_words(word: str, held: Iterable[str]) -> list[Like]:
    """Those of the words that are like a word, the likest first."""
    if len(word) == 1:
        return [Like(word, 1.0, _SAME)]
    found = [Like(other, *_alike(word, other)) for other in held]
    likely = [like for like in found if like.score >= _LIKE_ENOUGH]
    return sorted(likely, key=lambda like: (-like.score, like.word))[:_WORDS_EACH]


def _alike(word: str, other: str) -> tuple[float, str]:
    """How much two words of names are alike, and in what way."""
    if word == other:
        return 1.0, _SAME
    if other in stands_for(word):
        return 0.92, "another form of the name"
    heard = shared_sounds(word, other)
    if heard and skeleton(word) == skeleton(other):
        return 0.9, "another spelling of the name"
    return _nearly(word, other, heard)


def _nearly(word: str, other: str, heard: int) -> tuple[float, str]:
    """Two words that are not the same name: one slip, one sound, one beginning, or many letters in common."""
    looks = JaroWinkler.similarity(word, other)
    letters = max(len(word), len(other))
    one_slip = letters > 2 and DamerauLevenshtein.distance(word, other, score_cutoff=1) <= 1
    ways = (
        (
            one_slip,
            max(0.9 - 0.12 / letters, min(looks, 0.89)),
            "sounds alike" if heard > 1 else "spelt nearly the same",
        ),
        (heard > 1, max(0.76, min(looks, 0.88)), "sounds alike"),
        (len(word) > 2 and other.startswith(word), 0.8 + 0.08 * len(word) / letters, "begins the same"),
        (heard > 0 and looks >= 0.7, 0.74, "sounds alike"),
        (looks >= 0.86, min(looks, 0.85), "spelt nearly the same"),
    )
    return next(((score, way) for holds, score, way in ways if holds), (0.0, ""))


def full_name(name: PersonName) -> str:
    """Forename and surname."""
    return f"{name.forename} {name.surname}".strip()


def names_alike(one: PersonName, other: PersonName) -> tuple[float, list[str]]:
    """How alike two names are, and in what way."""
    words, parts = split(full_name(one)), split(full_name(other))
    return fits(words, [like_words(word, parts) for word in words], other)


def fits(words: Sequence[str], alike: list[list[Like]], name: PersonName) -> tuple[float, list[str]]:
    """How well the words asked for fit one name: each word takes the likest part of the name that no other has taken."""
    first, last = split(name.forename), split(name.surname)
    parts = [*first, *last]
    free = parts + ["".join(first), "".join(last)] * (len(first) > 1 or len(last) > 1)
    total, ways = 0.0, list[str]()
    known = [{like.word: like for like in likes} for likes in alike]
    place = 0
    while place < len(words):
        both = words[place] + words[place + 1] if place + 1 < len(words) else ""
        if both and both in free:
            total += 2
            place += 2
            continue
        part, like = _taken_by(words[place], known[place], free)
        if like is not None:
            free.remove(part)
            total += like.score
            if like.way != _SAME:
                ways.append(f"{like.way}: {part}")
        place += 1
    if not words or not parts:
        return 0.0, []
    # Of several that fit alike, the one with fewer other names and the same order comes first.
    order = fuzz.ratio(" ".join(words), " ".join(parts)) / 100
    told = [way for way in ways if way] or (
        [_SAME] if total == len(words) else ["part of the name is the same"] if total else []
    )
    return 0.96 * total / len(words) + 0.04 * order, told


def _taken_by(word: str, known: dict[str, Like], free: list[str]) -> tuple[str, Like | None]:
    if len(word) == 1:
        part = next((each for each in free if each.startswith(word)), "")
        return part, Like(part, 0.7, "same initial") if part else None
    likes = [(known[part].score, part) for part in free if part in known]
    if not likes:
        return "", None
    part = max(likes)[1]
    return part, known[part]


def birth_closeness(asked: date, born: date | None) -> tuple[float, str]:
    """How close a date of birth is to the one asked for, and in what way. Slips of the pen count for more than days between."""
    if born is None:
        return 0.3, ""
    turned = (asked.year, asked.month, asked.day) == (born.year, born.day, born.month)
    figures = sum(a != b for a, b in zip(asked.isoformat(), born.isoformat(), strict=True))
    same_month = (asked.year, asked.month) == (born.year, born.month)
    ways = (
        (asked == born, 1.0, "same date of birth"),
        (turned, 0.85, "date of birth with day and month changed round"),
        (figures == 1, 0.75, "date of birth differs in one figure"),
        ((asked.month, asked.day) == (born.month, born.day), 0.5, "same birthday in another year"),
        (same_month or abs((asked - born).days) <= 31, 0.5, "born within a month of it"),
        (asked.year == born.year, 0.25, "born in the same year"),
    )
    return next(((score, way) for holds, score, way in ways if holds), (0.0, ""))
