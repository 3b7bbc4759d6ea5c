"""A CSV file of a return is read in one way: by the import, by the rules, line by line or column by column."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import CsvFile
from sightline.engine.exchange.csv_set import CsvSet
from sightline.engine.exchange.formats import format_named
from sightline.engine.exchange.rules.registry import return_named

from .files import COLUMNS, write_set
from .test_looked_after import HEADER
from .test_looked_after import episode as care

Told = dict[str, list[tuple[int, dict[str, str]]]]
#: What CSV files are made of, and what likes to be taken for the end of a line or a space.
PIECES = st.sampled_from(
    [
        "a",
        "7",
        ",",
        ";",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\t",
        "\x0b",
        "\x1c",
        "\x85",
        "\xa0",
        "\u2028",
        "\u3000",
        "-1",
        "é",
        "=",
        "\x00",
        "\ufeff",
    ]
)


def by_lines(file: CsvFile) -> list[tuple[int, list[str]]]:
    return list(file.rows())


def by_columns(file: CsvFile) -> list[tuple[int, list[str]]]:
    columns, numbers = file.columns()
    cells = [[cell or "" for cell in column.to_pylist()] for column in columns]
    return [(number, [column[row] for column in cells]) for row, number in enumerate(numbers.to_pylist())]


def outcome(read: Callable[[CsvFile], object], path: Path) -> object:
    try:
        return read(CsvFile(path, "file"))
    except InputProblem as refused:
        return refused.what, refused.where


@given(heading=st.lists(PIECES, max_size=4).map("".join), body=st.lists(PIECES, max_size=40).map("".join))
@example("CHILD,SEX", "\n1,M\n\n2,F\n , \n3,M")
@example("CHILD,SEX", "\r1,M\r\r\n2,F")
@example("CHILD", "\n\n\x0b\n1")
def test_columns_hold_what_the_lines_hold(heading: str, body: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes((heading + body).encode())
        assert outcome(by_columns, path) == outcome(by_lines, path)


def test_quotation_marks_are_read_by_lines_and_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("CHILD,SEX\n1,M\n\n2, F\n")
    (tmp_path / "quoted.csv").write_text('"CHILD","SEX"\n"1","M"\n\n"2"," F"\n')
    plain, quoted = (by_columns(CsvFile(tmp_path / f"{name}.csv", "")) for name in ("plain", "quoted"))
    assert plain == quoted == [(2, ["1", "M"]), (4, ["2", "F"])]


def imported(folder: Path) -> Told:
    """What the import reads of a set."""
    found: Told = {}
    files = {path.name: path for path in sorted(folder.iterdir())}
    for row in CsvSet(files, format_named("ssda903").tables, 2018, "set").rows():
        found.setdefault(row.table, []).append((row.line, row.cells))
    return found


def asked(folder: Path) -> Told:
    """What the rules read of it."""
    sheets = return_named("ssda903").read({path.name: path for path in sorted(folder.iterdir())}, "set")
    return {
        name: [(int(line), sheet.row(row)) for row, line in enumerate(sheet.lines)]
        for name, sheet in sheets.items()
        if len(sheet)
    }


BOTH = pytest.mark.parametrize("read", [imported, asked])


def a_set(folder: Path, spoil: Callable[[str], str] = str, file: str = "episodes.csv") -> Path:
    write_set(folder, header=[HEADER], episodes=[care("01/06/2017")])
    (folder / file).write_text(spoil((folder / "episodes.csv").read_text()), newline="")
    if file != "episodes.csv":
        (folder / "episodes.csv").unlink()
    return folder


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("PL_POST", "pl post").replace("DECOM", "Decom"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.replace("123\n", "123,,\n"),
        lambda text: text.replace("U4", " U4 "),
        lambda text: text.replace("U4", "\xa0U4"),
        lambda text: text + "\n , \n   \n" + ",,,\n",
        lambda text: text.replace("123", '"123"'),
    ],
)
def test_import_and_rules_read_the_same_rows(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    found = imported(a_set(tmp_path / "set", spoil))
    assert found == asked(tmp_path / "set")
    assert [(line, row["PLACE"], row["URN"]) for line, row in found["Episodes"]] == [(2, "U4", "123")]


@BOTH
@pytest.mark.parametrize(
    ("spoil", "says", "line"),
    [
        (lambda text: text.replace("123", "=cmd"), "spreadsheet formula", 2),
        (lambda text: text.replace("123", "  =cmd"), "spreadsheet formula", 2),
        (lambda text: text.replace("URN", "=URN"), "spreadsheet formula", 1),
        (lambda text: text.replace("123", "1\x003"), "no text of a return", 2),
        (lambda text: text.replace("123", "1" * 2001), "no text of a return", 2),
        (lambda text: text.replace(",123", ""), "The row has 12 cells where the first line has 13", 2),
        (lambda text: text.replace("123", "123,4"), "The row has 14 cells where the first line has 13", 2),
        (lambda text: text.replace("123", '"123'), "not well-formed CSV", 2),
        (lambda text: text.replace("123", '"1"23'), "not well-formed CSV", 2),
        (lambda text: text.replace("URN", "CIN"), "A column of Episodes comes twice", 1),
        (lambda text: text.replace("URN", "c.i.n."), "A column of Episodes comes twice", 1),
    ],
)
def test_import_and_rules_refuse_the_same_and_name_the_line(
    tmp_path: Path, read: Callable[[Path], Told], spoil: Callable[[str], str], says: str, line: int
) -> None:
    folder = a_set(tmp_path / "set", spoil)
    with pytest.raises(InputProblem, match=says) as refused:
        read(folder)
    assert refused.value.where == f"set/episodes.csv, line {line}"


@BOTH
@pytest.mark.parametrize(
    ("file", "table", "columns"),
    [
        ("careleavers.csv", "OC3", "oc3"),
        ("adoptions.csv", "AD1", "ad1"),
        ("Should be placed 2017-18.csv", "PlacedAdoption", "placed_for_adoption"),
        ("SSDA903_PrevPerm.csv", "PrevPerm", "previous_permanence"),
        ("SW_Episodes.CSV", "SWEpisodes", "sw_episodes"),
    ],
)
def test_a_file_is_found_by_every_name_that_its_table_goes_by(
    tmp_path: Path, read: Callable[[Path], Told], file: str, table: str, columns: str
) -> None:
    folder = a_set(tmp_path / "set")
    (folder / file).write_text(f"{COLUMNS[columns]}\n7{',' * COLUMNS[columns].count(',')}\n")
    assert read(folder)[table] == [(2, {"CHILD": "7"})]


def test_a_row_of_a_dataset_says_nothing_beyond_its_last_column(tmp_path: Path) -> None:
    path = tmp_path / "person.csv"
    heading = "pers_person_id,pers_dob,pers_sex"
    path.write_text(f"{heading}\nA1,2015-03-04,F,,\n")
    sheet = return_named("ssd").read({path.name: path}, path.name)["ssd_person"]
    assert (sheet.row(0)["pers_sex"], list(sheet.lines)) == ("F", [2])
    path.write_text(f"{heading}\nA1,2015-03-04,F,\nA2,04,03,2015,F\n")
    with pytest.raises(InputProblem, match="The row has 5 cells where the first line has 3") as refused:
        return_named("ssd").read({path.name: path}, path.name)
    assert refused.value.where == "person.csv, line 3"


def test_what_stands_beside_a_list_in_a_workbook_is_none_of_it(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 1"
    sheet.append(["Child Unique ID", "Gender", "Date of Contact"])
    sheet.append(["A1", "a) Female", "04/05/2023", None, "ask the team"])
    sheet.append(["A2"])
    book.save(tmp_path / "lists.xlsx")
    held = return_named("annexa").read({"lists.xlsx": tmp_path / "lists.xlsx"}, "lists.xlsx")["List 1"]
    assert [held.row(number).get("Gender") for number in range(len(held))] == ["a) Female", None]


def test_two_headings_of_one_column_are_refused_in_a_list_too(tmp_path: Path) -> None:
    path = tmp_path / "list 1.csv"
    path.write_text("Contacts of the year\nChild Unique ID,Gender,gender\nA1,a) Female,b) Male\n")
    with pytest.raises(InputProblem, match="A column of List 1 comes twice") as refused:
        return_named("annexa").read({path.name: path}, path.name)
    assert refused.value.where == "list 1.csv, line 2"


def test_an_empty_line_does_not_shift_the_lines_that_are_told(tmp_path: Path) -> None:
    folder = a_set(tmp_path / "set")
    (folder / "header.csv").write_text(f"{COLUMNS['header']}\n\n,,,,,,\n7,1,15/06/2010,,UN3,,\n")
    declared = return_named("ssda903")
    sheets = declared.read({"header.csv": folder / "header.csv"}, "set")
    assert declared.layout_faults(sheets) == [(4, "Header: ETHNIC is empty, and the schema asks for it in every row")]
