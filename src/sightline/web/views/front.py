"""The first page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from sightline.core.access.models import User
from sightline.core.access.roles import PARTNERS, Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What
from sightline.core.errors import InputProblem
from sightline.core.restrictions.models import Notice
from sightline.engine.actions.declarations import actions
from sightline.engine.measures.registry import measures
from sightline.engine.screens import drafts
from sightline.engine.work.board import unallocated_count
from sightline.pathways.front_door import queues
from sightline.web import kept_on_copies
from sightline.web.asked import asked
from sightline.web.attention import compared, concerns
from sightline.web.chapters import chapters
from sightline.web.doors import needs, signed_in, user_of
from sightline.web.figures import current
from sightline.web.pages import page
from sightline.web.reading import audited_read
from sightline.web.scorecards import row
from sightline.web.views.work import today_of

#: What a board asks for first.
KEY_FIGURES = ("contacts.total", "referrals.total", "cp.open", "lac.total")


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """For those who work with children, what is due; for those who read figures, the figures; for others, where to go."""
    user = user_of(request)
    if user.may(Permission.SEE_OWN_CHILDREN):
        return _work(request, user)
    if not user.may(Permission.SEE_FIGURES):
        return page(request, "home_without_figures.html", title="Sightline", section="home", crumbs=())
    return _figures(request, user, "home")


@needs(Permission.SEE_FIGURES)
@require_GET
def glance(request: HttpRequest) -> HttpResponse:
    """The figures at a glance, for those whose first page is their work."""
    return _figures(request, user_of(request), "glance")


def _work(request: HttpRequest, user: User) -> HttpResponse:
    day = standing().day
    today = today_of(user, day)
    people = [item.person for item in today["items"] if item.person]
    audited_read(request, What.LIST, "home", people=people, records=[item.record for item in today["items"]])
    unread = visible_rows(user, Notice, day).filter(read_at=None).count()
    return page(
        request,
        "work/home.html",
        title="Your work today",
        section="home",
        crumbs=(),
        today=today,
        drafts=_drafts(user),
        nobody=user.worker_id is None,
        unread=unread,
        day=day,
        manages=user.may(Permission.MANAGE_TEAM),
        unallocated=unallocated_count(user, day) if user.may(Permission.MANAGE_TEAM) else 0,
        checks=queues.to_answer(user).count() if user.role in PARTNERS else 0,
        takes_contacts=user.may(Permission.RECORD_CONTACT),
        searches=user.may(Permission.SEARCH),
    )


def _drafts(user: User) -> list[dict[str, Any]]:
    """The forms that the user has begun, each with its address."""
    found = []
    for draft in drafts.of(user)[:10]:
        if elsewhere := kept_on_copies.page_of(draft.form):
            title, address = elsewhere
            found.append({"title": title, "at": draft.saved_at, "address": address})
            continue
        form, _, about = draft.form.partition("?")
        id, _, record = form.partition("/")
        action = actions().get(id)
        if action is None:
            continue
        address = reverse("do", args=[id, *([int(record)] if record.isdecimal() else [])])
        links = {name: value for name, value in parse_qsl(about) if not (name == "person" and value == "0")}
        query = urlencode(links) if not action.amends else ""
        found.append(
            {"title": action.title, "at": draft.saved_at, "address": f"{address}?{query}" if query else address}
        )
    return found


def _figures(request: HttpRequest, user: User, here: str) -> HttpResponse:
    """What is here, as at when, what it covers, and what needs attention."""
    try:
        figures = current()
    except InputProblem as problem:
        return page(request, "no_figures.html", title="No figures yet", section="home", problem=problem)
    wanted = asked(request, figures)
    exact = user.may(Permission.SEE_ALL_CHILDREN)
    return page(
        request,
        "home.html",
        title=f"{wanted.area.name} at a glance",
        section=here,
        here=here,
        asked=wanted,
        key_figures=[
            row(figures, measures()[id], wanted.period, wanted.area.code, exact=exact)
            for id in KEY_FIGURES
            if id in measures()
        ],
        concerns=concerns(figures, wanted.period, wanted.area.code, exact=exact),
        compared=compared(figures, wanted.period, wanted.area.code),
        chapters=chapters().values(),
        coverage=[c for c in figures.snapshot.manifest.coverage if c.area == wanted.area.code],
    )


ADDRESSES = (path("", home, name="home"), path("glance", glance, name="glance"))
