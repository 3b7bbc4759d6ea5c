"""What an exported return looks like, who may make one, and what stays when it cannot be made."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from sightline import cli
from sightline.cli.commands import export as command
from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import InputProblem, Problem
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Identifier
from sightline.engine.exchange import export
from sightline.engine.exchange.export import Exported, Request, export_return
from sightline.engine.exchange.formats import format_named
from sightline.pathways.looked_after.models import Episode
from sightline.standards.data import data_dir

from .conftest import Importing, emptied
from .files import assessment, census, child, enquiry, episode, protection, write_set

AREA = "E10000028"
Exporting = Callable[..., Exported]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def exporting(db: None, out: Path) -> Exporting:
    analyst = User.objects.create(username="analyst", role="performance_analyst")

    def run(kind: str, year: str, **more: Any) -> Exported:
        given = {"out": out, "user": analyst, "area": AREA} | more
        return export_return(Request(kind, year, **given))

    return run


def looked_after(make: Callable[..., Any], reference: str = "C1", **of_the_placement: Any) -> Any:
    """A child in care since May 2016."""
    person = make("people.Person", birth_date=date(2010, 6, 15), sex="F", ethnicity="WBRI")
    make("people.Identifier", person=person, scheme="local", value=reference)
    start = {"person": person, "start_date": date(2016, 5, 9)}
    period = make("looked_after.PeriodOfCare", category_of_need="N1", **start)
    at = {"placement_type": "U4", "provider": "PR1"} | of_the_placement
    placement = make("looked_after.Placement", period=period, **start, **at)
    spell = {"start_reason": "S", "legal_status": "C2"} | start
    make("looked_after.Episode", period=period, placement=placement, **spell)
    return person


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def text(path: Path, *names: str) -> list[str]:
    """The texts of the elements of those names, in the order of the file."""
    return [str(one.text) for one in etree.parse(str(path)).iter(*names)]


class TestLayout:
    """Each year has its codes, its columns and its order."""

    @pytest.mark.parametrize(("year", "code"), [("2023-24", "2"), ("2024-25", "F")])
    def test_sex_is_written_in_the_codes_of_the_year(
        self, make: Any, exporting: Exporting, out: Path, year: str, code: str
    ) -> None:
        looked_after(make)
        exporting("ssda903", year)
        assert [row["SEX"] for row in rows(out / "Header.csv")] == [code]

    def test_the_set_has_dates_with_the_day_first_and_no_column_that_is_not_published(
        self, make: Any, exporting: Exporting, out: Path
    ) -> None:
        looked_after(make)
        exporting("ssda903", "2016-17")
        (header,), (spell,) = rows(out / "Header.csv"), rows(out / "Episodes.csv")
        assert list(header) == ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
        assert (header["DOB"], spell["DECOM"], spell["DEC"]) == ("15/06/2010", "09/05/2016", "")
        assert rows(out / "Reviews.csv") == []

    @pytest.mark.parametrize(
        ("year", "sex"), [(2022, "GenderCurrent"), (2024, "GenderCurrent"), (2025, "Sex"), (2026, "Sex")]
    )
    def test_a_census_keeps_to_the_schema_of_its_year(
        self, importing: Importing, exporting: Exporting, out: Path, year: int, sex: str
    ) -> None:
        day = f"{year - 1}-"
        coded = f"<{sex}>{'2' if sex == 'GenderCurrent' else 'F'}</{sex}>"
        plan = f"<CINPlanDates><CINPlanStartDate>{day}05-20</CINPlanStartDate></CINPlanDates>"
        inside = (
            assessment(f"{day}05-06", f"{day}06-10", "1A", "2B")
            + plan
            + enquiry(f"{day}06-15", f"{day}06-29")
            + protection(f"{day}06-29", "", f"{day}09-20", previous=1)
        )
        given = census([child("C1", episode(f"{day}05-04", inside), sex=coded, disabilities=["LD"])], year=year)
        label = f"{year - 1}-{year % 100:02d}"
        importing(given, label)
        done = exporting("cin", label)
        schema = etree.XMLSchema(etree.parse(str(data_dir() / "returns" / "cin" / f"CIN_schema_{year}.xsd")))
        schema.assertValid(etree.parse(str(out)))
        assert text(out, sex, "CINPlanStartDate", "CPPreviewDate", "AssessmentFactors", "NumberOfPreviousCPP") == [
            *(text_of for text_of in (coded[len(sex) + 2],)), "1A", "2B", f"{day}05-20", "1", f"{day}09-20",
        ]  # fmt: skip
        assert done.rows["Section47"] == 1
        again = importing(out, label)
        assert again.children_quarantined == 0
        assert [again.total(outcome) for outcome in ("written", "updated", "removed")] == [0, 0, 0]

    def test_what_happened_after_the_year_has_not_happened_in_it(
        self, make: Any, change: Any, exporting: Exporting, out: Path
    ) -> None:
        person = looked_after(make)
        case = make("cases.Case", person=person, service="social_care", start_date=date(2016, 5, 1))
        make("front_door.Referral", person=person, case=case, referral_date=date(2016, 5, 1), source="1A")
        change(case, end_date=date(2017, 4, 1), closure_reason="RC7")
        exporting("cin", "2016-17")
        assert text(out, "CINreferralDate", "CINclosureDate", "ReasonForClosure") == ["2016-05-01"]
        exporting("cin", "2017-18", replace=True)
        assert text(out, "CINreferralDate", "CINclosureDate") == ["2016-05-01", "2017-04-01"]
        with pytest.raises(InputProblem, match="no child"):
            exporting("cin", "2018-19", replace=True)

    def test_a_child_without_a_local_identifier_goes_by_the_number_of_the_record(
        self, make: Any, exporting: Exporting, out: Path
    ) -> None:
        person = looked_after(make)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_identifier")
        done = exporting("ssda903", "2016-17")
        assert [row["CHILD"] for row in rows(out / "Header.csv")] == [f"P{person.pk}"]
        assert any("no local identifier" in one for one in done.notes)


class TestAChildWhomAPartnerRegistered:
    """Who a child is may come from the police or a school; what is told of the care is the authority's."""

    def test_is_in_the_set_by_the_authoritys_number_and_not_the_partners(
        self, make: Any, change: Any, exporting: Exporting, out: Path
    ) -> None:
        police = Organisation.objects.create(name="Police", kind="police")
        person = looked_after(make)
        change(person, agency=police)
        change(make("people.Identifier", person=person, scheme="local", value="PNC7"), agency=police)
        exporting("ssda903", "2016-17")
        assert [(row["CHILD"], row["ETHNIC"]) for row in rows(out / "Header.csv")] == [("C1", "WBRI")]

    def test_goes_by_the_number_of_the_record_where_only_the_partner_has_a_number(
        self, make: Any, change: Any, exporting: Exporting, out: Path
    ) -> None:
        police = Organisation.objects.create(name="Police", kind="police")
        person = looked_after(make)
        change(Identifier.objects.get(person=person), agency=police)
        exporting("ssda903", "2016-17")
        assert [row["CHILD"] for row in rows(out / "Header.csv")] == [f"P{person.pk}"]


class TestPreProceedings:
    """The census of 2026-27 asks for them; the codes of their outcome are not published, so that is not told."""

    def test_they_stand_last_in_the_episode_of_each_child_of_the_family(
        self, make: Any, exporting: Exporting, out: Path
    ) -> None:
        person = make("people.Person", birth_date=date(2020, 6, 15), sex="F", ethnicity="WBRI")
        case = make("cases.Case", person=person, service="social_care", start_date=date(2026, 5, 1))
        make("front_door.Referral", person=person, case=case, referral_date=date(2026, 5, 1), source="1A")
        of_the_family = make(
            "court.PreProceedings",
            decision_date=date(2026, 9, 9),
            letter_date=date(2026, 9, 20),
            group_meeting_offered=True,
            group_meeting_held=False,
        )
        make("court.PreProceedingsChild", person=person, case=case, pre_proceedings=of_the_family)
        for kind, day in (("GATEWAY", 7), ("INITIAL", 28), ("REVIEW", 29), ("REVIEW", 30)):
            make(
                "court.PreProceedingsMeeting",
                pre_proceedings=of_the_family,
                kind=kind,
                meeting_date=date(2026, 9, day),
            )
        make("court.Application", pre_proceedings=of_the_family, issue_date=date(2027, 4, 1))
        exporting("cin", "2026-27")
        details = etree.parse(str(out)).find(".//CINdetails")
        assert details[-1].tag == "PreProceedingsandFGDM"
        assert [(one.tag, one.text) for one in details[-1]] == [
            ("PPStartDate", "2026-09-09"),
            ("LBPSentDate", "2026-09-20"),
            ("FGDMMeetingOffer", "1"),
            ("FGDMMeetingFac", "0"),
            ("InitialPPMeetingDate", "2026-09-28"),
            ("ReviewMeetingsCount", "2"),
        ]


class TestEveryTable:
    """What a set says beside the episodes is on record, and comes out as it came in."""

    def test_a_set_of_the_latest_year_comes_out_as_it_went_in(
        self, importing: Importing, exporting: Exporting, out: Path, tmp_path: Path
    ) -> None:
        born = "7,15/06/2010"
        given = write_set(
            tmp_path / "given",
            header=["7,F,15/06/2010,WBRI,UN3,1,03/02/2027"],
            episodes=["7,09/05/2026,S,C2,N1,K2,PR1,,,,ST16 3AA,ST17 4AA,SC123"],
            reviews=[f"{born},01/06/2026,PN1"],
            previous_permanence=[f"{born},P2,860,zz/06/2014"],
            oc2=[f"{born},12,,0,,1,0,1,1,0,1"],
            missing=[f"{born},M,01/07/2026,03/07/2026", f"{born},A,30/03/2027,"],
            sw_episodes=[f"{born},SW123,09/05/2026,01/09/2026,FCONTA", f"{born},SW124,01/09/2026,,LEFTRL"],
            DoLo=[f"{born},02/10/2026,02/06/2027"],
        )
        report = importing(given, "2026-27", AREA)
        assert (report.children_quarantined, report.kept_not_recorded) == (0, {}), report.reasons()
        done = exporting("ssda903", "2026-27")
        assert done.not_written == []
        for path in given.iterdir():
            written = f"{format_named('ssda903').named_now(path.stem)}.csv"
            assert rows(out / written) == rows(path), path.name

    def test_a_girl_of_whom_no_child_is_on_record_is_no_mother_and_a_boy_is_not_asked(
        self, make: Any, change: Any, exporting: Exporting, out: Path
    ) -> None:
        girl, boy = looked_after(make, "C1"), looked_after(make, "C2")
        change(boy, sex="M")
        exporting("ssda903", "2016-17")
        assert [(row["MOTHER"], row["MC_DOB"]) for row in rows(out / "Header.csv")] == [("0", ""), ("", "")]
        child = make("people.Person", birth_date=date(2017, 3, 31), sex="M", ethnicity="WBRI")
        make("people.Relationship", person=girl, other=child, kind="parent")
        exporting("ssda903", "2016-17", replace=True)
        assert (rows(out / "Header.csv")[0]["MOTHER"], rows(out / "Header.csv")[0]["MC_DOB"]) == ("1", "31/03/2017")

    def test_where_a_short_break_is_taken_is_not_told(
        self, make: Any, change: Any, exporting: Exporting, out: Path
    ) -> None:
        looked_after(make, "C1", postcode="ST16 3AA", urn="SC123")
        (episode,) = Episode.objects.all()
        exporting("ssda903", "2016-17")
        assert (rows(out / "Episodes.csv")[0]["PL_POST"], rows(out / "Episodes.csv")[0]["URN"]) == ("ST16 3AA", "SC123")
        change(episode, legal_status="V3")
        exporting("ssda903", "2016-17", replace=True)
        (spell,) = rows(out / "Episodes.csv")
        assert (spell["HOME_POST"], spell["PL_POST"], spell["URN"]) == ("", "", "")
        assert rows(out / "Header.csv")[0]["MOTHER"] == ""


HOSTILE = "A&<b>\"1,2;'x"


class TestHostileText:
    """Whatever somebody typed is text in the file, and nothing else."""

    def test_in_a_set_it_breaks_no_row_and_is_no_formula(
        self, make: Any, importing: Importing, exporting: Exporting, out: Path
    ) -> None:
        looked_after(make, HOSTILE, urn="=1+1\r\nC9,x")
        exporting("ssda903", "2016-17")
        (spell,) = rows(out / "Episodes.csv")
        assert (spell["CHILD"], spell["URN"]) == (HOSTILE, "'=1+1  C9,x")
        emptied()
        report = importing(out, "2016-17", AREA)
        assert report.reasons() == []
        assert report.children == 1

    def test_in_a_census_it_is_no_markup(
        self, make: Any, importing: Importing, exporting: Exporting, out: Path
    ) -> None:
        person = make("people.Person", birth_date=date(2010, 6, 15), sex="M", ethnicity="WBRI")
        make("people.Identifier", person=person, scheme="local", value=f"{HOSTILE}\x0b\ufffe]]>&x;")
        make("front_door.Referral", person=person, referral_date=date(2016, 5, 1), source="1A", no_further_action=True)
        exporting("cin", "2016-17")
        assert text(out, "LAchildID") == [f"{HOSTILE}  ]]>&x;"]
        emptied()
        assert importing(out, "2016-17").reasons() == []


class TestWhoMay:
    """A return holds every child: whose role sees them all and imports files may write one, and it is on the audit."""

    @pytest.mark.parametrize("role", ["social_worker", "administrator", "auditor", "board_manager"])
    def test_others_are_refused_and_the_refusal_is_noted(
        self, make: Any, exporting: Exporting, out: Path, role: str
    ) -> None:
        looked_after(make)
        with pytest.raises(Problem, match="does not export"):
            exporting("ssda903", "2016-17", user=User.objects.create(username="other", role=role))
        assert not out.exists()
        assert Entry.objects.filter(who="other").values_list("what", flat=True).get() == "refused"

    def test_an_export_is_noted_with_its_hash_and_whom_it_is_about(self, make: Any, exporting: Exporting) -> None:
        person = looked_after(make)
        done = exporting("ssda903", "2016-17", purpose="yearly return")
        entry = Entry.objects.get(what="export")
        assert (entry.who, entry.about, entry.purpose) == ("analyst", f"ssda903:{AREA}:2016-17", "yearly return")
        assert entry.details["people"] == [person.pk]
        assert entry.details["sha256"] == done.sha256

    def test_a_sealed_child_is_not_in_it_and_nothing_gives_the_seal_away(
        self, make: Any, exporting: Exporting, out: Path
    ) -> None:
        looked_after(make, "open")
        before = exporting("ssda903", "2016-17").notes
        sealed = looked_after(make, "sealed")
        ask = make("organisations.Worker", name="A manager")
        since = {"reason": "Sealed.", "start_date": date(2016, 5, 9)}
        make("restrictions.Seal", person=sealed, policy="hidden", ask=ask, **since)
        after = exporting("ssda903", "2016-17", replace=True)
        assert [row["CHILD"] for row in rows(out / "Header.csv")] == ["open"]
        assert [row["CHILD"] for row in rows(out / "Episodes.csv")] == ["open"]
        assert after.notes == before


class TestWholeOrNotAtAll:
    """What is there stays until the new one is whole."""

    def test_nothing_is_replaced_unless_asked(self, make: Any, exporting: Exporting, out: Path) -> None:
        looked_after(make)
        first = exporting("ssda903", "2016-17")
        with pytest.raises(InputProblem, match="already"):
            exporting("ssda903", "2016-17")
        assert exporting("ssda903", "2016-17", replace=True).sha256 == first.sha256
        assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []

    def test_a_folder_that_is_no_set_is_never_replaced(self, make: Any, exporting: Exporting, out: Path) -> None:
        looked_after(make)
        out.mkdir()
        (out / "letters.docx").write_text("mine")
        with pytest.raises(InputProblem, match="not replaced"):
            exporting("ssda903", "2016-17", replace=True)
        assert (out / "letters.docx").read_text() == "mine"

    def test_an_export_that_fails_leaves_what_was_there_and_no_entry(
        self, make: Any, exporting: Exporting, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_after(make)
        exporting("ssda903", "2016-17")
        before = (out / "Header.csv").read_bytes()

        def full(_path: Path) -> str:
            raise OSError(28, "No space left on device")

        looked_after(make, "C2")
        monkeypatch.setattr(export, "hash_of", full)
        with pytest.raises(InputProblem, match="No space left"):
            exporting("ssda903", "2016-17", replace=True)
        assert (out / "Header.csv").read_bytes() == before
        assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []
        assert Entry.objects.filter(what="export").count() == 1

    def test_a_year_or_an_authority_that_is_none_is_refused(self, make: Any, exporting: Exporting, out: Path) -> None:
        looked_after(make)
        for wrong in ({"year": "2016-17 Q1"}, {"year": "2015-16"}, {"year": "2016-17", "area": "Nowhere"}):
            with pytest.raises(InputProblem):
                exporting("ssda903", **wrong)
        assert not out.exists()


def test_the_questions_asked_do_not_grow_with_the_children(make: Any, exporting: Exporting) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            exporting("ssda903", "2016-17", replace=True)
        return len(found)

    looked_after(make, "C1")
    asked()
    looked_after(make, "C2")
    few = asked()
    for number in range(3, 9):
        looked_after(make, f"C{number}")
    assert asked() == few


def test_the_command_prints_counts_and_the_hash(
    make: Any, exporting: Exporting, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looked_after(make)
    given = ["export", "--return", "ssda903", "--year", "2016-17", "--out", str(out), "--as", "analyst"]
    assert command.run(cli.build_parser().parse_args(given)) == 0
    said = capsys.readouterr().out
    assert "SHA-256 " in said
    assert "\n1 child\n" in said
    assert "Not written" not in said, "every table of the set has its record"
    assert command.run(cli.build_parser().parse_args([*given, "--replace", "--format", "json"])) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["children"], told["rows"]["Episodes"], len(told["sha256"])) == (1, 1, 64)
    with pytest.raises(InputProblem, match="no user"):
        command.run(cli.build_parser().parse_args([*given[:-1], "nobody"]))
