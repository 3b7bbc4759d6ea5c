"""Checking a return that somebody has as files: nothing is stored unless they ask for it, and then only the answer, for themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules import show
from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, Validation, validate
from sightline.engine.return_issues.collections import collection
from sightline.engine.return_issues.models import KeptAnswer
from sightline.web.administering import Form, Question, form_of
from sightline.web.doors import needs, user_of
from sightline.web.pages import page

TITLE = "Check a return"
LARGEST = 200_000_000
#: Rows of one rule that a page shows; a file holds all of them.
SHOWN_ROWS = 50
_PAGE = "page"
_FORMS: dict[str, tuple[str, Callable[[Validation], str | bytes]]] = {
    "csv": ("text/csv; charset=utf-8", show.as_csv),
    "json": ("application/json", show.as_json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", show.as_xlsx),
}
#: An answer that was kept goes by itself after so long.
KEPT = timedelta(days=90)
_KEEP, _DO_NOT = "keep", "no"
#: The question beside which something wrong is told, by where it is; else it is the files.
_BESIDE = {"the authority": "area", "the day of the return": "day", "year": "year"}
_SHOWN = ((_PAGE, "On a page"), ("xlsx", "As a workbook"), ("csv", "As CSV"), ("json", "As JSON"))


@needs(Permission.IMPORT)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and after it what every rule says of the files."""
    questions = _questions()
    form = form_of(request, questions, {"shown": _PAGE, "keep": _DO_NOT})
    if request.method == "POST":
        found = _validated(request, form)
        if found is not None:
            note(
                user_of(request).get_username(),
                What.READ,
                f"check of a return: {found.result.return_} {found.result.year}",
            )
            if form.typed["keep"] == _KEEP:
                _kept(request).create(
                    return_name=found.result.return_,
                    year=collection(found.result.return_, found.result.year).label,
                    by=user_of(request).get_username(),
                    answer=show.as_json(found),
                )
            return _answer(request, form.typed["shown"], found)
    return page(
        request,
        "returns/check.html",
        title=TITLE,
        section="check-return",
        form=form,
        kept=_kept(request).order_by("-id").defer("answer"),
        status=400 if form.faults else 200,
    )


def _kept(request: HttpRequest) -> Any:
    """The answers that the reader kept. Old ones are thrown away first."""
    KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return KeptAnswer.objects.filter(by=user_of(request).get_username())


@needs(Permission.IMPORT)
@require_GET
def kept(request: HttpRequest, id: int) -> HttpResponse:
    """An answer that the reader kept."""
    held = _kept(request).filter(pk=id).first()
    if held is None:
        raise Http404("You kept no such answer.")
    found = show.from_json(held.answer)
    note(user_of(request).get_username(), What.READ, f"kept check of a return: {held.return_name} {held.year}")
    return _answer(request, _PAGE, found, held)


@needs(Permission.IMPORT)
@require_POST
def discard(request: HttpRequest, id: int) -> HttpResponse:
    """Throws a kept answer away."""
    _kept(request).filter(pk=id).delete()
    messages.success(request, "The answer is thrown away.")
    return HttpResponseRedirect(reverse("check-return"))


def _questions() -> tuple[Question, ...]:
    years = sorted({year for name in returns() for one in listed(name).values() for year in one.years}, reverse=True)
    labels = tuple((f"{year - 1}-{year % 100:02d}",) * 2 for year in years)
    return (
        Question("return", "Which return?", "choice", choices=tuple((one.name, one.title) for one in returns().values())),
        Question("year", "Which collection year?", "choice", choices=labels),
        Question("area", "Local authority", "line", "Code or name. Rules about places need it; a census says it itself."),
        Question("day", "As of which day?", "day", "Annex A lists speak as of a day. Other returns need none."),
        Question(
            "files",
            "Files of the return",
            "files",
            "The census's XML file, the CSV files of SSDA903 or the Standard Safeguarding Dataset, Annex A as workbook or CSV, or a zip of them.",
        ),
        Question("last_year", "Files of the year before, if you have them", "files", "Some rules compare the two years."),
        Question("providers", "Ofsted's list of providers, if you have it", "file", "As CSV. Rules of SSDA903 about URNs need it."),
        Question("shown", "Show the answer", "choice", choices=_SHOWN),
        Question("keep", "Keep these results?", "choice", "The answer alone, for you alone, for 90 days.", choices=(
            (_DO_NOT, "No: nothing is stored"), (_KEEP, "Yes: keep the answer"))),
    )  # fmt: skip


def _validated(request: HttpRequest, form: Form) -> Validation | None:
    """What the rules say; None when something is wrong with what was given, which the form then tells."""
    for name, what in (("return", "Choose a return"), ("year", "Choose a collection year")):
        if not form.typed[name]:
            form.faults[name] = what
    if not request.FILES.getlist("files"):
        form.faults["files"] = "Choose the files of the return"
    if form.faults:
        return None
    with ExitStack() as stack:
        paths = {
            name: _aside(request, name, Path(stack.enter_context(tempfile.TemporaryDirectory())))
            for name in ("files", "last_year", "providers")
        }
        try:
            return validate(
                Request(
                    return_=form.typed["return"],
                    year=form.typed["year"],
                    paths=paths["files"],
                    last_year=paths["last_year"],
                    providers=next(iter(paths["providers"]), None),
                    authority=form.typed["area"],
                    day=form.typed["day"],
                    largest=LARGEST,
                )
            )
        except InputProblem as problem:
            place = f" ({Path(problem.where).name})" if problem.where and problem.where not in _BESIDE else ""
            form.faults[_BESIDE.get(problem.where, "files")] = f"{problem.what}{place}. {problem.next}"
            return None


def _aside(request: HttpRequest, name: str, folder: Path) -> list[Path]:
    """The uploaded files of a question, in a folder that goes when the answer has been given. Their names are cut to what finds their table."""
    paths = []
    for sent in request.FILES.getlist(name):
        place = folder / Path(sent.name or "file").name[-100:]
        with place.open("wb") as copy:
            for block in sent.chunks():
                copy.write(block)
        paths.append(place)
    return paths


def _answer(request: HttpRequest, shown: str, found: Validation, held: KeptAnswer | None = None) -> HttpResponse:
    if shown in _FORMS:
        kind, make = _FORMS[shown]
        response = HttpResponse(make(found), content_type=kind)
        name = f"{found.result.return_}-{found.result.year}-rules.{shown}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return page(
        request,
        "returns/checked.html",
        title=f"{returns()[found.result.return_].title[:1].upper()}{returns()[found.result.return_].title[1:]} {found.result.year}",
        section="check-return",
        crumbs=((TITLE, reverse("check-return")),),
        kept=held,
        found=found,
        failed=found.result.with_outcome(Outcome.FAILED),
        not_run=found.result.with_outcome(Outcome.COULD_NOT_RUN),
        shown_rows=SHOWN_ROWS,
    )


ADDRESSES = (
    path("returns/check", check, name="check-return"),
    path("kept-checks/<int:id>", kept, name="kept-check"),
    path("kept-checks/<int:id>/discard", discard, name="kept-check-discard"),
)
