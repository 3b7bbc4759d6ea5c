"""Only a file that cannot be read is refused: with what, where and what to do, and nothing is changed or kept."""

from __future__ import annotations

import argparse
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline import cli
from sightline.cli.commands import import_
from sightline.core.audit.models import Entry
from sightline.core.errors import InputProblem
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.engine.exchange.models import ReceivedFile

from .conftest import Importing
from .files import COLUMNS, census, child, episode, write_set
from .test_looked_after import HEADER
from .test_looked_after import episode as care

WHOLE = census([child("C1"), child("C2")])
LAUGHS = (
    '<!DOCTYPE Message [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("census.xml", b" " * 5_000_000)
    return held.getvalue()


CENSUSES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "cut off": (WHOLE[: len(WHOLE) // 2].encode(), "not whole, well-formed XML"),
    "not XML": (b"CHILD,SEX\n1,2\n", "not whole, well-formed XML"),
    "tags crossed": (WHOLE.replace("</CINdetails>", "</Child>", 1).encode(), "not whole, well-formed XML"),
    "wrong encoding": (WHOLE.replace("C1", "Zoë").encode("latin-1"), "not in the encoding it declares"),
    "another kind": (b"<html><body/></html>", "not a children in need census: it begins with <html>"),
    "another kind with children": (b"<Family><Child/></Family>", "not a children in need census"),
    "another collection": (WHOLE.replace(">CIN<", ">SSDA903<").encode(), "another collection than CIN"),
    "no children": (b"<Message><Children/></Message>", "holds no children"),
    "no authority": (WHOLE.replace("<LEA>860</LEA>", "").encode(), "does not say which authority"),
    "entities that expand": (LAUGHS.encode() + WHOLE.replace("C1", "&i;").encode(), "declares a document type"),
    "an entity from a file": (
        b'<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WHOLE.replace("C1", "&x;").encode(),
        "declares a document type",
    ),
    "a document type elsewhere": (
        b'<!doctype Message SYSTEM "http://example.org/x.dtd">' + WHOLE.encode(),
        "declares a document type",
    ),
    "hidden in UTF-16": (("\ufeff" + LAUGHS + WHOLE).encode("utf-16-le"), "declares a document type"),
    "an entity nobody declared": (WHOLE.replace("C1", "&x;").encode(), "not whole, well-formed XML"),
    "nested without end": (b"<Message><Children>" + b"<Child>" * 400, "not whole, well-formed XML"),
    "a zip archive": (zipped(), "is a zip archive"),
    "a gzip archive": (gzip.compress(WHOLE.encode()), "is a gzip archive"),
}


def nothing_changed(kept: Path) -> bool:
    counts = [model.objects.count() for model in (Person, ReceivedFile, Organisation, Entry)]
    return counts == [0, 0, 0, 0] and (not kept.exists() or not list(kept.iterdir()))


@pytest.mark.parametrize("why", CENSUSES)
def test_a_census_that_cannot_be_read(importing: Importing, kept: Path, why: str) -> None:
    content, words = CENSUSES[why]
    with pytest.raises(InputProblem) as refused:
        importing(content)
    assert words in refused.value.what
    assert refused.value.where and refused.value.next
    assert nothing_changed(kept)


SETS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no episodes": (lambda folder: (folder / "episodes.csv").unlink(), "no file for the table Episodes"),
    "empty": (lambda folder: (folder / "episodes.csv").write_text(""), "is empty"),
    "first lines only": (
        lambda folder: [(folder / f"{one}.csv").write_text(COLUMNS[one] + "\n") for one in ("header", "episodes")],
        "holds no rows",
    ),
    "a formula": (lambda folder: _swap(folder, "123", "=cmd|' /C calc'!A0"), "spreadsheet formula"),
    "a formula in disguise": (lambda folder: _swap(folder, "123", "@SUM(1)"), "spreadsheet formula"),
    "cut off": (lambda folder: _swap(folder, ",PR1,,,,,,123", ",PR"), "cells where the first line has"),
    "too many cells": (lambda folder: _swap(folder, "123", "123,4,5"), "cells where the first line has"),
    "a quotation without end": (lambda folder: _swap(folder, "123", '"123'), "not well-formed CSV"),
    "wrong encoding": (
        lambda folder: (folder / "header.csv").write_bytes(
            COLUMNS["header"].encode() + "\n7,1,15/06/2010,WBRI,Zoë,,\n".encode("cp1252")
        ),
        "not UTF-8",
    ),
    "UTF-16": (
        lambda folder: (folder / "header.csv").write_bytes((COLUMNS["header"] + "\n").encode("utf-16")),
        "not UTF-8",
    ),
    "a column missing": (lambda folder: _swap(folder, "DECOM,", "START,"), "no column DECOM"),
    "a column twice": (lambda folder: _swap(folder, "URN\n", "URN,URN\n"), "A column of Episodes comes twice"),
    "no first line": (lambda folder: (folder / "episodes.csv").write_text(care("01/06/2017") + "\n"), "has no column"),
    "a table twice": (
        lambda folder: (folder / "Episodes_2018.CSV").write_text(COLUMNS["episodes"]),
        "Two files are the table Episodes",
    ),
    "an Excel workbook": (lambda folder: (folder / "episodes.csv").write_bytes(zipped()), "Excel workbook"),
}


def _swap(folder: Path, old: str, new: str) -> None:
    path = folder / "episodes.csv"
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.mark.parametrize("why", SETS)
def test_a_set_that_cannot_be_read(importing: Importing, tmp_path: Path, kept: Path, why: str) -> None:
    spoil, words = SETS[why]
    folder = write_set(tmp_path / "set", header=[HEADER], episodes=[care("01/06/2017")])
    spoil(folder)
    with pytest.raises(InputProblem) as refused:
        importing(folder, "2017-18", "E10000028")
    assert words in refused.value.what
    assert refused.value.where and refused.value.next
    assert nothing_changed(kept)


def test_what_is_larger_than_the_limit(importing: Importing, kept: Path) -> None:
    with pytest.raises(InputProblem, match="Larger than the limit"):
        importing(WHOLE, largest=500)
    assert nothing_changed(kept)


def test_what_is_not_there(importing: Importing, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="no such file"):
        importing(tmp_path / "nowhere.xml")


def test_a_period_or_an_area_that_is_none(importing: Importing) -> None:
    with pytest.raises(InputProblem, match="is not a period"):
        importing(WHOLE, "last year")
    with pytest.raises(InputProblem, match="No authority of that name"):
        importing(WHOLE, "2021-22", "Atlantis")
    with pytest.raises(InputProblem, match="not a children's services authority"):
        importing(WHOLE, "2021-22", "Cannock Chase")


def test_a_message_does_not_quote_the_file(importing: Importing) -> None:
    with pytest.raises(InputProblem) as refused:
        importing(WHOLE.replace("<LAchildID>C1</LAchildID>", "<LAchildID>SECRET</UPN>"))
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("Episodes.CSV", lambda text: text),
        ("903_episodes_2017-18.csv", lambda text: text),
        ("episodes.csv", lambda text: "\ufeff" + text),
        ("episodes.csv", lambda text: text.replace(",", ";")),
        ("episodes.csv", lambda text: text.replace(",", "\t").replace("\n", "\r\n")),
        ("episodes.csv", lambda text: text.lower().replace("s,c2,n1,u4,pr1", "S,C2,N1,U4,PR1")),
        ("episodes.csv", lambda text: text.replace("\n", ",,\n") + "\n\n"),
    ],
)
def test_harmless_habits_of_spreadsheets_are_read(
    importing: Importing, tmp_path: Path, name: str, spoil: Callable[[str], str]
) -> None:
    folder = write_set(tmp_path / "set", header=[HEADER], episodes=[care("01/06/2017")])
    text = spoil((folder / "episodes.csv").read_text())
    (folder / "episodes.csv").unlink()
    (folder / name).write_text(text, newline="")
    report = importing(folder, "2017-18", "E10000028")
    assert (report.read["Episodes"], report.children_quarantined) == (1, 0)


class TestTheCommand:
    def run(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *argv: str) -> int:
        monkeypatch.setenv("SIGHTLINE_VAR", str(tmp_path / "var"))
        monkeypatch.setattr(cli, "prepare", lambda needs: None)
        return cli.main(["import", *argv])

    def file(self, tmp_path: Path, content: str = WHOLE) -> str:
        (tmp_path / "census.xml").write_text(content)
        return str(tmp_path / "census.xml")

    def test_exits_with_2_and_says_what_where_and_next(
        self, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert (
            self.run(monkeypatch, tmp_path, self.file(tmp_path, WHOLE[:300]), "--as", "cin", "--period", "2021-22") == 2
        )
        said = capsys.readouterr().err
        assert "not whole" in said and "Where:" in said and "What to do:" in said and "Traceback" not in said

    def test_refuses_a_year_that_has_not_begun(
        self, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(monkeypatch, tmp_path, self.file(tmp_path), "--as", "cin", "--period", "2090-91") == 2
        assert "has not begun" in capsys.readouterr().err
        assert not ReceivedFile.objects.exists()

    @pytest.mark.parametrize("shown", ["text", "json", "csv"])
    def test_prints_the_report(
        self, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], shown: str
    ) -> None:
        argv = (self.file(tmp_path), "--as", "cin", "--period", "2021-22", "--format", shown)
        assert self.run(monkeypatch, tmp_path, *argv) == 0
        assert "people_person" in capsys.readouterr().out
        assert self.run(monkeypatch, tmp_path, *argv) == 0
        assert ("Nothing changed" in capsys.readouterr().out) == (shown == "text")

    def test_keeps_the_file_as_received_for_its_owner_only(
        self, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert self.run(monkeypatch, tmp_path, self.file(tmp_path), "--as", "cin", "--period", "2021-22") == 0
        (kept,) = (tmp_path / "var" / "received").iterdir()
        assert kept.name == ReceivedFile.objects.get().sha256
        assert kept.read_text() == WHOLE
        assert kept.stat().st_mode & 0o777 == 0o600

    def test_has_a_limit_that_can_be_set(self) -> None:
        parser = argparse.ArgumentParser()
        import_.add_arguments(parser)
        assert parser.parse_args(["x", "--as", "cin", "--period", "2021-22", "--max-mb", "5"]).max_mb == 5


def test_a_set_is_kept_with_every_file(importing: Importing, tmp_path: Path, kept: Path) -> None:
    folder = write_set(tmp_path / "set", header=[HEADER], episodes=[care("01/06/2017")])
    (folder / "notes.txt").write_text("mind the gap")
    report = importing(folder, "2017-18", "E10000028")
    (place,) = kept.iterdir()
    assert sorted(path.name for path in place.iterdir()) == ["episodes.csv", "header.csv", "notes.txt"]
    assert {path.stat().st_mode & 0o777 for path in place.iterdir()} == {0o600}
    assert "notes.txt is not a file of the set: kept, not read" in report.notes


def test_a_refusal_late_in_the_file_takes_everything_back(
    importing: Importing, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.engine.exchange.writer.CHUNK_ROWS", 2)
    file = census([child(f"C{n}", episode()) for n in range(20)])
    with pytest.raises(InputProblem):
        importing(file.replace("</Children></Message>", ""))
    assert nothing_changed(kept)
