"""Bulk actions: the same door as single ones, for many rows at once."""

from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.people.models import Person
from sightline.core.records.models import Change
from sightline.engine.actions.bulk import Batch, Provenance, allow, load, reserve
from sightline.engine.actions.refusals import NotPermitted


def people(*births: str) -> Batch:
    return Batch(Person, ("birth_date", "source_id"), [(birth, f"child {row}") for row, birth in enumerate(births)])


def test_rows_carry_provenance_history_and_one_audit_entry(agency: Any) -> None:
    written = load(
        "exchange.import",
        [people("2010-01-01", "2011-01-01")],
        Provenance(agency.id, "census"),
        by="me",
        because="a file",
    )
    assert written == {"people_person": 2}
    assert set(Person.objects.values_list("source_system", "sex")) == {("census", "U")}
    assert Change.objects.filter(table_name="people_person", by="me", because="a file").count() == 2
    assert Entry.objects.get(what="bulk write").details["tables"] == {"people_person": 2}


def test_one_bad_row_keeps_everything_out(agency: Any) -> None:
    twice = Batch(Person, ("source_id",), [("same",), ("same",)])
    with pytest.raises(IntegrityError):
        load(
            "exchange.import", [people("2010-01-01"), twice], Provenance(agency.id, "census"), by="me", because="a file"
        )
    assert not Person.objects.exists()
    assert not Change.objects.exists()


def test_a_bulk_action_names_who_may_do_it() -> None:
    analyst, worker = (User(username=role, role=role) for role in ("performance_analyst", "social_worker"))
    allow("exchange.import", analyst)
    for action, user in (("exchange.import", worker), ("not declared", analyst)):
        with pytest.raises(NotPermitted):
            allow(action, user)


@pytest.mark.django_db(transaction=True)
def test_reserved_ids_are_nobody_elses() -> None:
    taken: list[range] = []

    def take() -> None:
        for _ in range(20):
            taken.append(reserve(Person, 50))
        connection.close()

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [id for run in taken for id in run]
    assert len(ids) == len(set(ids)) == 4000
    assert all(len(run) == 50 for run in taken)
