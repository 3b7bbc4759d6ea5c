"""The Standard Safeguarding Dataset: from the record and back, and from another system to the returns of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from csv import DictReader
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from openpyxl import load_workbook
from tests.exchange.conftest import emptied
from tests.exchange.test_exported_files import looked_after

from sightline import cli
from sightline.core.access.models import User
from sightline.core.people.models import Identifier, Relationship
from sightline.engine.exchange.export import Exported, export_return
from sightline.engine.exchange.export import Request as Export
from sightline.engine.exchange.report import Report
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, validate
from sightline.engine.exchange.run import Request as Import
from sightline.engine.exchange.run import import_path
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.synthetic.load import load

AREA = "E10000028"
Content = Counter[tuple[Any, ...]]
#: What the dataset states of each record type, without the numbers by which rows know each other.
STATED: dict[str, tuple[str, ...]] = {
    "people.Person": ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity"),
    "people.Identifier": ("scheme", "value", "start_date", "end_date"),
    "people.Disability": ("disability",),
    "people.Relationship": ("kind", "other__birth_date", "start_date"),
    "cases.Case": ("start_date", "end_date", "closure_reason", "primary_need"),
    "front_door.Contact": ("contact_date", "source"),
    "front_door.Referral": ("referral_date", "source", "no_further_action", "case__start_date"),
    "assessment.Assessment": ("start_date", "authorised_date", "case__start_date"),
    "assessment.AssessmentFactor": ("factor", "assessment__start_date"),
    "child_in_need.Plan": ("start_date", "end_date", "case__start_date"),
    "child_protection.Section47": ("start_date", "end_date", "case__start_date", "conference_not_required"),
    "child_protection.Plan": ("start_date", "end_date", "initial_category", "latest_category", "case__start_date"),
    "child_protection.ConferenceChild": (
        "conference__kind",
        "conference__conference_date",
        "section47__start_date",
        "plan__start_date",
    ),
    "child_protection.Visit": ("visit_date", "seen", "seen_alone", "plan__start_date"),
    "looked_after.PeriodOfCare": ("start_date", "end_date", "end_reason", "category_of_need", "home_postcode"),
    "looked_after.Placement": (
        *("start_date", "end_date", "placement_type", "provider", "postcode", "urn", "authority"),
        *("change_reason", "period__start_date"),
    ),
    "looked_after.Episode": (
        *("start_date", "start_reason", "legal_status", "end_date", "end_reason"),
        *("placement__start_date", "period__start_date"),
    ),
    "looked_after.HealthCheck": ("kind", "check_date", "score", "period__start_date"),
    "looked_after.Review": ("review_date", "participation", "period__start_date"),
    "disability.EducationHealthCarePlan": ("request_date", "refused_date", "issue_date", "end_date"),
    "court.PreProceedingsChild": (
        "pre_proceedings__decision_date",
        "pre_proceedings__letter_date",
        "pre_proceedings__end_date",
        "pre_proceedings__outcome",
    ),
    "adoption.AdoptionPlan": ("decision_date", "matched_date", "placed_date", "order_date", "reversed_date"),
    "missing.MissingEpisode": ("kind", "start_date", "end_date", "interview_offered", "interview_accepted"),
    "looked_after.Conviction": ("offence_date", "offence"),
    "looked_after.SubstanceMisuse": ("found_date", "substance", "intervention_received"),
    "looked_after.PlacementFinance": ("item_1", "item_2", "item_3", "item_4", "placement__start_date"),
    "disability.EducationHealthCareReview": ("review_date", "plan__request_date"),
    "disability.SpecialEducationalNeed": ("need", "rank", "plan__request_date"),
    "voice.ChildsAnswers": (
        *("explained_worries", "story_helped", "agrees_with_worker", "plan_is_clear", "tablet_helped"),
    ),
    "early_help.Episode": ("start_date", "end_date", "reason", "end_reason", "organisation"),
}


#: Which rows of a type it has: services and relationships of other kinds have no place there.
WHICH = {"cases.Case": {"service": "social_care"}, "people.Relationship": {"kind": "parent"}}
#: Tables of the dataset that are written from no record.
NOT_WRITTEN = ["ssd_version_log"]


@pytest.fixture
def analyst(db: None) -> User:
    return User.objects.create(username="analyst", role="performance_analyst")


def exporting(analyst: User, out: Path, kind: str = "ssd", year: str = "2016-17") -> Exported:
    return export_return(Export(kind, year, out, analyst, area=AREA))


def importing(folder: Path, tmp_path: Path, year: str = "2016-17") -> Report:
    return import_path(Import(folder, "ssd", year, by="a test", keep_in=tmp_path / "kept", area=AREA))


def held() -> dict[str, Content]:
    """What the record holds of children, by their references."""
    references = dict(Identifier.objects.filter(scheme="local").values_list("person_id", "value"))
    found = {}
    for label, fields in STATED.items():
        person = "pk" if label == "people.Person" else "person_id"
        which = WHICH.get(label, {})
        rows = apps.get_model(label)._default_manager.filter(**which).values_list(person, *fields)
        found[label] = Counter((references[row[0]], *row[1:]) for row in rows if row[0] in references)
    return found


def also_on_record(make: Callable[..., Any]) -> None:
    """What the invented county does not have: a plan for education, health and care, and health checks, immunisations and pre-proceedings."""
    period = apps.get_model("looked_after.PeriodOfCare")._default_manager.order_by("pk")[0]
    about = {"person": period.person}
    girl = Identifier.objects.filter(scheme="local", person__sex="F").order_by("-pk")[0].person
    make("people.Relationship", person=girl, other=period.person, kind="parent")
    start = period.start_date
    issued = start + timedelta(days=140)
    plan = make("disability.EducationHealthCarePlan", **about, request_date=start, issue_date=issued)
    make("disability.EducationHealthCareReview", **about, plan=plan, review_date=issued + timedelta(days=5))
    for rank, need in enumerate(("SEMH", "SLCN"), 1):
        make("disability.SpecialEducationalNeed", **about, plan=plan, need=need, rank=rank)
    make("voice.ChildsAnswers", **about, asked_date=start, explained_worries=True, plan_is_clear=False)
    make("disability.EducationHealthCarePlan", **about, request_date=start, refused_date=start + timedelta(days=30))
    for kind in ("IHA", "RHA", "DENTAL", "SDQ", "IMMUN"):
        make(
            "looked_after.HealthCheck",
            **about,
            period=period,
            kind=kind,
            check_date=start + timedelta(days=9),
            score=17 if kind == "SDQ" else None,
        )
    spell = make(
        "court.PreProceedings",
        decision_date=start - timedelta(days=60),
        letter_date=start - timedelta(days=50),
        end_date=start,
        outcome="COURT",
    )
    make("court.PreProceedingsChild", **about, pre_proceedings=spell)
    helped = {
        "organisation": "Family hub, North",
        "worker": make("organisations.Worker", name="Helper", job="early_help_worker"),
    }
    ended = {"end_date": start - timedelta(days=90), "end_reason": "SOCIAL_CARE", "reason": "PARENTING"}
    make("early_help.Episode", **about, **helped, start_date=start - timedelta(days=200), **ended)
    make("early_help.Episode", **about, **helped, start_date=start, reason="SCHOOL")
    make("looked_after.Conviction", **about, offence_date=start, offence="Theft from a shop")
    make("looked_after.SubstanceMisuse", **about, found_date=start, substance="CANNABIS", intervention_received=True)
    placement = apps.get_model("looked_after.Placement")._default_manager.filter(period=period).order_by("pk")[0]
    make("looked_after.PlacementFinance", **about, placement=placement, item_1="812.50", item_3="C")
    gone = {"interview_offered": True, "interview_accepted": False}
    back = start + timedelta(days=3)
    make("missing.MissingEpisode", **about, kind="M", start_date=start, end_date=back, **gone)
    make("missing.MissingEpisode", **about, kind="A", start_date=back, end_date=back + timedelta(days=1))


def failed(kind: str, year: str, path: Path) -> dict[str, list[tuple[str, int, tuple[str, ...]]]]:
    """The rules that fail as errors."""
    found = validate(Request(return_=kind, year=year, paths=[path], authority=AREA))
    return {
        one.code: [(at.table, at.row, at.fields) for at in one.locations]
        for one in found.result.with_outcome(Outcome.FAILED)
        if one.severity != "query"
    }


class TestFromTheRecordAndBack:
    def test_the_dataset_read_again_is_the_same_record_and_breaks_no_rule(
        self, analyst: User, make: Callable[..., Any], tmp_path: Path
    ) -> None:
        load("staffordshire-2016-17", scale=0.01, seed=5)
        also_on_record(make)
        before = held()
        done = exporting(analyst, tmp_path / "ssd", year="2017-18")
        assert done.not_written == NOT_WRITTEN
        assert failed("ssd", "2017-18", tmp_path / "ssd") == {}
        emptied()
        report = importing(tmp_path / "ssd", tmp_path, "2017-18")
        assert report.children == done.children
        assert report.children_quarantined == 0, report.reasons()
        after = held()
        assert [label for label in STATED if not before[label]] == []
        assert done.rows["ssd_professionals"] and done.rows["ssd_department"] and done.rows["ssd_involvements"]
        for label, rows in before.items():
            assert rows == after[label], label
        assert set(done.not_written).isdisjoint(report.read)

    def test_what_the_department_accepted_is_told_without_what_was_sent(
        self, analyst: User, make: Callable[..., Any], tmp_path: Path
    ) -> None:
        person = looked_after(make, "C1")
        sent = {
            "area": AREA,
            "service": "https://live.example",
            "la_child_id": "C1",
            "receipt": "R-17",
            "sha256": "ab12",
        }
        accepted = datetime(2016, 12, 1, 9, tzinfo=UTC)
        SentChild.objects.create(**sent, person=person, payload={"secret": "words"}, accepted_at=accepted)
        SentChild.objects.create(
            **sent | {"service": "later"}, person=person, payload={}, accepted_at=datetime(2018, 1, 1, tzinfo=UTC)
        )
        exporting(analyst, tmp_path / "ssd")
        (line,) = DictReader((tmp_path / "ssd" / "ssd_api_data_staging.csv").read_text().splitlines())
        assert (line["person_id"], line["submission_status"], line["current_hash"]) == ("C1", "Sent", "ab12")
        assert (line["submission_timestamp"], line["api_response"]) == ("2016-12-01", "R-17")
        assert "words" not in "".join(line.values())


#: What another system delivers of three children: one in need and on a plan, one looked after, one who left care.
DELIVERED = {
    "ssd_person": (
        "pers_person_id,pers_forename,pers_surname,pers_sex,pers_ethnicity,pers_dob,pers_upn_unknown",
        "K1,Invented,Alpha,F,WBRI,2014-02-03,UN3",
        "K2,Invented,Beta,M,APKN,2012-07-09,UN3",
        "K3,Invented,Gamma,F,WBRI,2006-08-10,UN3",
    ),
    "ssd_disability": ("disa_table_id,disa_person_id,disa_disability_code", "D1,K1,NONE", "D2,K2,LD"),
    "ssd_cin_episodes": (
        "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,cine_referral_source_code,cine_referral_nfa,"
        "cine_close_date,cine_close_reason",
        "R1,K1,2025-05-06,N1,1A,N,,",
        "R2,K2,2025-04-08,N1,6,N,,",
        "R3,K1,2025-04-07,N1,2A,Y,,",
    ),
    "ssd_cin_assessments": (
        "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date",
        "A1,K1,R1,2025-05-07,2025-06-20",
        "A2,K2,R2,2025-04-09,2025-05-12",
    ),
    "ssd_assessment_factors": (
        "cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json",
        'F1,A1,"[""3A"", ""4B""]"',
        'F2,A2,"{""3B"": ""Yes"", ""4A"": ""No""}"',
    ),
    "ssd_s47_enquiry": (
        "s47e_s47_enquiry_id,s47e_person_id,s47e_referral_id,s47e_s47_start_date,s47e_s47_end_date,s47e_s47_nfa",
        "S1,K1,R1,2025-06-02,2025-06-13,N",
    ),
    "ssd_initial_cp_conference": (
        "icpc_icpc_id,icpc_person_id,icpc_s47_enquiry_id,icpc_cp_plan_id,icpc_referral_id,icpc_icpc_transfer_in,icpc_icpc_date,icpc_icpc_outcome_cp_flag",
        "I1,K1,S1,P1,R1,N,2025-06-20,Y",
    ),
    "ssd_cp_plans": (
        "cppl_cp_plan_id,cppl_person_id,cppl_referral_id,cppl_icpc_id,cppl_cp_plan_start_date,cppl_cp_plan_initial_category,cppl_cp_plan_latest_category",
        "P1,K1,R1,I1,2025-06-20,NEG,NEG",
    ),
    "ssd_cp_reviews": (
        "cppr_cp_review_id,cppr_person_id,cppr_cp_plan_id,cppr_cp_review_date",
        "V1,K1,P1,2025-09-15",
        "V2,K1,P1,2026-03-02",
    ),
    "ssd_cp_visits": (
        "cppv_cp_visit_id,cppv_person_id,cppv_cp_plan_id,cppv_cp_visit_date,cppv_cp_visit_seen,cppv_cp_visit_seen_alone",
        "B1,K1,P1,2025-07-01,Y,N",
    ),
    "ssd_cla_episodes": (
        "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_start_reason,clae_cla_primary_need_code,"
        "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,clae_cla_placement_id,clae_entered_care_date",
        "E1,K2,2025-05-14,S,N1,2025-08-20,X1,L1,H1,2025-05-14",
        "E2,K2,2025-08-20,P,N1,,,L1,H2,2025-05-14",
    ),
    "ssd_cla_placement": (
        "clap_cla_placement_id,clap_person_id,clap_cla_id,clap_cla_placement_start_date,clap_cla_placement_type,clap_cla_placement_provider,"
        "clap_cla_placement_postcode,clap_cla_placement_urn,clap_cla_placement_end_date,clap_cla_placement_change_reason",
        "H1,K2,L1,2025-05-14,U6,PR1,ST16 3AB,SC012345,2025-08-20,CARPL",
        "H2,K2,L1,2025-08-20,U4,PR1,ST17 4AH,SC012345,,",
    ),
    "ssd_legal_status": (
        "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date",
        "G1,K2,C2,2025-05-14,",
    ),
    "ssd_address": (
        "addr_table_id,addr_person_id,addr_address_postcode,addr_address_start_date,addr_address_end_date",
        "M1,K2,ST16 3AA,2020-01-01,2025-05-14",
    ),
    "ssd_cla_reviews": (
        "clar_cla_review_id,clar_cla_id,clar_cla_review_date,clar_cla_review_cancelled,clar_cla_review_participation",
        "W1,L1,2025-06-10,N,PN1",
        "W2,L1,2025-08-27,N,PN1",
        "W3,L1,2026-02-20,N,PN1",
    ),
    "ssd_cla_health": (
        "clah_health_check_id,clah_person_id,clah_health_check_type,clah_health_check_date",
        "Q1,K2,Initial Health Assessment,2025-06-03",
        "Q2,K2,Dental Check,2025-09-09",
        "Q3,K2,Hearing,2025-09-09",
    ),
    "ssd_sdq_scores": ("csdq_table_id,csdq_person_id,csdq_sdq_completed_date,csdq_sdq_score", "Z1,K2,2025-11-04,17"),
    "ssd_cla_visits": (
        "clav_cla_visit_id,clav_cla_id,clav_person_id,clav_cla_visit_date,clav_cla_visit_seen,clav_cla_visit_seen_alone",
        "Y1,L1,K2,2025-05-20,Y,Y",
    ),
    "ssd_cla_previous_permanence": (
        "lapp_table_id,lapp_person_id,lapp_previous_permanence_option",
        "PP1,K2,Z1",
    ),
    "ssd_care_leavers": (
        "clea_table_id,clea_person_id,clea_care_leaver_eligibility,clea_care_leaver_in_touch,clea_care_leaver_latest_contact,"
        "clea_care_leaver_accommodation,clea_care_leaver_activity",
        "LC1,K3,FORMER_RELEVANT,YES,2025-08-12,D1,F2",
    ),
    "ssd_send": ("send_table_id,send_person_id,send_upn", "T1,K2,A123456789012"),
    "ssd_ehcp_requests": (
        "ehcr_ehcp_request_id,ehcr_send_table_id,ehcr_ehcp_req_date,ehcr_ehcp_req_outcome_date,ehcr_ehcp_req_outcome",
        "U1,T1,2025-04-20,2025-05-20,Y",
    ),
    "ssd_ehcp_assessment": (
        "ehca_ehcp_assessment_id,ehca_ehcp_request_id,ehca_ehcp_assessment_outcome_date,ehca_ehcp_assessment_outcome",
        "N1,U1,2025-08-01,Y",
    ),
    "ssd_ehcp_named_plan": (
        "ehcn_named_plan_id,ehcn_ehcp_asmt_id,ehcn_named_plan_start_date",
        "O1,N1,2025-09-01",
    ),
    "ssd_cla_immunisations": (
        "clai_person_id,clai_immunisations_status,clai_immunisations_status_date",
        "K2,Y,2025-10-01",
    ),
    "ssd_missing": (
        "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type",
        "X1,K2,2025-10-10,M",
    ),
    "ssd_version_log": ("version_number,is_current", "1.0.0,1"),
}


@pytest.fixture
def delivered(db: None, tmp_path: Path) -> Path:
    """The set in a folder, some files without the prefix."""
    folder = tmp_path / "delivered"
    folder.mkdir()
    for name, lines in DELIVERED.items():
        file = name.removeprefix("ssd_") if name.startswith("ssd_c") else name
        (folder / f"{file}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class TestFromAnotherSystem:
    def test_a_census_and_a_set_of_the_year_come_out_without_an_error(
        self, analyst: User, delivered: Path, tmp_path: Path
    ) -> None:
        assert failed("ssd", "2025-26", delivered) == {}
        report = importing(delivered, tmp_path, "2025-26")
        assert (report.children, report.children_quarantined) == (3, 0), report.reasons()
        assert report.kept_not_recorded == {"ssd_version_log": 1}
        linked = apps.get_model("disability.EducationHealthCarePlan")._default_manager.values_list(
            "person_id", "issue_date"
        )
        assert list(linked) == [(Identifier.objects.get(value="K2").person_id, date(2025, 9, 1))]
        census, folder = tmp_path / "census.xml", tmp_path / "ssda903"
        assert exporting(analyst, census, "cin", "2025-26").children == 2
        assert exporting(analyst, folder, "ssda903", "2025-26").children == 2
        assert failed("cin", "2025-26", census) == {}
        assert failed("ssda903", "2025-26", folder) == {}

    def test_the_same_set_again_changes_nothing_and_a_corrected_one_what_it_corrects(
        self, delivered: Path, tmp_path: Path
    ) -> None:
        importing(delivered, tmp_path, "2025-26")
        assert not importing(delivered, tmp_path, "2025-26").changed
        lines = DELIVERED["ssd_cp_visits"]
        (delivered / "cp_visits.csv").write_text("\n".join([*lines, "B2,K1,P1,2025-07-20,Y,Y"]) + "\n")
        report = importing(delivered, tmp_path, "2025-26")
        assert report.total("written") == 1
        assert report.total("updated") == report.total("removed") == 0

    @pytest.mark.parametrize(
        ("table", "line", "reason"),
        [
            ("cin_assessments", "A3,K1,R9,2025-05-07,", "the assessment belongs to no episode of need of the child"),
            ("cla_episodes", "E3,K1,2025-05-14,S,N1,,,L2,H9,2025-05-14", "no legal status is given"),
            ("cp_plans", "P2,K1,R1,,2025-08-01,NEG,NEG", "overlaps another child protection plan"),
            ("cin_episodes", "R4,K1,2025-09-31,N1,1A,N,,", "is not a day of the calendar"),
            ("cin_episodes", "R4,K9,2025-09-30,N1,1A,N,,", "the child is not in the table ssd_person"),
        ],
    )
    def test_a_child_whose_rows_do_not_fit_is_set_aside_and_the_others_are_read(
        self, table: str, line: str, reason: str, delivered: Path, tmp_path: Path
    ) -> None:
        lines = DELIVERED[f"ssd_{table}"]
        (delivered / f"{table}.csv").write_text("\n".join([*lines, line]) + "\n")
        report = importing(delivered, tmp_path, "2025-26")
        assert report.children_quarantined == 1
        assert reason in " ".join(one["reason"] for one in report.reasons())
        assert Identifier.objects.filter(scheme="local", value="K2").exists()


def test_mothers_are_tied_to_their_children_wherever_each_stands_in_the_file(delivered: Path, tmp_path: Path) -> None:
    head, known = "moth_table_id,moth_person_id,moth_childs_person_id,moth_childs_dob", "M1,K3,K1,2014-02-03"
    mothers = delivered / "ssd_mother.csv"

    def tied(*lines: str) -> tuple[list[tuple[str, str]], Report]:
        mothers.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        report = importing(delivered, tmp_path, "2025-26")
        names = dict(Identifier.objects.filter(scheme="local").values_list("person_id", "value"))
        held = Relationship.objects.filter(kind="parent").values_list("person_id", "other_id")
        return sorted((names[one], names[other]) for one, other in held), report

    found, report = tied(known, "M2,K3,K2,2012-07-09", "M3,K3,K9,2020-01-01")
    assert found == [("K3", "K1"), ("K3", "K2")]
    assert any(note.startswith("1 rows tie a child to somebody who is not in the record") for note in report.notes)
    assert not importing(delivered, tmp_path, "2025-26").changed
    found, report = tied(known)
    assert found == [("K3", "K1")]
    assert report.records["people_relationship"]["removed"] == 1


@pytest.mark.parametrize(("kind", "period"), [("ssd", "2016-17"), ("annexa", "2017-03-31")])
def test_a_sealed_child_is_in_neither_and_nothing_gives_the_seal_away(
    kind: str, period: str, analyst: User, make: Callable[..., Any], tmp_path: Path
) -> None:
    out = tmp_path / ("out.xlsx" if kind == "annexa" else "out")
    looked_after(make, "open")
    before = exporting(analyst, out, kind, period)
    sealed = looked_after(make, "sealed")
    since = {"reason": "Sealed.", "start_date": date(2016, 5, 9)}
    make(
        "restrictions.Seal", person=sealed, policy="hidden", ask=make("organisations.Worker", name="A manager"), **since
    )
    after = export_return(Export(kind, period, out, analyst, area=AREA, replace=True))
    assert (after.children, after.rows, after.notes) == (before.children, before.rows, before.notes)
    assert "open" in told(out)
    assert "sealed" not in told(out)


def told(out: Path) -> str:
    """All cells of an export, lower-case."""
    if out.is_dir():
        return "".join(path.read_text(encoding="utf-8") for path in out.iterdir()).lower()
    return repr([row for sheet in load_workbook(out) for row in sheet.values]).lower()


def test_the_commands_say_what_is_kept_and_what_is_not_written(
    analyst: User, delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_VAR", str(tmp_path / "var"))
    run("import", str(delivered), "--as", "ssd", "--period", "2025-26", "--area", AREA)
    said = capsys.readouterr().out
    assert "Kept, not recorded yet" in said
    assert "Columns kept with the file, not recorded: " in said
    out = str(tmp_path / "out")
    run("export", "--return", "ssd", "--year", "2025-26", "--out", out, "--as", "analyst")
    said = capsys.readouterr().out
    assert "Not written, since the record does not hold them yet: ssd_version_log" in said
    assert "Columns left empty" in said
    book = str(tmp_path / "annex-a.xlsx")
    run("export", "--return", "annexa", "--date", "2026-03-31", "--out", book, "--as", "analyst")
    run("import", book, "--as", "annexa", "--date", "2026-03-31", "--area", AREA)
    assert "List 9" in capsys.readouterr().out


def run(*given: str) -> None:
    """Runs a command as it is typed."""
    args = cli.build_parser().parse_args(list(given))
    assert import_module(f"sightline.cli.commands.{'import_' if given[0] == 'import' else given[0]}").run(args) == 0
