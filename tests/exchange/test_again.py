"""Importing again: nothing twice, corrections followed, the last word kept."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from sightline.core.errors import InputProblem, Problem
from sightline.core.people.models import Person
from sightline.core.records.models import Change, Coverage
from sightline.core.records.writing import writing
from sightline.engine.exchange.models import QuarantinedRow, ReceivedFile
from sightline.engine.exchange.report import Report
from sightline.engine.exchange.run import ONE_AT_A_TIME
from sightline.pathways.child_protection.models import Section47

from .conftest import Importing
from .files import assessment, census, child, enquiry, episode, protection
from .test_census import rows, text


def outcome(report: Report, table: str) -> tuple[int, ...]:
    found = report.records[table]
    return tuple(found[one] for one in ("written", "updated", "unchanged", "removed"))


FULL = child(
    "C1",
    episode(
        "2021-05-04",
        assessment("2021-05-04", "2021-06-10", "3B", "4B")
        + enquiry("2021-05-04", "2021-05-20")
        + protection("2021-05-20", "", "2021-08-10"),
    ),
    disabilities=("LD",),
)


class TestTheSameFile:
    def test_changes_nothing_and_says_so(self, importing: Importing) -> None:
        first = importing(census([FULL]))
        changes = Change.objects.count()
        again = importing(census([FULL]))
        assert first.changed and not again.changed
        assert again.total("written") == again.total("updated") == again.total("removed") == 0
        assert again.total("unchanged") == first.total("written")
        assert Change.objects.count() == changes
        assert ReceivedFile.objects.count() == 1

    def test_claims_what_this_version_says_that_a_return_answers_for(self, importing: Importing) -> None:
        """An earlier version claimed more: the same file again puts that right."""
        report = importing(census([FULL]))
        with writing("test", by="tester", because="test"):
            Coverage.objects.filter(stream="referrals").update(stream="contacts", source_id="contacts")
        held = ReceivedFile.objects.get()
        held.report["covered"] = [stream.replace("referrals", "contacts") for stream in report.covered]
        held.save()
        importing(census([FULL]))
        assert set(Coverage.objects.values_list("stream", flat=True)) == set(report.covered)
        assert not importing(census([FULL])).changed

    def test_lists_what_is_in_quarantine_again(self, importing: Importing) -> None:
        bad = child("C2", episode("2021-05-04", closed="2021-01-01"))
        first = importing(census([FULL, bad]))
        again = importing(census([FULL, bad]))
        assert not again.changed
        assert list(again.quarantined_rows()) == list(first.quarantined_rows()) != []
        assert QuarantinedRow.objects.count() == 1


def test_a_file_that_lost_most_of_its_children_is_refused_unless_that_is_meant(importing: Importing) -> None:
    importing(census([child(f"C{n}") for n in range(40)]))
    cut = census([child(f"C{n}") for n in range(5)])
    with pytest.raises(InputProblem, match="cut short"):
        importing(cut)
    assert Person.objects.count() == 40
    importing(cut, fewer=True)
    assert Person.objects.count() == 5


@pytest.mark.parametrize("period", ["2021-22 Q1", "2021-04", "1950-51", "2015-16", "soon"])
def test_a_period_that_is_no_year_of_returns_is_refused(importing: Importing, period: str) -> None:
    with pytest.raises(InputProblem, match="is not a"):
        importing(census([child()]), period)


class TestACorrectedFile:
    def test_updates_what_differs(self, importing: Importing) -> None:
        importing(census([child("C1", episode("2021-05-04"))]))
        report = importing(census([child("C1", episode("2021-05-04", closed="2022-01-10"))]))
        assert outcome(report, "cases_case") == (0, 1, 0, 0)
        assert outcome(report, "people_person") == (0, 0, 1, 0)
        assert text("cases.Case", "end_date", "closure_reason") == ["2022-01-10 RC7"]

    def test_clears_what_it_no_longer_says(self, importing: Importing) -> None:
        importing(
            census(
                [
                    child(
                        "C1",
                        episode("2021-05-04", closed="2022-01-10"),
                        more="<PersonDeathDate>2021-12-01</PersonDeathDate>",
                    )
                ]
            )
        )
        importing(census([child("C1", episode("2021-05-04").replace("<PrimaryNeedCode>N1</PrimaryNeedCode>", ""))]))
        assert rows("cases.Case", "end_date", "closure_reason", "primary_need") == [(None, None, "")]
        assert rows("people.Person", "death_date") == [None]

    def test_removes_what_it_no_longer_has(self, importing: Importing) -> None:
        importing(census([FULL]))
        report = importing(census([child("C1", episode("2021-05-04", assessment("2021-05-04", "2021-06-10", "3B")))]))
        assert outcome(report, "assessment_assessmentfactor") == (0, 0, 1, 1)
        assert outcome(report, "child_protection_plan") == (0, 0, 0, 1)
        assert outcome(report, "child_protection_conference") == (0, 0, 0, 2)
        assert rows("child_protection.ConferenceChild", "id") == rows("people.Disability", "id") == []

    def test_removes_a_child_it_no_longer_has_with_its_deadlines(self, importing: Importing) -> None:
        importing(census([FULL, child("C2")]))
        report = importing(census([child("C2")]))
        assert rows("people.Person", "source_id") == ["C2"]
        assert outcome(report, "cases_case") == (0, 0, 1, 1)
        assert rows("deadlines.Deadline", "id") == [] or set(rows("deadlines.Deadline", "person_id")) == set(
            rows("people.Person", "id")
        )

    def test_keeps_what_another_record_rests_on(self, importing: Importing) -> None:
        from sightline.core.records.writing import writing
        from sightline.pathways.child_protection.models import Plan, Visit

        importing(census([FULL]))
        plan = Plan.objects.get()
        with writing("a visit", by="a social worker", because="seen"):
            Visit.objects.create(agency_id=plan.agency_id, person_id=plan.person_id, plan=plan, visit_date="2021-06-01")
        importing(census([child("C2")]))
        assert rows("child_protection.Plan", "id") == [plan.pk]
        assert sorted(rows("people.Person", "source_id")) == ["C1", "C2"]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (("2021-05-01", "2021-09-01"), ("2021-05-01", "2021-07-01")),
            (("2021-05-01", "2021-07-01"), ("2021-05-01", "2021-09-01")),
            (("2021-05-01", "2021-08-01"), ("2021-05-02", "2021-08-01")),
        ],
    )
    def test_moves_spells_that_touch_without_an_overlap_on_the_way(
        self, importing: Importing, before: tuple[str, str], after: tuple[str, str]
    ) -> None:
        def two(start: str, middle: str) -> str:
            return census([child("C1", episode(start, closed=middle), episode(middle, closed="2021-12-01"))])

        importing(two(*before))
        report = importing(two(*after))
        assert report.children_quarantined == 0
        assert sorted(text("cases.Case", "start_date", "end_date")) == [" ".join(after), f"{after[1]} 2021-12-01"]

    def test_brings_a_mended_child_in_and_takes_a_spoilt_one_out(self, importing: Importing) -> None:
        good, bad = episode("2021-05-04", closed="2021-06-01"), episode("2021-05-04", closed="2021-01-01")
        first = importing(census([child("C1", good), child("C2", bad)]))
        second = importing(census([child("C1", bad), child("C2", good)]))
        assert first.children_quarantined == second.children_quarantined == 1
        assert rows("people.Person", "source_id") == ["C2"]
        assert rows("exchange.ReceivedFile", "current") == [False, True]

    def test_leaves_no_coverage_twice(self, importing: Importing) -> None:
        importing(census([child("C1")]))
        importing(census([child("C2")]))
        assert Coverage.objects.count() == 5


class TestAnotherYear:
    def test_a_case_that_is_in_both_years_is_one_case(self, importing: Importing) -> None:
        importing(census([child("C1", episode("2021-05-04"))]), "2021-22")
        report = importing(census([child("C1", episode("2021-05-04", closed="2022-06-01"))]), "2022-23")
        assert report.children_quarantined == 0
        assert text("cases.Case", "end_date", "source_system") == ["2022-06-01 cin:E10000028:2022-23"]
        assert len(rows("people.Person", "id")) == 1

    def test_the_later_return_has_the_last_word(self, importing: Importing) -> None:
        importing(census([child("C1", episode("2021-05-04", closed="2022-06-01"))]), "2022-23")
        report = importing(census([child("C1", episode("2021-05-04"))]), "2021-22")
        assert text("cases.Case", "end_date") == ["2022-06-01"]
        assert report.records["cases_case"]["superseded"] == 1

    def test_correcting_one_year_removes_nothing_of_another(self, importing: Importing) -> None:
        importing(census([child("C1", episode("2020-05-04", closed="2020-09-01"))]), "2020-21")
        importing(census([child("C2", episode("2021-05-04"))]), "2021-22")
        importing(census([child("C3", episode("2021-07-04"))]), "2021-22")
        assert rows("people.Person", "source_id") == ["C1", "C3"]

    def test_a_spell_that_clashes_with_the_other_year_is_quarantined(self, importing: Importing) -> None:
        importing(census([child("C1", episode("2021-05-04")), child("C2")]), "2021-22")
        report = importing(census([child("C1", episode("2022-05-04")), child("C2")]), "2022-23")
        assert [row["reason"] for row in report.quarantined_rows()] == [
            "overlaps or repeats a case on record from another source"
        ]
        assert text("cases.Case", "start_date", "source_system") == [
            "2021-05-04 cin:E10000028:2021-22",
            "2021-05-04 cin:E10000028:2022-23",
        ]


class TestOnePerson:
    """The same reference in the area is the same child where sex and date of birth agree."""

    HEADER = "C1,2,01/06/2015,WBRI,UN3,,"
    EPISODE = "C1,01/06/2021,S,C2,N1,U4,PR1,,,,,,123"

    def test_across_formats(self, importing: Importing, importing_set: Importing) -> None:
        importing(census([child("C1")]), "2021-22")
        report = importing_set("2021-22", header=[self.HEADER], episodes=[self.EPISODE])
        assert len(rows("people.Person", "id")) == 1
        assert outcome(report, "people_person") == (0, 0, 1, 0)
        assert rows("looked_after.Episode", "person_id") == rows("cases.Case", "person_id")

    def test_and_another_child_where_they_do_not(self, importing: Importing, importing_set: Importing) -> None:
        importing(census([child("C1", born="2009-01-01")]), "2021-22")
        report = importing_set("2021-22", header=[self.HEADER], episodes=[self.EPISODE])
        assert len(rows("people.Person", "id")) == 2
        assert any("recorded as separate persons" in note for note in report.notes)
        assert not importing_set("2021-22", header=[self.HEADER], episodes=[self.EPISODE]).changed

    def test_who_stays_when_one_of_the_files_drops_the_child(
        self, importing: Importing, importing_set: Importing
    ) -> None:
        importing(census([child("C1")]), "2021-22")
        importing_set("2021-22", header=[self.HEADER], episodes=[self.EPISODE])
        importing(census([child("C2")]), "2021-22")
        assert len(rows("looked_after.Episode", "person_id")) == 1
        assert len(rows("people.Person", "id")) == 2
        assert not importing_set("2021-22", header=[self.HEADER], episodes=[self.EPISODE]).changed

    def test_of_another_authority_is_another_child(self, importing: Importing) -> None:
        importing(census([child("C1")]), "2021-22")
        importing(census([child("C1")], lea="201"), "2021-22")
        assert len(rows("people.Person", "id")) == 2


def test_a_reference_far_apart_is_set_aside_as_if_never_written(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.engine.exchange.writer.CHUNK_ROWS", 2)
    file = census([child("C1"), child("C2"), child("C1", episode("2021-07-01"))])
    first = importing(file)
    assert rows("people.Person", "source_id") == ["C2"]
    assert [(row["line"], row["reason"]) for row in first.quarantined_rows()] == [
        (2, "the child's reference appears twice in the file"),
        (4, "the child's reference appears twice in the file"),
    ]
    assert not importing(file).changed


def test_every_write_is_signed_and_in_the_history(importing: Importing) -> None:
    importing(census([FULL]), because="the yearly return")
    assert set(Change.objects.values_list("by", "action", "because")) == {
        ("a test", "exchange.import", "the yearly return")
    }
    assert Change.objects.filter(table_name=Section47._meta.db_table, operation="insert").count() == 1


def test_the_deadlines_of_the_children_follow(importing: Importing) -> None:
    importing(census([FULL]))
    (person,) = rows("people.Person", "id")
    before = text("deadlines.Deadline", "clock", "started", "outcome")
    assert before
    assert set(rows("deadlines.Deadline", "person_id")) == {person}
    importing(census([child("C1", episode("2021-05-04", assessment("2021-05-04", "2021-12-10", "3B", "4B")))]))
    assert text("deadlines.Deadline", "clock", "started", "outcome") != before


def test_imports_take_turns(importing: Importing) -> None:
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **_address()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        with pytest.raises(Problem, match="Another import is under way"):
            importing(census([FULL]))
    assert importing(census([FULL])).changed


def _address() -> dict[str, Any]:
    found = connection.settings_dict
    return {
        "host": found["HOST"],
        "port": found["PORT"] or 5432,
        "user": found["USER"] or None,
        "password": found["PASSWORD"] or None,
    }
