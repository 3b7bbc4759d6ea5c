"""How the tables of a return are declared, once: import, export and rules all read the declaration in the return's folder (`Return.layout`).

A pathway's module named after the return (`cin.py`, `ssda903.py`, `annexa.py`, `ssd.py`) holds `BUILDERS`, `WRITERS` and `COHORTS`: what it
makes of the rows, and how it tells them. Nothing here needs a database.

A table of a later year is the table of the year before with its amendments: `since` and `until` date a table or a column by
collection year (2022 is the year that ends on 31 March 2022), so a layout is asked for by year and nowhere written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from sightline.core.records.models import Record
    from sightline.engine.exchange.child import Child
    from sightline.engine.exchange.choices import Choices
    from sightline.engine.exchange.cut import Cut

FIRST_YEAR, LAST_YEAR = 2017, 9999
#: Whom a row is about that is about no child: a team, say.
NOBODY = ("", 0)
#: For `Column.at`: a code is right that was in force on any day, since the table tells of many years.
EVER = "ever"


class Kind(StrEnum):
    """How the text of a column is read."""

    DAY = "day"
    CODE = "code"
    WHOLE = "whole number"
    FLAG = "yes or no"
    LETTER = "Y or N"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column of a CSV table, or one element of an XML block.

    `at` names the column whose date judges a code (of this row, or of the row that holds it); without it the end of the period does.
    `future` allows a date after the day the file was received. A choice is one of the names that `choices` lists. `pattern` (a regular
    expression) finds a heading that is worded otherwise. `refers` names what the value must be found in: `table.column`.
    """

    name: str
    kind: Kind
    required: bool = False
    codes: str = ""
    at: str = ""
    future: bool = False
    longest: int = 60
    since: int = FIRST_YEAR
    until: int = LAST_YEAR
    optional: bool = False  # A CSV table may come without the column.
    recorded: bool = True  # False: no record is made of it, so the import neither reads nor asks for it.
    waived: bool = False  # Required by the return, and the import does without.
    worked_out: bool = False  # By the Department, from other columns: rules read it where a file has it, and nobody asks for it or writes it.
    choices: Choices | None = None
    pattern: str = ""
    refers: str = ""

    def in_year(self, year: int) -> bool:
        """Whether the layout of a collection year has the column."""
        return self.since <= year <= self.until


def day(name: str, *, required: bool = False, future: bool = False, optional: bool = False) -> Column:
    """A date."""
    return Column(name, Kind.DAY, required=required, future=future, optional=optional)


def code(
    name: str,
    codes: str,
    *,
    at: str = "",
    required: bool = False,
    waived: bool = False,
    since: int = FIRST_YEAR,
    until: int = LAST_YEAR,
) -> Column:
    """A code from a dated code set."""
    return Column(name, Kind.CODE, required=required, waived=waived, codes=codes, at=at, since=since, until=until)


def whole(name: str, *, required: bool = False) -> Column:
    """A whole number, not negative."""
    return Column(name, Kind.WHOLE, required=required)


def flag(name: str, *, required: bool = False, optional: bool = False) -> Column:
    """Yes or no: 1, 0, true or false."""
    return Column(name, Kind.FLAG, required=required, optional=optional)


def text(name: str, *, required: bool = False, waived: bool = False, longest: int = 60) -> Column:
    """Words or a reference."""
    return Column(name, Kind.TEXT, required=required, waived=waived, longest=longest)


def worked_out(name: str) -> Column:
    """What the Department works out as the return is loaded."""
    return Column(name, Kind.TEXT, optional=True, recorded=False, worked_out=True)


@dataclass(frozen=True)
class Table:
    """A CSV table of a set, or a block of an XML file.

    XML: `within` is the block that holds this one, `containers` are elements that only group, and a `leaf` is a single repeated element
    that carries its value itself. `other` are further names that its file or its element goes by (of a file, letters and digits only);
    `needed` tables make the return. A table that is not `recorded` is read, checked and kept, and no record is made from it yet. `key` is the
    column that tells its rows apart, `child` the one that names whom they are about, and `order` has pairs of columns whose days come in
    that order.
    `apart` is put before the reference of somebody who is no child, so that nobody takes them for the child of that reference.
    """

    format: str
    name: str
    columns: tuple[Column, ...]
    within: str = ""
    containers: tuple[str, ...] = ()
    leaf: bool = False
    other: tuple[str, ...] = ()
    needed: bool = False
    recorded: bool = True
    since: int = FIRST_YEAR
    until: int = LAST_YEAR
    key: str = ""
    child: str = "CHILD"
    order: tuple[tuple[str, str], ...] = ()
    apart: str = ""

    def in_year(self, year: int) -> bool:
        """Whether the layout of a collection year has the table."""
        return self.since <= year <= self.until

    def layout(self, year: int) -> tuple[Column, ...]:
        """The columns that the return has in a collection year, as it is written."""
        return tuple(column for column in self.columns if column.in_year(year) and not column.worked_out)


@dataclass(frozen=True)
class Builder:
    """Makes one child's records from the child's rows.

    `writes` names the records and which of their fields the format states: fields it does not state are left alone on an update. `tables`
    are the tables it draws from: where none of them came, the streams of its records are not covered. `covers` names the streams where the
    tables answer for less than the whole stream of those records. Lower `order` runs first, so that a record is there when another refers
    to it.
    """

    format: str
    tables: tuple[str, ...]
    writes: Mapping[type[Record], tuple[str, ...]]
    build: Callable[[Child], None]
    order: int = 50
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a table as its pathway tells it: the child it is about, and its values by column, as the record holds them.

    The `child` is that of the row which `Cut.told` gave: it says which record the row comes from, besides whom it is about.
    A block of an XML file also has a `key`, by which the blocks inside it name it in `within`.
    """

    child: tuple[str, int]
    values: Mapping[str, Any]
    key: Any = None
    within: Any = None


@dataclass(frozen=True)
class TableWriter:
    """Tells the rows of one table from the record, in the order of the children: what a `Builder` reads, the other way round."""

    format: str
    table: str
    rows: Callable[[Cut], Iterator[Told]]


@dataclass(frozen=True)
class Cohort:
    """Children whom a return is about, as ids of people. A return is about those of all its cohorts.

    `in_full` are those of them who are asked everything; others have a row in the header for their number, sex and birth only.
    """

    format: str
    people: Callable[[Cut], QuerySet[Any, Any]]
    in_full: Callable[[Cut], QuerySet[Any, Any]] | None = None
