"""The reference data is complete, listed and unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.standards import data, manifest


def test_every_file_is_listed_with_a_source_a_licence_and_its_true_hash() -> None:
    assert manifest.problems() == []


def test_a_changed_or_unlisted_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "MANIFEST.csv").write_text(
        "file,source,licence,sha256,retrieved\na.csv,s,l,0,2026-01-01\nb.csv,s,l,0,2026-01-01\n"
    )
    (tmp_path / "c.csv").write_text("x\n")
    monkeypatch.setenv("SIGHTLINE_DATA", str(tmp_path))
    assert manifest.problems() == ["b.csv: listed but missing", "c.csv: not listed", "a.csv: changed"]
    manifest.write()
    assert manifest.problems() == ["c.csv: no source or licence"]


def test_a_missing_folder_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(data.DataError, match="SIGHTLINE_DATA"):
        data.data_path("clocks.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a,b\n1,2,3\n", "line 2: the number of values"),
        (b"a,b\n1\n", "line 2: the number of values"),
        (b"a\n1\n", "no column b"),
        (b"a,b\n\xff,1\n", "UTF-8"),
    ],
)
def test_an_unusable_file_is_refused_with_its_place(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text)
    with pytest.raises(data.DataError, match=message):
        data.read_csv(path, ("a", "b"))


def test_dates_and_flags_are_read_strictly() -> None:
    assert data.parse_date("") is None
    with pytest.raises(data.DataError, match="line 3: '31/03/2017'"):
        data.parse_date("31/03/2017", "line 3")
    with pytest.raises(data.DataError, match="neither yes nor no"):
        data.parse_flag("perhaps")


def test_no_reference_file_names_a_place_on_a_machine() -> None:
    for path in data.data_dir().rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text and "/tmp/" not in text, path
