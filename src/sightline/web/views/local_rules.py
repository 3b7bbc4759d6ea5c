"""Rules that a partnership chooses for itself, each from a day on: the limits of clocks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.engine.limits import UNITS, change_limit, history, superseded, why_fixed
from sightline.standards.clocks import UnknownClock, clocks
from sightline.standards.dated import first_day, last_day
from sightline.web.administering import BECAUSE, SECTION, Form, Question, crumbs, tried, typed
from sightline.web.doors import needs, user_of
from sightline.web.pages import page

_LIMITS = "Limits of clocks"


@needs(Permission.ADMINISTER)
@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """Every clock that has not ended, by process, with the limit of today and the one that is planned."""
    today = timezone.localdate()
    planned = {one.id: one for one in clocks() if one.changed and first_day(one) > today}
    groups: dict[str, list[object]] = {}
    for one in clocks():
        if first_day(one) <= today <= last_day(one):
            groups.setdefault(one.process[:1].upper() + one.process[1:], []).append((one, planned.get(one.id)))
    return page(request, "administration/limits.html", title=_LIMITS, section=SECTION, crumbs=crumbs(), groups=groups)


@needs(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def limit(request: HttpRequest, id: str) -> HttpResponse:
    """One clock: the history of its limit, and a form to set another."""
    try:
        versions = history(id)
    except UnknownClock as error:
        raise Http404("There is no such clock.") from error
    newest = versions[0].version
    questions = (
        Question("limit", "New limit", "number"),
        Question("unit", "Counted in", "choice", choices=UNITS),
        Question("first_day", "First day", "day", "Tomorrow at the earliest, as 2027-03-31."),
        BECAUSE,
    )
    form = Form(questions, typed(request, questions, {"unit": newest.unit}), {})
    by = user_of(request)
    if request.method == "POST" and tried(request, form, lambda: change_limit(by, id, **form.typed)):
        return HttpResponseRedirect(request.path)
    note(by.get_username(), What.LIST, f"limits of clock {id}")
    return page(
        request,
        "administration/limit.html",
        title=f"Limit of {id}",
        section=SECTION,
        crumbs=crumbs((_LIMITS, reverse("administration-limits"))),
        clock=newest,
        versions=versions,
        superseded=superseded(id),
        fixed=why_fixed(newest),
        form=form,
        today=timezone.localdate(),
        status=400 if form.faults else 200,
    )


ADDRESSES = (
    path("administration/limits", limits, name="administration-limits"),
    path("administration/limits/<slug:id>", limit, name="administration-limit"),
)
