"""The pages of restrictions: an emergency, its notice and its review; who sees a child; adopted identities; and who has which role."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.audit.models import Entry
from sightline.core.restrictions.models import AdoptedIdentity, EmergencyAccess, IdentityDisclosure, Notice

from . import build
from .conftest import World
from .test_conflicts_and_emergencies import WHY, conflict
from .test_identities import linked
from .test_seals import seal

__all__ = ["linked"]


def visit(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(answer: Any) -> str:
    """The page without the tokens of its forms, which differ each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())


def test_an_emergency_from_the_form_to_the_finding(world: World) -> None:
    address = reverse("emergency", args=[world.child.pk])
    stranger = visit(world.stranger)
    assert stranger.get(reverse("person", args=[world.child.pk])).status_code == 404
    assert "4 hours" in text(stranger.get(address))
    refused = stranger.post(address, {"reason": "<b>now</b>"})
    assert refused.status_code == 400
    assert "&lt;b&gt;now&lt;/b&gt;" in text(refused), "nothing typed is lost, and it is shown as text"
    assert "There is a problem" in text(refused)
    assert stranger.post(address, {"reason": WHY})["Location"] == reverse("person", args=[world.child.pk])
    assert Entry.objects.filter(what="emergency access", details__people=[world.child.pk]).exists()
    assert stranger.get(address).status_code == 302, "open already"

    manager = visit(world.manager)
    assert "stranger opened the record" in text(manager.get(reverse("notices")))
    notice = Notice.objects.get()
    manager.post(reverse("notice-read", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "stranger opened" not in text(visit(world.worker).get(reverse("notices")))
    assert visit(world.worker).post(reverse("notice-read", args=[notice.pk])).status_code == 404

    queue = text(visit(world.auditor).get(reverse("emergency-reviews")))
    assert WHY in queue
    opened = EmergencyAccess.objects.get()
    assert reverse("do", args=["restrictions.review_emergency", opened.pk]) in queue


def test_the_form_for_a_hidden_child_is_the_page_for_nobody(world: World) -> None:
    seal(world, "hidden")
    hidden = visit(world.stranger).get(reverse("emergency", args=[world.child.pk]))
    nobody = visit(world.stranger).get(reverse("emergency", args=[10**9]))
    assert hidden.status_code == nobody.status_code == 404
    assert text(hidden) == text(nobody)


def test_a_reviewer_in_conflict_finds_no_trace(world: World) -> None:
    visit(world.stranger).post(reverse("emergency", args=[world.child.pk]), {"reason": WHY})
    conflict(world, world.service_manager)
    assert WHY not in text(visit(world.service_manager).get(reverse("emergency-reviews")))
    assert WHY in text(visit(world.second_manager).get(reverse("emergency-reviews")))


def test_who_sees_a_child_and_why(world: World) -> None:
    for who, address in ((world.manager, "who-sees"), (world.auditor, "who-sees-audited")):
        said = text(visit(who).get(reverse(address, args=[world.child.pk])))
        assert "The case is allocated to you." in said
        assert "Your role opens every list." in said
        assert "stranger" not in said
    assert visit(world.service_manager).get(reverse("who-sees", args=[world.child.pk])).status_code == 404


def test_who_sees_a_child_costs_no_more_with_more_workers(world: World) -> None:
    browser, address = visit(world.manager), reverse("who-sees", args=[world.child.pk])

    def questions() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    before = questions()
    now = timezone.now()
    hours = {"granted_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    for number in range(5):
        user = build.user("social_worker", build.worker(f"more {number}"))
        build.make("restrictions.EmergencyAccess", person=world.child, worker=user.worker, **hours)
    assert questions() == before
    assert "more 4" in text(browser.get(address))


def test_restrictions_are_listed_for_whom_they_concern(world: World) -> None:
    seal(world, "hidden")
    assert "Hidden: nobody else" in text(visit(world.service_manager).get(reverse("restrictions")))
    assert "Hidden: nobody else" not in text(visit(world.manager).get(reverse("restrictions")))


def test_two_people_disclose_an_identity_on_the_page(linked: World) -> None:
    first, second = visit(linked.service_manager), visit(linked.second_manager)
    address = reverse("identities")
    assert first.post(address, {"doing": "ask", "person": "", "reason": ""}).status_code == 400
    first.post(address, {"doing": "ask", "person": linked.other.pk, "reason": WHY})
    asked = IdentityDisclosure.objects.get()
    page = reverse("identity", args=[asked.pk])
    assert first.get(page).status_code == 404
    listed = text(second.get(address))
    assert reverse("do", args=["restrictions.agree_identity", asked.pk]) in listed
    assert str(linked.child.pk) not in [part.strip() for part in listed.replace("<", ">").split(">")]
    build.save(_agreed(asked, linked))
    assert f"Person {linked.child.pk}" in text(first.get(page))
    assert second.get(page).status_code == 404


def _agreed(asked: IdentityDisclosure, world: World) -> IdentityDisclosure:
    asked.agreed_by, asked.agreed_at = world.second_manager.worker, timezone.now()
    asked.ends_at = timezone.now() + timedelta(hours=1)
    return asked


def test_identities_are_linked_on_the_page(world: World) -> None:
    client = visit(world.service_manager)
    typed = {"doing": "link", "before": world.child.pk, "after": world.other.pk, "because": "Order of 1 March."}
    answer = client.post(reverse("identities"), typed)
    assert "close it first" in text(answer)
    assert "Order of 1 March." in text(answer)
    fresh = build.make("people.Person")
    client.post(reverse("identities"), {**typed, "before": fresh.pk})
    assert AdoptedIdentity.objects.get().before_id == fresh.pk


def test_an_administrator_gives_a_role_and_says_why(world: World) -> None:
    client = visit(build.user("administrator", name="admin"))
    address = reverse("user-role", args=[world.stranger.pk])
    typed = {"role": "team_manager", "worker": world.stranger.worker_id, "because": ""}
    assert "Say why." in text(client.post(address, typed))
    client.post(address, {**typed, "because": "Promoted."})
    assert build.fresh(world.stranger).role == "team_manager"
    entry = Entry.objects.filter(what="user changed").latest("id")
    assert (entry.who, entry.about, entry.purpose) == ("admin", "stranger", "Promoted.")
    assert (entry.details["old"]["role"], entry.details["new"]["role"]) == ("social_worker", "team_manager")
    assert "Team manager" in text(client.get(reverse("user-list")))


def test_nobody_changes_their_own_role(db: None) -> None:
    admin = build.user("administrator", name="admin")
    answer = visit(admin).post(
        reverse("user-role", args=[admin.pk]), {"role": "social_worker", "because": "I want to."}
    )
    assert answer.status_code == 400
    assert build.fresh(admin).role == "administrator"


@pytest.mark.parametrize(
    "typed", [{"role": "king", "because": "x"}, {"role": "auditor", "worker": "9" * 9, "because": "x"}]
)
def test_only_a_role_and_a_worker_that_there_are(world: World, typed: dict[str, str]) -> None:
    client = visit(build.user("administrator", name="admin"))
    assert client.post(reverse("user-role", args=[world.stranger.pk]), typed).status_code == 400
    assert build.fresh(world.stranger).role == "social_worker"


def test_every_permission_is_some_roles_and_every_role_is_described() -> None:
    given = {permission for role in ROLES.values() for permission in role.permissions}
    assert given == set(Permission)
    for role in ROLES.values():
        assert role.name
        assert role.description.endswith(".")
        assert role.permissions
