"""Writing one value as a return wants it: the other way round of `values`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sightline.engine.exchange.choices import Choices
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import EVER, Column, Kind, Table
from sightline.engine.exchange.spreadsheets import FORMULA_STARTS
from sightline.engine.exchange.values import CodesInForce


class Texts:
    """Writes the rows of one format in one collection year."""

    def __init__(self, cut: Cut, *, british: bool, counting: Collection[tuple[str, str]] = ()) -> None:
        self._cut = cut
        #: How many rows have each text, for the columns (table and column) that are counted.
        self.counted: dict[tuple[str, str], Counter[str]] = {one: Counter() for one in counting}
        self._british = british
        self._codes: dict[str, CodesInForce] = {}

    def of(self, table: Table, columns: tuple[Column, ...], values: Mapping[str, Any]) -> list[str]:
        """The texts of a row, column by column. A code that the year's list does not have is written as it stands, and noted."""
        found = [self._text(table, column, values) for column in columns]
        for column, text in zip(columns, found, strict=True):
            counts = self.counted.get((table.name, column.name))
            if counts is not None and text:
                counts[text] += 1
        return found

    def _text(self, table: Table, column: Column, values: Mapping[str, Any]) -> str:
        value = values.get(column.name)
        if value is None or value == "":
            if column.required:
                self._cut.note(f"rows of {table.name} have no {column.name}, which the return asks for")
            return ""
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y") if self._british else value.isoformat()
        if column.kind is Kind.FLAG:
            return "1" if value else "0"
        if column.kind is Kind.LETTER:
            return "Y" if value else "N"
        if column.choices is not None:
            return self._name(column, column.choices, value)
        text = self._plain(str(value))
        if column.kind is Kind.CODE and self._in_force(column).wrong(text, self._day(column, values)):
            self._cut.note(f"codes of {column.name} are not in force in the return's list: written as they stand")
        return text

    def _name(self, column: Column, choices: Choices, value: Any) -> str:
        """The name of a choice. A yes or no is a choice of 1 and 0."""
        code = str(int(value)) if isinstance(value, bool) else str(value)
        found = choices.text(code)
        if not found:
            self._cut.note(f"values of {column.name} have no name in the return's list: left empty")
        return found

    def _plain(self, text: str) -> str:
        """Text that neither breaks a line nor is taken for a formula by a spreadsheet."""
        found = text.strip()
        if not found.isprintable():
            found = "".join(character if character.isprintable() else " " for character in found).strip()
            self._cut.note("values held characters that cannot be printed: replaced by spaces")
        if found.startswith(FORMULA_STARTS):
            self._cut.note("values start like a spreadsheet formula: an apostrophe was put before them")
            return f"'{found}"
        return found

    def _in_force(self, column: Column) -> CodesInForce:
        if column.codes not in self._codes:
            self._codes[column.codes] = CodesInForce(column.codes)
        return self._codes[column.codes]

    def _day(self, column: Column, values: Mapping[str, Any]) -> str:
        if column.at == EVER:
            return ""
        at = values.get(column.at) if column.at else None
        return (at or self._cut.end).isoformat()
