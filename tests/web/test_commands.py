"""`sightline list` and `sightline users`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sightline.cli import build_parser
from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import Problem
from sightline.engine.snapshot import store
from sightline.standards.periods import year
from sightline.web import figures

from .conftest import Partnership
from .county import COUNTY

pytestmark = pytest.mark.django_db


def _run(*words: str) -> int:
    args = build_parser().parse_args(words)
    return int(args.command.run(args))


def _list(*words: str) -> int:
    # The snapshot is named, for the tests' own writes would otherwise call for a new one.
    return _run("list", *words, "--snapshot", figures.current().snapshot.id, "--format", "json")


def test_a_list_is_printed_for_whom_it_is_and_audited(
    partnership: Partnership, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _list("cp.open", "--period", "2016-17", "--as", "performance-analyst", "--purpose", "a check") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == figures.current().results.result("cp.open", year(2016), COUNTY).value
    entry = Entry.objects.latest("id")
    assert (entry.who, entry.what, entry.purpose) == ("performance-analyst", "list", "a check")
    assert entry.where_from == "command line"
    assert _list("cp.open", "--period", "2016-17", "--as", "social-worker") == 0
    assert len(json.loads(capsys.readouterr().out)) < len(rows)


def test_one_category_and_the_base(partnership: Partnership, capsys: pytest.CaptureFixture[str]) -> None:
    results = figures.current().results
    for part in results.breakdown("cp.open", year(2016), COUNTY, "sex"):
        _list(
            "cp.open",
            "--period",
            "2016-17",
            "--as",
            "performance-analyst",
            "--breakdown",
            "sex",
            "--category",
            part.category,
        )
        assert len(json.loads(capsys.readouterr().out)) == part.value
    _list("cp.repeat.pct", "--period", "2016-17", "--as", "performance-analyst", "--base")
    assert len(json.loads(capsys.readouterr().out)) == results.result("cp.repeat.pct", year(2016), COUNTY).denominator


def test_a_role_without_children_is_refused_and_audited(partnership: Partnership) -> None:
    with pytest.raises(Problem, match="does not open this list"):
        _list("cp.open", "--period", "2016-17", "--as", "board-manager")
    assert Entry.objects.latest("id").what == "refused"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no.such", "--period", "2016-17", "--as", "auditor"), "there is no measure"),
        (("cp.open", "--period", "soon", "--as", "performance-analyst"), "is not a period"),
        (("cp.open", "--period", "2016-17", "--as", "nobody"), "there is no user"),
        (("ic.lac.max", "--period", "2016-17", "--as", "performance-analyst"), "made from another measure"),
        (("cp.open", "--period", "2016-17", "--as", "performance-analyst", "--breakdown", "shoe"), "not broken down"),
        (
            ("cp.open", "--period", "2016-17", "--as", "performance-analyst", "--breakdown", "sex", "--category", "X"),
            "'X' is not a category of cp.open by sex(.|\n)*M, F",
        ),
        (("cp.open", "--period", "2016-17", "--as", "performance-analyst", "--breakdown", "sex"), "no category"),
    ],
)
def test_what_cannot_be_done_is_told(partnership: Partnership, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(Problem, match=told):
        _list(*words)


def test_users(partnership: Partnership, capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    assert _run("users", "add", "jo", "--role", "auditor") == 0
    password = capsys.readouterr().out.split()[-1]
    assert User.objects.get(username="jo").check_password(password)
    assert Entry.objects.latest("id").what == "user made"
    assert password not in str(Entry.objects.latest("id").__dict__)
    _run("users", "list", "--format", "json")
    assert {"username": "jo", "role": "auditor", "worker": None, "active": True} in json.loads(capsys.readouterr().out)
    assert _run("users", "add", "mo", "--role", "social_worker") == 0
    assert "second step" not in capsys.readouterr().out, "invented records ask for none"
    settings.SECOND_FACTOR = "required"
    for name, role, told in (("bo", "social_worker", True), ("di", "board_member", False)):
        assert _run("users", "add", name, "--role", role) == 0
        assert ("set up a second step" in capsys.readouterr().out) is told, role
    for words in (
        ("jo", "--role", "auditor"),
        ("al", "--role", "king"),
        ("al", "--role", "auditor", "--worker", "999999"),
    ):
        with pytest.raises(Problem):
            _run("users", "add", *words)
    assert _run("users", "demo") == 0
    assert store.latest is not None
