"""One engine performs every action: who may, when, what is checked, and that it is all or nothing."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.records.history import record_models
from sightline.core.records.models import Change
from sightline.engine.actions import engine
from sightline.engine.actions.building import named_once
from sightline.engine.actions.declarations import Action, Attempt, Group, actions, inputs
from sightline.engine.actions.engine import available, may, perform, version, why_not
from sightline.engine.actions.refusals import Conflict, Invalid, NotNow, NotPermitted
from sightline.engine.deadlines.models import Deadline
from sightline.standards.codes import codeset


def faults(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {fault.input: fault.what for fault in refusal.value.faults}


CONTACT = {"contact_date": "2017-05-02", "source": "1A", "presenting_issue": "NEGLECT"}


@pytest.fixture
def contact(act: Any, child: SimpleNamespace, issue: str) -> Any:
    return act(
        "front_door.record_contact", person=child.person, contact_date="2017-05-02", source="1A", presenting_issue=issue
    ).record


@pytest.fixture
def issue() -> str:
    return next(iter(codeset("contact_issue"))).code


class TestWhatOneActionDoes:
    def test_writes_the_record_its_history_its_deadline_and_the_audit(
        self, contact: Any, child: SimpleNamespace
    ) -> None:
        change = Change.objects.filter(table_name="front_door_contact").get()
        assert (change.action, change.by, change.because) == ("front_door.record_contact", "test", "a test")
        assert Deadline.objects.get(clock="CONTACT-DECISION").outcome == "open"
        entry = Entry.objects.get(what="write")
        assert entry.about == "front_door.record_contact"
        assert entry.details["people"] == [child.person.id]
        assert entry.request == change.request

    def test_the_next_action_moves_the_deadline_in_the_same_transaction(
        self, act: Any, contact: Any, worker: Any
    ) -> None:
        act("front_door.decide_contact", contact, outcome="NFA", outcome_date="2017-05-03", decided_by=worker)
        assert Deadline.objects.get(clock="CONTACT-DECISION").outcome == "met"

    @pytest.mark.parametrize("broken", ["note", "ledger"])
    def test_is_undone_when_the_audit_or_the_ledger_fails(
        self, act: Any, child: SimpleNamespace, issue: str, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        def fail(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError("no disk")

        if broken == "note":
            monkeypatch.setattr(engine, "note", fail)
        else:
            monkeypatch.setattr(engine.ledger, "rebuild", fail)
        before = Change.objects.count()
        with pytest.raises(RuntimeError):
            act("front_door.record_contact", person=child.person, **CONTACT | {"presenting_issue": issue})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM front_door_contact")
            assert cursor.fetchone() == (0,)
        assert Change.objects.count() == before
        assert not Deadline.objects.filter(clock="CONTACT-DECISION").exists()


class TestChecks:
    def test_tell_everything_that_is_wrong_at_once(self, act: Any, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refusal:
            act("front_door.record_contact", person=child.person, contact_date="2099-01-01", source="99Z")
        assert set(faults(refusal)) == {"contact_date", "source", "presenting_issue"}

    def test_judge_a_code_by_the_day_of_the_event(self, act: Any, child: SimpleNamespace) -> None:
        # RC9 came into force on 1 April 2022.
        with pytest.raises(Invalid) as refusal:
            act("cases.close", child.case, end_date="2022-03-31", closure_reason="RC9")
        assert "not in force" in faults(refusal)["closure_reason"]
        act("cases.close", child.case, end_date="2022-04-01", closure_reason="RC9")

    @pytest.mark.parametrize(("day", "well"), [("2017-04-02", False), ("2017-04-03", True)])
    def test_nothing_on_a_case_comes_before_it(self, act: Any, child: SimpleNamespace, day: str, well: bool) -> None:
        if well:
            act("assessment.start", **child.of, start_date=day)
            return
        with pytest.raises(Invalid, match="before the case"):
            act("assessment.start", **child.of, start_date=day)

    def test_nothing_comes_after_the_plan_it_belongs_to(self, act: Any, child: SimpleNamespace) -> None:
        plan = act("child_in_need.start_plan", **child.of, start_date="2017-05-01").record
        act("child_in_need.end_plan", plan, end_date="2017-06-01")
        plan.refresh_from_db()
        with pytest.raises(Invalid, match="after the child in need plan ended"):
            act("child_in_need.record_visit", person=child.person, plan=plan, visit_date="2017-06-02")

    def test_a_record_and_what_it_hangs_on_are_about_one_person(
        self, act: Any, child: SimpleNamespace, make: Any
    ) -> None:
        other = make("people.Person", birth_date="2011-01-01")
        with pytest.raises(Invalid, match="Case belongs to another person"):
            act("assessment.start", person=other, case=child.case, start_date="2017-04-03")

    def test_overlaps_are_told_beside_other_faults(self, act: Any, child: SimpleNamespace) -> None:
        act("child_in_need.start_plan", **child.of, start_date="2017-05-01")
        with pytest.raises(Invalid) as refusal:
            act("child_in_need.start_plan", **{**child.of, "case": None}, start_date="2017-06-01")
        assert set(faults(refusal)) == {"start_date", "case"}
        assert "overlaps another child in need plan" in faults(refusal)["start_date"]

    def test_an_end_before_the_start_is_told(self, act: Any, child: SimpleNamespace) -> None:
        plan = act("child_in_need.start_plan", **child.of, start_date="2017-05-01").record
        with pytest.raises(Invalid, match="ends before it starts"):
            act("child_in_need.end_plan", plan, end_date="2017-04-30")

    def test_an_unborn_child_is_known_for_40_weeks_before_birth(self, act: Any, make: Any, issue: str) -> None:
        person = make("people.Person", expected_birth_date="2018-01-10", sex="U")
        person.refresh_from_db()
        with pytest.raises(Invalid, match="40 weeks before the birth"):
            act(
                "front_door.record_contact",
                person=person,
                **CONTACT | {"presenting_issue": issue, "contact_date": "2017-04-04"},
            )
        act(
            "front_door.record_contact",
            person=person,
            **CONTACT | {"presenting_issue": issue, "contact_date": "2017-04-05"},
        )

    def test_what_is_not_asked_for_is_refused(self, act: Any, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid, match="source_system is not asked for"):
            act("assessment.start", **child.of, start_date="2017-04-03", source_system="forged")

    def test_a_reason_is_always_given(self, agency: Any, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid, match="Say why"):
            perform(
                "assessment.start",
                by=engine.System("test", agency.id),
                because=" ",
                values={**child.of, "start_date": "2017-04-03"},
            )


class TestPermissionAndSight:
    def test_a_decision_needs_the_permission_to_decide(self, users: dict[str, User], contact: Any, worker: Any) -> None:
        decision = {"outcome": "NFA", "outcome_date": "2017-05-03", "decided_by": worker}
        asked = {"because": "screened", "values": decision, "record": contact, "seen": version(contact)}
        with pytest.raises(NotPermitted, match="may not decide"):
            perform("front_door.decide_contact", by=users["social_worker"], **asked)
        assert Entry.objects.filter(what="refused", who="social_worker").exists()
        assert perform("front_door.decide_contact", by=users["team_manager"], **asked).record.outcome == "NFA"

    @pytest.mark.parametrize("role", ["board_manager", "performance_analyst"])
    def test_those_who_only_read_figures_record_nothing(
        self, users: dict[str, User], child: SimpleNamespace, role: str
    ) -> None:
        with pytest.raises(NotPermitted):
            perform("assessment.start", by=users[role], because="x", values={**child.of, "start_date": "2017-04-03"})

    def test_a_worker_writes_about_the_children_they_may_see(
        self, users: dict[str, User], child: SimpleNamespace, make: Any
    ) -> None:
        values = {**child.of, "start_date": "2017-04-03"}
        assert perform("assessment.start", by=users["social_worker"], because="allocated", values=values).record.pk
        stranger = make("people.Person", birth_date="2010-01-10")
        case = make("cases.Case", person=stranger, service="social_care", start_date="2017-04-03")
        values = {"person": stranger, "case": case, "start_date": "2017-04-03"}
        with pytest.raises(NotPermitted, match="no reason on record"):
            perform("assessment.start", by=users["social_worker"], because="curious", values=values)

    def test_anybody_who_records_may_take_a_contact_about_any_child(
        self, users: dict[str, User], make: Any, issue: str
    ) -> None:
        stranger = make("people.Person", birth_date="2010-01-10")
        values = {"person": stranger, **CONTACT, "presenting_issue": issue}
        assert perform(
            "front_door.record_contact", by=users["social_worker"], because="a call", values=values
        ).record.pk

    def test_the_record_belongs_to_the_workers_agency(
        self, users: dict[str, User], child: SimpleNamespace, agency: Any
    ) -> None:
        values = {**child.of, "start_date": "2017-04-03"}
        done = perform("assessment.start", by=users["social_worker"], because="allocated", values=values)
        assert done.record.agency_id == agency.id


class TestStates:
    def test_one_refusal_feeds_the_exception_the_yes_or_no_and_the_explanation(
        self, act: Any, contact: Any, worker: Any
    ) -> None:
        decision = {"outcome": "NFA", "outcome_date": "2017-05-03", "decided_by": worker}
        decided = act("front_door.decide_contact", contact, **decision).record
        words = "The contact is decided; this can be done only while it is received."
        assert why_not("front_door.decide_contact", decided) == words
        assert not may("front_door.decide_contact", decided)
        with pytest.raises(NotNow, match=words):
            act("front_door.decide_contact", decided, **decision)

    def test_what_can_be_done_now_is_offered(self, child: SimpleNamespace, users: dict[str, User]) -> None:
        assert [action.id for action in available(child.case)] == ["cases.close", "cases.correct"]
        assert available(child.case, users["social_worker"]) == []

    def test_a_case_stays_open_while_anything_on_it_is(self, act: Any, child: SimpleNamespace) -> None:
        act("assessment.start", **child.of, start_date="2017-04-03")
        act("child_in_need.start_plan", **child.of, start_date="2017-05-01")
        with pytest.raises(Invalid) as refusal:
            act("cases.close", child.case, end_date="2017-06-01", closure_reason="RC7")
        assert {fault.what for fault in refusal.value.faults} == {
            "The assessment of 3 April 2017 is still open.",
            "The child in need plan of 1 May 2017 is still open.",
        }

    def test_closing_a_case_ends_the_allocation(self, act: Any, child: SimpleNamespace, users: dict[str, User]) -> None:
        written = act("cases.close", child.case, end_date="2017-06-01", closure_reason="RC7").written
        assert [str(each.end_date) for each in written] == ["2017-06-01", "2017-06-01"]

    def test_a_spell_does_not_end_before_what_is_recorded_in_it(self, act: Any, child: SimpleNamespace) -> None:
        plan = act("child_in_need.start_plan", **child.of, start_date="2017-05-01").record
        of = {"person": child.person, "plan": plan}
        act("child_in_need.record_visit", **of, visit_date="2017-05-20", seen=True)
        with pytest.raises(Invalid, match="The child in need visit of 20 May 2017 would come after it"):
            act("child_in_need.end_plan", plan, end_date="2017-05-19", end_reason="MET")
        with pytest.raises(Invalid, match="The child in need visit of 20 May 2017 would come before it"):
            act("child_in_need.correct_plan", plan, start_date="2017-05-21")
        act("child_in_need.end_plan", plan, end_date="2017-05-20", end_reason="MET")

    def test_a_correction_that_closes_a_case_ends_the_allocation_too(
        self, act: Any, child: SimpleNamespace, users: dict[str, User]
    ) -> None:
        written = act("cases.correct", child.case, end_date="2017-06-01", closure_reason="RC7").written
        assert [str(each.end_date) for each in written] == ["2017-06-01", "2017-06-01"]

    def test_a_closed_case_is_given_to_nobody(self, act: Any, child: SimpleNamespace, users: dict[str, User]) -> None:
        allocation, _case = act("cases.close", child.case, end_date="2017-06-01", closure_reason="RC7").written
        with pytest.raises(Invalid, match="The case closed on 1 June 2017"):
            act("cases.allocate", case=child.case, team=allocation.team, start_date="2017-05-01")
        with pytest.raises(Invalid, match="The case closed on 1 June 2017"):
            act("cases.correct_allocation", allocation, end_date="")

    def test_a_case_that_had_an_enquiry_does_not_close_as_not_in_need(self, act: Any, child: SimpleNamespace) -> None:
        enquiry = act("child_protection.start_enquiry", **child.of, start_date="2017-04-04").record
        act("child_protection.conclude_enquiry", enquiry, end_date="2017-04-10", outcome="NFA")
        with pytest.raises(Invalid, match="RC8 cannot close"):
            act("cases.close", child.case, end_date="2017-06-01", closure_reason="RC8")


class TestTwoEditors:
    def amend(self, user: User, record: Any, seen: int, **values: Any) -> Any:
        return perform("cases.correct", by=user, because="a correction", values=values, record=record, seen=seen)

    def test_the_second_is_told_and_given_both_versions(self, users: dict[str, User], child: SimpleNamespace) -> None:
        seen = version(child.case)
        self.amend(users["team_manager"], child.case, seen, primary_need="N1")
        with pytest.raises(Conflict) as told:
            self.amend(users["team_manager"], child.case, seen, primary_need="N2")
        assert told.value.by == "team_manager"
        (found,) = told.value.versions
        assert (found.title, found.seen, found.theirs, found.yours) == ("Primary need", "", "N1", "N2")
        child.case.refresh_from_db()
        assert child.case.primary_need == "N1"

    def test_who_has_seen_the_newest_version_is_not_held_up(
        self, users: dict[str, User], child: SimpleNamespace
    ) -> None:
        self.amend(users["team_manager"], child.case, version(child.case), primary_need="N1")
        assert (
            self.amend(users["team_manager"], child.case, version(child.case), primary_need="N2").record.primary_need
            == "N2"
        )

    def test_a_user_must_say_which_version_they_saw(self, users: dict[str, User], child: SimpleNamespace) -> None:
        with pytest.raises(ValueError, match="version they saw"):
            perform("cases.correct", by=users["team_manager"], because="x", values={}, record=child.case)


def test_every_record_type_can_be_written_and_corrected() -> None:
    by_system = {"records.Coverage", "organisations.Team", "organisations.Worker", "organisations.TeamMembership"}
    written = {given.model for action in actions().values() for given in action.inputs}
    amended = {action.model for action in actions().values() if action.amends}
    # Written by an act on the record that they belong to: what a merge moved, what a share opens, whom a notice reaches, what a list held,
    # whom a pack is about.
    by_another = {
        "people.Move",
        "restrictions.SharedStream",
        "restrictions.Notice",
        "rights.DisposalCount",
        "sending.PackChild",
        "work.DriftListed",
    }
    labels = {model._meta.label for model in record_models() if model._meta.app_label != "narrative"}
    labels -= by_system | by_another
    assert labels - written == set()
    # A decision of two people, a review or an issued list is not corrected: it stands, and another follows.
    stands = {
        "rights.Pack",
        "people.Judgement",
        "audit.AccessReview",
        "restrictions.AdoptedIdentity",
        "work.DriftIssue",
    }
    uncorrected = {"places.Place", "people.Household"} | stands
    assert labels - amended - uncorrected == set()


@pytest.mark.parametrize(
    "id", sorted(id for id, action in actions().items() if not action.amends and id != "people.add_household")
)
def test_every_new_record_given_nothing_says_what_is_missing(act: Any, id: str) -> None:
    with pytest.raises(Invalid, match="missing"):
        act(id)


class TestNamedOnce:
    """A child is given once in one act, wherever children are given."""

    def attempt(self, *children: Any) -> Any:
        action = actions()["front_door.take_contact"]
        rows = {"children": [{"person": child} for child in children]}
        return Attempt(action, rows, None, {}, 1, date(2017, 5, 2))

    def test_says_which_row_names_a_child_again(self, make: Any, child: SimpleNamespace) -> None:
        brother = make("people.Person", birth_date="2012-01-10", sex="M")
        named_once(self.attempt(child.person, brother))
        with pytest.raises(Invalid) as refusal:
            named_once(self.attempt(child.person, brother, child.person))
        assert set(faults(refusal)) == {"children.2.person"}

    def test_counts_the_child_that_the_act_is_about_besides(self, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid):
            named_once(self.attempt(child.person), besides=child.person)


class TestWhatAStrangerLearns:
    """A record out of sight tells nothing of itself: not its state, not what it holds."""

    @pytest.fixture
    def stranger(self, make: Any) -> User:
        other = make("organisations.Worker", name="Worker Two", job="team_manager")
        return User.objects.create(username="stranger", role="team_manager", worker=other)

    def test_of_a_record_in_another_state_is_that_it_may_not_be_seen(
        self, make: Any, child: SimpleNamespace, stranger: User
    ) -> None:
        closed = make(
            "cases.Case",
            person=child.person,
            service="leaving_care",
            start_date="2016-01-04",
            end_date="2016-05-02",
            closure_reason="RC7",
        )
        with pytest.raises(NotPermitted, match="no reason on record"):
            perform("cases.close", by=stranger, because="x", values={}, record=closed, seen=0)

    def test_of_one_that_changed_meanwhile_is_not_what_it_holds(
        self, act: Any, child: SimpleNamespace, stranger: User
    ) -> None:
        seen = version(child.case)
        act("cases.correct", child.case, primary_need="N2")
        with pytest.raises(NotPermitted, match="no reason on record"):
            perform(
                "cases.correct", by=stranger, because="x", values={"primary_need": "N3"}, record=child.case, seen=seen
            )


class TestGroups:
    """A part of an action that is asked for several times."""

    def action(self) -> Action:
        def build(attempt: Attempt) -> list[Any]:
            day = attempt.values["contact_date"]
            return [
                attempt.new("front_door.Contact", contact_date=day, source="1A", **row)
                for row in attempt.values["children"]
            ]

        each = inputs("front_door.Contact", "person!", "presenting_issue!")
        return Action(
            *("front_door.test_many", "Record a contact about several children", "front_door.Contact"),
            inputs("front_door.Contact", "contact_date!"),
            build=build,
            groups=(Group("children", "Children", each, minimum=1),),
            any_child=True,
        )

    def test_one_act_writes_a_record_for_each_row(
        self, make: Any, agency: Any, child: SimpleNamespace, issue: str
    ) -> None:
        brother = make("people.Person", birth_date="2012-01-10", sex="M")
        rows = [{"person": one.pk, "presenting_issue": issue} for one in (child.person, brother)]
        values = {"contact_date": "2017-05-02", "children": rows}
        done = perform(self.action(), by=engine.System("test", agency.id), because="a test", values=values)
        assert [record.person_id for record in done.written] == [child.person.pk, brother.pk]

    def test_a_fault_names_the_row_it_is_in(self, agency: Any, child: SimpleNamespace) -> None:
        values = {"contact_date": "2017-05-02", "children": [{"person": child.person.pk}, {"person": "x", "odd": 1}]}
        with pytest.raises(Invalid) as refusal:
            perform(self.action(), by=engine.System("test", agency.id), because="a test", values=values)
        assert set(faults(refusal)) == {
            *("children.0.presenting_issue", "children.1.person", "children.1.presenting_issue", "children.1.odd")
        }

    def test_at_least_as_many_rows_as_it_needs(self, agency: Any) -> None:
        with pytest.raises(Invalid) as refusal:
            perform(
                self.action(), by=engine.System("test", agency.id), because="t", values={"contact_date": "2017-05-02"}
            )
        assert faults(refusal) == {"children": "Children: at least 1 needed."}
