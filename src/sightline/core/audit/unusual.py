"""Unusual access: rules that look through the audit of some days and put what they pick out before a reviewer.

A rule says nothing of guilt: it says what is worth asking about. Each finds by one question to the database for the whole period; what was found
before is brought up to date and never doubled. What a rule reads of lists and searches is left out: a line in a list is not opening a record.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import own_children
from sightline.core.audit.models import UnusualAccess
from sightline.core.audit.record import SEEN
from sightline.core.people.models import Person
from sightline.standards.local_rules import local_rule
from sightline.standards.working_days import is_working_day

#: Who opened whose record when, over the period: one row for each child of each entry.
_OPENED = """opened AS (
    SELECT e.who, e.at, (e.at AT TIME ZONE %(zone)s)::date AS day, (e.at AT TIME ZONE %(zone)s)::time AS clock, p.id::bigint AS person
    FROM audit_entry e, jsonb_array_elements_text(e.details -> 'people') p (id)
    WHERE e.at >= %(first)s AND e.at < %(last)s AND e.what = ANY(%(seen)s) AND e.details ? 'people'
)"""
_BY_CHILD = (
    "o.who, o.day, o.person, count(*), min(o.at), max(o.at) FROM opened o {joins} WHERE {where} GROUP BY 1, 2, 3"
)
_WORKER = "JOIN access_user u ON u.username = o.who JOIN organisations_worker w ON w.id = u.worker_id"
#: The people a worker has declared a conflict about on the day, by themselves or with their household.
_DECLARED = """declared AS (
    SELECT c.worker_id, c.start_date, c.end_date, coalesce(c.person_id, m.person_id) AS person_id
    FROM restrictions_conflictofinterest c
    LEFT JOIN people_householdmember m ON m.household_id = c.household_id
)"""
_ON_DAY = "{s}.start_date <= o.day AND ({s}.end_date IS NULL OR {s}.end_date > o.day)"


@dataclass(frozen=True)
class Rule:
    """A rule as a reviewer reads it. `select` gives who, day, person, times, first and last from `opened`; a rule without one is found in Python."""

    id: str
    title: str
    words: str
    select: str = ""


RULES = (
    Rule(
        "no_reason",
        "No reason at the time",
        "The worker had no allocation, duty, meeting or other reason on record to see the child on that day.",
    ),
    Rule(
        "out_of_hours",
        "Out of hours",
        "The record was opened outside the local hours, or on a day that is no working day.",
        _BY_CHILD.format(joins="", where="o.clock < %(opens)s OR o.clock >= %(closes)s OR o.day = ANY(%(free_days)s)"),
    ),
    Rule(
        "many_records",
        "Many records in a short time",
        "The worker opened more children's records within the local number of minutes than the local threshold.",
        """o.who, o.day, NULL::bigint, max(o.children), min(o.at), max(o.at) FROM (
            SELECT a.who, a.day, a.at, (
                SELECT count(DISTINCT b.person) FROM opened b
                WHERE b.who = a.who AND b.at <= a.at AND b.at > a.at - make_interval(mins => %(minutes)s)
            ) AS children FROM (SELECT DISTINCT who, day, at FROM opened WHERE who IN (
                SELECT who FROM opened GROUP BY who, day HAVING count(DISTINCT person) > %(many)s)) a
        ) o WHERE o.children > %(many)s GROUP BY 1, 2""",
    ),
    Rule(
        "conflict",
        "Declared conflict of interest",
        "The worker had declared a conflict about the person or the household, or somebody had for them.",
        _BY_CHILD.format(
            joins=f"{_WORKER} JOIN declared d ON d.worker_id = w.id AND d.person_id = o.person",
            where=_ON_DAY.format(s="d"),
        ),
    ),
    Rule(
        "own_household",
        "Same household or address as a declared conflict",
        "The child shares a household or an address with somebody about whom the worker had declared a conflict.",
        _BY_CHILD.format(
            joins=f"{_WORKER} JOIN declared d ON d.worker_id = w.id AND d.person_id <> o.person",
            where=_ON_DAY.format(s="d")
            + """ AND (EXISTS (
                    SELECT FROM people_householdmember x JOIN people_householdmember y USING (household_id)
                    WHERE x.person_id = d.person_id AND y.person_id = o.person AND x.end_date IS NULL AND y.end_date IS NULL)
                OR EXISTS (
                    SELECT FROM people_personaddress x JOIN people_personaddress y USING (place_id)
                    WHERE x.person_id = d.person_id AND y.person_id = o.person AND x.end_date IS NULL AND y.end_date IS NULL))""",
        ),
    ),
    Rule(
        "same_surname",
        "Same surname",
        "The worker and the child share a surname. Most who share a common name are no relations: judge it by its false alarms.",
        _BY_CHILD.format(
            joins=_WORKER,
            where="""EXISTS (SELECT FROM people_personname n WHERE n.person_id = o.person AND n.surname <> ''
                AND lower(n.surname) = lower(substring(w.name from '([^ ]+)$')))""",
        ),
    ),
)

_KEEP = """
INSERT INTO audit_unusualaccess (rule, who, day, person, times, first_at, last_at, found_at)
SELECT %(rule)s, f.* , now() FROM (SELECT {select}) f (who, day, person, times, first_at, last_at)
ON CONFLICT (rule, who, day, person) DO UPDATE
SET times = excluded.times, first_at = excluded.first_at, last_at = excluded.last_at
WHERE (audit_unusualaccess.times, audit_unusualaccess.last_at) IS DISTINCT FROM (excluded.times, excluded.last_at)
"""


def rules() -> dict[str, Rule]:
    """The rules, by id."""
    return {rule.id: rule for rule in RULES}


def look(first: date, last: date) -> dict[str, int]:
    """Apply every rule to the days from the first to the last. Gives by title how many accesses are new or have grown."""
    with transaction.atomic():
        values = _values(first, last)
        return {rule.title: _by_sql(rule, values) if rule.select else _without_reason(values) for rule in RULES}


def _values(first: date, last: date) -> dict[str, Any]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        "zone": settings.TIME_ZONE,
        "first": _midnight(first),
        "last": _midnight(last + timedelta(days=1)),
        "seen": [str(what) for what in SEEN],
        "opens": time(local_rule("AUDIT-DAY-STARTS", on=last)),
        "closes": time(local_rule("AUDIT-DAY-ENDS", on=last)),
        "free_days": [day for day in days if not is_working_day(day)],
        "many": local_rule("AUDIT-MANY", on=last),
        "minutes": local_rule("AUDIT-MANY-MINUTES", on=last),
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _by_sql(rule: Rule, values: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        statement = f"WITH {_OPENED}, {_DECLARED} {_KEEP.format(select=rule.select)}"
        cursor.execute(statement, {**values, "rule": rule.id})
        return int(cursor.rowcount)


def _without_reason(values: Mapping[str, Any]) -> int:
    """Reasons are declared in Python and judged for a worker and a day: one question for each pair that opened anything."""
    with connection.cursor() as cursor:
        select = "o.who, o.day, o.person, count(*), min(o.at), max(o.at) FROM opened o GROUP BY 1, 2, 3"
        cursor.execute(f"WITH {_OPENED} SELECT {select}", values)
        opened = cursor.fetchall()
    by_pair: dict[tuple[str, date], list[tuple[Any, ...]]] = defaultdict(list)
    for row in opened:
        by_pair[row[0], row[1]].append(row)
    users = {user.get_username(): user for user in User.objects.filter(username__in={who for who, _ in by_pair})}
    found = [row for (who, day), rows in by_pair.items() for row in _of_strangers(users.get(who), day, rows)]
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP.format(
                select="* FROM unnest(%(who)s::text[], %(days)s::date[], %(people)s::bigint[], %(times)s::int[],"
                " %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])"
            ),
            {
                "rule": "no_reason",
                **dict(
                    zip(
                        ("who", "days", "people", "times", "firsts", "lasts"),
                        map(list, zip(*found, strict=True)) if found else ([] for _ in range(6)),
                        strict=True,
                    )
                ),
            },
        )
        return int(cursor.rowcount)


def _of_strangers(user: User | None, day: date, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows about people whom the user had no reason to see on the day. A role that opens every list, or answers requests, is reason enough."""
    if user is not None and (user.may(Permission.SEE_ALL_CHILDREN) or user.may(Permission.INFORMATION_RIGHTS)):
        return []
    people = {row[2] for row in rows}
    known: set[int] = set()
    if user is not None:
        seen = own_children(user, day)
        known = set(Person.objects.filter(pk__in=people).filter(pk__in=seen).values_list("pk", flat=True))
    return [row for row in rows if row[2] not in known]


def waiting() -> Any:
    """Unusual accesses that nobody has reviewed yet, the newest day first."""
    return UnusualAccess.objects.exclude(pk__in=_reviewed()).order_by("-day", "rule", "who", "person")


def _reviewed() -> Any:
    from sightline.core.audit.models import AccessReview

    return AccessReview.objects.values("access")


def false_alarms(rule: str) -> dict[str, tuple[int, int]]:
    """Of the reviewed accesses of a rule: by the child's ethnicity, how many had a reason for the work, and how many were reviewed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(p.ethnicity, ''), count(*) FILTER (WHERE r.finding = 'justified'), count(*)"
            " FROM audit_accessreview r JOIN audit_unusualaccess a ON a.id = r.access_id"
            " LEFT JOIN people_person p ON p.id = a.person WHERE a.rule = %s GROUP BY 1 ORDER BY 1",
            [rule],
        )
        return {ethnicity: (alarms, reviewed) for ethnicity, alarms, reviewed in cursor.fetchall()}
