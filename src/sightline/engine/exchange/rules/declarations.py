"""What a return's folder declares for its rules: tables, facts worked out from them once, and the rules themselves.

A rule is SQL over the typed tables of one return. Every table has `row`, the position of the row as given (from 0), and its columns under the
return's own names: texts trimmed and never empty, days as dates, with the text as given beside it under `<column>_text`. What several rules ask
- which episode comes next, how long a period of care lasted - is a fact with one home, and rules read it like a table.

In the SQL, `{set}` stands for the codes of a code set that are in force in the collection year, as a list: `LS NOT IN {cla_legal_status}`;
or for a list of the return's own (`Return.lists`).
Macros: `year_start()`, `year_end()`, `last_year_start()`, `return_day()` (the day as of which the return speaks), `authority()`,
`age_on(birth, day)`, `birthday(birth, age)`, `working_days(from, to)`, `working_day(day, n)`, `is_open(day)`, `upn_letter(upn)`. See `macros`.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict, Unpack

from sightline.engine.exchange.declarations import Table

#: The texts of a table by column: arrays of Arrow, null where a cell holds nothing.
Columns = dict[str, Any]
#: Tables by name, each a list of rows as they stand in the file.
Given = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class RuleTable:
    """A table of a return: its columns by how they are read, the column that names the child, and other names it comes under.

    `other` names are compared by their letters and digits alone. `last`: the return of the year before may be given beside it as
    `<name>_last`. `needed`: without it the return says nothing, and a rule that reads it could not run.
    """

    name: str
    text: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    child: str = "CHILD"
    other: tuple[str, ...] = ()
    last: bool = False
    needed: bool = False
    supplied: bool = False  # Not part of the return: a list that the user supplies, as Ofsted's of providers.

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column."""
        return self.text + self.days + self.numbers

    def of_last_year(self) -> RuleTable:
        """The same table of the year before."""
        return replace(self, name=f"{self.name}_last", other=tuple(f"{one}last" for one in self.other), last=False)


@dataclass(frozen=True)
class Fact:
    """A table worked out once from the return's own: what each row is, and the SELECT that gives it."""

    name: str
    about: str
    select: str


@dataclass(frozen=True)
class Find:
    """What a rule finds wrong in one table: the rows, and the fields to look at.

    `where` is a condition on a row of the table. `select` is a query instead, whose only column is the `row` of each faulty row.
    """

    table: str
    fields: tuple[str, ...]
    where: str = ""
    select: str = ""


@dataclass(frozen=True)
class Example:
    """A small return, and the rows that the rule finds in it, as (table, row)."""

    tables: Given
    rows: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule. Its message, severity and years stand in the Department's list (`catalogue`).

    `choice` says what was decided where the wording leaves one. `whole`: it judges the return as a whole, not child by child. `since`
    and `until` (collection year, 2026 for 2025/26) date a wording: a rule that was amended is declared once for each. `helped_by`: tables that
    the rule reads where they are given, and can do without. `of_authority`: it asks about the authority whose return it is, and could not run
    where nobody said which.
    """

    code: str
    finds: tuple[Find, ...]
    choice: str = ""
    whole: bool = False
    since: int = 0
    until: int = 9999
    helped_by: tuple[str, ...] = ()
    of_authority: bool = False
    fails: tuple[Example, ...] = ()
    passes: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the record as a file of the return would have it: the child's reference, the texts by column, and where it comes from.

    A block of an XML file also has a `key`, by which the blocks inside it name it in `within`. `origin` is handed through as it came.
    """

    child: str
    texts: Mapping[str, str]
    origin: Any = None
    key: Any = None
    within: Any = None


#: Pieces by table.
Pieces = Mapping[str, Sequence[Piece]]


@dataclass(frozen=True)
class Return:
    """A return: what it is called, its tables and facts, its days, and where its rules are.

    `layout` are its tables as files have them, `tables` those that its rules ask, made of the same columns. `due`: the last day, month and day of
    the month after the collection year, on which the Department takes it.
    """

    name: str
    title: str
    layout: tuple[Table, ...]
    tables: tuple[RuleTable, ...]
    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    day_format: str
    #: Reads files, by the names they came with, to tables of texts; the second is how to call them in a message.
    read: Callable[[Mapping[str, Path], str], Mapping[str, Any]]
    #: Makes what the file leaves out, before the tables are typed: the authority of a postcode, say.
    prepare: Callable[[dict[str, Columns], dict[str, Any]], None] = lambda _tables, _context: None
    #: See above; None for what is made on request, and not collected every year.
    due: tuple[int, int] | None = None
    #: What a file says of its own (authority, year), to fill what the user leaves out.
    says: Callable[[Mapping[str, Any]], dict[str, str]] = lambda _tables: {}
    #: Where a file breaks the published schema: line and what is wrong.
    schema_faults: Callable[[Path, int], list[tuple[int, str]]] | None = None
    #: The same for tables that were read: which of them, and which columns, did not come.
    layout_faults: Callable[[Mapping[str, Any]], list[tuple[int, str]]] = lambda _sheets: []
    #: Which of these files, by name, are read as no table of it.
    unread: Callable[[Sequence[str]], list[str]] = lambda _names: []
    #: Whether a workbook may hold it.
    workbooks: bool = False
    #: Whether it speaks as of a day of its own, and not as of the last day of the year.
    by_day: bool = False
    #: Whose words the messages of its rules are.
    messages: str = "the Department's own (Crown copyright, Open Government Licence v3.0)"
    #: Reference lists that are no code set, by the name that rules give them in braces: the authorities that number pupils, say.
    lists: Mapping[str, Callable[[], Collection[str]]] = field(default_factory=dict)
    #: Rules that judge figures of the whole return: the rows they find are no fault of one child.
    of_figures: frozenset[str] = frozenset()
    #: Tables of the file whose rows come to rule tables of other names: which.
    told_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Its data items by the numbers that the fields of records name them by, each with its column; a field may also name the column itself.
    items: Mapping[str, str] = field(default_factory=dict)
    #: Tables of the file whose rows hold those of others, which are nowhere without them.
    holds: frozenset[str] = frozenset()
    #: Puts the rows of the record, by the tables of the file, into the tables of the rules: what `read` does with a file.
    arrange: Callable[[Pieces], Pieces] = lambda told: told

    def table(self, name: str) -> RuleTable | None:
        """The table of that name, under any name it goes by."""
        return self._names.get(plain(name))

    @cached_property
    def _names(self) -> dict[str, RuleTable]:
        found: dict[str, RuleTable] = {}
        for table in self.all_tables():
            found |= {plain(one): table for one in (*table.other, table.name)}
        return found

    def rule_tables(self, told: str) -> tuple[str, ...]:
        """The tables of the rules in which the rows of a table of the file stand; none where no rule reads them."""
        named = self.table(told)
        return self.told_as.get(told) or ((named.name,) if named is not None else ())

    @property
    def asks_authority(self) -> bool:
        """Whether a rule asks which authority the return is of."""
        return any("authority()" in (find.select or find.where) for rule in self.rules for find in rule.finds)

    def all_tables(self) -> tuple[RuleTable, ...]:
        """The tables of this year, and those of the year before."""
        return tuple(self.tables_in_sql.values())

    @cached_property
    def tables_in_sql(self) -> dict[str, RuleTable]:
        """The same by their names in small letters."""
        every = (*self.tables, *(table.of_last_year() for table in self.tables if table.last))
        return {table.name.lower(): table for table in every}

    @cached_property
    def facts_in_sql(self) -> dict[str, Fact]:
        """The facts by their names in small letters."""
        return {fact.name.lower(): fact for fact in self.facts}


def plain(name: str) -> str:
    """A table's or column's name by its letters and digits alone."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


class More(TypedDict, total=False):
    """What a rule may say besides its condition. A failing example given as bare tables fails in row 0 of the rule's table."""

    select: str
    also: Sequence[Find]
    fails: Sequence[Example | Given]
    passes: Sequence[Example | Given]
    choice: str
    whole: bool
    since: int
    until: int
    helped_by: tuple[str, ...]
    of_authority: bool


def rule(code: str, on: str, fields: str, where: str = "", **more: Unpack[More]) -> Rule:
    """A rule that finds rows of one table; `fields` are parted by spaces, and `also` names what it finds in others."""
    return Rule(
        code,
        (find(on, fields, where, select=more.get("select", "")), *more.get("also", ())),
        choice=more.get("choice", ""),
        whole=more.get("whole", False),
        since=more.get("since", 0),
        until=more.get("until", 9999),
        helped_by=more.get("helped_by", ()),
        of_authority=more.get("of_authority", False),
        fails=tuple(one if isinstance(one, Example) else Example(one, ((on, 0),)) for one in more.get("fails", ())),
        passes=tuple(one if isinstance(one, Example) else Example(one) for one in more.get("passes", ())),
    )


def across(code: str, joined: str, at: Mapping[str, str], where: str, **more: Unpack[More]) -> Rule:
    """A rule that judges rows of several tables together, and finds all of them.

    `joined` is what stands in the FROM; `at` gives, for each alias in it, the table and the fields to look at, parted by spaces, the main one
    first. A failing example given as bare tables fails in row 0 of each of them.
    """
    finds = [
        find(table, fields, select=f"SELECT {alias}.row FROM {joined} WHERE {where}")
        for alias, (table, _, fields) in ((alias, named.partition(" ")) for alias, named in at.items())
    ]
    everywhere = tuple(dict.fromkeys((one.table, 0) for one in finds))
    told: More = {
        **more,
        "select": finds[0].select,
        "also": (*finds[1:], *more.get("also", ())),
        "fails": [one if isinstance(one, Example) else Example(one, everywhere) for one in more.get("fails", ())],
    }
    return rule(code, finds[0].table, " ".join(finds[0].fields), **told)


def find(table: str, fields: str, where: str = "", *, select: str = "") -> Find:
    """What is wrong in one table; `fields` parted by spaces."""
    return Find(table, tuple(fields.split()), where, select)
