"""One import from beginning to end: take the file in, read, check, write, report. Whole or not at all."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Count
from django.utils import timezone

from sightline.core.audit.models import Entry
from sightline.core.errors import InputProblem, Problem
from sightline.core.organisations.models import Organisation
from sightline.core.records.models import Coverage
from sightline.core.records.writing import writing
from sightline.engine.exchange import receiving
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.csv_set import CsvSet
from sightline.engine.exchange.cut import LOCAL_AUTHORITY
from sightline.engine.exchange.declarations import FIRST_YEAR
from sightline.engine.exchange.formats import CENSUS, LOOKED_AFTER, Format, format_named
from sightline.engine.exchange.interpret import Interpreter
from sightline.engine.exchange.models import QuarantinedRow, ReceivedFile
from sightline.engine.exchange.report import Report
from sightline.engine.exchange.staging import Stage
from sightline.engine.exchange.table_file import TableFile
from sightline.engine.exchange.writer import OUTCOMES, REMOVED, UPDATED, WRITTEN, Chunk, Source, Writer
from sightline.engine.exchange.xml_file import XmlFile
from sightline.standards import areas, periods
from sightline.standards.dates import add_months
from sightline.standards.periods import Period

Tell = Callable[[str], None]
ACTION = "exchange.import"
WORTH_ASKING = 20  # Below this many children a file may well lose half of them.
MONTHS = 6  # How far back lists reach that speak as of a day.
ONE_AT_A_TIME = 5_101_730  # The number of the lock that imports take in turn.
LEDGER = "sightline.engine.deadlines.ledger"


@dataclass(frozen=True)
class Request:
    """What is to be imported: a path, the format, the period, the area where the file does not say, by whom and why."""

    path: Path
    format: str
    period: str
    by: str
    keep_in: Path
    area: str = ""
    because: str = "import of a return"
    largest: int = receiving.LARGEST
    fewer: bool = False  # Take a file from which most of the children of the last one are gone.


class _NothingChanged(Exception):
    """Rolls back what an import of the same file would only have noted again."""


class Import:
    """One import under way."""

    def __init__(self, request: Request, tell: Tell | None = None) -> None:
        self._request = request
        self._tell = tell or (lambda _text: None)
        self._format: Format = format_named(request.format)
        self._period = period_named(self._format, request.period)
        self._year = self._period.year_end.year

    def run(self) -> Report:
        """Raises InputProblem for a file that cannot be read: nothing is kept or changed then."""
        started = time.monotonic()
        request = self._request
        workbooks = self._format.declared.workbooks
        with receiving.received(request.path, request.keep_in, request.largest, workbooks=workbooks) as taken:
            file = self._open(taken)
            children = file.open() if isinstance(file, XmlFile) else None
            report = self._report(file, taken)
            place: Path | None = None
            try:
                with writing(ACTION, by=request.by, because=request.because):
                    self._write(file, children, report, taken)
                    report.seconds = round(time.monotonic() - started, 2)
                    ReceivedFile.objects.filter(source_system=report.source_system, current=True).update(
                        report=report.as_dict()
                    )
                    place = (
                        None if (request.keep_in / taken.sha256).exists() else receiving.keep(taken, request.keep_in)
                    )
            except _NothingChanged:
                report.changed = False
                report.seconds = round(time.monotonic() - started, 2)
            except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
                raise Problem(
                    "The database was lost during the import: nothing of it is in the record",
                    "the database",
                    "Start the database again and repeat the import.",
                ) from error
            except (DatabaseError, psycopg.Error) as error:
                _take_back(place)
                raise _refused(error) from error
            except BaseException:
                _take_back(place)
                raise
        return report

    def _open(self, taken: receiving.Received) -> XmlFile | CsvSet | TableFile:
        shown, tables = str(self._request.path), self._format.tables
        alone = receiving.SINGLE in taken.files
        if self._format.name == CENSUS:
            if not alone:
                raise InputProblem(
                    "A census is one XML file, and this is a folder", shown, "Give the path of the XML file."
                )
            return XmlFile(taken.files[receiving.SINGLE], shown, tables)
        if self._format.name == LOOKED_AFTER:
            if alone:
                raise InputProblem(
                    "An SSDA903 set is a folder of CSV files, and this is a file", shown, "Give the path of the folder."
                )
            return CsvSet(taken.files, tables, self._year, shown)
        files = {Path(shown).name if name == receiving.SINGLE else name: held for name, held in taken.files.items()}
        return TableFile(files, self._format.declared, shown)

    def _report(self, file: XmlFile | CsvSet | TableFile, taken: receiving.Received) -> Report:
        notes = list(file.notes)
        header = file.header if isinstance(file, XmlFile) else {}
        code, name, known = authority_named(self._request.area or header.get("LEA", ""), header.get("LEA", ""), notes)
        if not known:
            notes.append(f"The authority is not one that Sightline knows: recorded as {name}")
        year = header.get("Year", "")
        if year and year != str(self._year):
            notes.append(f"The header's year is {year[:10]}; --period {self._period.label} was followed")
        made = header.get("ReferenceDate", "")
        if made and made != self._period.end.isoformat():
            notes.append(
                f"The header's reference date is not {self._period.end}; --period {self._period.label} was followed"
            )
        return Report(
            format=self._format.name,
            title=self._format.title,
            area=code,
            area_name=name,
            area_known=known,
            period=self._period.label,
            source_system=f"{self._format.name}:{code}:{self._period.label}",
            sha256=taken.sha256,
            notes=notes,
        )

    def _write(
        self,
        file: XmlFile | CsvSet | TableFile,
        children: Iterator[Child] | None,
        report: Report,
        taken: receiving.Received,
    ) -> None:
        """Everything that happens in the transaction."""
        _take_turn()
        source = self._source(report, taken)
        stages: dict[Any, Stage] = {}
        stated, models = self._format.fields(), self._format.models()
        for model in models:
            stages[model] = Stage(model, stated[model], models)
        writer = Writer(connection.connection, source, stages)
        writer.prepare()
        interpreter = Interpreter(
            list(self._format.tables),
            list(self._format.builders),
            (self._period.start, self._period.end),
            british=self._format.british,
            received=timezone.localdate(),
        )
        if isinstance(file, TableFile):
            interpreter.seen.rows.update(file.aside)
        earlier = self._earlier(source)
        self._pour(children or _gathered(file), interpreter, writer, earlier)  # type: ignore[arg-type]
        writer.finish()
        self._tally(file, interpreter, writer, report)
        if self._same_as_before(report, taken):
            raise _NothingChanged
        self._refuse_a_collapse(report)
        self._cover(source, report)
        began = time.monotonic()
        report.deadlines = _rebuild_deadlines(writer)
        report.deadline_seconds = round(time.monotonic() - began, 2)
        Entry.objects.create(
            who=self._request.by,
            what="import",
            about=report.source_system,
            purpose=self._request.because[:200],
            details={"sha256": taken.sha256, "children": report.children, "quarantined": report.children_quarantined}
            | {outcome: report.total(outcome) for outcome in OUTCOMES},
        )

    def _pour(
        self,
        children: Iterator[Child],
        interpreter: Interpreter,
        writer: Writer,
        earlier: dict[str, dict[str, list[Any]]],
    ) -> None:
        """Interprets children while the chunk before is written by another thread."""
        chunk = Chunk(writer.stages)
        done = 0
        with _made_for_two_threads(), ThreadPoolExecutor(max_workers=1) as pool:
            under_way: Future[None] | None = None
            try:
                for child in children:
                    for name, found in earlier.items():
                        child.shared[name] = found.get(child.key, [])
                    interpreter.interpret(child)
                    chunk.add(child)
                    if chunk.full:
                        if under_way is not None:
                            under_way.result()
                        done += len(chunk.children)
                        under_way, chunk = pool.submit(writer.merge, chunk.close()), chunk.next()
                        self._tell(f"{done:,} children read")
            finally:
                if under_way is not None:
                    under_way.result()
            writer.merge(chunk.close())

    def _source(self, report: Report, taken: receiving.Received) -> Source:
        agency = Organisation.objects.filter(kind=LOCAL_AUTHORITY, area=report.area).order_by("pk").first()
        if agency is None:
            agency = Organisation.objects.create(kind=LOCAL_AUTHORITY, name=report.area_name, area=report.area)
        others = ReceivedFile.objects.filter(format=report.format, area=report.area, current=True)
        mine = others.filter(source_system=report.source_system)
        self._before = mine.first()
        mine.update(current=False)
        file = ReceivedFile.objects.create(
            format=report.format,
            area=report.area,
            area_name=report.area_name[:120],
            period=report.period,
            period_start=self._period.start,
            period_end=self._period.end,
            source_system=report.source_system,
            sha256=taken.sha256,
            size=taken.size,
            kept_as=taken.sha256,
            received_by=self._request.by[:150],
        )
        report.file = file.pk
        others = others.exclude(source_system=report.source_system)
        end = self._period.end
        return Source(
            agency=agency.pk,
            system=report.source_system,
            at=timezone.now(),
            earlier=list(others.filter(period_end__lte=end).values_list("source_system", flat=True)),
            later=list(others.filter(period_end__gt=end).values_list("source_system", flat=True)),
            again=self._before is not None,
            file=file.pk,
        )

    def _earlier(self, source: Source) -> dict[str, dict[str, list[Any]]]:
        """What the builders want to know from earlier files, by child."""
        found: dict[str, dict[str, list[Any]]] = {}
        for name, ask in self._format.earlier.items():
            by_child = found.setdefault(name, {})
            for key, value in ask(source.earlier) if source.earlier else ():
                by_child.setdefault(key, []).append(value)
        return found

    def _tally(
        self, file: XmlFile | CsvSet | TableFile, interpreter: Interpreter, writer: Writer, report: Report
    ) -> None:
        seen = interpreter.seen
        recorded = {table.name: table.recorded for table in self._format.tables}
        report.read = {
            table.name: seen.rows[table.name]
            for table in self._format.tables
            if table.name in file.present and seen.rows[table.name]
        }
        report.kept_not_recorded = {name: count for name, count in report.read.items() if not recorded[name]}
        report.kept_not_as_the_layout = dict(seen.faulty)
        report.records = {
            table: {outcome: count[outcome] for outcome in OUTCOMES} for table, count in writer.counts.items()
        }
        report.children, report.children_quarantined = writer.children, writer.quarantined
        aside = (
            QuarantinedRow.objects.filter(file=report.file).values("table").annotate(rows=Count("line", distinct=True))
        )
        report.quarantined = {row["table"]: row["rows"] for row in aside.order_by("table")}
        report.notes += [f"{count:,} {note}" for note, count in sorted(seen.notes.items())]
        if odd := sorted(seen.odd | file.odd):
            report.notes.append(
                f"Not in the layout of that year: {', '.join(odd[:20])}" + (" and more" if len(odd) > 20 else "")
            )
        if writer.untied:
            report.notes.append(f"{writer.untied:,} rows tie a child to somebody who is not in the record: left out")
        if writer.strangers:
            report.notes.append(
                f"{writer.strangers:,} children have the reference of another child in the area, but another sex or date of birth:"
                " recorded as separate persons"
            )
        if self._format.name == CENSUS and report.records.get("child_protection_conference", {}).get(WRITTEN):
            report.notes.append("The census does not say which children met at a conference: each child has its own")
        if superseded := report.total("superseded"):
            report.notes.append(
                f"{superseded:,} records are held by a later return, which has the last word: left as they are"
            )

    def _refuse_a_collapse(self, report: Report) -> None:
        """A set that was cut short reads as a corrected one, and would take away what the whole one brought: that has to be said aloud."""
        if self._before is None or self._request.fewer:
            return
        earlier = self._before.report
        held = earlier.get("children", 0) - earlier.get("children_quarantined", 0)
        now = report.children - report.children_quarantined
        if held >= WORTH_ASKING and now < held / 2:
            raise InputProblem(
                f"{now:,} children could be recorded, where the last file of this year brought {held:,}: it may have been cut short",
                str(self._request.path),
                "Look at the file's end. If most children are meant to go, say so with --fewer.",
            )

    def _same_as_before(self, report: Report, taken: receiving.Received) -> bool:
        before = self._before
        if (
            before is None
            or before.sha256 != taken.sha256
            or any(report.total(one) for one in (WRITTEN, UPDATED, REMOVED))
        ):
            return False
        if before.quarantined.count() != QuarantinedRow.objects.filter(file=report.file).count():
            return False
        # A later version of Sightline may know better which streams a return answers for.
        if set(before.report.get("covered", [])) != set(self._covers(report)):
            return False
        report.file = before.pk
        report.earlier_import = timezone.localtime(before.received_at).strftime("%d %B %Y at %H:%M").lstrip("0")
        report.covered = before.report.get("covered", [])
        return True

    def _cover(self, source: Source, report: Report) -> None:
        """Says which streams the record now covers."""
        report.covered = self._covers(report)
        held = Coverage.objects.filter(source_system=source.system)
        held.exclude(source_id__in=report.covered).delete()
        for stream in report.covered:
            if not held.filter(source_id=stream).exists():
                Coverage.objects.create(
                    agency_id=source.agency,
                    source_system=source.system,
                    source_id=stream,
                    recorded_at=source.at,
                    area=report.area,
                    stream=stream,
                    start_date=self._period.start,
                    end_date=self._period.end,
                )

    def _covers(self, report: Report) -> list[str]:
        present = set(report.read) if self._format.name != CENSUS else {table.name for table in self._format.tables}
        return self._format.streams(present, self._year)


def import_path(request: Request, tell: Tell | None = None) -> Report:
    """Imports one file or set. Raises InputProblem when it cannot be read, Problem when it cannot be written; nothing is changed then."""
    return Import(request, tell).run()


def _gathered(file: CsvSet | TableFile) -> Iterator[Child]:
    """The rows of a set by child. They wait in a temporary table, so that memory stays flat however large the set."""
    raw = connection.connection
    order = {table.name: number for number, table in enumerate(file.tables)}
    names = {number: name for name, number in order.items()}
    with raw.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE arrived (child text, part int, line int, cells text) ON COMMIT DROP")
        with cursor.copy("COPY arrived FROM STDIN") as copy:
            for row in file.rows():
                copy.write_row((row.child, order[row.table], row.line, json.dumps(row.cells)))
    with closing(psycopg.ServerCursor(raw, "arrived")) as cursor:
        cursor.itersize = 5000
        cursor.execute('SELECT child, part, line, cells FROM arrived ORDER BY child COLLATE "C", part, line')
        for reference, found in groupby(cursor, key=lambda row: row[0]):
            rows = [Row(names[part], line, json.loads(cells)) for _child, part, line, cells in found]
            if reference:
                yield Child(reference, rows[0].line, rows)
            else:
                # A row without a reference is nobody's: each is quarantined by itself.
                yield from (Child("", row.line, [row]) for row in rows)
    with raw.cursor() as cursor:
        cursor.execute("DROP TABLE arrived")


def period_named(format: Format, text: str) -> Period:
    """What a return is for: a year, or the six months up to a day. Raises InputProblem."""
    if not format.declared.by_day:
        return year_named(text)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputProblem(
            f"'{text[:20]}' is not a day", "--date", f"Give the day as of which the {format.title} speak: 2024-03-31."
        ) from error
    if day > timezone.localdate():
        raise InputProblem(f"The day {day} has not come: nothing can be said of it", "--date", "Check the day.")
    return periods.span(add_months(day, -MONTHS) + timedelta(days=1), day)


def year_named(text: str) -> Period:
    """The year of a return. Raises InputProblem."""
    advice = "Give the year that the return is for, for example 2021-22."
    try:
        found = periods.parse(text)
    except ValueError as error:
        raise InputProblem(f"'{text}' is not a period", "--period", advice) from error
    if found.kind != "year" or found.year_end.year < FIRST_YEAR:
        raise InputProblem(
            f"'{text}' is not a year that returns are known for: 2016-17 is the first", "--period", advice
        )
    if found.start > timezone.localdate():
        raise InputProblem(
            f"The year {found.label} has not begun: no return can say anything of it", "--period", advice
        )
    return found


def authority_named(asked: str, stated: str, notes: list[str]) -> tuple[str, str, bool]:
    """Code and name of the authority, and whether it is a known one. Raises InputProblem."""
    if not asked:
        raise InputProblem(
            "The file does not say which authority it is from", "--area", "Give its code or name: --area E10000028."
        )
    found = areas.area(asked)
    if found.known and found.level != "local_authority":
        raise InputProblem(
            f"{found.name} is not a children's services authority", "--area", "Give the authority that made the return."
        )
    if not found.known and not found.code:
        near = ", ".join(one.name for one in areas.suggestions(asked)) or "none"
        raise InputProblem("No authority of that name is known", "--area", f"Give its code. Names near it: {near}.")
    code = found.code if not (found.code.isdigit()) else f"LA{found.code}"
    if stated and areas.area(stated).code != found.code:
        notes.append(f"The header names the authority {stated[:10]}; --area {code} was followed")
    if found.known:
        return code, found.name, True
    return code, f"Unknown authority ({'LA code ' if found.code.isdigit() else ''}{found.code})", False


@contextmanager
def _made_for_two_threads() -> Iterator[None]:
    """Tunes the interpreter for one thread that reads and one that mostly waits for the database.

    The waiting one is given its turn at once, not after 5 ms: it has some sixty turns in each chunk. And nobody looks for cycles among the
    children: there are none, they go by themselves, and looking costs a fifth of the time.
    """
    collected, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collected:
            gc.enable()


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise Problem(
                "Another import is under way", "the database", "Wait until it has ended, then repeat this one."
            )


def _rebuild_deadlines(writer: Writer) -> int | None:
    """Works out the deadlines of the children concerned, where that part of Sightline is there. Returns how many are new or changed."""
    if not writer.changed:
        return 0
    if find_spec(LEDGER) is None:
        return None
    touched = [
        table for table, count in writer.counts.items() if any(count[one] for one in (WRITTEN, UPDATED, REMOVED))
    ]
    return int(import_module(LEDGER).rebuild(persons=sorted(writer.changed), written=touched))


def _take_back(place: Path | None) -> None:
    if place is not None:
        receiving.forget(place)


def _refused(error: Exception) -> Problem:
    """The database's own refusal, without the values it quotes."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    found = getattr(cause, "diag", None)
    where = ", ".join(filter(None, (getattr(found, "table_name", ""), getattr(found, "constraint_name", ""))))
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return Problem("The database's tables are not of this version", "the database", "Run `./sightline migrate`.")
    return Problem(
        f"The database refused the import ({type(cause).__name__}): nothing was changed",
        where or "the database",
        "This is a fault in Sightline: please report it, with what stands above.",
    )
