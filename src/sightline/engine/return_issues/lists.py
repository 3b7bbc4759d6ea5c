"""Lists of issues: whose, narrowed by return, rule and state, with counts; the rules of a return by count, and how many stood open week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.engine.actions.declarations import rules_of
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.return_issues.collections import Collection
from sightline.engine.return_issues.models import Check, Issue
from sightline.engine.screens import words
from sightline.engine.work.scope import Scope, holder_names

PAGE = 50
STATES = ("open", "explained", "waived", "resolved")
#: So many weeks of a collection are looked back on.
MOST_WEEKS = 60


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed; empty is any. `collection` is return and year: cin 2025-26."""

    collection: str = ""
    rule: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One issue as it is read."""

    issue: Issue
    name: str
    state: str
    listed: Listed
    holders: tuple[str, ...]


@dataclass(frozen=True)
class IssueList:
    """The issues of a scope that its reader may see."""

    scope: Scope
    chosen: Filters

    @cached_property
    def everything(self) -> QuerySet[Issue]:
        """All of them, whatever is chosen."""
        found: QuerySet[Issue] = visible_rows(self.scope.user, Issue, self.scope.day, about=self.scope.people)
        return found if self.scope.people is None else found.filter(person__in=self.scope.people)

    @cached_property
    def narrowed(self) -> QuerySet[Issue]:
        """Those of the return and rule that are chosen, in any state."""
        found = self.everything
        name, _, year = self.chosen.collection.partition(" ")
        if name:
            found = found.filter(return_name=name, year=year)
        return found.filter(rule=self.chosen.rule) if self.chosen.rule else found

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many are in each state."""
        return counts_by_state(self.narrowed)

    @property
    def rows(self) -> QuerySet[Issue]:
        """Those that are chosen; where no state is, those that are not resolved. What was found first comes first."""
        state = self.chosen.state
        found = self.narrowed.filter(in_state(state) if state else Q(resolved_at=None))
        return found.order_by("first_found", "return_name", "rule", "pk")

    def lines(self, first: int, end: int) -> list[Line]:
        """A part of the list."""
        held = list(self.rows.select_related("last")[first:end])
        people = [one.person_id for one in held]
        called, holders = words.names(people), holder_names(people, self.scope.day)
        return [
            Line(
                one,
                called.get(one.person_id) or f"Person {one.person_id}",
                words.state(one),
                rule_of(one),
                holders.get(one.person_id, ()),
            )
            for one in held
        ]

    def collections(self) -> list[str]:
        """Return and year of every issue there is, the latest year first."""
        found = self.everything.order_by().values_list("return_name", "year").distinct()
        return [f"{name} {year}" for name, year in sorted(found, key=lambda one: (one[1], one[0]), reverse=True)]

    def rules(self) -> list[str]:
        """The rules of the issues there are."""
        return sorted(set(self.everything.order_by().values_list("rule", flat=True)))


def rule_of(issue: Issue) -> Listed:
    """The rule as the Department lists it."""
    return named(issue.return_name, issue.rule)


def named(return_: str, code: str) -> Listed:
    """A rule of a return by its code. One that has left the list since it was found says so."""
    gone = Listed(code, "This rule is no longer on the Department's list.", "", (), (), frozenset())
    return listed(return_).get(code, gone)


def in_state(state: str) -> Q:
    """The issues in a state, from the table of states."""
    earlier = Q()
    for name, field in rules_of(Issue).stages:
        filled = ~Q(**{field: None}) if field else Q()
        if name == state:
            return earlier & filled
        earlier &= ~filled
    raise KeyError(state)


def counts_by_state(issues: QuerySet[Issue]) -> dict[str, int]:
    """How many are in each state."""
    return issues.order_by().aggregate(**{state: Count("pk", filter=in_state(state)) for state in STATES})


@dataclass(frozen=True)
class RuleCount:
    """A rule of a return with its unresolved issues by state."""

    listed: Listed
    open: int
    explained: int
    waived: int

    @property
    def is_query(self) -> bool:
        """A query may be answered instead of mended. Of a rule without a severity that is not known, so it is none."""
        return self.listed.severity == "query"

    @property
    def in_the_way(self) -> int:
        """The issues that stand in the way of sending: of a query those without an answer, else those that are not waived."""
        return self.open if self.is_query else self.open + self.explained


@dataclass(frozen=True)
class State:
    """Where a return stands for a reader: its rules with issues, the last check, and what stands in the way of sending it."""

    rules: tuple[RuleCount, ...]
    check: Check | None

    @property
    def blocks(self) -> list[str]:
        """What stands in the way, in words; nothing where the return is ready to submit."""
        if self.check is None:
            return ["The return has not been checked yet."]
        found = []
        errors = sum(one.in_the_way for one in self.rules if not one.is_query)
        queries = sum(one.in_the_way for one in self.rules if one.is_query)
        if errors:
            found.append(_many(errors, "error is", "errors are", "neither mended nor waived."))
        if queries:
            found.append(_many(queries, "query is", "queries are", "neither mended, explained nor waived."))
        if self.check.not_run:
            found.append(_many(len(self.check.not_run), "rule", "rules", "could not run."))
        name = self.check.return_name
        if of_all := [code for code in self.check.of_no_child if named(name, code).severity != "query"]:
            found.append(_many(len(of_all), "rule fails", "rules fail", "for no child in particular."))
        return found

    def counts(self) -> dict[str, int]:
        """Unresolved issues by state."""
        return {name: sum(getattr(one, name) for one in self.rules) for name in ("open", "explained", "waived")}


def _many(count: int, one: str, several: str, what: str) -> str:
    return f"{count:,} {one if count == 1 else several} {what}"


def state_of(asked: Collection, user: User) -> State:
    """Where a return stands, by the issues that the user may see."""
    by_state = {state: Count("pk", filter=in_state(state)) for state in STATES[:3]}
    rows = _issues(asked, user).filter(resolved_at=None).order_by().values("rule").annotate(**by_state)
    found = [RuleCount(named(asked.name, row.pop("rule")), **row) for row in rows]
    found.sort(key=lambda one: (one.is_query, -one.open - one.explained - one.waived, one.listed.code))
    return State(tuple(found), newest_check(asked))


def newest_check(asked: Collection) -> Check | None:
    """The last check of the whole return."""
    return Check.objects.filter(return_name=asked.name, year=asked.label).order_by("-id").first()


@dataclass(frozen=True)
class Week:
    """The last day of a week, how many issues were unresolved at its end, and how many were found and resolved in it; None ahead of now."""

    last: date
    unresolved: int | None
    found: int | None
    resolved: int | None


def trend(asked: Collection, user: User) -> list[Week]:
    """Week by week from the first check of the return to the day it is due, weeks ending on Sundays."""
    rows = list(_issues(asked, user).values_list("first_found", "resolved_at"))
    first = min((_day(found) for found, _resolved in rows), default=None)
    if first is None:
        return []
    today = timezone.localdate()
    begins, ends = _sunday(first), _sunday(max(today, asked.due))
    weeks = [begins + timedelta(weeks=n) for n in range(min((ends - begins).days // 7 + 1, MOST_WEEKS))]
    found = Counter(_sunday(_day(one)) for one, _resolved in rows)
    resolved = Counter(_sunday(_day(one)) for _found, one in rows if one is not None)
    told, left = [], 0
    for last in weeks:
        left += found[last] - resolved[last]
        ahead = last - timedelta(days=6) > today
        told.append(Week(last, None, None, None) if ahead else Week(last, left, found[last], resolved[last]))
    return told


def _issues(asked: Collection, user: User) -> QuerySet[Any]:
    return visible_rows(user, Issue).filter(return_name=asked.name, year=asked.label)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _sunday(day: date) -> date:
    """The last day of the week that a day lies in."""
    return day + timedelta(days=6 - day.weekday())
