"""The rules of a return run on the record itself, and what they find is kept."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import Problem
from sightline.core.people.merging import repoint
from sightline.core.records.models import Change
from sightline.core.records.writing import writing
from sightline.engine.exchange.export import Request, export_return
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.tabular import Sheet
from sightline.engine.exchange.telling import tell, told_from, untold
from sightline.engine.return_issues.checking import check_all, check_children
from sightline.engine.return_issues.collections import Collection, collection, under_way
from sightline.engine.return_issues.models import Check, Issue, LastFound
from sightline.engine.synthetic.load import load
from sightline.standards.periods import year

from .conftest import AREA, DAY, Act, Make

#: Of the census: a referral without a primary need, an enquiry without an assessment, a child of school age without a pupil number.
NO_NEED, NO_ASSESSMENT, NO_UPN = "8610", "2991Q", "8770Q"
#: Numbers that hold blocks of one file together.
_NUMBERS = {"CINdetailsID", "AssessmentID", "CPPID"}


def issues(person: Any, *, resolved: bool = False) -> list[str]:
    """The rules of a child's issues."""
    found = Issue.objects.filter(person=person, resolved_at__isnull=not resolved)
    return sorted(found.values_list("rule", flat=True))


class TestTelling:
    def test_the_tables_told_from_the_record_are_those_of_the_exported_file(self, db: None, tmp_path: Path) -> None:
        load("staffordshire-2016-17", scale=0.005, seed=5)
        analyst = User.objects.create(username="analyst", role="performance_analyst")
        for kind in ("cin", "ssda903"):
            out = tmp_path / kind
            export_return(Request(kind, "2016-17", out, analyst))
            declared = return_named(kind)
            files = {one.name: one for one in out.iterdir()} if out.is_dir() else {out.name: out}
            read = declared.read(files, "return")
            told = tell(declared, untold(kind, AREA, year(2016)), year(2016)).tables
            for table in declared.tables:
                if (kind, table.name) != ("cin", "Header"):
                    known = set(table.columns) - _NUMBERS
                    held = _rows(read.get(table.name))
                    assert _texts(told.get(table.name, ()), known) == _texts(held, known), table.name
                    if kind == "ssda903" and held:
                        # An empty column says something else than one that is not there, which is worked out.
                        assert {name for row in told[table.name] for name in row} == {*read[table.name].columns}, (
                            table.name
                        )
            assert sum(len(rows) for rows in told.values()) > 20

    def test_every_row_says_which_record_it_comes_from(self, child: Make, census: Collection) -> None:
        one = child()
        told = tell(census.declared, untold("cin", AREA, census.period), census.period)
        assert [subject.record for subject in told.origins["CINdetails"] if subject] == [("cases_case", one.case.pk)]
        assert [subject.record for subject in told.origins["ChildIdentifiers"] if subject] == [
            ("people_person", one.person.pk)
        ]
        assert told.people == {one.person.pk}

    def test_the_year_before_is_told_from_the_records_own_history(self, child: Make, make: Make) -> None:
        one = child()
        care = make("looked_after.PeriodOfCare", person=one.person, start_date="2022-05-01", category_of_need="N1")
        of = {"person": one.person, "period": care, "start_date": "2022-05-01"}
        stay = make("looked_after.Placement", **of, placement_type="U1", provider="PR1")
        make("looked_after.Episode", **of, placement=stay, start_reason="S", legal_status="C2")
        asked = collection("ssda903", "2023-24")
        told = tell(asked.declared, untold("ssda903", AREA, asked.period), asked.period).tables
        assert [row["DECOM"] for row in told["Episodes_last"]] == ["01/05/2022"]

    def test_what_the_department_works_out_is_worked_out_for_the_record_as_for_a_file(
        self, child: Make, make: Make, staff: SimpleNamespace
    ) -> None:
        one = child(born=date(2008, 3, 4))
        care = make("looked_after.PeriodOfCare", person=one.person, start_date="2023-05-08", category_of_need="N1")
        of = {"person": one.person, "period": care, "start_date": "2023-05-08"}
        stay = make("looked_after.Placement", **of, placement_type="U1", provider="PR1")
        make("looked_after.Episode", **of, placement=stay, start_reason="S", legal_status="C2")
        make("looked_after.AsylumStatus", person=one.person, start_date="2023-05-08", end_date="2026-03-04")
        asked = collection("ssda903", "2023-24")
        assert "303" in asked.codes
        check_all(asked, AREA, staff.analyst)
        assert Issue.objects.filter(person=one.person).exists()
        assert "303" not in issues(one.person), "the header says that the child seeks asylum alone"

    def test_which_records_feed_a_table_is_heard_from_its_writer(self, db: None) -> None:
        fed = {model._meta.label: tables for model, tables in told_from("cin", 2024).items()}
        assert fed["child_protection.Plan"] == {"ChildProtectionPlans"}
        assert fed["child_protection.ConferenceChild"] == {"Reviews"}


def _rows(table: Any) -> list[dict[str, str]]:
    """The rows of a table as a file is read to it: a sheet, or rows already."""
    return [table.row(number) for number in range(len(table))] if isinstance(table, Sheet) else table or []


def _texts(rows: Any, columns: set[str]) -> Counter[Any]:
    """The rows of a table, in any order, without what is empty."""
    return Counter(
        frozenset((column, text) for column, text in row.items() if text and column in columns) for row in rows
    )


class TestCollections:
    def test_a_return_is_collected_from_the_first_day_of_its_year_until_it_is_due(self) -> None:
        def titles(day: date) -> set[str]:
            return {f"{one.name} {one.label}" for one in under_way(day)}

        assert titles(DAY) == {"cin 2024-25", "cin 2023-24", "ssda903 2024-25", "ssda903 2023-24"}
        assert titles(date(2024, 7, 31)) == {"cin 2024-25", "cin 2023-24", "ssda903 2024-25"}
        assert titles(date(2024, 8, 1)) == {"cin 2024-25", "ssda903 2024-25"}
        assert titles(date(2017, 3, 31)) == set()


class TestChecking:
    def test_what_fails_is_an_issue_of_the_child_and_names_the_record(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        right, wrong = child(born=date(2023, 1, 5)), child(born=date(2023, 1, 5), need="")
        checked = check_all(census, AREA, staff.analyst)
        assert issues(right.person) == []
        found = Issue.objects.get(person=wrong.person)
        assert (found.rule, found.table, found.fields) == (NO_NEED, "CINdetails", "PrimaryNeedCode ReferralNFA")
        assert (found.record_table, found.record_id) == ("cases_case", wrong.case.pk)
        assert (checked.new, checked.still, checked.resolved) == (1, 0, 0)

    def test_checking_again_changes_nothing_but_when_it_was_last_found(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        wrong = child(need="")
        check_all(census, AREA, staff.analyst)
        changes = Change.objects.count()
        checked = check_all(census, AREA, staff.analyst)
        assert (checked.new, checked.still, checked.resolved) == (0, 2, 0)
        assert Change.objects.count() == changes
        assert LastFound.objects.filter(issue__person=wrong.person).count() == 2

    def test_what_is_mended_is_resolved_and_found_again_it_is_a_new_issue(
        self, child: Make, staff: SimpleNamespace, census: Collection, change: Make
    ) -> None:
        wrong = child(need="")
        check_all(census, AREA, staff.analyst)
        for need, counts in (("N1", (0, 1, 1)), ("", (1, 1, 0))):
            change(wrong.case, primary_need=need)
            checked = check_children(census, [wrong.person.pk], staff.worker)
            assert (checked.new, checked.still, checked.resolved) == counts
        assert issues(wrong.person) == [NO_NEED, NO_UPN]
        assert issues(wrong.person, resolved=True) == [NO_NEED]

    def test_an_act_on_the_record_checks_again_at_once(
        self, child: Make, staff: SimpleNamespace, census: Collection, act: Act
    ) -> None:
        wrong = child(need="")
        check_all(census, AREA, staff.analyst)
        act(staff.manager, "cases.correct", wrong.case, primary_need="N2")
        assert issues(wrong.person) == [NO_UPN]

    def test_a_child_alone_gets_what_the_whole_return_gives_it(
        self, child: Make, staff: SimpleNamespace, census: Collection, make: Make
    ) -> None:
        wrong, other = child(need=""), child(need="")
        make("child_protection.Section47", **wrong.of, start_date="2023-06-01", conference_not_required=False)
        check_children(census, [wrong.person.pk], staff.worker)
        alone = issues(wrong.person)
        assert NO_ASSESSMENT in alone
        assert issues(other.person) == []
        checked = check_all(census, AREA, staff.analyst)
        assert issues(wrong.person) == alone
        assert checked.new == len(issues(other.person))

    def test_a_rule_about_figures_of_the_return_is_nobodys_issue(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        child()
        check_all(census, AREA, staff.analyst)
        assert not Issue.objects.filter(rule="2887Q").exists()
        assert Check.objects.get().of_no_child == {"2887Q": ["Disabilities: Disability"]}

    def test_a_whole_check_notes_how_many_rules_came_out_how_and_is_audited(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        child()
        check_all(census, AREA, staff.analyst)
        kept = Check.objects.get()
        assert (kept.by, kept.children, kept.not_run) == ("analyst", 1, {})
        assert sum(kept.outcomes.values()) == len(census.codes)
        assert Entry.objects.filter(who="analyst", about=f"check cin:{AREA}:2023-24").exists()


class TestAListThatTheRecordDoesNotHold:
    def test_rules_that_need_it_run_when_it_is_supplied(self, child: Make, staff: SimpleNamespace, make: Make) -> None:
        asked = collection("ssda903", "2023-24")
        care = make("looked_after.PeriodOfCare", person=child().person, start_date="2023-06-01", category_of_need="N1")
        of = {"person": care.person, "period": care, "start_date": "2023-06-01"}
        stay = make("looked_after.Placement", **of, placement_type="K2", provider="PR1", urn="SC000001")
        make("looked_after.Episode", **of, placement=stay, start_reason="S", legal_status="C2")
        providers = [{"URN": "SC999999", "LA_CODE_INFERRED": AREA, "PLACE_CODES": "K2", "PROVIDER_CODES": "PR1"}]

        def waiting(supplied: Any = None) -> list[str]:
            checked = check_all(asked, AREA, staff.analyst, supplied)
            return [one.code for one in checked.not_run if "Provider Info" in one.cause]

        assert waiting()
        assert not waiting({"Provider Info": providers})


class TestWhoMayCheck:
    def test_a_whole_return_is_checked_by_those_who_export_it(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        child(need="")
        with pytest.raises(Problem, match="does not check whole returns"):
            check_all(census, AREA, staff.manager)
        assert not Issue.objects.exists()
        assert Entry.objects.filter(who="manager", what="refused").exists()

    def test_a_child_is_checked_by_those_who_may_see_it(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        wrong = child(need="")
        checked = check_children(census, [wrong.person.pk], staff.stranger)
        assert (checked.new, list(checked.result)) == (0, [])
        assert not Issue.objects.exists()


class TestSeals:
    def seal(self, make: Make, staff: SimpleNamespace, **what: Any) -> None:
        made = make("restrictions.Seal", **what, policy="hidden", ask=staff.manager.worker, reason="x", start_date=DAY)
        make("restrictions.SealMember", seal=made, worker=staff.worker.worker, start_date=DAY)

    def test_a_sealed_child_is_in_no_whole_check_and_its_members_check_it(
        self, child: Make, staff: SimpleNamespace, census: Collection, make: Make
    ) -> None:
        sealed = child(need="")
        self.seal(make, staff, person=sealed.person)
        assert check_all(census, AREA, staff.analyst).new == 0
        assert Check.objects.get().children == 0
        assert check_children(census, [sealed.person.pk], staff.manager).new == 0
        assert check_children(census, [sealed.person.pk], staff.worker).new == 2
        assert check_all(census, AREA, staff.analyst).resolved == 0, "the whole check leaves its issues alone"

    def test_a_pupil_number_shared_with_a_sealed_child_is_not_told(
        self, child: Make, staff: SimpleNamespace, census: Collection, make: Make
    ) -> None:
        sealed, other = child(), child()
        for one in (sealed, other):
            make("people.Identifier", person=one.person, scheme="upn", value="A860200000001")
        check_all(census, AREA, staff.analyst)
        assert "1520" in issues(other.person)
        self.seal(make, staff, person=sealed.person)
        check_all(census, AREA, staff.analyst)
        assert "1520" not in issues(other.person)

    def test_what_a_sealed_record_says_is_found_by_nobody(
        self, child: Make, staff: SimpleNamespace, census: Collection, make: Make
    ) -> None:
        one = child(born=date(2023, 1, 5))
        enquiry = make("child_protection.Section47", **one.of, start_date="2023-06-01", conference_not_required=True)
        self.seal(make, staff, record_table=enquiry._meta.db_table, record_id=enquiry.pk)
        check_children(census, [one.person.pk], staff.worker)
        assert issues(one.person) == []


class TestMerging:
    def test_the_issues_of_two_records_of_one_child_become_those_of_the_one(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        kept, gone = child(), child()
        check_all(census, AREA, staff.analyst)
        assert issues(kept.person) == issues(gone.person) == [NO_UPN]
        with writing("test", by="test", because="a merge of issues alone"):
            plan = repoint(kept.person, gone.person)
        assert [one for one in plan.clashes if one.table == Issue._meta.db_table] == []
        assert issues(kept.person) == [NO_UPN, NO_UPN]
        check_children(census, [kept.person.pk], staff.worker)
        assert issues(kept.person) == [NO_UPN]


class TestAYearThatIsNotOver:
    def test_is_judged_as_if_it_ended_today(
        self, child: Make, staff: SimpleNamespace, make: Make, stands: None
    ) -> None:
        running = collection("cin", "2024-25")
        one, other = child(born=date(2023, 1, 5)), child(born=date(2023, 1, 5))
        for who, day in ((one, date(2024, 4, 8)), (other, date(2024, 6, 10))):
            make("assessment.Assessment", **who.of, start_date=day)
            make("child_protection.Section47", **who.of, start_date=day, conference_not_required=False)
        check_all(running, AREA, staff.analyst)
        assert issues(one.person) == ["8670Q", "8675Q"], "45 and 15 working days had passed"
        assert issues(other.person) == []
