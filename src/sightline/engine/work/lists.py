"""A work list: clocks, tasks and warnings to review in one list by when they are due, a page at a time, with counts by status.

One question counts, one gives a page's rows. What is shown on a row beyond that (names, what would stop the clock) is asked once for a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, F, IntegerField, Model, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from sightline.core.access.models import User
from sightline.core.access.visibility import model_of, visible_rows
from sightline.core.notes.models import Task
from sightline.core.people.models import WarningMarker
from sightline.engine.actions.declarations import actions
from sightline.engine.actions.engine import may
from sightline.engine.screens import words as said
from sightline.engine.work import words
from sightline.engine.work.declarations import Stop, stop_for
from sightline.engine.work.scope import Scope
from sightline.engine.work.words import Status
from sightline.standards.clocks import UnknownClock, clock
from sightline.standards.codes import codeset

PAGE = 50
TASKS = "tasks"
WARNINGS = "warnings"
_NEVER = date(9999, 12, 31)
_TASK_TABLE = Task._meta.db_table
_WARNING_TABLE = WarningMarker._meta.db_table
_REVIEW = "people.review_warning"
_COLUMNS = ("sort", "row", "child", "timer", "table", "record", "turn", "due_on", "why", "text")


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed."""

    status: str = ""
    process: str = ""
    clock: str = ""
    stream: str = ""
    worker: int | None = None

    def clocks(self, known: Iterable[str]) -> list[str] | None:
        """The clocks that pass; None means all."""
        if not (self.process or self.clock):
            return None
        return [id for id in known if self.clock in ("", id) and self.process in ("", process_of(id))]

    def without_clock(self, process: str) -> bool:
        """Whether tasks, or warnings, pass: they belong to no clock and no stream."""
        return not self.clock and self.process in ("", process) and not self.stream


@dataclass(frozen=True)
class Doing:
    """What would stop a clock or finish a task: an action on a record, or one that writes a new record, which names it by `link`."""

    action: str
    title: str
    record: int
    new: bool = False
    link: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a work list. `late`: what the form for a late reason needs to know, where one is wanted."""

    what: str
    detail: str
    person: int | None
    name: str
    holders: tuple[str, ...]
    due: date | None
    when: str
    status: Status
    table: str
    record: int
    reason: str = ""
    doing: Doing | None = None
    late: dict[str, Any] = field(default_factory=dict)

    @property
    def status_title(self) -> str:
        """The status in words."""
        return words.TITLES[self.status]


@dataclass(frozen=True)
class WorkList:
    """A work list as one reader may see it, narrowed."""

    scope: Scope
    filters: Filters
    #: (clock, stream, status): how many. `TASKS` and `WARNINGS` stand in the place of a clock for what belongs to none.
    groups: dict[tuple[str, str, Status], int]

    @property
    def counts(self) -> dict[Status, int]:
        """How many there are of each status, whichever is chosen."""
        found = dict.fromkeys(Status, 0)
        for (id, stream, status), count in self.groups.items():
            if self._passes(id, stream):
                found[status] += count
        return found

    @property
    def total(self) -> int:
        """How many rows the list has."""
        wanted = self.filters.status
        return sum(count for status, count in self.counts.items() if wanted in ("", status))

    @property
    def clocks(self) -> list[str]:
        """The clocks there are to choose from."""
        return sorted({id for id, _stream, _status in self.groups if id not in (TASKS, WARNINGS)})

    @property
    def processes(self) -> list[str]:
        """The processes there are to choose from."""
        return sorted({process_of(id) for id, _stream, _status in self.groups})

    @property
    def streams(self) -> list[str]:
        """The streams there are to choose from."""
        return sorted({stream for _id, stream, _status in self.groups if stream})

    def page(self, first: int = 0, last: int | None = None) -> list[Item]:
        """The rows from the first up to, not including, the last, the first due first."""
        clocks = _narrowed(self.scope.clocks, self.filters, self.clocks, self.scope.day)
        tasks = _narrowed_tasks(self.scope.tasks, self.filters, self.scope.day)
        warnings = _narrowed_warnings(self.scope.warnings, self.filters, self.scope.day)
        rows = clocks.union(tasks, warnings, all=True).order_by("due_on", "sort", "row")[first:last]
        return _items(self.scope, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])

    def _passes(self, id: str, stream: str) -> bool:
        if id in (TASKS, WARNINGS):
            return self.filters.without_clock(id)
        passing = self.filters.clocks((id,))
        return (passing is None or bool(passing)) and self.filters.stream in ("", stream)


def work_list(scope: Scope, filters: Filters | None = None) -> WorkList:
    """The work list of a scope, narrowed. Its counts are asked for now, its rows a page at a time."""
    chosen = filters or Filters()
    part = scope.of_worker(chosen.worker) if chosen.worker is not None else scope
    return WorkList(part, chosen, _groups(part))


def process_of(id: str) -> str:
    """The process a clock belongs to."""
    try:
        return clock(id).process
    except UnknownClock:
        return id


def _groups(scope: Scope) -> dict[tuple[str, str, Status], int]:
    day = scope.day
    clocks = scope.clocks.order_by().values_list("clock", "stream", _clock_status(day)).annotate(count=Count("pk"))
    found = {(id, stream, Status(status)): count for id, stream, status, count in clocks}
    for id, rows, due in ((TASKS, scope.tasks, "due_date"), (WARNINGS, scope.warnings, "review_date")):
        counted = rows.order_by().values_list(_day_status(due, day)).annotate(count=Count("pk"))
        found |= {(id, "", Status(status)): count for status, count in counted}
    return found


def _thresholds() -> list[str]:
    from sightline.engine.deadlines.declarations import running_clocks

    return [id for running in running_clocks() for id in running.clocks if words.is_threshold(id)]


def _clock_status(day: date) -> Case:
    return Case(
        When(due__lt=day, clock__in=_thresholds(), then=Value(Status.PASSED.value)),
        When(due__lt=day, then=Value(Status.LATE.value)),
        When(due=day, then=Value(Status.TODAY.value)),
        When(due__lte=words.soon(day), then=Value(Status.SOON.value)),
        default=Value(Status.LATER.value),
        output_field=CharField(),
    )


def _day_status(due: str, day: date) -> Case:
    return Case(
        When(**{due: None}, then=Value(Status.UNDATED.value)),
        When(**{f"{due}__lt": day}, then=Value(Status.LATE.value)),
        When(**{due: day}, then=Value(Status.TODAY.value)),
        When(**{f"{due}__lte": words.soon(day)}, then=Value(Status.SOON.value)),
        default=Value(Status.LATER.value),
        output_field=CharField(),
    )


def _narrowed(rows: QuerySet[Any], filters: Filters, known: list[str], day: date) -> QuerySet[Any]:
    passing = filters.clocks(known)
    if passing is not None:
        rows = rows.filter(clock__in=passing)
    if filters.stream:
        rows = rows.filter(stream=filters.stream)
    if filters.status:
        rows = rows.alias(how=_clock_status(day)).filter(how=filters.status)
    columns = {
        "timer": Cast("clock", TextField()),
        "table": Cast("record_table", TextField()),
        "record": F("record_id"),
        "turn": F("sequence"),
        "due_on": F("due"),
        "why": Cast("late_reason", TextField()),
        "text": Cast("started", TextField()),
    }
    return _rows(rows, "clock", columns)


def _narrowed_tasks(rows: QuerySet[Any], filters: Filters, day: date) -> QuerySet[Any]:
    due = Coalesce("due_date", Value(_NEVER), output_field=DateField())
    columns = {"due_on": due, "text": Cast("what", TextField())}
    return _without_clock(rows, TASKS, "due_date", _TASK_TABLE, columns, filters, day)


def _narrowed_warnings(rows: QuerySet[Any], filters: Filters, day: date) -> QuerySet[Any]:
    columns = {"due_on": F("review_date"), "text": Cast("kind", TextField())}
    return _without_clock(rows, WARNINGS, "review_date", _WARNING_TABLE, columns, filters, day)


def _without_clock(
    rows: QuerySet[Any], kind: str, due: str, table: str, columns: dict[str, Any], filters: Filters, day: date
) -> QuerySet[Any]:
    if not filters.without_clock(kind):
        rows = rows.none()
    if filters.status:
        rows = rows.alias(how=_day_status(due, day)).filter(how=filters.status)
    none = {"timer": Value("", TextField()), "why": Value("", TextField()), "turn": Value(1, IntegerField())}
    own = {"table": Value(table, TextField()), "record": F("pk")}
    return _rows(rows, kind, none | own | columns)


def _rows(rows: QuerySet[Any], kind: str, columns: dict[str, Any]) -> QuerySet[Any]:
    """Every kind of row under one set of columns, for the database to put in one order."""
    own = {"sort": Value(kind, TextField()), "row": F("pk"), "child": F("person_id"), **columns}
    found: QuerySet[Any] = rows.order_by().annotate(**own).values_list(*_COLUMNS)
    return found


def _items(scope: Scope, rows: list[dict[str, Any]]) -> list[Item]:
    """The rows as they are read: what belongs to several of them is asked for once."""
    called = said.names({row["child"] for row in rows if row["child"]})
    doing = _doing(scope.user, rows)
    explains = may("deadlines.explain", by=scope.user)
    finishes = may("notes.finish_task", by=scope.user)
    reviews = may(_REVIEW, by=scope.user)
    found = []
    for row in rows:
        about = {
            "person": row["child"],
            "name": _called(called, row["child"]),
            "holders": tuple(one.name if one else "" for one in scope.holders.get(row["child"], ())),
            "table": row["table"],
            "record": row["record"],
        }
        if row["sort"] == TASKS:
            found.append(_task(row, about, scope.day, finishes))
        elif row["sort"] == WARNINGS:
            found.append(_warning(row, about, scope.day, reviews))
        else:
            found.append(_clock(row, about, scope.day, doing.get(row["row"]), explains))
    return found


def _task(row: dict[str, Any], about: dict[str, Any], day: date, finishes: bool) -> Item:
    due = None if row["due_on"] == _NEVER else row["due_on"]
    return Item(
        what=row["text"],
        detail="Task",
        due=due,
        when=words.when(due, day),
        status=words.status(due, day),
        doing=Doing("notes.finish_task", actions()["notes.finish_task"].title, row["record"]) if finishes else None,
        **about,
    )


def _warning(row: dict[str, Any], about: dict[str, Any], day: date, reviews: bool) -> Item:
    due = row["due_on"]
    return Item(
        what=f"Review the warning: {codeset('warning_kind').display(row['text'])}",
        detail="Warning",
        due=due,
        when=words.when(due, day),
        status=words.status(due, day),
        doing=Doing(_REVIEW, actions()[_REVIEW].title, row["record"]) if reviews else None,
        **about,
    )


def _clock(row: dict[str, Any], about: dict[str, Any], day: date, doing: Doing | None, explains: bool) -> Item:
    id, due = row["timer"], row["due_on"]
    threshold = words.is_threshold(id)
    status = words.status(due, day, threshold=threshold)
    what, detail = _in_words(id, date.fromisoformat(row["text"]))
    late: dict[str, Any] = {}
    if status is Status.LATE and explains and not row["why"]:
        late = {"clock": id, "record_table": row["table"], "record_id": row["record"], "sequence": row["turn"]}
        late |= {"person": row["child"]} if row["child"] else {}
    return Item(
        what=what,
        detail=detail,
        due=due,
        when=words.when(due, day, working=words.counts_working_days(id), threshold=threshold),
        status=status,
        reason=row["why"],
        doing=doing,
        late=late,
        **about,
    )


def _in_words(id: str, started: date) -> tuple[str, str]:
    """What a clock waits for, and the limit that it has since it started."""
    try:
        found = clock(id, started)
    except UnknownClock:
        return id, ""
    what = f"{found.process}: {found.stops}"
    return what[:1].upper() + what[1:], f"Limit {found.limit_in_words} from {found.starts}"


def _called(called: dict[int, str], person: int | None) -> str:
    return called.get(person) or f"Person {person}" if person else ""


def _doing(user: User, rows: list[dict[str, Any]]) -> dict[int, Doing]:
    """What the user may do to stop each clock, by the deadline's id."""
    found: dict[int, Doing] = {}
    through: dict[tuple[str, str], list[tuple[int, int, Stop]]] = {}
    for row in rows:
        stop = stop_for(row["timer"], user) if row["timer"] else None
        if stop and stop.via:
            through.setdefault((row["table"], stop.via), []).append((row["row"], row["record"], stop))
        elif stop:
            found[row["row"]] = doing_on(stop, model_of(row["table"]), row["record"])
    for (table, via), each in through.items():
        seen = visible_rows(user, table).filter(pk__in=[record for _row, record, _stop in each])
        leads = dict(seen.values_list("pk", f"{via}_id"))
        target: Any = model_of(table)._meta.get_field(via).related_model
        for id, record, stop in each:
            if leads.get(record):
                found[id] = doing_on(stop, target, leads[record])
    return found


def doing_on(stop: Stop, model: type[Model], record: int) -> Doing:
    """The action on a record, or on a new one that names it."""
    action = actions()[stop.action]
    if action.amends:
        return Doing(action.id, action.title, record)
    link = next((each.name for each in action.inputs if each.definition.related_model is model), "")
    return Doing(action.id, action.title, record, new=True, link=link)
