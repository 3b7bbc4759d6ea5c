"""One export from beginning to end: who may, what of the record, written aside, noted in the audit, put in its place."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from openpyxl import Workbook

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem, Problem
from sightline.core.organisations.models import Organisation
from sightline.engine.exchange import receiving
from sightline.engine.exchange.census_file import Census
from sightline.engine.exchange.cut import LOCAL_AUTHORITY, Cut
from sightline.engine.exchange.declarations import NOBODY, Table, TableWriter
from sightline.engine.exchange.formats import CENSUS, Format, format_named
from sightline.engine.exchange.placing import placed
from sightline.engine.exchange.run import authority_named, period_named
from sightline.engine.exchange.texts import Texts
from sightline.standards.periods import Period

Tell = Callable[[str], None]
SAY_EVERY = 5_000
BOOK = ".xlsx"


@dataclass(frozen=True)
class Request:
    """What is to be exported: the return, its year and authority, where to, for whom and why."""

    format: str
    period: str
    out: Path
    user: User
    area: str = ""
    purpose: str = ""
    where_from: str = "command line"
    replace: bool = False


@dataclass
class Exported:
    """What was written. It counts rows and names no child."""

    format: str
    title: str
    area: str
    area_name: str
    period: str
    out: str
    sha256: str = ""
    children: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    #: Rows by text of the columns by which years are compared, as `table column`.
    breakdowns: dict[str, dict[str, int]] = field(default_factory=dict)
    not_written: list[str] = field(default_factory=list)
    empty: dict[str, list[str]] = field(default_factory=dict)  # Columns without any value, of tables that have rows.
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


@dataclass
class Writing:
    """What a way of writing is given, and what it tells: whom it wrote about and how many rows of each table."""

    cut: Cut
    tables: list[tuple[Table, TableWriter]]
    year: int
    made: datetime
    tell: Tell
    texts: Texts
    people: set[int] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    empty: dict[str, list[str]] = field(default_factory=dict)


def export_return(request: Request, tell: Tell | None = None) -> Exported:
    """Writes one return. Raises Problem where the user may not, InputProblem where it cannot be made; nothing is written then."""
    may_export(request.user, f"{request.format} {request.period}", request.purpose, request.where_from)
    format = format_named(request.format)
    period = period_named(format, request.period)
    done = _asked(request, format, period)
    year = period.year_end.year
    cut = Cut(request.user, done.area, period.start, period.end, format.cohorts)
    texts = texts_of(format, cut)
    writing = Writing(cut, format.written(year), year, timezone.now(), tell or (lambda _text: None), texts)
    # The entry in the audit is kept before the file is in its place: no file without one.
    folder = format.name != CENSUS and not format.declared.workbooks
    if format.declared.workbooks and request.out.suffix.lower() != BOOK:
        raise InputProblem(
            f"The {format.title} are a workbook, and '{request.out.name}' is not named as one",
            "--out",
            f"Give a name that ends in {BOOK}.",
        )
    with placed(request.out, folder=folder, replace=request.replace) as draft, one_moment():
        done.sha256 = _write(format, draft, writing)
        if not writing.people:
            raise InputProblem(
                f"The record holds no child for the {format.title} {period.label} of {done.area_name}",
                "--year and --area",
                "Check both.",
            )
        done.children, done.rows, done.breakdowns = len(writing.people), writing.rows, breakdowns(texts)
        done.not_written, done.empty = _left_out(format, writing), writing.empty
        done.notes = _notes(cut, request)
        _audit(request, done, writing)
    return done


def may_export(user: User, about: str, purpose: str, where_from: str) -> None:
    """Raises Problem, and notes the refusal, where a user may not make a return of the whole authority."""
    if user.may(Permission.SEE_ALL_CHILDREN) and user.may(Permission.IMPORT):
        return
    note(user.username, What.REFUSED, about, purpose=purpose, where_from=where_from)
    raise Problem(
        f"The role of '{user.username}' does not export returns",
        "--as",
        "Ask someone whose role sees every child and imports files, such as a performance analyst.",
    )


def _asked(request: Request, format: Format, period: Period) -> Exported:
    code, name = authority_asked(request.area)
    return Exported(format.name, format.title, code, name, period.label, str(request.out))


def authority_asked(area: str) -> tuple[str, str]:
    """Code and name of the authority of that code or name; of the only one with records, where none is given. Raises InputProblem."""
    code, name, _known = authority_named(area or _only_authority(), "", [])
    return code, name


def _only_authority() -> str:
    """The authority whose records these are, where there is one."""
    held = Organisation.objects.filter(kind=LOCAL_AUTHORITY).exclude(area="").order_by("area")
    found = list(held.values_list("area", flat=True).distinct())
    if len(found) != 1:
        raise InputProblem("Which authority is meant?", "--area", f"One of: {', '.join(found) or 'none is on record'}.")
    return str(found[0])


def texts_of(format: Format, cut: Cut) -> Texts:
    """What writes the values of a return, and counts those by which years are compared."""
    return Texts(cut, british=format.british, counting=format.breakdowns)


def breakdowns(texts: Texts) -> dict[str, dict[str, int]]:
    """What was counted, by `table column` and text."""
    return {" ".join(column): dict(sorted(counts.items())) for column, counts in texts.counted.items()}


def counts_of(format: Format, cut: Cut, year: int) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """The rows of each table of a year, and their breakdowns, from the record: what an export would count, without a file."""
    texts, rows = texts_of(format, cut), {}
    for table, writer in format.written(year):
        columns = table.layout(year)
        rows[table.name] = sum(1 for one in writer.rows(cut) if texts.of(table, columns, one.values))
    return rows, breakdowns(texts)


def _left_out(format: Format, writing: Writing) -> list[str]:
    written = {table.name for table, _writer in writing.tables}
    return [table.name for table in format.tables if table.in_year(writing.year) and table.name not in written]


def _write(format: Format, draft: Path, writing: Writing) -> str:
    if format.name == CENSUS:
        return _write_census(draft, writing)
    return _write_book(draft, format, writing) if format.declared.workbooks else _write_set(draft, writing)


def _write_census(path: Path, writing: Writing) -> str:
    census = Census(writing.cut, writing.tables, writing.year, writing.texts)
    for person in census.write(owners_only(path), writing.made):
        writing.people.add(person)
        if len(writing.people) % SAY_EVERY == 0:
            writing.tell(f"{len(writing.people):,} children written")
    writing.rows = census.rows
    return hash_of(path)


def _write_set(folder: Path, writing: Writing) -> str:
    """A set of CSV files, and one hash for it: that which an import of the folder would show."""
    folder.mkdir(mode=0o700)
    hashes = {}
    for table, writer in writing.tables:
        writing.tell(table.name)
        path = folder / f"{table.name}.csv"
        _write_table(path, table, writer, writing)
        hashes[path.name] = hash_of(path)
    return receiving.together(hashes)


def _write_table(path: Path, table: Table, writer: TableWriter, writing: Writing) -> None:
    with owners_only(path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_lines(table, writer, writing))


def _write_book(path: Path, format: Format, writing: Writing) -> str:
    """A workbook with a sheet for each table; those that the record does not hold have their headings alone."""
    book = Workbook(write_only=True)
    writers = {table.name: writer for table, writer in writing.tables}
    for table in format.tables:
        writing.tell(table.name)
        sheet = book.create_sheet(table.name)
        writer = writers.get(table.name)
        lines = [[column.name for column in table.columns]] if writer is None else _lines(table, writer, writing)
        for line in lines:
            sheet.append(line)
    book.save(owners_only(path))
    return hash_of(path)


def _lines(table: Table, writer: TableWriter, writing: Writing) -> Iterator[list[str]]:
    """The heading of a table and its rows, counted."""
    columns = table.layout(writing.year)
    yield [column.name for column in columns]
    count, filled = 0, set()
    for child, rows in groupby(writer.rows(writing.cut), key=lambda told: told.child):
        if child != NOBODY:
            writing.people.add(child[1])
        for row in rows:
            line = writing.texts.of(table, columns, row.values)
            filled |= {number for number, text in enumerate(line) if text}
            yield line
            count += 1
    writing.rows[table.name] = count
    if count and (empty := [column.name for number, column in enumerate(columns) if number not in filled]):
        writing.empty[table.name] = empty


def owners_only(path: Path) -> Path:
    """A new file that nobody else may read."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _notes(cut: Cut, request: Request) -> list[str]:
    found = [f"{count:,} {about}" for about, count in sorted(cut.notes.items())]
    # Always said, since to say it only where it is so would tell that something is sealed.
    return [
        *found,
        f"Records that are sealed from '{request.user.username}', and children whom they may not see, are not in it",
    ]


def _audit(request: Request, done: Exported, writing: Writing) -> None:
    note(
        request.user.username,
        What.EXPORT,
        f"{done.format}:{done.area}:{done.period}",
        people=writing.people,
        purpose=request.purpose,
        where_from=request.where_from,
        sha256=done.sha256,
        rows=done.rows,
    )


@contextmanager
def one_moment() -> Iterator[None]:
    """One transaction in which all tables are read as at the same moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
