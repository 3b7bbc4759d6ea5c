"""`sightline demo` when it is run again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sightline.cli.commands import demo
from sightline.core.access.models import User
from sightline.core.errors import SetUpProblem
from sightline.core.organisations.models import Organisation
from sightline.core.records.models import Coverage
from sightline.core.records.writing import writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(demo.paths, "var_dir", lambda: tmp_path)
    return tmp_path


def covers(source: str) -> None:
    agency = Organisation.objects.get_or_create(kind="local_authority", name="Shire", area="E10000028")[0]
    with writing("test", by="tester", because="test"):
        Coverage.objects.create(
            agency=agency,
            source_system=source,
            area="E10000028",
            stream="looked_after",
            start_date=date(2016, 4, 1),
            end_date=date(2017, 3, 31),
        )


def test_an_empty_record_and_an_invented_partnership_are_gone_on_with(var: Path) -> None:
    told: list[str] = []
    demo._check_records(told.append)
    covers("synthetic")
    demo._check_records(told.append)
    assert told == ["nothing but invented people"] * 2


def test_beside_other_records_the_sign_ins_are_kept(var: Path) -> None:
    covers("synthetic")
    covers("ssda903:E10000028:2016-17")
    (var / demo.SIGN_INS).write_text("[]")
    told: list[str] = []
    demo._check_records(told.append)
    demo._make_sign_ins(told.append)
    assert "will be kept" in told[0]
    assert told[1].startswith("kept as they are")
    assert (var / demo.SIGN_INS).read_text() == "[]"
    assert not User.objects.exists()


def test_other_records_alone_are_refused_before_any_work(var: Path) -> None:
    covers("ssda903:E10000028:2016-17")
    with pytest.raises(SetUpProblem, match="other people than invented ones"):
        demo._check_records(lambda _: None)
