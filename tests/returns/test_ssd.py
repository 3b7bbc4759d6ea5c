"""The Standard Safeguarding Dataset is read from a CSV file for each table."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, Validation, validate
from sightline.returns.ssd.tables import TABLES

PEOPLE = "pers_person_id,pers_sex,pers_ethnicity,pers_dob\nP1,F,WBRI,2015-06-01\n"
CASES = "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_nfa\nR1,P1,2026-05-04 00:00:00,N\nR1,P2,04/06/2026,maybe\n"


def checked(folder: Path, **files: str) -> Validation:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return validate(Request(return_="ssd", year="2026-27", paths=[folder]))


def test_tables_are_found_by_name_with_or_without_the_prefix_and_held_against_each_other(tmp_path: Path) -> None:
    found = checked(tmp_path / "ssd", ssd_person=PEOPLE, cin_episodes=CASES, photographs="a\n1\n")
    assert found.rows == {"ssd_person": 1, "ssd_cin_episodes": 2}
    failed = {
        one.code: [(at.row, *at.fields) for at in one.locations] for one in found.result.with_outcome(Outcome.FAILED)
    }
    assert failed == {
        "SSD04": [(1, "cine_referral_nfa")],
        "SSD07": [(0, "cine_referral_id"), (1, "cine_referral_id")],
        "SSD08": [(1, "cine_person_id")],
    }


def test_moments_and_days_of_either_writing_are_read_as_days(tmp_path: Path) -> None:
    found = checked(tmp_path / "ssd", ssd_person=PEOPLE, ssd_cin_episodes=CASES)
    assert found.result["SSD02"].outcome is Outcome.PASSED


def test_without_people_the_rules_could_not_run(tmp_path: Path) -> None:
    found = checked(tmp_path / "ssd", ssd_cin_episodes=CASES)
    assert found.result["SSD08"].outcome is Outcome.COULD_NOT_RUN
    assert not found.result.ready
    assert "ssd_person did not come" in [fault.message for fault in found.schema]


def test_a_folder_without_any_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="No table"):
        checked(tmp_path / "ssd", photographs="a\n1\n")


def test_there_are_48_tables_of_359_fields_and_every_link_leads_somewhere() -> None:
    held = {table.name: {column.name for column in table.columns} for table in TABLES}
    assert len(TABLES) == 48
    assert sum(map(len, held.values())) == 359
    for table in TABLES:
        assert table.child in held[table.name], table.name
        for column in table.columns:
            if column.refers:
                other, _, field = column.refers.partition(".")
                assert field in held[other], (table.name, column.name)
