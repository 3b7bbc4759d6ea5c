"""Three brothers and sisters come into care: moved, reviewed in parts, in dispute, in court; the youngest is adopted, the eldest leaves care."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from sightline.core.access.visibility import visible
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline

PLACE = {"placement_type": "U6", "provider": "PR1", "carer_reference": "carer 1", "postcode": "ST17 4LF"}
FOSTER = {"category_of_need": "N1", "legal_status": "V2", **PLACE}


def due(clock: str, person: Any = None) -> list[tuple[str, str, str]]:
    """(started, due, outcome) of a clock's deadlines."""
    found = Deadline.objects.filter(clock=clock, **({"person": person} if person else {})).order_by("started", "id")
    return [(str(each.started), str(each.due), each.outcome) for each in found]


def last_episode(person: Any) -> Any:
    return apps.get_model("looked_after.Episode").objects.filter(person=person).order_by("start_date", "id").last()


@pytest.fixture
def together(does: Any, family: SimpleNamespace, workers: dict[str, Any]) -> dict[str, Any]:
    """The periods of care that began in one act, out of hours."""
    children = [{**child.of, **FOSTER} for child in (family.eldest, family.middle, family.youngest)]
    started = {"start_date": "2016-12-19", "out_of_hours": True, "decision_date": "2016-12-19"}
    started["decided_by"] = workers["team_manager"]
    done = does("team_manager", "looked_after.start_together", **started, children=children)
    periods = [each for each in done.written if each._meta.label == "looked_after.PeriodOfCare"]
    return dict(zip(("eldest", "middle", "youngest"), periods, strict=True))


class TestIntoCare:
    def test_they_start_together_and_each_has_a_record(self, together: dict[str, Any], does: Any, workers: Any) -> None:
        assert len({period.started_with for period in together.values()}) == 1
        assert due("LAC-APPROVAL", together["middle"].person) == [("2016-12-19", "2016-12-20", "open")]
        approved = {"approved_date": "2016-12-20", "approved_by": workers["team_manager"]}
        does("team_manager", "looked_after.approve", together["middle"], **approved)
        assert due("LAC-APPROVAL", together["middle"].person)[0][2] == "met"

    def test_a_social_worker_does_not_decide_it(self, does: Any, family: SimpleNamespace) -> None:
        with pytest.raises(NotPermitted):
            does("social_worker", "looked_after.start", **family.middle.of, **FOSTER, start_date="2016-12-19")

    def test_a_decision_names_who_made_it(self, does: Any, family: SimpleNamespace) -> None:
        with pytest.raises(Invalid, match="who made it"):
            decided = {**FOSTER, "start_date": "2016-12-19", "decision_date": "2016-12-19"}
            does("team_manager", "looked_after.start", **family.middle.of, **decided)

    def test_plans_visits_and_checks_stop_their_clocks(self, together: dict[str, Any], does: Any) -> None:
        period = together["middle"]
        of = {"person": period.person, "period": period}
        placement = apps.get_model("looked_after.Placement").objects.get(period=period)
        running = ("LAC-CAREPLAN", "LAC-PLACEMENTPLAN", "LAC-VISIT-1", "LAC-IHA", "PEP-INITIAL", "LAC-IRO-ALLOC")
        assert {due(clock, period.person)[0][2] for clock in running} == {"open"}
        does("social_worker", "looked_after.plan_care", **of, plan_date="2016-12-16", permanence="RETURN")
        decisions = [{"decision": "TRIP", "taken_by": "CARER"}, {"decision": "PASSPORT", "taken_by": "AUTHORITY"}]
        planned = {"placement": placement, "plan_date": "2016-12-23", "decisions": decisions}
        done = does("social_worker", "looked_after.plan_placement", person=period.person, **planned)
        assert len(done.written) == 3
        does("social_worker", "looked_after.record_visit", **of, visit_date="2016-12-23", seen=True, seen_alone=True)
        checked = {"kind": "IHA", "check_date": "2017-01-10", "plan_date": "2017-01-25"}
        does("social_worker", "looked_after.record_health_check", **of, **checked)
        does("social_worker", "looked_after.start_education_plan", **of, meeting_date="2016-12-30")
        assert {clock: due(clock, period.person)[0][2] for clock in running[:5]} == {
            **dict.fromkeys(("LAC-CAREPLAN", "LAC-PLACEMENTPLAN", "LAC-VISIT-1", "PEP-INITIAL"), "met"),
            "LAC-IHA": "late",
        }
        assert due("LAC-VISIT-6W", period.person) == [("2016-12-23", "2017-02-03", "open")]
        assert due("LAC-RHA-5PLUS", period.person) == [("2017-01-10", "2018-01-10", "open")]

    def test_an_unseen_child_needs_a_reason(self, together: dict[str, Any], does: Any) -> None:
        of = {"person": together["middle"].person, "period": together["middle"]}
        with pytest.raises(Invalid, match="why the child was not seen"):
            does("social_worker", "looked_after.record_visit", **of, visit_date="2016-12-23", seen=False)

    def test_visits_go_on_after_a_hospital_stay_as_in_the_same_placement(
        self, together: dict[str, Any], does: Any
    ) -> None:
        period = together["middle"]
        does("team_manager", "looked_after.start_absence", period, start_date="2017-01-09", placement_type="T1")
        assert due("TEMP-T1") == [("2017-01-09", "2017-02-20", "open")]
        does("team_manager", "looked_after.end_absence", period, start_date="2017-01-16")
        assert due("LAC-VISIT-6W", period.person) == [("2017-01-16", "2017-02-27", "open")]
        assert len(due("LAC-PLACEMENTPLAN", period.person)) == 1


class TestReviews:
    def test_a_review_in_parts_is_complete_at_the_last(
        self, together: dict[str, Any], does: Any, workers: dict[str, Any]
    ) -> None:
        period = together["middle"]
        of = {"person": period.person, "period": period}
        named = {**of, "worker": workers["conference_chair"], "start_date": "2016-12-20"}
        does("team_manager", "looked_after.name_officer", **named)
        does("conference_chair", "looked_after.hold_review_part", **of, part_date="2017-01-10", purpose="School")
        assert due("LAC-REVIEW-1", period.person) == [("2016-12-19", "2017-01-19", "open")]
        held = {**of, "chair": workers["conference_chair"], "participation": "PN1", "advocacy_offered": True}
        decisions = [{"kind": "DECISION", "what": "Contact twice a week", "due_date": "2017-02-28"}]
        with pytest.raises(Invalid, match="on the day of its last part"):
            does("conference_chair", "looked_after.hold_review", **held, review_date="2017-01-09")
        done = does(
            "conference_chair", "looked_after.hold_review", **held, review_date="2017-01-18", decisions=decisions
        )
        assert done.record.parts == 2
        assert due("LAC-REVIEW-1", period.person)[0][2] == "met"
        does("conference_chair", "looked_after.send_decisions", done.record, decisions_sent_date="2017-01-27")
        assert due("LAC-REVIEW-DECISIONS", period.person) == [("2017-01-18", "2017-01-25", "late")]
        [decision] = [each for each in done.written if each._meta.label == "looked_after.ReviewDecision"]
        does("social_worker", "looked_after.do_decision", decision, done_date="2017-02-01")
        decision.refresh_from_db()
        with pytest.raises(NotNow, match="is done"):
            does("social_worker", "looked_after.do_decision", decision, done_date="2017-02-02")

    def test_one_meeting_reviews_each_child(self, together: dict[str, Any], does: Any) -> None:
        codes = {"eldest": "PN1", "middle": "PN6", "youngest": "PN0"}
        rows = [
            {"person": together[name].person, "period": together[name], "participation": code}
            for name, code in codes.items()
        ]
        does("conference_chair", "looked_after.hold_reviews", review_date="2017-01-18", children=rows)
        found = apps.get_model("looked_after.Review").objects.values_list("participation", flat=True)
        assert sorted(found) == ["PN0", "PN1", "PN6"]

    def test_an_officer_sees_the_child_while_named(
        self, together: dict[str, Any], does: Any, workers: dict[str, Any]
    ) -> None:
        person, chair = together["middle"].person, does.users["conference_chair"]
        assert not visible(chair, type(person), [person.pk])
        named = {"person": person, "period": together["middle"], "worker": workers["conference_chair"]}
        does("team_manager", "looked_after.name_officer", **named, start_date="2016-12-20")
        assert visible(chair, type(person), [person.pk]) == {person.pk}
        assert due("LAC-IRO-ALLOC", person)[0][2] == "met"


class TestDisputes:
    @pytest.fixture
    def person(self, together: dict[str, Any], does: Any, workers: dict[str, Any]) -> Any:
        found = together["middle"].person
        named = {"person": found, "period": together["middle"], "worker": workers["conference_chair"]}
        does("team_manager", "looked_after.name_officer", **named, start_date="2016-12-20")
        return found

    def test_from_an_informal_alert_to_cafcass(self, person: Any, does: Any, workers: dict[str, Any]) -> None:
        raised = {"person": person, "raised_by": workers["conference_chair"], "subject": "DRIFT", "concern": "No plan"}
        alert = does("conference_chair", "independent_chairs.raise_alert", **raised, start_date="2017-02-01").record
        assert due("IRO-ALERT") == [("2017-02-01", "2017-02-08", "open")]
        reply = {"reply_date": "2017-02-06", "reply": "Under way"}
        does("social_worker", "independent_chairs.answer_alert", alert, **reply)
        assert apps.get_model("independent_chairs.Dispute").objects.count() == 0
        begun = {**raised, "alert": alert, "start_date": "2017-02-10", "stage": "1"}
        dispute = does("conference_chair", "independent_chairs.raise_dispute", **begun).record
        alert.refresh_from_db()
        assert alert.outcome == "DISPUTE"
        assert due("IRO-DISPUTE") == [("2017-02-10", "2017-03-10", "open")]
        first = apps.get_model("independent_chairs.DisputeStage").objects.get(dispute=dispute)
        answer = {"response_date": "2017-02-20", "response": "No"}
        does("team_manager", "independent_chairs.answer_dispute", first, **answer)
        with pytest.raises(Invalid, match="higher stage"):
            does("conference_chair", "independent_chairs.escalate", dispute, stage="1", start_date="2017-02-21")
        does("conference_chair", "independent_chairs.escalate", dispute, stage="2", start_date="2017-02-21")
        assert due("DISPUTE-STAGE") == [("2017-02-10", "2017-02-17", "late"), ("2017-02-21", "2017-02-28", "open")]
        referred = {"cafcass_date": "2017-03-01", "cafcass_reason": "Not resolved"}
        with pytest.raises(Invalid, match="referral to Cafcass first"):
            ended = {"end_date": "2017-03-01", "outcome": "CAFCASS"}
            does("conference_chair", "independent_chairs.end_dispute", dispute, **ended)
        does("conference_chair", "independent_chairs.refer_to_cafcass", dispute, **referred)
        ended = {"end_date": "2017-03-09", "outcome": "CAFCASS"}
        does("conference_chair", "independent_chairs.end_dispute", dispute, **ended)
        assert due("IRO-DISPUTE")[0][2] == "met"

    def test_a_midway_check_stops_its_clock(self, person: Any, together: dict[str, Any], does: Any) -> None:
        held = {"person": person, "period": together["middle"], "review_date": "2017-01-18", "participation": "PN1"}
        does("conference_chair", "looked_after.hold_review", **held)
        assert due("IRO-MIDWAY", person) == [("2017-01-18", "2017-04-18", "open")]
        checked = {"person": person, "subject": "CARE", "check_date": "2017-03-20", "finding": "ON_TRACK"}
        does("conference_chair", "independent_chairs.check_midway", **checked)
        assert due("IRO-MIDWAY", person)[0][2] == "met"


class TestCourtAndAdoption:
    def test_pre_proceedings_have_sixteen_weeks_from_the_letter(self, family: SimpleNamespace, does: Any) -> None:
        children = [family.middle.of, family.youngest.of]
        begun = {"decision_date": "2022-11-01", "children": children}
        spell = does("team_manager", "court.start_pre_proceedings", **begun).record
        with pytest.raises(NotNow, match="only while it is letter sent"):
            longer = {"extended_date": "2023-01-01", "extended_because": "Assessment"}
            does("team_manager", "court.extend_pre_proceedings", spell, **longer)
        does("social_worker", "court.send_letter", spell, letter_date="2022-11-07")
        assert due("PLO-PREPROC") == [("2022-11-07", "2023-02-27", "open")]
        meeting = {"pre_proceedings": spell, "meeting_date": "2022-11-18", "kind": "INITIAL"}
        does("social_worker", "court.hold_meeting", **meeting)
        assert due("PLO-MEETING") == [("2022-11-07", "2022-11-21", "met")]
        ended = {"end_date": "2022-12-19", "outcome": "COURT"}
        done = does("team_manager", "court.end_pre_proceedings", spell, **ended)
        assert due("PLO-PREPROC")[0][2] == "met"
        issued = {**family.middle.of, "issue_date": "2022-12-20", "pre_proceedings": done.record}
        application = does("social_worker", "court.issue", **issued, children=[family.youngest.of]).record
        assert apps.get_model("court.ApplicationChild").objects.filter(application=application).count() == 2

    def test_orders_change_the_legal_status_of_each_child(
        self, together: dict[str, Any], family: SimpleNamespace, does: Any
    ) -> None:
        issued = {**family.middle.of, "issue_date": "2016-12-20", "children": [family.youngest.of]}
        application = does("social_worker", "court.issue", **issued).record
        rows = [{"person": together[name].person, "order": "ICO"} for name in ("middle", "youngest")]
        made = {"application": application, "order_date": "2017-01-05", "children": rows}
        does("social_worker", "court.record_orders", **made)
        for name in ("middle", "youngest"):
            episode = last_episode(together[name].person)
            assert (episode.legal_status, episode.start_reason, str(episode.start_date)) == ("C1", "L", "2017-01-05")
        with pytest.raises(Invalid, match="needs its own reason"):
            does("social_worker", "court.extend", application=application, granted_date="2017-06-01")
        with pytest.raises(Invalid, match="rule 553"):
            order = {"person": together["youngest"].person, "order": "PO", "order_date": "2017-06-01"}
            does("social_worker", "court.record_order", **order)

    def test_the_youngest_is_adopted(self, together: dict[str, Any], does: Any) -> None:
        period = together["youngest"]
        person = period.person
        plan = does("team_manager", "adoption.plan", person=person, review_date="2017-03-01").record
        assert due("ADOPT-PANEL-REC") == [("2017-03-01", "2017-05-01", "open")]
        does("team_manager", "adoption.decide", plan, decision_date="2017-04-03")
        does("social_worker", "adoption.tell", plan, told_date="2017-04-04", written_date="2017-04-20")
        assert (due("ADOPT-ADM-TELL")[0][2], due("ADOPT-ADM-WRITE")[0][2]) == ("met", "late")
        does("social_worker", "court.record_order", person=person, order="PO", order_date="2017-05-02")
        plan.refresh_from_db()
        assert str(plan.placement_order_date) == "2017-05-02"
        assert last_episode(person).legal_status == "E1"
        with pytest.raises(Invalid, match="rule 557"):
            does("team_manager", "looked_after.cease", period, end_date="2017-05-20", end_reason="E4A")
        does("social_worker", "adoption.match", plan, matched_date="2017-06-01", matching_panel_date="2017-05-25")
        placed = {**PLACE, "placement_type": "A6", "carer_reference": "adopters", "postcode": "ST16 3AW"}
        does("team_manager", "looked_after.move", period, **placed, start_date="2017-07-03", change_reason="CARPL")
        does("social_worker", "adoption.place", plan, placed_date="2017-07-03")
        assert due("ADOPT-REVIEW-PLACED-1") == [("2017-07-03", "2017-07-31", "open")]
        order = {"order_date": "2018-01-15", "adopters": 2, "adopters_sex": "M1", "care_end_reason": "E11"}
        with pytest.raises(Invalid, match="rule 511"):
            does("social_worker", "adoption.record_order", plan, **order)
        does("social_worker", "adoption.record_order", plan, **{**order, "adopters_sex": "MF"})
        period.refresh_from_db()
        assert (str(period.end_date), period.end_reason) == ("2018-01-15", "E11")
        assert last_episode(person).end_reason == "E11"


class TestLeavingCare:
    def test_the_eldest_leaves_care(self, together: dict[str, Any], does: Any) -> None:
        period = together["eldest"]
        person = period.person
        leaver = does(
            "social_worker", "leaving_care.start", person=person, eligibility="ELIGIBLE", start_date="2016-12-19"
        ).record
        assert due("PATHWAY-ELIGIBLE") == [("2016-12-19", "2017-03-19", "open")]
        needs = {"person": person, "leaver": leaver, "started_date": "2017-01-09", "completed_date": "2017-03-01"}
        does("social_worker", "leaving_care.start_assessment", **needs)
        assert due("PATHWAY-ELIGIBLE")[0][2] == "met"
        plan = does("social_worker", "leaving_care.agree_plan", person=person, start_date="2017-03-10").record
        does("social_worker", "leaving_care.review_plan", person=person, plan=plan, review_date="2017-09-08")
        assert [outcome for *_, outcome in due("PATHWAY-REVIEW")] == ["met", "open"]
        does("team_manager", "looked_after.cease", period, end_date="2018-06-15", end_reason="E17")
        changed = {"eligibility": "FORMER_RELEVANT", "start_date": "2018-06-15"}
        former = does("social_worker", "leaving_care.change_category", leaver, **changed).record
        does("social_worker", "leaving_care.stay_put", person=person, start_date="2018-06-15")
        reached = {"person": person, "leaver": former, "contact_date": "2018-08-01", "kind": "PHONE"}
        does("social_worker", "leaving_care.record_contact", **reached, reached=True)
        assert [outcome for *_, outcome in due("CL-CONTACT")] == ["met", "open"]
        home = does(
            "social_worker",
            "leaving_care.record_home",
            person=person,
            start_date="2018-06-15",
            accommodation="Z1",
        ).record
        does("social_worker", "leaving_care.visit_home", home, visited_date="2018-06-25")
        assert due("PA-VISIT-7D") == [("2018-06-15", "2018-06-22", "late")]

    @pytest.mark.parametrize(
        ("answers", "refusal"),
        [
            ({"as_at_date": "2019-01-15"}, "15 March 2019 to 15 July 2019"),
            ({"activity": "0"}, "rule 345"),
            ({"in_touch": "DIED"}, "rule 344"),
            ({"year_end": "2017-03-31"}, "rule 391"),
        ],
    )
    def test_the_facts_around_a_birthday_fit_together(
        self, family: SimpleNamespace, does: Any, answers: dict[str, str], refusal: str
    ) -> None:
        asked = {"person": family.eldest.person, "year_end": "2020-03-31", "as_at_date": "2019-06-01"}
        good = {**asked, "in_touch": "YES", "activity": "F2", "accommodation": "U1"}
        with pytest.raises(Invalid, match=refusal):
            does("social_worker", "leaving_care.record_outcome", **{**good, **answers})
        does("social_worker", "leaving_care.record_outcome", **good)

    def test_support_to_25_is_for_those_who_ask(self, family: SimpleNamespace, does: Any) -> None:
        begun = {"person": family.eldest.person, "eligibility": "FORMER_RELEVANT", "start_date": "2018-06-15"}
        leaver = does("social_worker", "leaving_care.start", **begun).record
        with pytest.raises(Invalid, match="not end for age before 21"):
            does("social_worker", "leaving_care.end", leaver, end_date="2020-06-15", end_reason="AGE")
        does("social_worker", "leaving_care.ask_for_support", leaver, asked_date="2021-07-01")
        with pytest.raises(Invalid, match="it ends at 25"):
            does("social_worker", "leaving_care.end", leaver, end_date="2022-06-15", end_reason="AGE")
        does("social_worker", "leaving_care.end", leaver, end_date="2025-06-15", end_reason="AGE")


class TestDisability:
    def test_a_plan_has_twenty_weeks_and_a_review_every_year(self, family: SimpleNamespace, does: Any) -> None:
        person = family.middle.person
        asked = does("social_worker", "disability.ask_for_plan", person=person, request_date="2017-01-09").record
        assert due("EHCP-20W") == [("2017-01-09", "2017-05-29", "open")]
        does("social_worker", "disability.issue_plan", asked, issue_date="2017-05-26")
        does("social_worker", "disability.review_plan", person=person, plan=asked, review_date="2018-05-20")
        assert [outcome for *_, outcome in due("EHCP-REVIEW")] == ["met", "open"]
        asked.refresh_from_db()
        with pytest.raises(NotNow, match="in force"):
            does("social_worker", "disability.refuse_plan", asked, refused_date="2018-01-01")

    def test_transition_is_reviewed_yearly_from_school_year_nine(self, family: SimpleNamespace, does: Any) -> None:
        of = {**family.middle.of, "start_date": "2017-01-09"}
        spell = does("social_worker", "disability.start", **of).record
        # Born on 1 March 2008: 14 in the school year from September 2021.
        assert due("TRANSITION-ANNUAL") == [("2021-09-01", "2022-09-01", "open")]
        review = {"person": family.middle.person, "spell": spell, "review_date": "2022-06-01"}
        does("social_worker", "disability.review_transition", **review)
        assert due("TRANSITION-ANNUAL")[0][2] == "met"


def test_the_adoption_items_of_the_return_are_the_right_dates() -> None:
    """DATE_INT is the date the child should be placed (rules 112 and 523), not that of the order, and DATE_PLACED the same decision (rule 115)."""
    items = {field.name: getattr(field, "item", "") for field in apps.get_model("adoption.AdoptionPlan")._meta.fields}
    holds = {name for name, item in items.items() if "DATE_INT" in item or "DATE_PLACED," in item}
    assert holds == {"decision_date"}


class TestHowOftenVisited:
    """Care Planning Regulations 2010 reg 28, on dates worked out by hand."""

    @pytest.fixture
    def placed(self, does: Any, family: SimpleNamespace) -> Any:
        """Start to look after the middle child on Monday 19 December 2016, and visit on the days given."""

        def start(*visits: str, **particulars: Any) -> Any:
            given = {**family.middle.of, **FOSTER, "start_date": "2016-12-19", **particulars}
            period = does("team_manager", "looked_after.start", **given).record
            for day in visits:
                of = {"person": period.person, "period": period, "visit_date": day}
                does("social_worker", "looked_after.record_visit", **of, seen=True, seen_alone=True)
            return period

        return start

    @pytest.fixture
    def reviewed(self, does: Any) -> Any:
        def hold(period: Any, day: str) -> None:
            held = {"person": period.person, "period": period, "review_date": day, "participation": "PN1"}
            does("conference_chair", "looked_after.hold_review", **held)

        return hold

    def test_weekly_with_a_relative_approved_for_a_time_until_the_first_review_and_then_every_four(
        self, placed: Any, reviewed: Any, does: Any
    ) -> None:
        period = placed("2016-12-23", placement_type="U3", connected_approved_date="2016-12-19")
        assert due("LAC-VISIT-1", period.person) == [("2016-12-19", "2016-12-26", "met")]
        assert due("LAC-VISIT-WEEKLY", period.person) == [("2016-12-23", "2016-12-30", "open")]
        reviewed(period, "2017-01-10")
        of = {"person": period.person, "period": period, "seen": True, "seen_alone": True}
        does("social_worker", "looked_after.record_visit", **of, visit_date="2017-01-12")
        assert due("LAC-VISIT-WEEKLY", period.person) == [("2016-12-23", "2016-12-30", "late")]
        assert due("LAC-VISIT-4W", period.person) == [("2017-01-12", "2017-02-09", "open")]
        placement = apps.get_model("looked_after.Placement").objects.get(period=period)
        does("team_manager", "looked_after.decide_connected", placement, connected_decided_date="2017-01-20")
        does("social_worker", "looked_after.record_visit", **of, visit_date="2017-02-01")
        assert due("LAC-VISIT-6W", period.person) == [("2017-02-01", "2017-03-15", "open")]

    @pytest.mark.parametrize(
        ("status", "unassessed", "clock"),
        [("C1", None, "LAC-VISIT-WEEKLY"), ("C2", True, "LAC-VISIT-WEEKLY"), ("C2", None, "LAC-VISIT-6W")],
    )
    def test_with_a_parent(self, placed: Any, status: str, unassessed: bool | None, clock: str) -> None:
        with_parent = {"placement_type": "P1", "provider": "PR0", "legal_status": status}
        period = placed("2016-12-23", **with_parent, before_assessment=unassessed, lasting=True)
        running = ("LAC-VISIT-WEEKLY", "LAC-VISIT-4W", "LAC-VISIT-6W", "LAC-VISIT-3M")
        assert [each for each in running if due(each, period.person)] == [clock]

    def test_within_a_week_of_a_care_order_made_at_home(self, placed: Any, does: Any) -> None:
        period = placed("2016-12-23", placement_type="P1", provider="PR0", legal_status="C1")
        changed = {"start_date": "2017-01-16", "legal_status": "C2"}
        does("team_manager", "looked_after.change_legal_status", period, **changed)
        assert due("LAC-VISIT-CO-HOME", period.person) == [("2017-01-16", "2017-01-23", "open")]

    def test_only_a_placement_with_a_parent_comes_before_the_parents_assessment(self, placed: Any) -> None:
        with pytest.raises(Invalid, match="a placement with a parent only"):
            placed(before_assessment=True)

    def test_twice_a_year_where_the_child_agreed_after_the_first_year(self, placed: Any, does: Any) -> None:
        period = placed("2017-12-18", "2017-12-20", placement_type="U4", lasting=True)
        assert due("LAC-VISIT-3M", period.person) == [("2017-12-20", "2018-03-20", "open")]
        placement = apps.get_model("looked_after.Placement").objects.get(period=period)
        does("social_worker", "looked_after.agree_fewer_visits", placement, fewer_visits_date="2017-12-20")
        assert due("LAC-VISIT-3M", period.person) == []
        assert due("LAC-VISIT-LTF-6M", period.person) == [("2017-12-20", "2018-06-20", "open")]

    def test_no_other_placement_is_visited_twice_a_year(self, placed: Any, does: Any) -> None:
        placement = apps.get_model("looked_after.Placement").objects.get(period=placed())
        with pytest.raises(Invalid, match="long-term foster placement"):
            does("social_worker", "looked_after.agree_fewer_visits", placement, fewer_visits_date="2017-12-20")


class TestNoticesOfAPlacement:
    @pytest.fixture
    def placed(self, does: Any, family: SimpleNamespace) -> Any:
        def start(**particulars: Any) -> Any:
            given = {**family.middle.of, **FOSTER, "start_date": "2016-12-19", **particulars}
            period = does("team_manager", "looked_after.start", **given).record
            return apps.get_model("looked_after.Placement").objects.get(period=period)

        return start

    def test_made_in_an_emergency_it_is_told_within_five_working_days(self, placed: Any, does: Any) -> None:
        placement = placed(emergency=True)
        # Christmas: 26 and 27 December 2016 were bank holidays.
        assert due("LAC-NOTIFY") == [("2016-12-19", "2016-12-28", "open")]
        does("social_worker", "looked_after.notify_placement", placement, notified_date="2016-12-28")
        assert due("LAC-NOTIFY")[0][2] == "met"

    def test_planned_it_is_told_beforehand(self, placed: Any, does: Any) -> None:
        placement = placed(emergency=False)
        assert due("LAC-NOTIFY") == []
        does("social_worker", "looked_after.notify_placement", placement, notified_date="2016-12-20")
        assert due("LAC-NOTIFY-BEFORE") == [("2016-12-19", "2016-12-19", "late")]

    def test_a_notice_is_of_one_kind_or_the_other(self, placed: Any, does: Any) -> None:
        with pytest.raises(Invalid, match="when the notice was given"):
            does("social_worker", "looked_after.notify_placement", placed())

    def test_the_authority_of_another_area_is_told(self, placed: Any, does: Any) -> None:
        placed()
        assert due("LAC-OOA-NOTIFY") == []
        placement = placed_away = apps.get_model("looked_after.Placement").objects.get()
        does("team_manager", "looked_after.correct_placement", placement, postcode="B1 1BB", emergency=True)
        placed_away.refresh_from_db()
        assert due("LAC-OOA-NOTIFY") == [("2016-12-19", "2016-12-28", "open")]
        does("social_worker", "looked_after.notify_placement", placed_away, area_notified_date="2016-12-29")
        assert due("LAC-OOA-NOTIFY")[0][2] == "late"

    def test_a_placement_at_a_distance_is_approved_by_the_director_beforehand(self, placed: Any, does: Any) -> None:
        placement = placed(postcode="B1 1BB", distant=True, director_approved_date="2016-12-16")
        assert due("LAC-OOA-DISTANT") == [("2016-12-19", "2016-12-19", "met")]
        does("team_manager", "looked_after.approve_distant", placement, director_approved_date="2016-12-20")
        assert due("LAC-OOA-DISTANT")[0][2] == "late"

    def test_one_in_the_own_area_is_not_at_a_distance(self, placed: Any) -> None:
        with pytest.raises(Invalid, match="own area"):
            placed(distant=True)


class TestQuestionnaire:
    def test_yearly_from_the_start_of_care(self, together: dict[str, Any], does: Any) -> None:
        period = together["middle"]
        assert due("LAC-SDQ", period.person) == [("2016-12-19", "2017-12-19", "open")]
        of = {"person": period.person, "period": period, "kind": "SDQ", "check_date": "2017-11-01", "score": 14}
        does("social_worker", "looked_after.record_health_check", **of)
        assert due("LAC-SDQ", period.person) == [
            ("2016-12-19", "2017-12-19", "met"),
            ("2017-11-01", "2018-11-01", "open"),
        ]

    @pytest.mark.parametrize(
        ("born", "turns"),
        [
            # Counted from the fourth birthday.
            ("2014-03-01", [("2018-03-01", "2019-03-01", "open")]),
            # Sixteen before care began: within the year the child is 17.
            ("2000-12-18", []),
        ],
    )
    def test_asked_of_those_aged_4_to_16(
        self, together: dict[str, Any], change: Any, born: str, turns: list[tuple[str, str, str]]
    ) -> None:
        person = together["middle"].person
        change(person, birth_date=born)
        ledger.rebuild([person.pk])
        assert due("LAC-SDQ", person) == turns


class TestWaitingForAdopters:
    @pytest.fixture
    def plan(self, together: dict[str, Any], does: Any) -> Any:
        person = together["youngest"].person
        found = does("team_manager", "adoption.plan", person=person, review_date="2017-03-01").record
        does("team_manager", "adoption.decide", found, decision_date="2017-04-03")
        return found

    @pytest.fixture
    def reviewed(self, together: dict[str, Any], does: Any) -> Any:
        def hold(day: str) -> None:
            period = together["youngest"]
            held = {"person": period.person, "period": period, "review_date": day, "participation": "PN0"}
            does("conference_chair", "looked_after.hold_review", **held)

        return hold

    def test_reviewed_after_three_months_and_then_every_six_until_placed(
        self, plan: Any, reviewed: Any, does: Any
    ) -> None:
        assert due("ADOPT-REVIEW-WAIT-1") == []
        does("social_worker", "adoption.record_consent", plan, consent_date="2017-04-10")
        assert due("ADOPT-REVIEW-WAIT-1") == [("2017-04-10", "2017-07-10", "open")]
        reviewed("2017-07-12")
        assert due("ADOPT-REVIEW-WAIT-1")[0][2] == "late"
        assert due("ADOPT-REVIEW-WAIT-N") == [("2017-07-12", "2018-01-12", "open")]
        does("social_worker", "adoption.match", plan, matched_date="2017-09-01")
        does("social_worker", "adoption.place", plan, placed_date="2017-09-18")
        assert due("ADOPT-REVIEW-WAIT-N") == [("2017-07-12", "2018-01-12", "not_required")]

    def test_visited_weekly_once_placed_until_the_first_review(
        self, plan: Any, reviewed: Any, does: Any, together: dict[str, Any]
    ) -> None:
        does("social_worker", "adoption.match", plan, matched_date="2017-09-01")
        does("social_worker", "adoption.place", plan, placed_date="2017-09-18")
        period = together["youngest"]
        of = {"person": period.person, "period": period, "seen": True, "seen_alone": True}
        does("social_worker", "looked_after.record_visit", **of, visit_date="2017-09-25")
        assert due("ADOPT-VISIT-WEEKLY") == [
            ("2017-09-18", "2017-09-25", "met"),
            ("2017-09-25", "2017-10-02", "open"),
        ]
        reviewed("2017-10-09")
        assert due("ADOPT-VISIT-WEEKLY")[1][2] == "late"
        does("social_worker", "looked_after.record_visit", **of, visit_date="2017-10-20")
        assert len(due("ADOPT-VISIT-WEEKLY")) == 2
