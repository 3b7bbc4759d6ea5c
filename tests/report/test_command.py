"""`sightline report` on a small synthetic county, from the record to the files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest

from sightline.board.narrative.models import Statement
from sightline.cli.commands import report as command
from sightline.core.errors import InputProblem
from sightline.core.records.writing import writing
from sightline.engine.deadlines import ledger as deadlines
from sightline.engine.synthetic.load import DEMONSTRATION, load

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


@pytest.fixture
def county(settings: Any, tmp_path: Path) -> Path:
    """A fiftieth of the demonstration county, and a folder of its own for snapshots."""
    settings.VAR_DIR = tmp_path / "var"
    load(DEMONSTRATION, scale=0.02)
    deadlines.rebuild()
    return tmp_path


def test_the_report_is_written_in_every_form_and_checked(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = county / "report"
    assert run("annual", "--year", "2016-17", "--out", str(out)) == 0
    assert "internal edition" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == [
        "figures.csv",
        "figures.json",
        "index.html",
        "report.docx",
        "report.pdf",
    ]

    reader = pypdf.PdfReader(out / "report.pdf")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data(), "the file says that it is PDF/UA"
    assert len(reader.outline[1]) > 10, "the chapters are bookmarks below the title"

    page = (out / "index.html").read_text(encoding="utf-8")
    assert "Signed off by Chair of the demonstration board" in page

    assert run("annual", "--year", "2016-17", "--out", str(county / "open"), "--edition", "published", "--no-pdf") == 0
    assert not (county / "open" / "report.pdf").exists()
    internal, published = (json.loads((county / name / "figures.json").read_text()) for name in ("report", "open"))
    assert [one["id"] for one in internal] == [one["id"] for one in published]
    withheld = [one for one in published if one["printed"] == "c"]
    assert withheld and all(one["value"] is None and one["rows"] is None for one in withheld)

    capsys.readouterr()
    code = run("check", "--year", "2016-17")
    said = capsys.readouterr().out
    assert (code, "0 disagree" in said) == (0, True), said

    unsigned = Statement.objects.first()
    assert unsigned is not None
    with writing("test", by="tester", because="a draft holds the report up"):
        unsigned.signed_off_by = unsigned.signed_off_at = None
        unsigned.save()
    assert run("check", "--year", "2016-17", "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["id"].startswith("unsigned:")

    with pytest.raises(InputProblem, match="not a reporting year"):
        run("check", "--year", "2016-04")
    with pytest.raises(InputProblem, match="not a known area"):
        run("check", "--year", "2016-17", "--area", "Atlantis")
