"""What an administrator keeps: with history and audit, at once in force, and without sight of any child."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

import sightline
from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.models import Entry
from sightline.core.errors import InputProblem
from sightline.core.finding.guards import Policy, policy
from sightline.core.options.declared import OPTIONS, choose, chosen
from sightline.core.options.models import Choice
from sightline.core.organisations.models import Organisation, Team, TeamMembership, Worker
from sightline.core.partners.clients import known
from sightline.core.partners.models import Client
from sightline.core.people.models import Person
from sightline.core.records.models import Change
from sightline.core.records.writing import writing
from sightline.engine.actions.engine import version


@pytest.fixture
def council(db: None) -> Organisation:
    return Organisation.objects.create(name="County council", kind="local_authority")


def _do(browser: Browser, action: str, record: Any = None, **values: Any) -> Any:
    given = {"because": "Agreed on Monday.", **values}
    if record is None:
        return browser.post(reverse("administration-add", args=[action]), given)
    return browser.post(reverse("administration-change", args=[action, record.pk]), given | {"seen": version(record)})


def _make(label: str, **values: Any) -> Any:
    made = apps.get_model(label)(**values)
    with writing("test.make", by="tester", because="test"):
        made.save()
    return made


def test_a_team_is_added_renamed_and_closed_with_history(browser: Browser, council: Organisation) -> None:
    assert _do(browser, "add-team", agency=council.pk, name="North", service="social_care").status_code == 302
    team = Team.objects.get()
    assert _do(browser, "rename-team", team, name="North and west", service="social_care").status_code == 302
    worker = _make("organisations.Worker", agency=council, name="A", job="social_worker")
    assert _do(browser, "join-team", worker=worker.pk, team=team.pk, start_date="2016-01-01").status_code == 302
    assert _do(browser, "close-team", team, closed_date="2017-01-01", step="confirm").status_code == 302
    team.refresh_from_db()
    assert (team.name, team.closed_date) == ("North and west", date(2017, 1, 1))
    assert TeamMembership.objects.get().end_date == date(2017, 1, 1)
    changes = Change.objects.filter(table_name="organisations_team", record_id=team.pk)
    assert list(changes.order_by("id").values_list("action", "by")) == [
        ("organisations.add_team", "admin"),
        ("organisations.rename_team", "admin"),
        ("organisations.close_team", "admin"),
    ]
    assert Entry.objects.filter(who="admin", what="write", purpose="Agreed on Monday.").count() == 4
    assert _do(browser, "rename-team", team, name="Late", service="social_care").status_code == 400


def test_a_team_that_holds_cases_stays_open_and_a_worker_who_does_stays(
    browser: Browser, council: Organisation
) -> None:
    team = _make("organisations.Team", agency=council, name="North", service="social_care")
    worker = _make("organisations.Worker", agency=council, name="A", job="social_worker")
    person = _make("people.Person", agency=council, birth_date=date(2012, 1, 1))
    case = _make("cases.Case", agency=council, person=person, service="social_care", start_date=date(2016, 1, 1))
    held = {"agency": council, "person": person, "case": case, "start_date": date(2016, 1, 1)}
    _make("cases.Allocation", team=team, worker=worker, **held)
    for action, record, day in (("close-team", team, "closed_date"), ("leave", worker, "left_date")):
        answer = _do(browser, action, record, **{day: "2016-05-01"})
        assert answer.status_code == 400
        assert "holds 1 case" in answer.content.decode()


def test_a_worker_changes_job_and_leaves(browser: Browser, council: Organisation) -> None:
    assert _do(browser, "add-worker", agency=council.pk, name="A", job="social_worker").status_code == 302
    worker = Worker.objects.get()
    assert _do(browser, "change-worker", worker, name="A", job="team_manager").status_code == 302
    assert _do(browser, "leave", worker, left_date="2016-05-01", step="confirm").status_code == 302
    worker.refresh_from_db()
    assert (worker.job, worker.left_date) == ("team_manager", date(2016, 5, 1))


class TestEndingAPlaceInATeam:
    @pytest.fixture
    def member(self, council: Organisation) -> TeamMembership:
        team = _make("organisations.Team", agency=council, name="North", service="social_care")
        worker = _make("organisations.Worker", agency=council, name="Ada Example", job="social_worker")
        given = {"team": team, "worker": worker, "start_date": date(2016, 1, 1)}
        made: TeamMembership = _make("organisations.TeamMembership", agency=council, **given)
        return made

    def day(self, day: str, month: str, year: str) -> dict[str, str]:
        return {"end_date-day": day, "end_date-month": month, "end_date-year": year}

    def test_is_asked_once_more_before_it_is_done(self, browser: Browser, member: TeamMembership) -> None:
        asked = _do(browser, "leave-team", member, **self.day("3", "5", "2016"))
        text = asked.content.decode()
        assert asked.status_code == 200
        assert "are you sure?" in text and "3 May 2016" in text and "Agreed on Monday." in text
        assert "From that day on Ada Example does not belong to North" in text
        assert TeamMembership.objects.get().end_date is None
        assert not Change.objects.filter(action="organisations.leave_team").exists()
        assert not Entry.objects.filter(about="organisations.leave_team").exists()
        handed_on = dict(re.findall(r'type="hidden" name="(end_date|because|seen)" value="([^"]*)"', text))
        address = reverse("administration-change", args=["leave-team", member.pk])
        back = browser.post(address, handed_on | {"step": "change"}).content.decode()
        assert 'id="end_date-day" name="end_date-day"' in back and 'value="2016"' in back
        assert TeamMembership.objects.get().end_date is None
        assert browser.post(address, handed_on | {"step": "confirm"}).status_code == 302
        assert TeamMembership.objects.get().end_date == date(2016, 5, 3)

    def test_a_day_that_is_none_is_told_beside_its_boxes_before_anything_is_asked(
        self, browser: Browser, member: TeamMembership
    ) -> None:
        answer = _do(browser, "leave-team", member, **self.day("31", "2", "2016"))
        text = answer.content.decode()
        assert answer.status_code == 400
        assert 'href="#end_date-day"' in text and 'value="31"' in text
        assert "are you sure" not in text
        assert TeamMembership.objects.get().end_date is None

    def test_no_name_in_the_list_ends_a_place(self, browser: Browser, member: TeamMembership) -> None:
        text = browser.get(reverse("administration-teams")).content.decode()
        link = reverse("administration-change", args=["leave-team", member.pk])
        assert f'href="{link}">End the place' in text
        assert ">Ada Example</a>" not in text


def test_bad_input_is_told_and_kept(browser: Browser, council: Organisation) -> None:
    ahead = (timezone.localdate() + timedelta(days=1)).isoformat()
    worker = _make("organisations.Worker", agency=council, name="<b>A</b>", job="social_worker")
    answer = _do(browser, "leave", worker, left_date=ahead, because="")
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert f'value="{ahead[:4]}"' in answer.content.decode()
    assert "<b>A</b>" not in browser.get(reverse("administration-workers")).content.decode()
    assert browser.get(reverse("administration-add", args=["nothing"])).status_code == 404


def test_an_agency_is_added_and_renamed_and_the_audit_holds_both_names(browser: Browser) -> None:
    given = {"name": "County police", "kind": "police", "because": "New partner."}
    assert browser.post(reverse("administration-agency-new"), given).status_code == 302
    assert browser.post(reverse("administration-agency-new"), given).status_code == 400
    found = Organisation.objects.get()
    address = reverse("administration-agency", args=[found.pk])
    assert browser.post(address, given | {"name": "Shire police"}).status_code == 302
    entry = Entry.objects.filter(what="settings").latest("id")
    assert (entry.details["old"]["name"], entry.details["new"]["name"]) == ("County police", "Shire police")


def test_a_setting_holds_at_once_and_says_who_chose_it(browser: Browser, administrator: User) -> None:
    assert policy() is Policy.EXISTENCE
    given = {"restricted_hits": "nothing", "alerts": "on", "return_previews": "on", "because": "Board decision."}
    assert browser.post(reverse("administration-options"), given).status_code == 302
    assert policy() is Policy.NOTHING
    assert Choice.objects.count() == 1
    entry = Entry.objects.filter(what="settings").latest("id")
    assert (entry.about, entry.details["old"], entry.details["new"]) == (
        "option restricted_hits",
        "existence",
        "nothing",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Choice.objects.update(value="existence")
    with pytest.raises(InputProblem):
        choose("alerts", "sometimes", administrator, "x")
    with pytest.raises(InputProblem):
        choose("alerts", "off", User(username="x", role="social_worker"), "x")
    assert chosen("alerts") == "on"


def test_a_system_is_let_in_given_a_new_secret_and_shut_out(browser: Browser, council: Organisation) -> None:
    team = _make("organisations.Team", agency=council, name="Front door", service="social_care")
    police = Organisation.objects.create(name="Police", kind="police")
    given = {"name": "Records", "agency": police.pk, "team": team.pk, "source": "6", "scopes": ["contacts:write"]}
    assert browser.post(reverse("administration-client-new"), given | {"scopes": []}).status_code == 400
    answer = browser.post(reverse("administration-client-new"), given)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    id, secret = re.findall(r"<code>([^<]+)</code>", answer.content.decode())
    client = Client.objects.get()
    assert known(id, secret) == client
    assert client.user.role == "mash_partner" and not client.user.has_usable_password()
    assert secret not in browser.get(reverse("administration-clients")).content.decode()
    again = browser.post(reverse("administration-client-secret", args=[client.pk]), {"old": "at_once"})
    _, newer = re.findall(r"<code>([^<]+)</code>", again.content.decode())
    assert known(id, secret) is None and known(id, newer) == client
    assert (
        browser.post(reverse("administration-client-revoke", args=[client.pk]), {"because": "Over."}).status_code == 302
    )
    assert known(id, newer) is None
    assert secret not in str(list(Entry.objects.values()))


def test_a_role_is_changed_by_another_and_ends_the_sessions(browser: Browser, administrator: User) -> None:
    other = User.objects.create(username="other", role="social_worker")
    theirs = Browser()
    theirs.force_login(other)
    given = {"role": "team_manager", "worker": "", "because": "New post."}
    assert browser.post(reverse("user-role", args=[other.pk]), given).status_code == 302
    other.refresh_from_db()
    assert other.role == "team_manager"
    assert theirs.get(reverse("home")).status_code == 302
    assert browser.post(reverse("user-role", args=[administrator.pk]), given).status_code == 400


def test_an_administrator_sees_no_child(administrator: User, council: Organisation) -> None:
    person = _make("people.Person", agency=council, birth_date=date(2012, 1, 1))
    _make("people.PersonName", agency=council, person=person, forename="Hidden", surname="Child")
    assert not visible_rows(administrator, Person).exists()
    assert not visible_rows(administrator, "people_personname").exists()


def test_every_option_is_read_by_something() -> None:
    """An option that nothing reads is a promise that is not kept."""
    source = Path(sightline.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py") if "options" not in path.parts]
    unread = [id for id in OPTIONS if not any(f'chosen("{id}")' in text for text in texts)]
    assert unread == []
