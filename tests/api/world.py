"""An authority with a front door, two agencies whose systems call, and children: one of the first agency's, one of the other's, one sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation, Team
from sightline.core.partners.clients import SCOPES
from sightline.core.partners.models import Client
from sightline.core.records.writing import writing
from sightline.engine.clients import new_client

TODAY = timezone.localdate()
BORN = date(2014, 5, 6)
FORM = "application/x-www-form-urlencoded"
_keys = count()


def make(label: str, **values: Any) -> Any:
    """A saved record."""
    made = apps.get_model(label)(**values)
    with writing("test.make", by="tester", because="test"):
        made.save()
    return made


@dataclass
class System:
    """The system of an agency, as it calls."""

    client: Client
    secret: str
    tokens: dict[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.client.user_id)

    def token(self, *scopes: str) -> str:
        if scopes not in self.tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.client.client_id,
                "client_secret": self.secret,
            }
            answer = Browser().post(
                "/api/v1/token", urlencode(form | ({"scope": " ".join(scopes)} if scopes else {})), content_type=FORM
            )
            assert answer.status_code == 200, answer.content
            self.tokens[scopes] = answer.json()["access_token"]
        return self.tokens[scopes]

    def call(self, method: str, address: str, body: Any = None, *, key: str = "", scopes: tuple[str, ...] = ()) -> Any:
        """One call with a token, and for what is sent with a key of its own unless one is given."""
        headers = {"Authorization": f"Bearer {self.token(*scopes)}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"key-{next(_keys)}"
        data = json.dumps(body) if body is not None else ""
        return Browser().generic(method, f"/api/v1{address}", data, content_type="application/json", headers=headers)


@dataclass
class World:
    """Who there is."""

    authority: Organisation
    team: Team
    officer: User
    administrator: User
    police: System
    health: System
    known: Any
    sealed: Any
    keeper: Any

    def share(self, person: Any, partner: Organisation, *parts: str) -> Any:
        decision = make(
            "restrictions.SharingDecision", agency=self.authority, person=person, partner=partner, purpose="To plan.",
            lawful_basis="PUBLIC_TASK", start_date=TODAY, end_date=TODAY + timedelta(days=30),
        )  # fmt: skip
        for part in parts:
            make("restrictions.SharedStream", agency=self.authority, decision=decision, stream=part)
        return decision

    def seal(self, person: Any, policy: str = "hidden") -> Any:
        sealed = make(
            "restrictions.Seal", agency=self.authority, person=person, policy=policy, ask=self.keeper, reason="A reason",
            start_date=TODAY,
        )  # fmt: skip
        make("restrictions.SealMember", agency=self.authority, seal=sealed, worker=self.keeper, start_date=TODAY)
        return sealed


def child(authority: Organisation, forename: str, nhs: str) -> Any:
    """A child with a name, a number and a date of birth."""
    person = make("people.Person", agency=authority, birth_date=BORN, sex="M")
    make("people.PersonName", agency=authority, person=person, forename=forename, surname="Invented")
    make("people.Identifier", agency=authority, person=person, scheme="nhs", value=nhs)
    return person


def build() -> World:
    """Everything, written for this test."""
    authority = Organisation.objects.create(name="County council", kind="local_authority")
    team = make("organisations.Team", agency=authority, name="Front door", service="social_care")
    worker = make("organisations.Worker", agency=authority, name="Officer", job="contact_officer")
    make("organisations.TeamMembership", agency=authority, worker=worker, team=team, start_date=date(2020, 1, 1))
    keeper = make("organisations.Worker", agency=authority, name="Keeper", job="team_manager")
    officer = User.objects.create(username="officer", role="contact_officer", worker=worker)
    administrator = User.objects.create(username="admin", role="administrator")
    # An invented partnership, for numbers of the range that no patient has.
    make(
        *("records.Coverage",), agency=authority, area="E10000028", stream="contacts", source_system="synthetic",
        start_date=date(2020, 1, 1), end_date=TODAY,
    )  # fmt: skip
    systems = {
        kind: System(
            *new_client(
                administrator,
                name=f"{kind} system",
                agency=Organisation.objects.create(name=kind, kind=kind),
                team=team,
                source="6",
                scopes=SCOPES,
                per_minute=6000,
            )
        )
        for kind in ("police", "health")
    }
    known, sealed = child(authority, "Known", "9990000018"), child(authority, "Sealed", "9990000026")
    world = World(authority, team, officer, administrator, systems["police"], systems["health"], known, sealed, keeper)
    world.seal(sealed)
    return world


def contact(*children: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A contact as a system sends it."""
    usual = {"forename": "New", "surname": "Example", "birth_date": "2015-06-07", "presenting_issue": "NEGLECT"}
    return {
        "referrer": {"name": "A. Officer", "role": "Constable", "reach": "01632 960001"},
        "narrative": "What was seen.",
        "consent": "GIVEN",
        "lawful_basis": "CONSENT",
        "priority": "AMBER",
        "children": list(children) or [usual],
        **more,
    }


def named(forename: str, nhs: str) -> dict[str, Any]:
    """A child of `child`, as a system names it."""
    return {
        "forename": forename,
        "surname": "Invented",
        "birth_date": BORN.isoformat(),
        "nhs_number": nhs,
        "presenting_issue": "NEGLECT",
    }


def faults(answer: HttpResponse) -> dict[str, str]:
    """The faults of a refusal, by field."""
    return {each["field"]: each["what"] for each in json.loads(answer.content)["errors"]}
