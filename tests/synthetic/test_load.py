"""Into the record: the database accepts every row, signs it, and refuses a second partnership of the same area."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from sightline.core.errors import InputProblem
from sightline.core.records.models import Coverage
from sightline.engine.synthetic import generate
from sightline.engine.synthetic.load import SOURCE_SYSTEM, load

PROFILE = "staffordshire-2016-17"


@pytest.mark.django_db
def test_a_small_county_is_loaded() -> None:
    told: list[str] = []
    summary = load(PROFILE, scale=0.02, seed=3, progress=told.append)
    expected: dict[str, int] = {}
    for table in generate(PROFILE, scale=0.02, seed=3):
        name = apps.get_model(table.record)._meta.db_table
        expected[name] = expected.get(name, 0) + len(table.rows)
    assert {name: count for name, count in summary.rows.items() if count} == {n: c for n, c in expected.items() if c}
    assert told
    assert (
        apps.get_model("people.Person").objects.filter(source_system=SOURCE_SYSTEM).count() == expected["people_person"]
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT count(*), min(by), min(action) FROM records_change WHERE table_name = 'cases_case'")
        assert cursor.fetchone() == (expected["cases_case"], "sightline", "synthetic.load")


@pytest.mark.django_db
def test_a_second_partnership_of_the_area_is_refused() -> None:
    load(PROFILE, scale=0.01)
    covered = Coverage.objects.count()
    with pytest.raises(InputProblem, match="already"):
        load(PROFILE, scale=0.01, seed=2)
    assert Coverage.objects.count() == covered


@pytest.mark.django_db
@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf")])
def test_a_scale_that_is_no_number_above_nought_is_refused(scale: float) -> None:
    with pytest.raises(InputProblem, match="scale"):
        load(PROFILE, scale=scale)
