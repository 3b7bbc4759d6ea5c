"""Annex A is read from a workbook or from CSV files, under the headings and names that authorities use."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sightline.core.errors import InputProblem
from sightline.engine.exchange import sheets
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, Validation, validate
from sightline.returns.annexa.reading import read
from sightline.returns.annexa.tables import TABLES

CONTACTS = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Date of Contact", "Contact Source")
ROW = ("101", "Female", "a) WBRI", "01/05/2015", "11", "01/02/2027", "q) 6: Police")


def workbook(path: Path, sheets: dict[str, Iterable[Iterable[Any]]]) -> Path:
    """A workbook of the given sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    book.save(path)
    return path


def checked(*paths: Path, day: str = "2027-03-31") -> Validation:
    return validate(Request(return_="annexa", year="2026-27", paths=paths, day=day))


def failing(found: Validation) -> dict[str, list[tuple[str, int]]]:
    return {one.code: [(at.table, at.row) for at in one.locations] for one in found.result.with_outcome(Outcome.FAILED)}


def test_a_workbook_and_the_same_lists_as_csv_files_say_the_same(tmp_path: Path) -> None:
    lines = [CONTACTS, ROW, ("102", *ROW[1:6], "the neighbour")]
    book = checked(workbook(tmp_path / "annex.xlsx", {"List 1": lines}))
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "list_1_contacts.csv").write_text("\n".join(",".join(line) for line in lines) + "\n")
    files = checked(folder)
    assert failing(book) == {"AA04": [("List 1", 1)]}
    assert files.result.rules == book.result.rules
    assert files.rows == book.rows == {"List 1": 2}


@pytest.mark.parametrize("title", ["List 1", "list_01 contacts", "Annex A List 1", "Contacts"])
def test_a_sheet_is_found_by_its_title_or_by_its_headings(title: str, tmp_path: Path) -> None:
    found = checked(workbook(tmp_path / "annex.xlsx", {title: [CONTACTS, ROW], "Read me": [["Hello"]]}))
    assert found.rows == {"List 1": 1}


def test_headings_may_stand_below_a_title_and_be_worded_otherwise(tmp_path: Path) -> None:
    heading = ("Identifier of the child", *CONTACTS[1:5], "The date of the contact", "CONTACT SOURCE")
    found = checked(workbook(tmp_path / "annex.xlsx", {"List 1": [["Contacts, six months"], [], heading, ROW]}))
    assert found.result["AA01"].outcome is Outcome.PASSED
    assert found.rows == {"List 1": 1}


def test_a_list_and_a_column_that_did_not_come_are_told(tmp_path: Path) -> None:
    found = checked(workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS[:6], ROW[:6]]}))
    said = [fault.message for fault in found.schema]
    assert "List 1 has no column 'Contact Source'" in said
    assert "List 5 did not come" in said
    assert failing(found) == {"AA01": [("List 1", 0)]}


@pytest.mark.parametrize(("day", "outside"), [("2027-08-01", True), ("2027-07-31", False)])
def test_the_six_months_end_with_the_day_of_the_return(day: str, outside: bool, tmp_path: Path) -> None:
    found = checked(workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS, ROW]}), day=day)
    assert ("AA11" in failing(found)) is outside


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="is not a day"):
        checked(workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS, ROW]}), day="31 March")


def hostile(path: Path, kind: str) -> None:
    if kind == "cut short":
        path.write_bytes(workbook(path, {"List 1": [CONTACTS, ROW]}).read_bytes()[:-400])
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "entities":
            archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
        elif kind == "bomb":
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
        else:
            archive.writestr("holiday.txt", "sunny")


@pytest.mark.parametrize("kind", ["cut short", "entities", "bomb", "another archive"])
def test_a_hostile_or_broken_workbook_is_refused_in_words(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "UNPACKED", 1_000_000)
    hostile(tmp_path / "annex.xlsx", kind)
    with pytest.raises(InputProblem) as refused:
        checked(tmp_path / "annex.xlsx")
    assert refused.value.next


def test_a_formula_written_as_text_is_refused_and_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "List 1.csv").write_text(",".join(CONTACTS) + "\n" + ",".join((*ROW[:6], "=cmd|calc")) + "\n")
    with pytest.raises(InputProblem, match="formula") as refused:
        checked(tmp_path / "List 1.csv")
    assert "calc" not in str(refused.value)
    assert "line 2" in refused.value.where


def test_the_lists_are_eleven_and_every_choice_has_names() -> None:
    assert [table.name for table in TABLES] == [f"List {number}" for number in range(1, 12)]
    for table in TABLES:
        for column in table.columns:
            assert column.choices is None or column.choices.names(), (table.name, column.name)


@settings(max_examples=max(60, settings().max_examples), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
    cut=st.booleans(),
    part=st.sampled_from(["", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"]),
)
def test_a_spoilt_workbook_is_read_or_refused(place: float, byte: int, cut: bool, part: str, tmp_path: Path) -> None:
    """Spoilt from outside (no part named), or in one of the parts inside the archive."""
    whole = workbook(tmp_path / "whole.xlsx", {"List 1": [CONTACTS, ROW]})
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part:
        parts[part] = _spoilt(parts[part], place, byte, cut=cut)
        with zipfile.ZipFile(spoilt, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    else:
        spoilt.write_bytes(_spoilt(whole.read_bytes(), place, byte, cut=cut))
    try:
        read({"annex.xlsx": spoilt}, "annex.xlsx")
    except InputProblem as refused:
        assert refused.what and refused.where and refused.next


def _spoilt(content: bytes, place: float, byte: int, *, cut: bool) -> bytes:
    at = int(place * len(content))
    return content[:at] if cut else content[:at] + bytes([byte]) + content[at + 1 :]
