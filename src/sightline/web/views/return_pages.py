"""A return as its analyst sees it: where it stands, rule by rule and week by week, what is in the way of sending it, and what was sent."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.access.sessions import where_from
from sightline.core.access.standing import standing
from sightline.core.errors import InputProblem
from sightline.engine.exchange.export import authority_asked
from sightline.engine.return_issues.checking import check_all
from sightline.engine.return_issues.collections import Collection, collection, collections, under_way
from sightline.engine.return_issues.lists import State, Week, named, state_of, trend
from sightline.engine.return_issues.models import Submission
from sightline.engine.return_issues.submitting import Asked, comparison, submit
from sightline.web import svg
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.views.return_issues import TITLE as ISSUES

TITLE = "Returns"


@needs(Permission.IMPORT)
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """The returns that are being collected, and those of every year whose rules are known."""
    user, day = user_of(request), standing().day
    running = sorted(under_way(day), key=lambda one: (one.due, one.title))
    return page(
        request,
        "returns/returns.html",
        title=TITLE,
        section="returns",
        running=[(one, state_of(one, user), (one.due - day).days) for one in running],
        others=[one for one in collections() if one not in running],
        issues=ISSUES,
        day=day,
    )


@needs(Permission.IMPORT)
@require_GET
def one(request: HttpRequest, name: str, year: str) -> HttpResponse:
    """One return."""
    return _page(request, _asked(name, year))


def _page(request: HttpRequest, asked: Collection, fault: str = "") -> HttpResponse:
    user, day = user_of(request), standing().day
    state, weeks = state_of(asked, user), trend(asked, user)
    sent = list(Submission.objects.filter(return_name=asked.name, year=asked.label).order_by("-id"))
    return page(
        request,
        "returns/return.html",
        title=asked.title,
        section="returns",
        crumbs=((TITLE, reverse("returns")),),
        asked=asked,
        state=state,
        said=_said(asked, state),
        weeks=[week for week in weeks if week.unresolved is not None],
        charts=_charts(asked, weeks),
        sent=sent,
        compared=comparison(sent[0]) if sent else [],
        left=(asked.due - day).days,
        fault=fault,
        status=400 if fault else 200,
    )


def _said(asked: Collection, state: State) -> dict[str, str]:
    """What the rules say that are named without an issue, by their code."""
    codes = [*state.check.of_no_child, *state.check.not_run] if state.check else ()
    return {code: named(asked.name, code).message for code in codes}


def _charts(asked: Collection, weeks: Sequence[Week]) -> list[Any]:
    known = [week for week in weeks if week.unresolved is not None]
    if len(known) < 2:
        return []
    last = known[-1]
    title = (
        f"Line chart of unresolved issues of the {asked.title} at the end of each week: {known[0].unresolved} in the week to"
        f" {_short(known[0].last)}, {last.unresolved} in the week to {_short(last.last)}. The table that follows gives every value."
    )
    points = [(_short(week.last), week.unresolved) for week in weeks]
    return [svg.line_chart(points, size, title, lambda tick: f"{tick:,.0f}") for size in (svg.WIDE, svg.NARROW)]


def _short(day: date) -> str:
    return f"{day.day} {day:%b %y}"


@needs(Permission.IMPORT)
@require_POST
def check(request: HttpRequest, name: str, year: str) -> HttpResponse:
    """Checks the whole return on the record."""
    asked = _asked(name, year)
    try:
        done = check_all(asked, authority_asked("")[0], user_of(request))
    except InputProblem as problem:
        return _page(request, asked, f"{problem.what} {problem.next}")
    messages.success(
        request, f"Checked: {done.new:,} new issues, {done.still:,} found still, {done.resolved:,} resolved."
    )
    return HttpResponseRedirect(reverse("return", args=[name, year]))


@needs(Permission.IMPORT)
@require_POST
def file(request: HttpRequest, name: str, year: str) -> HttpResponse:
    """The file of the return, to take away and send. The record of it is kept."""
    asked, user = _asked(name, year), user_of(request)
    with tempfile.TemporaryDirectory(prefix="sightline-return-") as aside:
        out = Path(aside) / f"{asked.name}-{asked.label}"
        wanted = Asked(asked, user, out, note=request.POST.get("note", "").strip(), where_from=where_from(request))
        try:
            submit(wanted)
        except InputProblem as problem:
            return _page(request, asked, f"{problem.what} {problem.next}")
        kind, content = ("zip", _zipped(out)) if out.is_dir() else ("xml", out.read_bytes())
    answer = HttpResponse(content, content_type=f"application/{kind}")
    answer["Content-Disposition"] = f'attachment; filename="{out.name}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _zipped(folder: Path) -> bytes:
    """The files of a set in one."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for each in sorted(folder.iterdir()):
            made.write(each, each.name)
    return held.getvalue()


def _asked(name: str, year: str) -> Collection:
    """The return of that name and year. Raises Http404 where there is none."""
    try:
        found = collection(name, year)
    except InputProblem as problem:
        raise Http404(problem.what) from problem
    if found.label != year or found not in collections():
        raise Http404("The rules of that year are not known.")
    return found


ADDRESSES = (
    path("returns", every, name="returns"),
    path("returns/<str:name>/<str:year>", one, name="return"),
    path("returns/<str:name>/<str:year>/check", check, name="return-check-all"),
    path("returns/<str:name>/<str:year>/file", file, name="return-file"),
)
