"""From the rows of a child to its records: reads every value, runs the builders, judges the constraints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sightline.engine.exchange import checks
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.declarations import EVER, Builder, Column, Kind, Table
from sightline.engine.exchange.values import CodesInForce, Days, Parser, Unreadable, parser

MOST_NAMES = 50


@dataclass(frozen=True)
class Reading:
    """How the rows of one table are read in one collection year."""

    table: Table
    columns: tuple[tuple[str, Parser, bool], ...]
    codes: tuple[tuple[str, str, CodesInForce], ...]
    layout: frozenset[str]


@dataclass
class Seen:
    """What was met on the way, counted."""

    rows: Counter[str] = field(default_factory=Counter)
    faulty: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    odd: set[str] = field(default_factory=set)


class Interpreter:
    """Interprets the children of one file."""

    def __init__(
        self, tables: list[Table], builders: list[Builder], period: tuple[date, date], *, british: bool, received: date
    ) -> None:
        self._start, self._end = (day.isoformat() for day in period)
        self._builders = sorted(builders, key=lambda builder: builder.order)
        year = period[1].year + (period[1].month > 3)
        days = Days(british=british, latest=max(received, period[1]).isoformat())
        codes: dict[str, CodesInForce] = {}
        self._readings = {table.name: _reading(table, year, days, codes) for table in tables}
        self.seen = Seen()

    def interpret(self, child: Child) -> None:
        """Fills the child's drafts, faults and notes.

        Constraints are judged once every row can be read: judged on half-read rows they would name rows that are right.
        """
        child.period_start, child.period_end = self._start, self._end
        for row in child.rows:
            self._read(child, row)
        if not child.faults:
            for builder in self._builders:
                builder.build(child)
        if not child.faults:
            checks.check(child)
        if not child.faults:
            self.seen.notes.update(child.notes)

    def _read(self, child: Child, row: Row) -> None:
        reading = self._readings[row.table]
        self.seen.rows[row.table] += 1
        raw, values = row.raw, row.values
        wrong = []
        for name, parse, required in reading.columns:
            text = raw.get(name)
            if text:
                try:
                    values[name] = parse(text)
                except Unreadable as bad:
                    wrong.append(f"{name} {bad}")
            elif required:
                wrong.append(f"{name} is missing")
        for name, at, codes in reading.codes:
            if (code := values.get(name)) is not None and (reason := codes.wrong(code, self._day(row, at))):
                wrong.append(f"{name} {reason}")
        if not raw.keys() <= reading.layout and len(self.seen.odd) < MOST_NAMES:
            self.seen.odd.update(f"{row.table}.{name[:60]}" for name in raw.keys() - reading.layout)
        if not wrong:
            return
        if reading.table.recorded:
            for reason in wrong:
                child.fault(row, reason)
        else:
            self.seen.faulty[row.table] += 1

    def _day(self, row: Row, at: str) -> str:
        """The date that judges a code: a column of the row, or of a row that holds it; the end of the period without one.

        Empty where a code of any day is right.
        """
        if at == EVER:
            return ""
        holder: Row | None = row if at else None
        while holder is not None:
            found = holder.values.get(at)
            if found is not None:
                return str(found)
            holder = holder.parent
        return self._end


def _reading(table: Table, year: int, days: Days, codes: dict[str, CodesInForce]) -> Reading:
    layout = {column.name for column in table.columns if column.in_year(year)}
    read = [column for column in table.columns if column.recorded]

    def in_force(column: Column) -> CodesInForce:
        if column.codes not in codes:
            codes[column.codes] = CodesInForce(column.codes)
        return codes[column.codes]

    return Reading(
        table=table,
        columns=tuple(
            (one.name, parser(one, days), one.required and not one.waived and one.name in layout) for one in read
        ),
        codes=tuple((one.name, one.at, in_force(one)) for one in read if one.kind is Kind.CODE),
        layout=frozenset(layout),
    )
