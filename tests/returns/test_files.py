"""A return is read from its files whole or refused with a clear message; nothing of a child is quoted."""

from __future__ import annotations

import argparse
import json
import zipfile
from pathlib import Path

import pytest

from sightline.cli.commands import validate as command
from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules import show
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, validate

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "1,01/04/2025,S,C2,N1,U6,PR1,,,,ST16 3AA,ST16 3AB,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "header.csv").write_text(HEADER + "1,M,01/02/2015,WBRI,UN1,,\n2,X,30/02/2015,WBRI,UN1,,\n")
    (tmp_path / "set" / "SSDA903_Episodes_2026-27.csv").write_text("\ufeff" + EPISODES, encoding="utf-8")
    return tmp_path / "set"


def asked(*paths: Path, **more: object) -> Request:
    return Request(return_="ssda903", year="2026-27", paths=paths, authority="Staffordshire", **more)  # type: ignore[arg-type]


def test_a_set_is_read_by_the_names_of_its_files_and_every_rule_in_force_has_an_outcome(folder: Path) -> None:
    found = validate(asked(folder))
    assert found.rows == {"Header": 2, "Episodes": 1}
    assert [(one.table, one.row, one.child) for one in found.result["101"].locations] == [("Header", 1, "2")]
    assert [one.row for one in found.result["102"].locations] == [1]
    assert len(found.result.rules) == 327


def test_what_the_schema_asks_for_in_every_row_is_told_beside_the_rules(folder: Path) -> None:
    with (folder / "header.csv").open("a") as file:
        file.write("3,M,01/02/2015,,UN1,,\n")
    (folder / "reviews.csv").write_text("CHILD,DOB,REVIEW\n1,01/02/2015,01/05/2025\n")
    told = [(one.line, one.message.partition(",")[0]) for one in validate(asked(folder)).schema]
    assert told == [(1, "Reviews: the column REVIEW_CODE is missing"), (4, "Header: ETHNIC is empty")]


def test_files_given_one_by_one_say_the_same_as_their_folder(folder: Path) -> None:
    whole = validate(asked(folder)).result
    assert validate(asked(*sorted(folder.iterdir()))).result.rules == whole.rules


def test_an_archive_of_the_files_says_the_same_as_their_folder(folder: Path, tmp_path: Path) -> None:
    """The set that the product makes to be sent is one zip archive."""
    (folder / "notes.md").write_text("About this set")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"ssda903/{path.name}")
    whole, packed = validate(asked(folder)), validate(asked(tmp_path / "set.zip", last_year=[tmp_path / "set.zip"]))
    assert {**packed.rows, **whole.rows} == packed.rows
    assert packed.notes == whole.notes * 2
    assert packed.result["101"] == whole.result["101"]
    assert whole.result["202"].outcome is Outcome.COULD_NOT_RUN
    assert packed.result["202"].outcome is Outcome.PASSED


def test_a_rule_that_needs_last_year_says_so_and_the_return_is_not_ready(folder: Path) -> None:
    found = validate(asked(folder)).result
    assert found["202"].outcome is Outcome.COULD_NOT_RUN
    assert "year before" in found["202"].cause
    assert not found.ready


def test_an_authority_that_nobody_knows_is_refused_with_those_near_it(folder: Path) -> None:
    with pytest.raises(InputProblem, match="No authority goes by 'Stafordshire'") as refused:
        validate(Request(return_="ssda903", year="2026-27", paths=[folder], authority="Stafordshire"))
    assert "Staffordshire" in refused.value.next


def test_a_return_of_which_some_rules_were_run_is_not_said_to_be_ready(folder: Path) -> None:
    found = validate(asked(folder, rules=["103"]))
    assert found.result["103"].outcome is Outcome.PASSED
    assert not found.ready
    assert not json.loads(show.as_json(found))["ready_to_submit"]
    assert any("Only the rules that were asked for" in note for note in found.notes)


def test_every_rule_that_is_named_is_run_however_the_option_is_repeated() -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    args = parser.parse_args(["set", "--return", "ssda903", "--rule", "101", "102", "--rule", "INT01"])
    assert args.rules == ["101", "102", "INT01"]


def test_files_of_a_folder_that_were_not_read_are_named(folder: Path) -> None:
    assert validate(asked(folder)).notes == ()
    (folder / "header (1).csv").write_text("CHILD\n3\n")
    (folder / "readme.md").write_text("About this set")
    (folder / ".hidden").write_text("x")
    found = validate(asked(folder))
    assert [note.partition(" was not read")[0] for note in found.notes] == ["header (1).csv", "readme.md"]
    assert found.rows["Header"] == 2


def test_a_link_that_leads_nowhere_is_no_missing_table(folder: Path) -> None:
    (folder / "reviews.csv").symlink_to(folder / "moved away.csv")
    with pytest.raises(InputProblem, match="no file") as refused:
        validate(asked(folder))
    assert refused.value.where.endswith("reviews.csv")


def test_the_year_before_is_read_beside_it(folder: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "header.csv").write_text(HEADER + "1,F,01/02/2015,WBRI,UN1,,\n")
    found = validate(asked(folder, last_year=[before])).result
    assert found["202"].outcome is Outcome.FAILED


def test_a_table_that_the_year_before_does_not_have_had_no_rows(folder: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "header.csv").write_text(HEADER + "1,F,01/02/2015,WBRI,UN1,,\n")
    found = validate(asked(folder, last_year=[before])).result
    assert found["706"].outcome is not Outcome.COULD_NOT_RUN, "deprivation of liberty was not asked for in 2025-26"
    assert found["202"].outcome is not Outcome.COULD_NOT_RUN
    assert "Episodes_last" in found["1002"].cause


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("header.csv", b"", "empty"),
        ("header.csv", b"CHILD,SEX\n1,M,9,9\n", "cells where the first line has"),
        ("header.csv", b"CHILD,SEX\n1\n", "cells where the first line has"),
        ("header.csv", b"CHILD,SEX\n\xff\xfe1,M\n", "UTF-8"),
        ("header.csv", b"CHILD,SEX,SEX\n1,M,F\n", "twice"),
        ("header.csv", b"CHILD,SEX\n=cmd|' /C calc'!A0,M\n", "formula"),
        ("header.csv", b"PK\x03\x04and more", "zip archive"),
        ("notes.txt", b"CHILD,SEX\n1,M\n", "The file goes by the name of no table"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_that_quote_nothing(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputProblem, match=says) as refused:
        validate(asked(tmp_path / name))
    assert "calc" not in str(refused.value)
    assert refused.value.next


def test_the_answer_can_be_had_in_every_form(folder: Path) -> None:
    found = validate(asked(folder))
    held = json.loads(show.as_json(found))
    assert held["counts"]["failed"] == len(found.result.with_outcome(Outcome.FAILED))
    assert {one["code"] for one in held["rules"]} == set(found.result.rules)
    assert "101,failed" in show.as_csv(found)
    assert show.as_xlsx(found).startswith(b"PK")
    assert "<h2>Rule 101" in show.as_html(found)


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX\n<script>alert(1)</script>,9\n")
    page = show.as_html(validate(asked(tmp_path / "header.csv")))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
