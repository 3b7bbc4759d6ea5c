"""Making the file that is sent to the Department, and keeping who made it, when, its hash, what was in it, and what stood open then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sightline.core.access.models import User
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.export import Exported, Request, Tell, counts_of, export_return
from sightline.engine.exchange.formats import Format, format_named
from sightline.engine.return_issues.collections import Collection
from sightline.engine.return_issues.lists import state_of
from sightline.engine.return_issues.models import Submission
from sightline.standards.codes import codeset


@dataclass(frozen=True)
class Asked:
    """Which return is to be sent: of whom, by whom, where its file goes, and what its maker notes."""

    collection: Collection
    user: User
    out: Path
    area: str = ""
    note: str = ""
    replace: bool = False
    where_from: str = "command line"


def submit(asked: Asked, tell: Tell | None = None) -> tuple[Exported, Submission]:
    """Write the file and keep the record of it. Raises as `export_return`; nothing is kept then.

    Issues do not stand in the way: the Department takes returns with errors while it is collecting. What stood open is kept.
    """
    one = asked.collection
    done = export_return(
        Request(
            format=one.name,
            period=one.label,
            out=asked.out,
            user=asked.user,
            area=asked.area,
            purpose=f"submission: {asked.note}" if asked.note else "submission",
            where_from=asked.where_from,
            replace=asked.replace,
        ),
        tell,
    )
    state = state_of(one, asked.user)
    kept = Submission.objects.create(
        return_name=one.name,
        year=one.label,
        area=done.area,
        made_by=asked.user.get_username(),
        sha256=done.sha256,
        children=done.children,
        rows=done.rows,
        breakdowns=done.breakdowns,
        issues=state.counts(),
        before=asdict(_before(one, done.area, asked.user)),
        ready=not state.blocks,
        note=asked.note.strip()[:2000],
    )
    return done, kept


@dataclass(frozen=True)
class Before:
    """The year before: where its counts come from, rows by table, and breakdowns."""

    source: str
    rows: dict[str, int]
    breakdowns: dict[str, dict[str, int]]


def _before(one: Collection, area: str, user: User) -> Before:
    """What was sent for the year before; where that is not known, what the record says of it."""
    period = one.period.prior()
    sent = Submission.objects.filter(return_name=one.name, year=period.label, area=area).order_by("-id").first()
    if sent is not None:
        return Before(f"submission {sent.pk}", sent.rows, sent.breakdowns)
    format = format_named(one.name)
    cut = Cut(user, area, period.start, period.end, format.cohorts)
    return Before("the record", *counts_of(format, cut, period.year_end.year))


@dataclass(frozen=True)
class Compared:
    """One count of this year and the year before."""

    name: str
    now: int
    before: int

    @property
    def change(self) -> int:
        """How much more it is now."""
        return self.now - self.before


def comparison(sent: Submission) -> list[tuple[str, list[Compared]]]:
    """A submission beside the year before: rows by table, then by the codes of each column that the return is broken down by."""
    format, before = format_named(sent.return_name), sent.before
    rows, rows_before = (
        {format.named_now(name): count for name, count in one.items()} for one in (sent.rows, before["rows"])
    )
    tables = [table.name for table in format.tables if table.name in rows or table.name in rows_before]
    found = [("Rows by table", _compared(tables, rows, rows_before))]
    broken_down = [_as_named_now(format, one) for one in (sent.breakdowns, before["breakdowns"])]
    for table, name in format.breakdowns:
        now, then = (counts.get(f"{table} {name}", {}) for counts in broken_down)
        lines = _compared(sorted({*now, *then}), now, then)
        titles = _titles(format, table, name)
        found.append((f"{table}: {name}", [Compared(titles(one.name), one.now, one.before) for one in lines]))
    return [(title, lines) for title, lines in found if lines]


def _as_named_now(format: Format, breakdowns: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Breakdowns, which are kept by table and column, with the tables called as they are now."""
    parted = ((*name.rpartition(" "), counts) for name, counts in breakdowns.items())
    return {f"{format.named_now(table)} {column}": counts for table, _space, column, counts in parted}


def _compared(names: Sequence[str], now: dict[str, int], before: dict[str, int]) -> list[Compared]:
    return [Compared(name, now.get(name, 0), before.get(name, 0)) for name in names]


def _titles(format: Format, table: str, column: str) -> Callable[[str], str]:
    """What a code of a column is called."""
    codes = next(one.codes for one in format.table(table).columns if one.name == column)
    return lambda code: f"{code}: {codeset(codes).display(code)}"
