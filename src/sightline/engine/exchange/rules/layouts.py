"""Rules that follow from a declared layout: what its columns say of themselves need not be written a second time as rules.

Each function gives one rule over every table of a return that it concerns; the return's folder gives it a code and examples.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypedDict, Unpack

from sightline.engine.exchange.declarations import Column, Kind, Table, text
from sightline.engine.exchange.rules.declarations import Find, More, Rule, RuleTable, rule
from sightline.standards.codes import codeset

Tables = tuple[Table, ...]
_NUMBERS = (Kind.WHOLE, Kind.NUMBER)
#: A name as `choices.folded` compares it.
_FOLDED = "trim(regexp_replace(lower(\"{0}\"), '[^a-z0-9]+', ' ', 'g'))"


def rule_tables(
    tables: Tables, *, compared: bool = False, made: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[RuleTable, ...]:
    """The tables as rules read them. `compared`: with the year before; `made`: texts that are no part of the return, by table."""
    return tuple(
        rule_table(
            table.name,
            (*table.columns, *map(text, (made or {}).get(table.name, ()))),
            child=table.child,
            other=table.other,
            last=compared,
            needed=table.needed,
        )
        for table in tables
    )


def rule_table(name: str, columns: Iterable[Column], **more: Unpack[Named]) -> RuleTable:
    """A table as rules read it, of columns that a layout declares."""
    held = tuple(columns)
    return RuleTable(
        name,
        text=_named(held, Kind.TEXT, Kind.CODE, Kind.CHOICE, Kind.FLAG, Kind.LETTER),
        days=_named(held, Kind.DAY),
        numbers=_named(held, *_NUMBERS),
        **more,
    )


class Named(TypedDict, total=False):
    """What else a table of the rules says of itself."""

    child: str
    other: tuple[str, ...]
    last: bool
    needed: bool
    supplied: bool


def ever(*sets: str) -> dict[str, Callable[[], list[str]]]:
    """Code sets with every code they ever had, for `Return.lists`: a return that tells of many years has codes of all of them."""
    return {f"ever_{name}": partial(_ever, name) for name in sets}


def missing(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A column that is always filled is empty."""
    return _each(code, tables, lambda column: f"{_given(column)} IS NULL" if column.required else "", more)


def not_days(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A day is none of the calendar, or is written otherwise than the return writes days."""
    return _each(
        code, tables, lambda column: f'{_given(column)} IS NOT NULL AND "{column.name}" IS NULL', more, Kind.DAY
    )


def not_numbers(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A number is none, or is below nought."""
    return _each(
        code,
        tables,
        lambda column: f'{_given(column)} IS NOT NULL AND coalesce("{column.name}" < 0, true)',
        more,
        *_NUMBERS,
    )


def not_letters(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A yes or no is neither Y nor N, nor U for what is not known."""
    return _each(code, tables, lambda column: f"upper(\"{column.name}\") NOT IN ('Y', 'N', 'U')", more, Kind.LETTER)


def not_codes(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A code is not of its set, or a name not of its list."""

    def condition(column: Column) -> str:
        if column.choices is not None:
            return f"{_FOLDED.format(column.name)} NOT IN {{{column.choices.name}}}"
        return f'"{column.name}" NOT IN {{ever_{column.codes}}}' if column.codes else ""

    return _each(code, tables, condition, more, Kind.CODE, Kind.CHOICE)


def too_long(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A text is longer than its column."""
    return _each(
        code,
        tables,
        lambda column: f'length("{column.name}") > {column.longest}' if column.longest else "",
        more,
        Kind.TEXT,
    )


def in_future(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A day that cannot have come lies after the day of the return, or before 1900."""
    return _each(
        code,
        tables,
        lambda column: (
            f"\"{column.name}\" < DATE '1900-01-01'" + ("" if column.future else f' OR "{column.name}" > return_day()')
        ),
        more,
        Kind.DAY,
    )


def out_of_order(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """Two days of a row come in the other order."""
    finds = [
        Find(table.name, (first, then), f'"{then}" < "{first}"') for table in tables for first, then in table.order
    ]
    return _rule(code, finds, more)


def repeated(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """Two rows of a table go by the same key."""
    finds = [
        Find(
            table.name,
            (table.key,),
            select=f'SELECT row FROM "{table.name}" WHERE "{table.key}" IS NOT NULL'
            f' QUALIFY count(*) OVER (PARTITION BY "{table.key}") > 1',
        )
        for table in tables
        if table.key
    ]
    return _rule(code, finds, More(**more, whole=True))


def unknown_reference(code: str, tables: Tables, **more: Unpack[More]) -> Rule:
    """A value is not found where its column refers to."""
    finds = []
    for table in tables:
        for column in table.columns:
            if column.refers:
                other, _, key = column.refers.partition(".")
                finds.append(
                    Find(
                        table.name,
                        (column.name,),
                        select=f'SELECT t.row FROM "{table.name}" t WHERE t."{column.name}" IS NOT NULL'
                        f' AND EXISTS (SELECT 1 FROM "{other}") AND NOT EXISTS (SELECT 1 FROM "{other}" o WHERE o."{key}" = t."{column.name}")',
                    )
                )
    return _rule(code, finds, more)


def _each(code: str, tables: Tables, condition: Callable[[Column], str], more: More, *kinds: Kind) -> Rule:
    finds = [
        Find(table.name, (column.name,), text)
        for table in tables
        for column in table.columns
        if (not kinds or column.kind in kinds) and (text := condition(column))
    ]
    return _rule(code, finds, more)


def _rule(code: str, finds: list[Find], more: More) -> Rule:
    """A rule that finds all of them; its examples name the rows in which they fail."""
    return replace(rule(code, finds[0].table, "", **more), finds=tuple(finds))


def _given(column: Column) -> str:
    """The text of a column as it came."""
    return f'"{column.name}_text"' if column.kind in (Kind.DAY, *_NUMBERS) else f'"{column.name}"'


def _named(columns: tuple[Column, ...], *kinds: Kind) -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.kind in kinds)


def _ever(name: str) -> list[str]:
    return [code.code for code in codeset(name)]
