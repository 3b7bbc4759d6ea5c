"""The declared tables are those of the published layouts, year by year."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from lxml import etree

from sightline.engine.exchange.declarations import Kind
from sightline.engine.exchange.formats import TITLES, format_named
from sightline.engine.exchange.rules.registry import return_named
from sightline.standards.data import data_dir

XS = "{http://www.w3.org/2001/XMLSchema}"
YEARS = range(2017, 2027)
#: Blocks of the census by the name of their type in the schema.
TYPES = {
    "childidentifierstype": "Child",
    "childcharacteristicstype": "Child",
    "cindetailstype": "CINdetails",
    "assessmentstype": "Assessments",
    "section47type": "Section47",
    "childprotectionplanstype": "ChildProtectionPlans",
    "cinplandatesttype": "CINPlanDates",
}
#: Tables of the return by their name in the schema files.
NAMES = {
    "header": "Header",
    "episodes": "Episodes",
    "reviews": "Reviews",
    "placed_adoption": "PlacedAdoption",
    "prev_perm": "PrevPerm",
    "missing": "Missing",
    "social_worker": "SWEpisodes",
}


@pytest.mark.parametrize("year", YEARS)
def test_the_census_layout_is_the_schemas(year: int) -> None:
    schema = etree.parse(str(data_dir() / "returns" / "cin" / f"CIN_schema_{year}.xsd"))
    tables = {table.name: table for table in format_named("cin").tables}
    declared = {
        (name, column.name, column.required)
        for name, table in tables.items()
        if table.in_year(year) and table.recorded
        for column in table.layout(year)
    }
    found = set()
    for kind in schema.iter(f"{XS}complexType"):
        if kind.get("name") not in TYPES:
            continue
        block = TYPES[kind.get("name")]
        for element in kind.iter(f"{XS}element"):
            name = element.get("name")
            if name in tables and tables[name].within == block and not tables[name].leaf:
                continue
            if name in tables:
                found.add((name, name, True))
            elif name not in tables[block].containers and element.find(f"{XS}complexType") is None:
                found.add((block, name, element.get("minOccurs") == "1"))
    # Of two elements for sex one is needed, which the builder sees to, since an element of another year is read as well.
    sex = {(block, name, False if name in ("Sex", "GenderCurrent") else needed) for block, name, needed in found}
    assert declared == sex


def published(year: int) -> dict[str, dict[str, Any]]:
    """The tables of a year: those of 2017 with the amendments of each year since."""
    folder = data_dir() / "returns" / "ssda903"
    tables: dict[str, Any] = yaml.safe_load((folder / "SSDA903_schema_2017.yml").read_text())["column_map"]
    for amended in range(2018, year + 1):
        path = folder / f"SSDA903_schema_{amended}.diff.yml"
        for place, change in (yaml.safe_load(path.read_text()) if path.exists() else {}).items():
            at: Any = {"column_map": tables}
            *way, last = place.split(".")
            for step in way:
                at = at[step]
            at[last] = change["value"]
    return {NAMES.get(name, name.upper()): columns for name, columns in tables.items()}


@pytest.mark.parametrize("year", YEARS)
def test_the_looked_after_layout_is_the_published_one(year: int) -> None:
    declared = {
        table.name: {column.name for column in table.layout(year)}
        for table in format_named("ssda903").tables
        if table.in_year(year)
    }
    assert declared == {name: set(columns) for name, columns in published(year).items()}


@pytest.mark.parametrize("year", YEARS)
def test_what_every_row_must_have_and_how_it_is_read_are_the_published_layouts(year: int) -> None:
    for name, columns in published(year).items():
        for column in format_named("ssda903").table(name).columns:
            if column.worked_out:
                assert column.name not in columns
                continue
            said = columns[column.name]
            # The date of an earlier order may be known in part only.
            assert (column.kind is Kind.DAY) == ("date" in said and column.name != "DATE_PERM"), column.name
            assert (column.kind is Kind.WHOLE) == ("numeric" in said), column.name
            if column.required:
                assert said["canbeblank"] is False, f"{name}.{column.name}"


#: Elements of the Department's own schema of SSDA903 (3.3.0) that may not be left out.
MAY_NOT_BE_LEFT_OUT = {
    "Header": {"CHILD", "UPN", "SEX", "DOB", "ETHNIC"},
    "Episodes": {"DECOM", "RNE", "LS", "CIN", "PLACE"},
    "Reviews": {"REVIEW", "REVIEW_CODE"},
    "Missing": {"MISSING", "MIS_START"},
    "PlacedAdoption": {"DATE_PLACED"},
}


def test_what_the_schema_of_ssda903_asks_for_is_asked_for() -> None:
    for name, columns in MAY_NOT_BE_LEFT_OUT.items():
        assert columns <= {column.name for column in format_named("ssda903").table(name).columns if column.required}


@pytest.mark.parametrize("name", TITLES)
def test_the_rules_ask_columns_that_the_layout_declares_read_in_the_same_way(name: str) -> None:
    declared = return_named(name)
    columns = {column.name: column.kind for table in declared.layout for column in table.columns}
    assert {table.name for table in declared.tables} >= {
        told for table in declared.layout for told in declared.rule_tables(table.name)
    }
    for table in declared.layout:
        told = [one for one in declared.tables if one.name in declared.rule_tables(table.name)]
        assert {column.name for column in table.columns} <= {name for one in told for name in one.columns}
    for table in declared.tables:
        assert not {one for one in table.text if columns.get(one) in (Kind.DAY, Kind.WHOLE, Kind.NUMBER)}
        assert all(columns.get(one, Kind.DAY) is Kind.DAY for one in table.days)


def test_later_tables_are_amendments_with_their_year() -> None:
    since = {
        table.name: table.since
        for name in ("cin", "ssda903")
        for table in format_named(name).tables
        if table.since > 2017
    }
    assert since == {"CINPlanDates": 2022, "PreProceedingsandFGDM": 2027, "SWEpisodes": 2024, "DoLo": 2027}
