"""The pages of returns and their issues: from the list to the form that mends the record, and what the analyst sees."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Browser

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.engine.actions.engine import version
from sightline.engine.return_issues.checking import check_all
from sightline.engine.return_issues.collections import Collection
from sightline.engine.return_issues.models import Check, Issue, Submission

from .conftest import AREA, Act, Make

NO_NEED, NO_UPN = "8610", "8770Q"
RETURN = ("cin", "2023-24")


def visit(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def wrong(child: Make, staff: SimpleNamespace, census: Collection) -> SimpleNamespace:
    """A child of the worker's with a missing primary need and without a pupil number, found by a check."""
    found = child(need="")
    check_all(census, AREA, staff.analyst)
    return found


class TestOnesOwnIssues:
    def test_are_listed_with_the_departments_words_and_audited(
        self, wrong: SimpleNamespace, staff: SimpleNamespace
    ) -> None:
        said = text(visit(staff.worker).get(reverse("return-issues")))
        assert "Primary Need code is missing" in said
        assert "Anna Testcase" in said
        assert "2 open" in said
        assert Entry.objects.filter(who="worker", about="return-issues").latest("id").details["people"] == [
            wrong.person.pk
        ]
        assert "There is no issue." in text(visit(staff.stranger).get(reverse("return-issues")))

    def test_are_narrowed_and_counted(self, wrong: SimpleNamespace, staff: SimpleNamespace) -> None:
        client, address = visit(staff.manager), reverse("return-issues-team")
        assert "1 issue" in text(client.get(address, {"rule": NO_UPN}))
        assert "There is no such issue." in text(client.get(address, {"state": "waived"}))
        assert client.get(address, {"state": "none"}).status_code == 404

    def test_are_taken_away_as_a_file_that_says_who_took_it(
        self, wrong: SimpleNamespace, staff: SimpleNamespace
    ) -> None:
        answer = visit(staff.worker).post(reverse("return-issues-csv") + f"?rule={NO_NEED}").content.decode()
        first, header, *rows = answer.splitlines()
        assert "worker" in first
        assert header.startswith("return,year,rule")
        (row,) = rows
        assert row.startswith(f"cin,2023-24,{NO_NEED},Primary Need code is missing")
        assert Entry.objects.filter(who="worker", what="export", about="return-issues").exists()

    def test_are_counted_on_the_work_list(self, wrong: SimpleNamespace, staff: SimpleNamespace) -> None:
        assert "2 open issues of returns" in text(visit(staff.worker).get(reverse("work")))
        assert "issues of returns" not in text(visit(staff.stranger).get(reverse("work")))

    def test_stand_on_the_childs_page(self, wrong: SimpleNamespace, staff: SimpleNamespace) -> None:
        said = text(visit(staff.worker).get(reverse("person", args=[wrong.person.pk])))
        assert "Issues of returns" in said
        assert f"Rule {NO_NEED}, 2023-24" in said


class TestOneIssue:
    def test_leads_to_the_form_that_mends_the_record_and_is_gone_with_it(
        self, wrong: SimpleNamespace, staff: SimpleNamespace
    ) -> None:
        issue = Issue.objects.get(rule=NO_NEED)
        client, address = visit(staff.manager), reverse("return-issue", args=[issue.pk])
        page = client.get(address).content.decode()
        form = reverse("do", args=["cases.correct", wrong.case.pk])
        assert form in page
        typed = {
            "service": "social_care",
            "primary_need": "N1",
            **dict(zip(("start_date-day", "start_date-month", "start_date-year"), (8, 5, 2023), strict=True)),
            "because": "It was left out.",
            "seen": version(wrong.case),
        }
        assert client.post(form, typed).status_code == 302
        assert "Resolved" in text(client.get(address))

    def test_is_answered_on_forms_of_its_own_and_they_lead_back(
        self, wrong: SimpleNamespace, staff: SimpleNamespace
    ) -> None:
        issue = Issue.objects.get(rule=NO_NEED)
        for who in (staff.worker, staff.analyst):
            form = reverse("do", args=["return_issues.note", issue.pk])
            assert form in visit(who).get(reverse("return-issue", args=[issue.pk])).content.decode()
            assert visit(who).get(form).status_code == 200
            answer = visit(who).post(form, {"text": f"Noted by {who}.", "seen": version(issue)})
            assert answer["Location"] == reverse("return-issue", args=[issue.pk])
            assert f"Noted by {who}." in text(visit(who).get(answer["Location"]))
        assert (
            reverse("do", args=["return_issues.waive", issue.pk])
            not in visit(staff.worker).get(reverse("return-issue", args=[issue.pk])).content.decode()
        )

    def test_is_checked_again_when_it_is_opened(
        self, wrong: SimpleNamespace, staff: SimpleNamespace, change: Make
    ) -> None:
        issue = Issue.objects.get(rule=NO_NEED)
        change(wrong.case, primary_need="N1")
        assert "Resolved" in text(visit(staff.worker).get(reverse("return-issue", args=[issue.pk])))

    def test_the_child_is_checked_by_every_rule_when_asked(
        self, wrong: SimpleNamespace, staff: SimpleNamespace, make: Make
    ) -> None:
        make("child_protection.Section47", **wrong.of, start_date="2023-06-01", conference_not_required=False)
        issue = Issue.objects.get(rule=NO_NEED)
        visit(staff.worker).post(reverse("return-issue-check", args=[issue.pk]))
        assert Issue.objects.filter(person=wrong.person, rule="2991Q").exists()

    def test_is_not_there_for_whom_the_child_is_not(self, wrong: SimpleNamespace, staff: SimpleNamespace) -> None:
        issue, client = Issue.objects.get(rule=NO_NEED), visit(staff.stranger)
        assert client.get(reverse("return-issue", args=[issue.pk])).status_code == 404
        assert client.post(reverse("return-issue-check", args=[issue.pk])).status_code == 404

    def test_asks_few_questions_of_the_database(self, wrong: SimpleNamespace, staff: SimpleNamespace) -> None:
        address, client = reverse("return-issue", args=[Issue.objects.get(rule=NO_NEED).pk]), visit(staff.manager)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= 90


class TestTheAnalystsPages:
    def test_a_return_is_checked_and_says_what_is_in_its_way(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        child(need="")
        client, address = visit(staff.analyst), reverse("return", args=RETURN)
        assert "has not been checked yet" in text(client.get(address))
        assert client.post(reverse("return-check-all", args=RETURN))["Location"] == address
        said = text(client.get(address))
        assert "1 error is neither mended nor waived." in said
        assert "Primary Need code is missing" in said
        assert "47 days left" in said
        assert Check.objects.count() == 1

    def test_the_file_to_send_is_taken_away_and_its_record_is_listed(
        self, wrong: SimpleNamespace, staff: SimpleNamespace
    ) -> None:
        client = visit(staff.analyst)
        answer = client.post(reverse("return-file", args=RETURN), {"note": "First load"})
        assert answer["Content-Disposition"] == 'attachment; filename="cin-2023-24.xml"'
        assert b"<Message>" in answer.content
        kept, said = Submission.objects.get(), text(client.get(reverse("return", args=RETURN)))
        assert kept.sha256 in said
        assert "First load" in said
        assert "The last submission beside the year before" in said
        assert Entry.objects.filter(who="analyst", what="export", details__sha256=kept.sha256).exists()

    def test_a_set_comes_as_one_file(self, wrong: SimpleNamespace, staff: SimpleNamespace, make: Make) -> None:
        care = make("looked_after.PeriodOfCare", person=wrong.person, start_date="2023-06-01", category_of_need="N1")
        of = {"person": wrong.person, "period": care, "start_date": "2023-06-01"}
        stay = make("looked_after.Placement", **of, placement_type="U1", provider="PR1")
        make("looked_after.Episode", **of, placement=stay, start_reason="S", legal_status="C2")
        answer = visit(staff.analyst).post(reverse("return-file", args=("ssda903", "2023-24")))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as held:
            assert {"Episodes.csv", "Header.csv"} <= set(held.namelist())

    def test_a_return_that_cannot_be_made_says_why(self, staff: SimpleNamespace) -> None:
        answer = visit(staff.analyst).post(reverse("return-file", args=RETURN))
        assert answer.status_code == 400
        assert "holds no child" in text(answer)
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("address", ["/returns/cin/2016-17", "/returns/none/2023-24", "/returns/cin/2024"])
    def test_a_return_whose_rules_are_not_known_is_not_there(self, staff: SimpleNamespace, address: str) -> None:
        assert visit(staff.analyst).get(address).status_code == 404

    def test_the_pages_are_for_those_who_make_returns(self, staff: SimpleNamespace) -> None:
        for who in (staff.worker, staff.manager):
            for name, args in (("returns", ()), ("return", RETURN)):
                assert visit(who).get(reverse(name, args=args)).status_code == 403


@pytest.fixture(scope="module")
def browser(chromium: Callable[[], AbstractContextManager[Browser]]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.mark.browser
def test_the_pages_as_they_are_seen(
    wrong: SimpleNamespace, staff: SimpleNamespace, act: Act, browser: Browser, onlooker: Any, change: Make
) -> None:
    issue = Issue.objects.get(rule=NO_NEED)
    act(staff.worker, "return_issues.note", issue, text="Asked the team that took the referral.")
    client = visit(staff.analyst)
    client.post(reverse("return-file", args=RETURN), {"note": "First load"})
    look = onlooker(browser)
    pages = [
        visit(staff.worker).get(reverse("return-issues")),
        visit(staff.manager).get(reverse("return-issues-team")),
        visit(staff.manager).get(reverse("return-issue", args=[issue.pk])),
        visit(staff.worker).get(reverse("person", args=[wrong.person.pk])),
        client.get(reverse("return-issues")),
        client.get(reverse("return-issue", args=[issue.pk])),
        client.get(reverse("returns")),
        client.get(reverse("return", args=RETURN)),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert not (faults := look.faults(answer)), "\n".join(faults)
