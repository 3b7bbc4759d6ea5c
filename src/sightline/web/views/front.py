"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from sightline.core.access.roles import Permission
from sightline.core.errors import InputProblem
from sightline.engine.measures.registry import measures
from sightline.web.asked import asked
from sightline.web.attention import compared, concerns
from sightline.web.chapters import chapters
from sightline.web.doors import signed_in, user_of
from sightline.web.figures import current
from sightline.web.pages import page
from sightline.web.scorecards import row

#: What a board asks for first.
KEY_FIGURES = ("contacts.total", "referrals.total", "cp.open", "lac.total")


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is here, as at when, what it covers, and what needs attention."""
    user = user_of(request)
    if not user.may(Permission.SEE_FIGURES):
        return page(request, "home_without_figures.html", title="Sightline", section="home", crumbs=())
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
        section="home",
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


ADDRESSES = (path("", home, name="home"),)
