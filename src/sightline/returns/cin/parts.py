"""What the rules of the census share in words: how blocks of a child meet, conditions on days, and the rows of examples.

A cell that is no date counts as missing in every rule: the schema says what is wrong with it (`schema.schema_faults`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.engine.exchange.rules.declarations import Rule, across, rule
from sightline.standards.areas import areas

#: Codes that have numbered pupils and are in no table of English authorities: those that stand for kinds of schools (001 to 005), Wales (660 to 681),
#: service children's and other schools outside England and Wales (701 to 708), and Bedfordshire to 2009.
_OTHER_ISSUERS = (
    *(f"{number:03d}" for numbers in (range(1, 6), range(660, 682), range(701, 709)) for number in numbers),
    "820",
)


def upn_authorities() -> frozenset[str]:
    """The three-digit codes that the second to fourth characters of a UPN may be: a number outlives the authority that gave it."""
    english = {area.old_la_code for area in areas("local_authority", current_only=False)}
    return frozenset(english - {""} | set(_OTHER_ISSUERS))


def same_block(one: str, other: str) -> str:
    """That two rows stand in the same CIN details block."""
    return f"{one}.LAchildID = {other}.LAchildID AND {one}.CINdetailsID = {other}.CINdetailsID"


def in_details(table: str) -> str:
    """Each row of a table (`x`) with the CIN details block that it stands in (`d`)."""
    return f"{table} x JOIN referral d ON {same_block('d', 'x')}"


def of_child(table: str) -> str:
    """Each row of a table (`x`) with the child's identifiers (`i`)."""
    return f"{table} x JOIN ChildIdentifiers i ON i.LAchildID = x.LAchildID"


def two_of_child(table: str) -> str:
    """Every two rows (`x`, `y`) of a table that are of one child."""
    return f"{table} x JOIN {table} y ON y.LAchildID = x.LAchildID AND y.row <> x.row"


def running(day: str, row: str, start: str, end: str) -> str:
    """That a day falls in what a row says ran from `start` until before `end`; to the end of the census year where no end is given."""
    return f"{day} >= {row}.{start} AND ({day} < {row}.{end} OR ({row}.{end} IS NULL AND {day} <= year_end()))"


def running_to(day: str, row: str, start: str, end: str) -> str:
    """The same, the day of the end included."""
    return f"{day} BETWEEN {row}.{start} AND coalesce({row}.{end}, year_end())"


def running_beside(one: str, other: str, start: str, end: str) -> str:
    """That one row starts while another runs, both days included, where the two do not start and end on the same days."""
    return f"{running_to(f'{other}.{start}', one, start, end)} AND ({one}.{start} <> {other}.{start} OR {one}.{end} IS DISTINCT FROM {other}.{end})"


def outside_year(day: str) -> str:
    """That a day is given and is not one of the census year."""
    return f"{day} NOT BETWEEN year_start() AND year_end()"


def late_or_missing(day: str) -> str:
    """That a day is missing or after the census year."""
    return f"{day} IS NULL OR {day} > year_end()"


def child(**cells: str) -> dict[str, str]:
    """A row of child 1 in an example."""
    return {"LAchildID": "1", **cells}


def block(**cells: str) -> dict[str, str]:
    """A row of child 1, in the child's first CIN details block, in an example."""
    return {"LAchildID": "1", "CINdetailsID": "1", **cells}


@dataclass(frozen=True)
class Spell:
    """A block that runs from one day to another, and the rules that every such block has under a code of its own.

    `number` names the column that numbers the blocks of a child, where there is one.
    """

    table: str
    start: str
    end: str
    number: str = ""

    def rows(self, *rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
        """The table of an example."""
        return {self.table: list(rows)}

    def one(self, starts: str = "", ends: str = "") -> dict[str, list[dict[str, str]]]:
        """The table of an example with one block, from a day to a day, each of which may be left out."""
        cells = {self.number: "1", self.start: starts, self.end: ends}
        return self.rows(block(**{name: cell for name, cell in cells.items() if name and cell}))

    def starts_late(self, code: str) -> Rule:
        """The start is missing or after the census year."""
        return rule(
            code,
            self.table,
            self.start,
            late_or_missing(self.start),
            choice="A plan may have started before the census year, and still be running in it.",
            fails=[self.one(), self.one("2027-04-01")],
            passes=[self.one("2027-03-31"), self.one("2025-03-31")],
        )

    def ends_early(self, code: str, fields: str) -> Rule:
        """The end is before the start."""
        return rule(
            code,
            self.table,
            fields,
            f"{self.end} < {self.start}",
            fails=[self.one("2026-05-02", "2026-05-01")],
            passes=[self.one("2026-05-01", "2026-05-01")],
        )

    def lasts_no_day(self, code: str) -> Rule:
        """The end is the day of the start."""
        return rule(
            code,
            self.table,
            f"{self.start} {self.end}",
            f"{self.start} = {self.end}",
            fails=[self.one("2026-05-01", "2026-05-01")],
            passes=[self.one("2026-05-01", "2026-05-02")],
        )

    def ends_outside_year(self, code: str) -> Rule:
        """The end is no day of the census year."""
        return rule(
            code,
            self.table,
            self.end,
            outside_year(self.end),
            fails=[self.one(ends="2026-03-31"), self.one(ends="2027-04-01")],
            passes=[self.one(ends="2026-04-01"), self.one()],
        )

    def starts_before_referral(self, code: str) -> Rule:
        """The start is before the referral that the block stands in."""
        referred = {"CINdetails": [block(CINreferralDate="2026-05-01")]}
        return across(
            code,
            in_details(self.table),
            {"x": f"{self.table} {self.start}", "d": "CINdetails CINreferralDate"},
            f"x.{self.start} < d.CINreferralDate",
            fails=[self.one("2026-04-30") | referred],
            passes=[self.one("2026-05-01") | referred],
        )

    def after_death(self, code: str, day: str, at: dict[str, str]) -> Rule:
        """The start or the end (`day`) is after the child's death; `at` is of the block (`x`) and the child (`i`), the main one first."""
        died = {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}

        def on(when: str) -> dict[str, list[dict[str, str]]]:
            return (self.one(ends=when) if day == self.end else self.one(when)) | died

        return across(
            code,
            of_child(self.table),
            at,
            f"x.{day} > i.PersonDeathDate",
            fails=[on("2026-05-02")],
            passes=[on("2026-05-01")],
        )

    def open_at_once(self) -> str:
        """The rows of children that have several open blocks."""
        return (
            f"SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID) AS held FROM {self.table}"
            f" WHERE LAchildID IS NOT NULL AND {self.end} IS NULL) WHERE held > 1"
        )
