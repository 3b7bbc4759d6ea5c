"""Making a client of the partner API: the system of an agency, the worker and user that it acts as, and its first secret."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from sightline.core.access.administrator import require_administrator
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.organisations.models import Organisation, Team
from sightline.core.partners.clients import SCOPES, new_secret
from sightline.core.partners.models import Client
from sightline.engine.actions.engine import perform
from sightline.standards.codes import UnknownCode, codeset

MOST_PER_MINUTE = 6000


def new_client(
    by: User,
    *,
    name: str,
    agency: Organisation,
    team: Team,
    source: str,
    scopes: Iterable[str],
    expires_on: date | None = None,
    per_minute: int = 60,
) -> tuple[Client, str]:
    """A client and its secret, which is shown this once. Raises InputProblem, naming what is wrong."""
    wanted = sorted(set(scopes))
    _check(by, name, agency, team, source, wanted, expires_on, per_minute)
    values = {"agency": agency.pk, "name": name, "job": "partner_system"}
    worker = perform("organisations.add_worker", by=by, because=f"Partner API client {name}", values=values).record
    client = Client(
        name=name,
        agency=agency,
        team=team,
        source=source,
        scopes=wanted,
        expires_on=expires_on,
        per_minute=per_minute,
        made_by=by.get_username(),
    )
    user = User(username=f"system-{client.client_id[:12]}", role="mash_partner", worker=worker, last_name=name[:150])
    user.set_unusable_password()
    user.save()
    client.user = user
    client.save()
    note(by.get_username(), What.USER_MADE, user.username, role=user.role, system=True)
    note(
        by.get_username(),
        What.SETTINGS,
        f"partner client {client.client_id}",
        change="made",
        agency=agency.pk,
        scopes=wanted,
        expires_on=str(expires_on or ""),
    )
    return client, new_secret(client, by.get_username())


def _check(
    by: User,
    name: str,
    agency: Organisation,
    team: Team,
    source: str,
    scopes: list[str],
    expires_on: date | None,
    per_minute: int,
) -> None:
    require_administrator(by, "client")
    if not name.strip() or len(name) > 100:
        raise InputProblem("Give a name of at most 100 characters.", "name", "name the system")
    if Client.objects.filter(agency=agency, name=name).exists():
        raise InputProblem("The agency has a client of this name.", "name", "choose another name")
    if agency.kind == "local_authority":
        raise InputProblem("A client belongs to a partner agency, not to the authority itself.", "agency", "choose one")
    if team.agency.kind != "local_authority" or team.closed_date:
        raise InputProblem("Contacts go to an open team of the authority.", "team", "choose one")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise InputProblem("Choose what it may do.", "scopes", f"some of {', '.join(SCOPES)}")
    if expires_on is not None and expires_on < timezone.localdate():
        raise InputProblem("The day on which it ends has passed.", "expires_on", "give a later day")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise InputProblem(f"Give a number from 1 to {MOST_PER_MINUTE}.", "per_minute", "calls in a minute")
    try:
        codeset("cin_referral_source").find(source, on=timezone.localdate())
    except UnknownCode as unknown:
        raise InputProblem(str(unknown), "source", "choose one of the list") from unknown
