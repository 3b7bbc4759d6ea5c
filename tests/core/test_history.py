"""Every write is in the history or refused, from wherever it comes; and nothing that tells who did what can be changed."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import ForeignKeyViolation

from sightline.core.audit.models import Entry
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.core.records.history import first_values, record_models
from sightline.core.records.models import Change
from sightline.core.records.writing import WrittenOutsideAction, current, writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Organisation:
    return Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")


@pytest.fixture
def person(agency: Organisation) -> Person:
    with writing("people.register", by="clerk", because="a call", request="r1"):
        return Person.objects.create(agency=agency, birth_date=date(2010, 1, 10))


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def changes(person: Person) -> list[Change]:
    return list(Change.objects.filter(table_name="people_person", record_id=person.pk).order_by("id"))


class TestHistory:
    def test_says_who_why_and_on_which_request(self, person: Person) -> None:
        (change,) = changes(person)
        assert (change.operation, change.action, change.by, change.because, change.request) == (
            "insert",
            "people.register",
            "clerk",
            "a call",
            "r1",
        )

    def test_keeps_old_and_new(self, person: Person) -> None:
        with writing("people.correct", by="clerk", because="misread"):
            person.birth_date = date(2010, 10, 1)
            person.save()
        assert changes(person)[1].old["birth_date"] == "2010-01-10"
        assert changes(person)[1].new["birth_date"] == "2010-10-01"

    def test_keeps_what_was_first_written_without_copying_it(self, person: Person) -> None:
        (change,) = changes(person)
        assert change.old is None
        assert change.new is None
        first = first_values(person)
        assert first["birth_date"] == "2010-01-10"
        with writing("people.correct", by="clerk", because="misread"):
            person.birth_date = date(2010, 10, 1)
            person.save()
        assert first_values(person) == first

    def test_a_save_that_changes_nothing_is_no_change(self, person: Person) -> None:
        with writing("people.correct", by="clerk", because="nothing"):
            person.save()
        assert len(changes(person)) == 1

    def test_sees_sql_that_goes_past_the_models(self, person: Person) -> None:
        with writing("repair", by="operator", because="ticket 7"):
            sql("UPDATE people_person SET sex = 'F' WHERE id = %s", person.pk)
            sql("DELETE FROM people_person WHERE id = %s", person.pk)
        assert [(change.operation, change.by) for change in changes(person)[1:]] == [
            ("update", "operator"),
            ("delete", "operator"),
        ]

    def test_sees_copy(self, agency: Organisation) -> None:
        with writing("load", by="import", because="a file"), connection.cursor() as cursor:
            columns = "agency_id, source_system, recorded_at, sex, ethnicity"
            with cursor.copy(f"COPY people_person ({columns}) FROM STDIN") as copy:
                copy.write_row((agency.pk, "census", "2020-01-01", "M", "NOBT"))
        assert Change.objects.filter(table_name="people_person", by="import").count() == 1

    def test_covers_every_record_type(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname LIKE 'history_%%' AND t.tgenabled = 'O' GROUP BY 1 HAVING count(*) = 3"
            )
            covered = {table for (table,) in cursor.fetchall()}
        assert {model._meta.db_table for model in record_models()} <= covered


class TestNothingUnsigned:
    def test_a_model_refuses(self, agency: Organisation, person: Person) -> None:
        for write in (
            lambda: Person.objects.create(agency=agency),
            person.save,
            person.delete,
            lambda: Person.objects.bulk_create([Person(agency=agency)]),
            lambda: Person.objects.update(sex="F"),
            lambda: Person.objects.all().delete(),
        ):
            with pytest.raises(WrittenOutsideAction):
                write()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE people_person SET sex = 'F'",
            "DELETE FROM people_person",
            "INSERT INTO people_person (agency_id, source_system, recorded_at, sex, ethnicity)"
            " SELECT agency_id, 'x', now(), 'F', 'NOBT' FROM people_person",
        ],
    )
    def test_the_database_refuses(self, person: Person, statement: str) -> None:
        # The test's own transaction still carries the signature of the person it registered: take it away.
        sql("SELECT set_config('sightline.by', '', true)")
        with pytest.raises(DatabaseError, match="not signed"):
            sql(statement)

    @pytest.mark.django_db(transaction=True)
    def test_a_signature_ends_with_its_transaction(self) -> None:
        agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")
        with writing("people.register", by="clerk", because="a call"):
            Person.objects.create(agency=agency)
        assert current() is None
        with pytest.raises(DatabaseError, match="not signed"):
            sql("UPDATE people_person SET sex = 'F'")


class TestWhoseItIs:
    """The link to the agency is held by the statement, not by a key for each row."""

    UNKNOWN = -1

    def test_a_record_of_no_known_agency_is_refused_from_wherever_it_comes(self) -> None:
        statement = "COPY people_person (agency_id, source_system, recorded_at, sex, ethnicity) FROM STDIN"
        with (
            pytest.raises(ForeignKeyViolation, match="people_person names an agency that is not on record"),
            writing("load", by="import", because="a file"),
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            copy.write_row((self.UNKNOWN, "census", "2020-01-01", "M", "NOBT"))

    def test_a_record_cannot_be_given_to_no_known_agency(self, person: Person) -> None:
        with pytest.raises(DatabaseError, match="not on record"), writing("repair", by="operator", because="ticket 7"):
            sql("UPDATE people_person SET agency_id = %s WHERE id = %s", self.UNKNOWN, person.pk)

    def test_an_agency_is_never_deleted(self, agency: Organisation) -> None:
        with pytest.raises(DatabaseError, match="annot delete"):
            sql("DELETE FROM organisations_organisation WHERE id = %s", agency.pk)


class TestAppendOnly:
    @pytest.mark.parametrize("table", ["records_change", "audit_entry"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
    def test_history_and_audit_cannot_be_changed(self, person: Person, table: str, statement: str) -> None:
        Entry.objects.create(who="clerk", what="list")
        with pytest.raises(DatabaseError, match=r"annot (update|delete)"):
            sql(statement.format(table))
