"""Every address of the application, as it is seen: accessible, and whole on a narrow screen.

The addresses are read from the URL configuration. What each takes comes from the tables of rights; where those name nobody's record, an example
stands here. An address that shows nothing, because it has no example, fails.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from sightline.core.access.models import User
from sightline.core.access.recovery import Kind, make_token
from sightline.core.access.roles import ROLES
from sightline.core.access.sessions import confirm
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.core.organisations.models import Organisation, Team, TeamMembership, Worker
from sightline.core.partners.models import Client as System
from sightline.core.records.history import record_models
from sightline.core.records.models import Record
from sightline.core.records.writing import writing
from sightline.engine.actions.engine import perform, version
from sightline.engine.report.chapters import chapters as report_chapters
from sightline.engine.work.declarations import drift_lists
from sightline.web.chapters import chapters
from sightline.web.urls import urlpatterns

from ..conftest import Partnership
from ..test_doors import TABLE

# Minutes long: the ordinary run looks at the pages that `test_pages_in_a_browser` names.
pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.long]

#: Addresses that show no page of their own: they do what a form asked and lead on, or give a file or a figure.
LEAD_ON = frozenset(
    {
        *("sign-out", "account-sessions-end", "sign-in-provider", "openid_connect_callback", "health"),
        *("keep-as-new", "sending-redact", "sending-give", "sending-undo", "sending-keep"),
        *("draft-keep", "draft-foresee", "draft-discard"),
        *("notice-read", "work-drift-issue", "pack-decide", "pack-check"),
        *("return-issue-check", "return-check-all", "return-file", "kept-check-discard"),
    }
)
FILES = frozenset(
    {"chronology-pdf", "document-file", "report-file", "pack-file", "sending-file", "sent-file", "sent-document"}
)
#: Who is asked first: those with the most to be shown.
FIRST = ("team_manager", "service_manager", "social_worker", "auditor", "performance_analyst")


@dataclass
class Shown:
    """What there is to be shown: a child of the team manager's, a stranger, and who signs in."""

    child: int
    other: int
    stranger: int
    users: dict[str, User]

    def user(self, role: str) -> User:
        return self.users[role]

    def act(self, role: str, action: str, record: Any = None, **values: Any) -> Any:
        """What the action of a role's user writes."""
        seen = version(record) if record is not None else None
        return perform(action, by=self.users[role], because="a test", values=values, record=record, seen=seen).record

    def make(self, label: str, **values: Any) -> Any:
        """A row, written without the checks of actions."""
        model = apps.get_model(label)
        if issubclass(model, Record):
            values.setdefault("agency", Organisation.objects.get(kind="local_authority"))
        with writing("test", by="tester", because="test"):
            return model._default_manager.create(**values)


@pytest.fixture
def shown(partnership: Partnership, db: None) -> Shown:
    users = {role: User.objects.get(role=role) for role in ROLES}
    child, other, *_ = own_children(users["team_manager"], standing().day).order_by("pk").values_list("pk", flat=True)
    seen = own_children(users["social_worker"], standing().day)
    people = apps.get_model("people.Person")._default_manager
    return Shown(child, other, people.exclude(pk__in=seen).order_by("pk")[0].pk, users)


@pytest.fixture(scope="module")
def look(browser: Browser, onlooker: Any) -> Any:
    return onlooker(browser)


def _pack(shown: Shown) -> int:
    today = standing().day
    given = {"subject": shown.child, "requester": "A parent", "requester_kind": "subject", "received_date": today}
    request = shown.act("auditor", "rights.receive_request", **given)
    proof = {"identity_checked_date": today, "identity_evidence": "Passport"}
    shown.act("auditor", "rights.check_identity", request, **proof)
    pack: int = shown.act("auditor", "rights.make_pack", access_request=request.pk).pk
    return pack


def _merge(shown: Shown) -> str:
    asked = {"reason": "The same child, entered twice.", "requested_by": "tester"}
    return str(shown.make("people.Merge", person_id=shown.child, gone_id=shown.other, **asked).pk)


def _identity(shown: Shown) -> str:
    manager = shown.user("service_manager")
    manager.worker, second = Worker.objects.order_by("pk")[:2]
    manager.save()
    shown.make("restrictions.AdoptedIdentity", before_id=shown.child, after_id=shown.other, start_date=standing().day)
    ends = timezone.now() + timedelta(days=1)
    agreed = {"agreed_by": second, "agreed_at": timezone.now(), "ends_at": ends}
    asked = {"asked_by": manager.worker, "asked_at": timezone.now(), "reason": "The adopted adult asks for it."}
    return str(shown.make("restrictions.IdentityDisclosure", person_id=shown.child, **asked, **agreed).pk)


def _factor(shown: Shown) -> str:
    """An authenticator app of the first to be asked."""
    app = {"secret": encrypt("ABCDEFGHIJKLMNOP"), "last": 0}
    return str(Authenticator.objects.create(user=shown.user(FIRST[0]), type="totp", data=app).pk)


def _half_in(shown: Shown) -> dict[str, Any]:
    _factor(shown)
    return {"first factor": {"user": shown.user(FIRST[0]).pk, "how": "password", "at": int(time.time()), "next": "/"}}


def _new_codes(shown: Shown) -> dict[str, Any]:
    _factor(shown)
    return {"show recovery codes": True}


def _plan(shown: Shown) -> Any:
    """A child protection plan of a child of the team manager's, whose own worker signs in from now on."""
    seen = own_children(shown.user("team_manager"), standing().day)
    held = apps.get_model("cases.Allocation")._default_manager.filter(person__in=seen, end_date=None)[0]
    shown.users["social_worker"] = User.objects.create(username="own", role="social_worker", worker=held.worker)
    begun = {"start_date": standing().day, "initial_category": "NEG", "latest_category": "NEG"}
    return shown.make("child_protection.Plan", person_id=held.person_id, case_id=held.case_id, **begun)


def _document(shown: Shown, plan: Any) -> Any:
    """A document of the plan's child, to be chosen for a pack."""
    of = {"person_id": plan.person_id, "record_table": plan._meta.db_table, "record_id": plan.pk}
    held = {"kind": "REPORT", "name": "Report of the paediatrician", "stored_as": "none-such"}
    return shown.make("notes.Document", **of, **held, document_date=standing().day)


def _copy(shown: Shown) -> Any:
    """The team manager's copy of a plan, prepared by the social worker."""
    plan, reader = _plan(shown), shown.user("team_manager").worker_id
    table, report = plan._meta.db_table, _document(shown, plan)
    about = {"kind": "protection_plan", "record_table": table, "record_id": plan.pk, "parts": "who,plan,where"}
    about["documents"] = str(report.pk)
    one = {"role": "SOCIAL_WORKER", "worker": reader}
    shown.act("social_worker", "sending.prepare", **about, recipients=[one])
    return apps.get_model("sending.Copy")._default_manager.latest("pk")


def _sent(shown: Shown) -> str:
    copy = _copy(shown)
    shown.act("social_worker", "sending.submit", copy)
    copy.refresh_from_db()
    shown.act("team_manager", "sending.check", copy, places_read=True, files_opened=True)
    copy.refresh_from_db()
    shown.act("social_worker", "sending.send", copy, channel="sightline", sent_at=timezone.now())
    return str(copy.pk)


def _system(shown: Shown) -> str:
    agency = Organisation.objects.create(name="Police", kind="police")
    user = User.objects.create(username="system", role="mash_partner")
    of = {"name": "Crime records", "agency": agency, "user": user, "team": Team.objects.order_by("pk")[0]}
    return str(System.objects.create(**of, source="5A", scopes=["contacts:write"], made_by="tester").pk)


def _kept(shown: Shown) -> str:
    answer = {"return": "cin", "year": "2023-24", "rows": {}, "schema": [], "notes": [], "rules": []}
    by = shown.user("performance_analyst").get_username()
    what = {"return_name": "cin", "year": "2023-24", "by": by, "answer": json.dumps(answer)}
    return str(shown.make("return_issues.KeptAnswer", **what).pk)


def _issue(shown: Shown) -> str:
    what = {"return_name": "cin", "year": "2023-24", "rule": "8610", "table": "CINdetails", "fields": "PrimaryNeedCode"}
    of = {"person_id": shown.child, "record_table": "people_person", "record_id": shown.child}
    return str(shown.make("return_issues.Issue", **of, **what, first_found=timezone.now()).pk)


#: What an address takes that the tables do not say, or that shows more than they do.
EXAMPLES: dict[str, Callable[[Shown], dict[str, str]]] = {
    **{
        name: lambda shown: {"id": str(shown.child)}
        for name in ("person", "chronology", "who-sees", "who-sees-audited")
    },
    "emergency": lambda shown: {"id": str(shown.stranger)},
    "record": lambda shown: {"table": "people_person", "id": str(shown.child)},
    "do": lambda shown: {"action": "front_door.take_contact"},
    "merge-compare": lambda shown: {"kept": str(shown.child), "gone": str(shown.other)},
    "merge": lambda shown: {"id": _merge(shown)},
    "identity": lambda shown: {"id": _identity(shown)},
    "user-role": lambda shown: {"id": str(shown.user("social_worker").pk)},
    "administration-change": lambda shown: {"action": "rename-team", "id": str(Team.objects.order_by("pk")[0].pk)},
    "administration-agency": lambda shown: {"id": str(Organisation.objects.order_by("pk")[0].pk)},
    "administration-client-secret": lambda shown: {"id": _system(shown)},
    "administration-client-revoke": lambda shown: {"id": _system(shown)},
    "sending-prepare": lambda shown: {
        "kind": "protection_plan",
        "record": str(_document(shown, _plan(shown)).record_id),
    },
    "kept-check": lambda shown: {"id": _kept(shown)},
    "return-issue": lambda shown: {"id": _issue(shown)},
    "sending-pack": lambda shown: {"id": str(_copy(shown).pack_id)},
    "sending-copy": lambda shown: {"id": str(_copy(shown).pk)},
    "sent-copy": lambda shown: {"id": _sent(shown)},
    "recover": lambda shown: {
        "kind": Kind.PASSWORD.value,
        "user_id": str(shown.user("social_worker").pk),
        "token": make_token(Kind.PASSWORD, shown.user("social_worker"), None),
    },
}
#: What the address asks for besides its path.
ASKS: dict[str, Callable[[Shown], dict[str, str]]] = {
    "search": lambda shown: {"q": "Invented"},
    **{name: lambda shown: {"person": str(shown.child)} for name in ("audit-looked", "audit-looked-csv")},
    **{name: lambda shown: {"person": str(shown.child)} for name in ("team-looked", "team-looked-csv")},
    "register-person": lambda shown: {"q": "Nobody Known"},
    "pack": lambda shown: {"pack": str(_pack(shown))},
    "disposals": lambda shown: {"person": str(shown.child)},
    "second-factor-remove": lambda shown: {"factor": _factor(shown)},
    "recovery-link": lambda shown: {"user": str(shown.user("social_worker").pk), "kind": Kind.PASSWORD.value},
}
#: How far a session is.
SESSIONS: dict[str, Callable[[Shown], dict[str, Any]]] = {
    "sign-in-second": _half_in,
    "recovery-codes": _new_codes,
}


def names() -> list[str]:
    """Every address by its name; those of the partner API show no pages."""
    return sorted({pattern.name or "" for pattern in urlpatterns if pattern.name in TABLE} - LEAD_ON - FILES)


def test_what_shows_no_page_is_in_the_tables() -> None:
    assert set(TABLE) >= LEAD_ON | FILES


@pytest.mark.parametrize("name", names())
def test_each_page(shown: Shown, look: Any, name: str) -> None:
    answer = _answer(shown, name)
    if answer["Content-Type"].startswith("text/html"):
        assert not (faults := look.faults(answer)), "\n".join(faults)


def _answer(shown: Shown, name: str) -> Any:
    """The page, as the first role that may open it."""
    allowed, path, form = TABLE[name]
    path = EXAMPLES.get(name, lambda shown: path)(shown)
    asked = ASKS.get(name, lambda shown: {})(shown)
    held = SESSIONS.get(name, lambda shown: {})(shown)
    address = reverse(name, kwargs=path)
    found = {}
    for client, role in _readers(shown, allowed, held):
        answer = (client.post if form else client.get)(address, asked)
        if answer.status_code == 200:
            return answer
        found[role] = answer.status_code
    raise AssertionError(f"{address} shows nobody a page: give it an example. {found}")


def _readers(shown: Shown, allowed: frozenset[str] | None, held: dict[str, Any]) -> Iterator[tuple[Client, str]]:
    if allowed is None:
        yield _with_session(Client(), held), "nobody"
        return
    for role in sorted(allowed, key=lambda role: (FIRST.index(role) if role in FIRST else len(FIRST), role)):
        client = Client()
        client.force_login(shown.user(role))
        yield _with_session(client, held), role


def _with_session(client: Client, held: dict[str, Any]) -> Client:
    """A client who has just proved who they are."""
    session = client.session
    session.update(held)
    confirm(session)
    session.save()
    return client


def _varieties() -> list[tuple[str, str]]:
    """Pages that one address has several of, and who looks at each."""
    found = [(role, reverse("home")) for role in sorted(ROLES)]
    found += [("team_manager", reverse("work-drift", args=[id])) for id in drift_lists()]
    found += [("performance_analyst", reverse("scorecard", args=[id])) for id in chapters()]
    found += [("board_manager", reverse("report-chapter", args=["2016-17", each.id])) for each in report_chapters()]
    found += [("auditor", reverse("dictionary-table", args=[model._meta.db_table])) for model in record_models()]
    found += [
        ("performance_analyst", reverse("measure", args=["cp.open"]) + "?by=month"),
        ("performance_analyst", reverse("list", args=["contacts.total"])),
        ("team_manager", reverse("list", args=["contacts.total"])),
        ("social_worker", reverse("list", args=["uasc.total"]) + "?period=2014-04"),
        ("independent_chair", reverse("list", args=["cp.open"])),
        ("social_worker", reverse("audit")),
        ("auditor", "/measures/none"),
    ]
    return found


@pytest.mark.parametrize(("role", "address"), _varieties())
def test_each_variety(shown: Shown, look: Any, role: str, address: str) -> None:
    client = Client()
    client.force_login(shown.user(role))
    assert not (faults := look.faults(client.get(address))), "\n".join(faults)


def test_what_is_asked_once_more_and_what_is_told_of_a_wrong_day(shown: Shown, look: Any) -> None:
    client = Client()
    client.force_login(shown.user("administrator"))
    member = TeamMembership.objects.filter(end_date=None).order_by("pk")[0]
    address = reverse("administration-change", args=["leave-team", member.pk])
    sent = {"because": "Moved.", "seen": str(version(member)), "end_date-month": "3", "end_date-year": "2017"}
    for day, status in (("31", 200), ("32", 400)):
        answer = client.post(address, sent | {"end_date-day": day})
        assert answer.status_code == status
        assert not (faults := look.faults(answer)), "\n".join(faults)


def test_the_checks_asked_of_a_partner(shown: Shown, look: Any) -> None:
    user = shown.user("mash_partner")
    with writing("test", by="tester", because="test"):
        police = Organisation.objects.create(name="Police", kind="police")
        user.worker = Worker.objects.create(agency=police, name="Officer", job="police_officer")
        day = standing().day
        given = {"agency": Organisation.objects.filter(kind="local_authority")[0], "source": "2A"}
        intake = apps.get_model("front_door.Intake")._default_manager.create(received_date=day, priority="RED", **given)
        about = {"person_id": shown.child, "contact_date": day, "presenting_issue": "OTHER"}
        apps.get_model("front_door.Contact")._default_manager.create(intake=intake, **about, **given)
        asked = {"agency": given["agency"], "organisation": police, "asked_date": day}
        apps.get_model("front_door.AgencyCheck")._default_manager.create(intake=intake, **asked)
    user.save()
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("work"))
    assert "Say what your agency knows" in answer.content.decode()
    assert not (faults := look.faults(answer)), "\n".join(faults)
