"""Writes rows as the files of a return, and puts those of many worked examples together, each under children of its own."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.returns.examples import year_of

from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.declarations import Example, Given, Return, Rule, RuleTable
from sightline.engine.exchange.rules.registry import returns
from sightline.returns.cin.tables import CHILD, DETAILS

Row = dict[str, str]
Rows = dict[str, list[Row]]

#: What holds the values of a block one by one, and under which name.
_WRAPPED = {"Disabilities": ("Disabilities", "Disability")}
_INSIDE = ("Assessments", "CINplanDates", "Section47", "ChildProtectionPlans", "PreProceedingsandFGDM")
_NUMBERS = (CHILD, DETAILS, "AssessmentID", "CPPID")
_ELEMENT = {"CINplanDates": "CINPlanDates"}


@dataclass(frozen=True)
class Seed:
    """A worked example, the name that its children bear in the file, and whether it is a fault or a near miss."""

    rule: Rule
    example: Example
    name: str
    fault: bool


def seeds_of(name: str, year: int) -> Iterator[Seed]:
    """Those of the rules whose latest year this is: the days of an example lie about that year."""
    for rule in returns()[name].rules:
        if year_of(rule, listed(name)[rule.code]) == year:
            for fault, examples in ((True, rule.fails), (False, rule.passes)):
                for number, example in enumerate(examples):
                    yield Seed(rule, example, f"{rule.code}{'F' if fault else 'N'}{number}", fault)


def under(child: str, declared: Return, tables: Given) -> Rows:
    """The rows of an example as those of children of their own: each child's name comes after `child` and a hyphen."""
    found: Rows = {}
    for name, rows in tables.items():
        table = declared.table(name)
        assert table is not None
        found[table.name] = [
            {
                column: f"{child}-{value}" if column == table.child and not table.supplied else str(value)
                for column, value in row.items()
                if value not in ("", None)
            }
            for row in rows
        ]
    return found


def together(parts: Iterable[Mapping[str, list[Row]]]) -> Rows:
    """One return of all parts."""
    joined: Rows = {}
    for part in parts:
        for table, rows in part.items():
            joined.setdefault(table, []).extend(rows)
    return joined


def write_set(declared: Return, rows: Mapping[str, list[Row]], folder: Path, *, last: bool = False) -> Path:
    """A folder of CSV files with every table, of the year or of the year before. A table has the columns that any of its rows has."""
    folder.mkdir(parents=True)
    for table in declared.tables:
        if not table.supplied and (table.last or not last):
            held = rows.get(f"{table.name}_last" if last else table.name, [])
            write_table(table, held, folder / f"{table.name}.csv")
    return folder


def write_table(table: RuleTable, rows: list[Row], path: Path) -> Path:
    """One CSV file."""
    held = {column for row in rows for column in row}
    columns = [column for column in table.columns if column in held] or [table.child]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def census_header(year: int) -> Row:
    """The header of a census of Staffordshire for the collection year that ends in `year`."""
    reference = f"{year}-03-31"
    return {"Collection": "CIN", "Year": str(year), "ReferenceDate": reference, "SourceLevel": "L", "LEA": "860"}


def write_census(rows: Mapping[str, list[Row]], path: Path, header: Row) -> Path:
    """A census file. A block whose episode has no row of its own gets an empty one to stand in."""
    root = ElementTree.Element("Message")
    _header(root, header)
    children = ElementTree.SubElement(root, "Children")
    of = {table: _by_child(held) for table, held in rows.items() if table != "Header"}
    for child in dict.fromkeys(child for held in of.values() for child in held):
        tables = _with_their_plans({table: held[child] for table, held in of.items() if child in held})
        _child(ElementTree.SubElement(children, "Child"), child, tables)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _header(root: ElementTree.Element, header: Row) -> None:
    element = ElementTree.SubElement(root, "Header")
    collection, source = ElementTree.SubElement(element, "CollectionDetails"), ElementTree.SubElement(element, "Source")
    for name, value in header.items():
        ElementTree.SubElement(
            collection if name in ("Collection", "Year", "ReferenceDate") else source, name
        ).text = value


def _by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.get(CHILD, "")].append(row)
    return found


def _child(element: ElementTree.Element, child: str, tables: Mapping[str, list[Row]]) -> None:
    for row in tables.get("ChildIdentifiers", [{}]):
        _values(
            ElementTree.SubElement(element, "ChildIdentifiers"), ({CHILD: child} if child else {}) | row, keep=(CHILD,)
        )
    characteristics = ElementTree.SubElement(element, "ChildCharacteristics")
    for row in tables.get("ChildCharacteristics", []):
        _values(characteristics, row)
    if tables.get("Disabilities"):
        held = ElementTree.SubElement(characteristics, "Disabilities")
        for row in tables["Disabilities"]:
            ElementTree.SubElement(held, "Disability").text = row.get("Disability", "")
    for number, row in _episodes(tables):
        episode = ElementTree.SubElement(element, "CINdetails")
        _values(episode, row)
        for table in _INSIDE:
            _blocks(episode, table, [one for one in tables.get(table, []) if one.get(DETAILS, "") == number], tables)


def _episodes(tables: Mapping[str, list[Row]]) -> Iterator[tuple[str, Row]]:
    rows = {row.get(DETAILS, ""): row for row in tables.get("CINdetails", [])}
    blocks: dict[str, Row] = {row.get(DETAILS, ""): {} for table in _INSIDE for row in tables.get(table, [])}
    yield from sorted((blocks | rows).items())


def _with_their_plans(tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """A review stands in a plan, so one without gets an empty plan to stand in."""
    plans = tables.get("ChildProtectionPlans", [])
    numbers = [{key: row[key] for key in (DETAILS, "CPPID") if key in row} for row in tables.get("Reviews", [])]
    missing = [one for one in numbers if not any(one.items() <= plan.items() for plan in plans)]
    return {**tables, "ChildProtectionPlans": [*plans, *missing]}


def _blocks(episode: ElementTree.Element, table: str, rows: list[Row], tables: Mapping[str, list[Row]]) -> None:
    if table != "Assessments":
        for row in rows:
            element = ElementTree.SubElement(episode, _ELEMENT.get(table, table))
            _values(element, row)
            reviews = [
                one
                for one in tables.get("Reviews", [])
                if table == "ChildProtectionPlans" and all(one.get(key) == row.get(key) for key in (DETAILS, "CPPID"))
            ]
            if reviews:
                held = ElementTree.SubElement(element, "Reviews")
                for one in reviews:
                    ElementTree.SubElement(held, "CPPreviewDate").text = one.get("CPPreviewDate", "")
        return
    made: dict[Any, ElementTree.Element] = {}
    for number, row in enumerate(rows):
        key = row.get("AssessmentID") or (
            number if "AssessmentFactors" not in row else tuple(sorted(_days(row).items()))
        )
        if key not in made:
            made[key] = ElementTree.SubElement(episode, "Assessments")
            _values(made[key], _days(row))
            ElementTree.SubElement(made[key], "FactorsIdentifiedAtAssessment")
        if "AssessmentFactors" in row:
            ElementTree.SubElement(made[key][-1], "AssessmentFactors").text = row["AssessmentFactors"]


def _days(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in (*_NUMBERS, "AssessmentFactors")}


def _values(element: ElementTree.Element, row: Row, keep: tuple[str, ...] = ()) -> None:
    for name, value in row.items():
        if name not in _NUMBERS or name in keep:
            ElementTree.SubElement(element, name).text = value
