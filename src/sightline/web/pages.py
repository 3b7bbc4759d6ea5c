"""Rendering a page: what every page shows besides its own content."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.standing import standing
from sightline.core.errors import InputProblem
from sightline.engine.snapshot import place, store
from sightline.engine.snapshot.store import Snapshot
from sightline.web.figures import held_snapshot

#: Title, name of the address, what a role needs to see it.
NAVIGATION: tuple[tuple[str, str, Permission | None], ...] = (
    ("Home", "home", None),
    ("My work", "work", Permission.SEE_OWN_CHILDREN),
    ("Team", "work-team", Permission.MANAGE_TEAM),
    ("People", "search", Permission.SEARCH),
    ("Packs", "sending", Permission.SEND),
    ("Scorecard", "scorecards", Permission.SEE_FIGURES),
    ("Annual report", "reports", Permission.SEE_FIGURES),
    ("Coverage", "coverage", None),
    ("Returns", "returns", Permission.IMPORT),
    ("Check a return", "check-return", Permission.IMPORT),
    ("Reference", "reference", None),
    ("Audit", "audit", Permission.SEE_AUDIT),
    ("Unusual access", "unusual", Permission.REVIEW_ACCESS),
    ("Information rights", "rights", Permission.INFORMATION_RIGHTS),
    ("Notices", "notices", Permission.MANAGE_TEAM),
    ("Restrictions", "restrictions", Permission.SEARCH),
    ("Emergency access", "emergency-reviews", Permission.REVIEW_ACCESS),
    ("Administration", "administration", Permission.ADMINISTER),
    ("Users and roles", "user-list", Permission.ADMINISTER),
    ("Help with signing in", "recovery", Permission.ADMINISTER),
)

Crumb = tuple[str, str]


def page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    crumbs: tuple[Crumb, ...] = (),
    section: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page. `title` is its heading and the start of its browser title, so it must differ from page to page."""
    user = request.user if isinstance(request.user, User) else None
    shell = {
        "title": title,
        "crumbs": [{"text": "Home", "href": reverse("home")}, *({"text": t, "href": h} for t, h in crumbs)]
        if user
        else [],
        "navigation": _navigation(user, section) if user else [],
        "viewer": user,
        "role": ROLES.get(user.role) if user else None,
        "standing": standing(),
        "snapshot": (held_snapshot() or newest_snapshot()) if user else None,
    }
    return render(request, template, {**shell, **context}, status=status)


def newest_snapshot() -> Snapshot | None:
    """The newest snapshot, if there is one."""
    try:
        return _opened(store.latest(place.folder()).path)
    except InputProblem:
        return None


@lru_cache(maxsize=2)
def _opened(path: Path) -> Snapshot:
    """A snapshot that keeps its manifest once read."""
    return Snapshot(path)


def _navigation(user: User, section: str) -> list[dict[str, Any]]:
    return [
        {"text": text, "href": reverse(name), "active": name == section}
        for text, name, needed in NAVIGATION
        if needed is None or user.may(needed)
    ]
