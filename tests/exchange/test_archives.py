"""The files of a return may come in one zip archive: they are taken out, or the archive is refused, and nothing lies anywhere else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.exchange.archives import is_archive, unpacked
from sightline.engine.exchange.receiving import MEGABYTE, MOST_FILES


def _zip(path: Path, files: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def _take(tmp_path: Path, archive: Path, largest: int = 10 * MEGABYTE) -> dict[str, bytes]:
    into = tmp_path / "into"
    into.mkdir()
    folder = unpacked(archive, into, largest)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*")}


def test_files_are_taken_out_without_their_folders_and_without_what_systems_add(tmp_path: Path) -> None:
    files = [
        ("set/", b""),
        ("set/header.csv", b"CHILD\n1\n"),
        ("episodes.csv", b"CHILD\n"),
        ("__MACOSX/._header.csv", b"x"),
    ]
    assert _take(tmp_path, _zip(tmp_path / "a.zip", files)) == {"header.csv": b"CHILD\n1\n", "episodes.csv": b"CHILD\n"}


@pytest.mark.parametrize("name", ["../../header.csv", "/etc/header.csv", "..\\..\\header.csv", "C:\\header.csv"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    assert _take(tmp_path, _zip(tmp_path / "a.zip", [(name, b"x")])) == {"header.csv": b"x"}
    assert {path.name for path in tmp_path.rglob("*")} == {"a.zip", "into", "header.csv"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "holds no files"),
        ([("..", b"x"), ("a/", b"")], "holds no files"),
        ([("a/header.csv", b"1"), ("b/header.csv", b"2")], "two files called header.csv"),
        ([(f"{number}.csv", b"x") for number in range(MOST_FILES + 1)], f"holds {MOST_FILES + 1} files"),
        ([("header.csv", b"0" * 11 * MEGABYTE)], "larger than the limit of 10 MB when it is unpacked"),
        ([(f"{number}.csv", b"0" * 3 * MEGABYTE) for number in range(4)], "larger than the limit"),
        ([("x" * 300 + ".csv", b"x")], "cannot be read"),
    ],
    ids=["nothing", "no names", "a name twice", "too many", "a bomb", "a bomb of several", "a long name"],
)
def test_what_is_no_return_is_refused(tmp_path: Path, files: list[tuple[str, bytes]], told: str) -> None:
    with pytest.raises(InputProblem, match=told):
        _take(tmp_path, _zip(tmp_path / "a.zip", files))


def test_an_archive_that_is_spoilt_anywhere_is_refused_or_whole(tmp_path: Path) -> None:
    content = _zip(tmp_path / "whole.zip", [("header.csv", b"CHILD,SEX\n1,M\n" * 100)]).read_bytes()
    for at in range(0, len(content), 3):
        for number, spoilt in enumerate((content[:at], content[:at] + b"\xff" + content[at + 1 :])):
            place = tmp_path / f"{at}-{number}"
            (place / "into").mkdir(parents=True)
            (place / "a.zip").write_bytes(spoilt)
            try:
                held = unpacked(place / "a.zip", place / "into", MEGABYTE)
            except InputProblem:
                continue
            assert [path.read_bytes() for path in held.iterdir()] == [b"CHILD,SEX\n1,M\n" * 100]


def test_only_what_is_called_an_archive_is_one(tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    assert not is_archive(tmp_path / "folder.zip")
    assert not is_archive(_zip(tmp_path / "annex.xlsx", [("a", b"x")]))
    assert is_archive(_zip(tmp_path / "Set.ZIP", [("a", b"x")]))
