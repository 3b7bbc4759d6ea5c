"""Sign-ins for the demonstration: a user for each role, linked to workers of the invented partnership."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from sightline.core.access.factors import remove_all
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.core.cases.models import Allocation
from sightline.core.errors import SetUpProblem
from sightline.core.organisations.models import TeamMembership, Worker

FILE = "demo-logins.json"


@dataclass(frozen=True)
class SignIn:
    """One sign-in of the demonstration, as it is written to the file."""

    username: str
    password: str
    role: str
    sees: str


def make_demo_users() -> list[SignIn]:
    """A user for each role, the same worker as before, with a new random password. Raises SetUpProblem where the records are not invented."""
    if not standing().invented:
        raise SetUpProblem(
            "Demonstration sign-ins are for an invented partnership only",
            "the records",
            "Make users for real records with a command of their own: ./sightline users add.",
        )
    with transaction.atomic():
        return [_make(role) for role in ROLES]


def make_sign_ins(tell: Callable[[str], None]) -> None:
    """Make the users and write their sign-ins to the installation's own folder, readable by its owner only."""
    path = write(make_demo_users())
    tell(f"in {path}")


def write(sign_ins: list[SignIn]) -> Path:
    """Write the sign-ins to the file, whole."""
    path: Path = settings.VAR_DIR / FILE
    draft = path.with_name(f".{FILE}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([asdict(one) for one in sign_ins], indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def _make(role: str) -> SignIn:
    password = secrets.token_urlsafe(12)
    username = role.replace("_", "-")
    user, _ = User.objects.get_or_create(username=username, defaults={"role": role})
    # Made anew, a sign-in stays the same person: partners are nobody whom a search among the authority's workers would find again.
    user.role, user.worker, user.is_active = role, user.worker or _worker_for(role), True
    user.first_name, user.last_name = "Demonstration", ROLES[role].name.lower()
    user.set_password(password)
    user.save()
    # Whoever has the file can sign in with nothing else.
    remove_all(user, "demonstration")
    return SignIn(username, password, ROLES[role].name, ROLES[role].description)


def _worker_for(role: str) -> Worker | None:
    """Someone with work to show on the day that the partnership stands at."""
    day = standing().day
    # Many cases allocated lately means many kinds of work: teams that keep children for years see one kind each.
    lately = (day - timedelta(days=365), day)
    open_now = Allocation.objects.filter(start_date__range=lately, end_date=None, case__service="social_care")
    if role == "social_worker":
        busiest = (
            open_now.exclude(worker=None).values("worker").annotate(cases=Count("id")).order_by("-cases", "worker")
        )
        return Worker.objects.filter(pk__in=busiest.values("worker")[:1]).first()
    if role in ("team_manager", "service_manager"):
        # The service manager is a manager of another team, and is made to answer for several (`engine.synthetic.partners`).
        fullest = open_now.values("team").annotate(cases=Count("id")).order_by("-cases", "team")
        teams = list(fullest.values_list("team", flat=True)[:2])
        place = teams[:1] if role == "team_manager" else teams[1:]
        members = TeamMembership.objects.filter(team__in=place, start_date__lte=day, end_date=None)
        managers = members.filter(worker__job="team_manager")
        found = (managers or members).order_by("worker").first()
        return found.worker if found else None
    if role == "contact_officer":
        return Worker.objects.filter(job="contact_officer", left_date=None).order_by("id").first()
    if role == "conference_chair":
        return _busiest_chair()
    if role == "auditor":
        # Any worker will do: what the auditor records belongs to an agency, and the role sees no child by a reason.
        return Worker.objects.order_by("-id").first()
    return None


def _busiest_chair() -> Worker | None:
    day = standing().day
    chairs = Worker.objects.filter(job="independent_chair").order_by("id")
    seen = [
        (own_children(User(role="conference_chair", worker=chair), day).count(), -chair.pk, chair) for chair in chairs
    ]
    return max(seen)[2] if seen else None
