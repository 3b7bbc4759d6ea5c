"""The scorecard."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from sightline.core.access.roles import Permission
from sightline.web.asked import asked
from sightline.web.chapters import chapters
from sightline.web.doors import needs, user_of
from sightline.web.figures import current
from sightline.web.pages import page
from sightline.web.scorecards import row


@needs(Permission.SEE_FIGURES)
@require_GET
def scorecards(request: HttpRequest) -> HttpResponse:
    """The chapters of the scorecard."""
    wanted = asked(request, current())
    return page(
        request, "scorecards.html", title="Scorecard", section="scorecards", asked=wanted, chapters=chapters().values()
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def scorecard(request: HttpRequest, chapter: str) -> HttpResponse:
    """One chapter: a line for each measure."""
    found = chapters().get(chapter)
    if found is None:
        raise Http404("There is no such chapter.")
    figures = current()
    wanted = asked(request, figures)
    exact = user_of(request).may(Permission.SEE_ALL_CHILDREN)
    order = list(chapters())
    place = order.index(chapter)
    return page(
        request,
        "scorecard.html",
        title=found.title,
        section="scorecards",
        crumbs=(("Scorecard", f"{reverse('scorecards')}?{wanted.query}"),),
        asked=wanted,
        chapter=found,
        rows=[row(figures, what, wanted.period, wanted.area.code, exact=exact) for what in found.measures],
        before=chapters()[order[place - 1]] if place else None,
        after=chapters()[order[place + 1]] if place + 1 < len(order) else None,
    )


ADDRESSES = (
    path("scorecard", scorecards, name="scorecards"),
    path("scorecard/<slug:chapter>", scorecard, name="scorecard"),
)
