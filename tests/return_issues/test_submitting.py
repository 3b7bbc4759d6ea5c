"""The file that is sent, and the record of it."""

from __future__ import annotations

import argparse
import hashlib
import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from sightline.core.errors import InputProblem, Problem
from sightline.engine.return_issues.checking import check_all
from sightline.engine.return_issues.collections import Collection, collection
from sightline.engine.return_issues.models import Submission
from sightline.engine.return_issues.submitting import Asked, comparison, submit

from .conftest import AREA, Make


class TestASubmission:
    def test_keeps_who_when_the_hash_of_the_file_and_what_stood_open(
        self, child: Make, staff: SimpleNamespace, census: Collection, tmp_path: Path
    ) -> None:
        child(need="")
        check_all(census, AREA, staff.analyst)
        out = tmp_path / "census.xml"
        _done, kept = submit(Asked(census, staff.analyst, out, note="Second load"))
        assert kept.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
        assert (kept.made_by, kept.area, kept.children, kept.note) == ("analyst", AREA, 1, "Second load")
        assert kept.issues == {"open": 2, "explained": 0, "waived": 0}
        assert kept.rows["CINdetails"] == 1
        assert not kept.ready

    def test_nothing_is_kept_where_no_file_is_made(
        self, staff: SimpleNamespace, census: Collection, child: Make, tmp_path: Path
    ) -> None:
        with pytest.raises(InputProblem):
            submit(Asked(census, staff.analyst, tmp_path / "census.xml", area=AREA))
        child()
        with pytest.raises(Problem, match="does not export returns"):
            submit(Asked(census, staff.manager, tmp_path / "census.xml", area=AREA))
        assert not Submission.objects.exists()

    def test_is_compared_with_the_record_of_the_year_before_and_then_with_what_was_sent_of_it(
        self, child: Make, staff: SimpleNamespace, census: Collection, tmp_path: Path, make: Make
    ) -> None:
        child()
        of = {"person": child().person, "service": "social_care", "primary_need": "N2"}
        make("cases.Case", **of, start_date="2022-05-01", end_date="2022-09-01", closure_reason="RC1")
        before = collection("cin", "2022-23")
        _done, kept = submit(Asked(census, staff.analyst, tmp_path / "one.xml"))
        assert kept.before["source"] == "the record"
        found = dict(comparison(kept))
        (rows,) = [one for one in found["Rows by table"] if one.name == "CINdetails"]
        assert (rows.now, rows.before, rows.change) == (2, 1, 1)
        needs = {one.name[:2]: (one.now, one.before) for one in found["CINdetails: PrimaryNeedCode"]}
        assert needs == {"N1": (2, 0), "N2": (0, 1)}
        _done, earlier = submit(Asked(before, staff.analyst, tmp_path / "before.xml"))
        _done, kept = submit(Asked(census, staff.analyst, tmp_path / "two.xml"))
        assert kept.before["source"] == f"submission {earlier.pk}"
        assert comparison(kept) == comparison(Submission.objects.earliest("id"))

    def test_is_compared_with_what_was_kept_under_earlier_names_of_its_tables(self) -> None:
        sent = Submission(
            return_name="ssda903",
            rows={"Episodes": 5, "PrevPerm": 2},
            breakdowns={"Episodes LS": {"C2": 5}},
            before={
                "source": "submission 1",
                "rows": {"episodes": 4, "previous_permanence": 1},
                "breakdowns": {"episodes LS": {"C2": 3, "E1": 1}},
            },
        )
        found = {title: [(one.name[:8], one.now, one.before) for one in lines] for title, lines in comparison(sent)}
        assert found == {
            "Rows by table": [("Episodes", 5, 4), ("PrevPerm", 2, 1)],
            "Episodes: LS": [("C2: Full", 5, 3), ("E1: Plac", 0, 1)],
        }

    def test_is_made_on_the_command_line(
        self,
        child: Make,
        staff: SimpleNamespace,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        child(need="")
        of = ["--return", "cin", "--year", "2023-24", "--as", "analyst"]
        assert command("returns", "check", *of, "--exit-code") == 1
        assert "2 new issues, 0 found still, 0 resolved" in capsys.readouterr().out
        assert command("export", *of, "--out", str(tmp_path / "census.xml"), "--submission", "First load") == 0
        assert "Kept as submission" in capsys.readouterr().out
        assert Submission.objects.get().note == "First load"

    def test_one_child_is_checked_on_the_command_line_by_who_may_see_it(
        self, child: Make, staff: SimpleNamespace, capsys: pytest.CaptureFixture[str]
    ) -> None:
        person = child(need="").person
        of = ["--return", "cin", "--year", "2023-24", "--child", f"L{person.pk}", "--format", "json"]
        assert command("returns", "check", *of, "--as", "worker") == 0
        assert json.loads(capsys.readouterr().out)["new"] == 2
        with pytest.raises(InputProblem, match="of no child that 'stranger' may see"):
            command("returns", "check", *of, "--as", "stranger")


def command(name: str, *words: str) -> int:
    """Runs a command of the command line within this process."""
    module = import_module(f"sightline.cli.commands.{name}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words)))
