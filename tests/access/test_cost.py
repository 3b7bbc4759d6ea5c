"""What sight costs: a page with many lists asks once about its reader, and a lookup of one person reads no table whole."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sightline.core.access import visibility
from sightline.core.access.visibility import visible_rows
from sightline.core.people.models import Person
from sightline.core.records.history import record_models

from . import build
from .conftest import World


def test_a_page_about_a_child_asks_once_about_its_reader(world: World) -> None:
    worker = build.fresh(world.worker)
    models = [model for model in record_models() if any(field.name == "person" for field in model._meta.fields)]
    with CaptureQueriesContext(connection) as asked:
        for model in models:
            list(visible_rows(worker, model, about=[world.child.pk]).filter(person=world.child))
    about_sight = len(asked) - len(models)
    assert about_sight <= 5, "the day, the seals of single records, the people"


def test_a_lookup_is_two_questions_once_the_reader_is_known(world: World) -> None:
    worker = build.fresh(world.worker)
    list(visible_rows(worker, Person))
    with CaptureQueriesContext(connection) as asked:
        assert visible_rows(worker, Person).filter(pk=world.child.pk).first() == world.child
    assert len(asked) == 1


@pytest.mark.parametrize("few", [500, 0])
def test_a_lookup_of_one_person_reads_that_person_alone(
    world: World, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large caseload, too, whose people stay in the database (`few` is nought): no table of people is read whole."""
    monkeypatch.setattr(visibility, "FEW", few)
    worker = build.fresh(world.worker)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = visible_rows(worker, Person).filter(pk=world.child.pk)
    assert [row.pk for row in rows] == [world.child.pk]
    plan = rows.explain()
    assert not re.search(r"Seq Scan on people_person", plan), plan
