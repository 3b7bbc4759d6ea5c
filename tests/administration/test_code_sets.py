"""Local code sets: a new version is shown before it is put in force, holds from its day on, and leaves what is on record as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from sightline.core.audit.models import Entry
from sightline.core.options import following
from sightline.core.options.models import RuleChange
from sightline.engine.local_rules.code_sets import as_rows, latest
from sightline.standards.codes import codeset
from sightline.standards.local_changes import in_use

DAY = timedelta(days=1)
NAME = "meeting_method"
HEAD = "code,label,valid_from,valid_to"

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def tomorrow() -> date:
    return timezone.localdate() + DAY


@pytest.fixture
def send(browser: Browser, tomorrow: date) -> Callable[..., Any]:
    def post(content: str | bytes, name: str = NAME, **values: str) -> Any:
        raw = content.encode() if isinstance(content, str) else content
        given = {"first_day": str(tomorrow), "because": "Agreed by the board."} | values
        if given.get("step") == "confirm":
            return browser.post(reverse("administration-code-set", args=[name]), given | {"content": raw.decode()})
        return browser.post(
            reverse("administration-code-set", args=[name]), given | {"file": SimpleUploadedFile("set.csv", raw)}
        )

    return post


def _lines(name: str = NAME) -> list[str]:
    """The set as its file has it."""
    return [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in as_rows(latest(name))]


def _file(*lines: str) -> str:
    return "\n".join([HEAD, *lines])


def test_a_version_is_shown_then_put_in_force_and_holds_from_its_day_on(
    send: Callable[..., Any], browser: Browser, tomorrow: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *others = _lines()
    code, _, *rest = first.split(",")
    ended = second.split(",")[0]
    text = _file(",".join([code, "Round one table", *rest]), f"{second[:-1]},{tomorrow}", *others, "HILL,On a hill,,")
    text = text.replace(f"{second[:-1]},{tomorrow}", f"{second.rsplit(',', 1)[0]},{tomorrow - DAY}")
    shown = send(text)
    assert shown.status_code == 200
    told = shown.content.decode()
    assert all(words in told for words in ("On a hill", "Round one table", "Ends", "Nothing has been changed yet"))
    assert RuleChange.objects.count() == 0, "a look changes nothing"
    assert send(text, step="confirm").status_code == 302
    entry = Entry.objects.get(what="settings", about=f"code set {NAME}")
    assert entry.purpose == "Agreed by the board."
    assert "HILL" not in codeset(NAME), "not before its day"
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    following.follow()
    found = codeset(NAME)
    assert found.label("HILL") == "On a hill"
    assert found.label(code, tomorrow - DAY) != "Round one table"
    assert found.label(code, tomorrow) == "Round one table"
    assert not found.is_valid(ended, tomorrow)
    assert found.is_valid(ended, tomorrow - DAY)
    assert "HILL" in dict(found.choices(tomorrow))
    assert in_use().editions == {f"code set {NAME}": RuleChange.objects.get().pk}
    assert "On a hill" in browser.get(reverse("code-set", args=[NAME])).content.decode()
    listed = browser.get(reverse("administration-code-set", args=[NAME])).content.decode()
    assert "Added: HILL" in listed
    assert "HILL" in browser.get(reverse("administration-code-set-file", args=[NAME])).content.decode()


def test_a_code_on_record_is_ended_and_never_left_out(
    send: Callable[..., Any], make: Callable[..., Any], tomorrow: date
) -> None:
    person = make("people.Person", birth_date="2016-05-01")
    lines = _lines("warning_kind")
    code = lines[0].split(",")[0]
    make("people.WarningMarker", person=person, kind=code, start_date="2020-01-01", review_date="2030-01-01")
    missing = send(_file(*lines[1:]), "warning_kind")
    assert missing.status_code == 400
    assert f"{code} (1)" in missing.content.decode()
    ended = lines[0].rsplit(",", 1)[0] + f",{tomorrow - DAY}"
    assert "1 record, 1 of them open" in send(_file(ended, *lines[1:]), "warning_kind").content.decode()


BAD = [
    (b"code,label\nA,B\n", "The first line must be"),
    (b"", "The first line must be"),
    (f"{HEAD}\n".encode(), "from 1 to 1000 codes"),
    (f"{HEAD}\nA,Caf\xe9,,".encode("latin-1"), "not UTF-8"),
    (f"{HEAD}\nA,B,,\0".encode(), "not text"),
    (f"{HEAD}\nA,=1+1,,".encode(), "formula"),
    (f"{HEAD}\n@A,B,,".encode(), "formula"),
    (f"{HEAD}\nA,B,,\nA,C,,".encode(), "valid on the same day"),
    (f"{HEAD}\nA,B,,\na,C,,".encode(), "differ only in capitals"),
    (f"{HEAD}\nA,B,2031-01-01,2030-01-01".encode(), "ends before it starts"),
    (f"{HEAD}\nA,B,2001-01-01,".encode(), "is new and begins on"),
    (f"{HEAD}\nA,B,,2001-01-01".encode(), "are not changed"),
    (f"{HEAD}\nA,B,1/2/2030,".encode(), "not a date"),
    (f"{HEAD}\nA,B".encode(), "4 values are needed"),
    (f'{HEAD}\nA,"B,,'.encode(), "not CSV"),
    (f"{HEAD}\n{'A' * 25},B,,".encode(), "longer than 24"),
    (b"x" * 200_001, "larger than 200 kB"),
]


@pytest.mark.parametrize(("content", "told"), BAD, ids=[told for _, told in BAD])
def test_a_file_that_cannot_be_used_is_refused_by_name_and_line(
    send: Callable[..., Any], content: bytes, told: str
) -> None:
    answer = send(content)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "Agreed by the board." in answer.content.decode(), "nothing typed is lost"
    assert RuleChange.objects.count() == 0


def test_fixed_sets_and_sets_that_figures_are_grouped_by_are_refused(send: Callable[..., Any]) -> None:
    for name, why in (("worker_job", "This set is fixed"), ("placement_group", "Figures are grouped by")):
        answer = send(_file("A,B,,"), name)
        assert answer.status_code == 400
        assert why in answer.content.decode()
    assert send(_file("A,B,,"), "no_such_set").status_code == 404


def test_a_planned_version_is_replaced_on_its_day_and_not_undercut(send: Callable[..., Any], tomorrow: date) -> None:
    lines, later = _lines(), str(tomorrow + 9 * DAY)
    assert send(_file(*lines, "HILL,On a hill,,"), step="confirm", first_day=later).status_code == 302
    assert "A version is planned from" in send(_file(*lines, "SEA,At sea,,")).content.decode()
    assert send(_file(*lines, "SEA,At sea,,"), step="confirm", first_day=later).status_code == 302
    assert "HILL" not in latest(NAME)
    assert "SEA" in latest(NAME)
    assert "changes nothing" in send(_file(*_lines()), first_day=later).content.decode()


@pytest.mark.parametrize(
    ("name", "code", "step"),
    [
        ("cin_plan_end_reason", "STEP_DOWN", "Step a child in need plan down to early help"),
        ("dispute_stage_result", "ESCALATED", "Take a dispute to the next stage"),
        ("note_significance", "ROUTINE", "Record a case note"),
        ("contact_method", "FORM", "Take a message of a partner agency"),
    ],
)
def test_a_code_that_a_built_in_step_writes_cannot_end(
    send: Callable[..., Any], tomorrow: date, name: str, code: str, step: str
) -> None:
    kept = [line for line in _lines(name) if line.split(",")[0] != code]
    [own] = [line for line in _lines(name) if line.split(",")[0] == code]
    for lines in (kept, [*kept, f"{own.rsplit(',', 1)[0]},{tomorrow + 30 * DAY}"]):
        answer = send(_file(*lines), name)
        assert answer.status_code == 400
        assert f"{code} (" in answer.content.decode()
        assert step in answer.content.decode()
    renamed = ",".join([code, "Another name", *own.rsplit(",", 2)[1:]])
    assert send(_file(*kept, renamed), name).status_code == 200, "its name is the partnership's own"
