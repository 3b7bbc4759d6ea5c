"""Questions whose answer is ids of people, put together so that the database answers them quickly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


class Found(RawSQL):
    """Ids found by a question put together from others. Their texts are Django's own or stand in the code; values always travel apart."""


class These(Found):
    """People given by their ids: one array is far quicker to send and to plan than many parameters or a repeated question."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids = frozenset(ids)
        super().__init__("SELECT unnest(%s::bigint[])", [sorted(self.ids)])


#: A question whose answer is ids of people.
People = QuerySet[Any, Any] | RawSQL

#: Up to this many ids travel as one array; beyond, the question itself is asked within the other.
FEW = 500

_NOBODY = "SELECT NULL::bigint WHERE FALSE"


def any_of(questions: Iterable[People]) -> RawSQL:
    """Everybody whom any of the questions finds.

    A union and not a chain of "or": looked up for one person, the database then asks each part about that person alone.
    """
    arms, given = [], []
    for question in questions:
        text, values = sql_of(question)
        if text:
            arms.append(text)
            given += values
    return Found(" UNION ALL ".join(arms) if arms else _NOBODY, given)


def but_not(people: RawSQL, barred: RawSQL) -> RawSQL:
    """The people found, without those who are barred."""
    if isinstance(people, These) and isinstance(barred, These):
        return These(people.ids - barred.ids)
    text = f"SELECT found.id FROM ({people.sql}) AS found(id) WHERE found.id NOT IN ({barred.sql})"  # noqa: S608
    return Found(text, [*people.params, *barred.params])


def only(people: RawSQL, ids: Iterable[int]) -> RawSQL:
    """Those of the people found who are among these."""
    if isinstance(people, These):
        return These(people.ids & set(ids))
    text = f"SELECT found.id FROM ({people.sql}) AS found(id) WHERE found.id = ANY(%s::bigint[])"  # noqa: S608
    return Found(text, [*people.params, list(ids)])


def within(people: RawSQL, others: RawSQL) -> RawSQL:
    """Those of the people found who are among the others, who are few: they are found first."""
    text = f"SELECT found.id FROM ({people.sql}) AS found(id) WHERE found.id = ANY(ARRAY({others.sql}))"  # noqa: S608
    return Found(text, [*people.params, *others.params])


def everybody_but(barred: RawSQL) -> RawSQL:
    """Everybody who is not barred."""
    return Found(f"SELECT id FROM people_person WHERE id NOT IN ({barred.sql})", barred.params)  # noqa: S608


def asked(people: RawSQL, most: int | None = None) -> list[int]:
    """The ids, asked for now; at most one more than `most`."""
    if isinstance(people, These) and most is None:
        return sorted(people.ids)
    text = f"SELECT DISTINCT found.id FROM ({people.sql}) AS found(id)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text if most is None else f"{text} LIMIT {most + 1}", people.params)
        return [id for (id,) in cursor.fetchall()]


def asked_for_each(questions: Iterable[tuple[int, People]]) -> list[tuple[Any, ...]]:
    """The rows of many questions, asked at once, each row after the number under which its question was asked."""
    arms, given = [], []
    for number, question in questions:
        text, values = sql_of(question)
        if text:
            arms.append(f"SELECT %s::bigint, found.* FROM {text} AS found")  # noqa: S608
            given += [number, *values]
    if not arms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), given)
        return list(cursor.fetchall())


def sql_of(question: People) -> tuple[str, list[Any]]:
    """A question as SQL; no text where it can be seen beforehand that nobody answers it."""
    if isinstance(question, RawSQL):
        return f"({question.sql})", list(question.params)
    try:
        text, values = question.query.sql_with_params()
    except EmptyResultSet:
        return "", []
    return f"({text})", list(values)
