"""Numbers of a partnership's own: shipped, replaced, and refused when they are none."""

from datetime import date
from pathlib import Path

import pytest

from sightline.standards.data import DataError, forget
from sightline.standards.local_rules import local_rule

DAY = date(2024, 5, 1)
HEAD = "id,title,value,valid_from,valid_to,source\n"


def test_a_shipped_rule_is_found() -> None:
    assert local_rule("CONFERENCE-QUORUM", DAY) == 2


def test_an_operators_rule_takes_its_place_and_is_dated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "local_rules.csv").write_text(
        HEAD + "CONFERENCE-QUORUM,Q,2,,2023-12-31,Local\nCONFERENCE-QUORUM,Q,3,2024-01-01,,Local\n"
    )
    monkeypatch.setenv("SIGHTLINE_LOCAL", str(tmp_path))
    forget()
    try:
        assert local_rule("CONFERENCE-QUORUM", DAY) == 3
        assert local_rule("CONFERENCE-QUORUM", date(2023, 12, 31)) == 2
        assert local_rule("CONTACT-SIGHT", DAY) == 20
    finally:
        monkeypatch.undo()
        forget()


def test_what_is_no_number_or_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="no rule 'NONE'"):
        local_rule("NONE", DAY)
    (tmp_path / "local_rules.csv").write_text(HEAD + "CONFERENCE-QUORUM,Q,two,,,Local\n")
    monkeypatch.setenv("SIGHTLINE_LOCAL", str(tmp_path))
    forget()
    try:
        with pytest.raises(DataError, match="line 2: 'two' is not a whole number"):
            local_rule("CONFERENCE-QUORUM", DAY)
    finally:
        monkeypatch.undo()
        forget()
