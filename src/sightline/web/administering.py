"""The forms of the administration's pages: their questions, what was typed, what was wrong, and whether the act was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sightline.core.errors import InputProblem
from sightline.engine.screens.questions import DATE_PARTS, day_text
from sightline.web.acting import acted
from sightline.web.pages import page

SECTION = "administration"
TITLE = "Administration"


@dataclass(frozen=True)
class Question:
    """One question of a form: a list to choose from, several to tick, a day, a number, a file, several files, or a line."""

    name: str
    title: str
    kind: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass
class Form:
    """A form as it stands: what was typed, and what is wrong with it. A day is typed as three parts, and is one text among what was typed."""

    questions: Sequence[Question]
    typed: dict[str, Any]
    faults: dict[str, str]
    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    def anchor(self, name: str) -> str:
        """Where a link of the error summary leads; a fault of no question leads to the first."""
        found = next((each for each in self.questions if each.name == name), self.questions[0])
        return f"{found.name}-day" if found.kind == "day" else found.name


def form_of(request: HttpRequest, questions: Sequence[Question], initial: Mapping[str, Any]) -> Form:
    """A form with what was typed, else with what stands."""
    found = typed(request, questions, initial)
    days = {each.name: _parts(request, each.name, found[each.name]) for each in questions if each.kind == "day"}
    return Form(questions, found, {}, days)


BECAUSE = Question("because", "Why", "line", "It is kept in the audit.")


def crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The way to a page of the administration."""
    return ((TITLE, reverse("administration")), *more)


def form_page(request: HttpRequest, title: str, form: Form, button: str, back: tuple[str, str]) -> HttpResponse:
    """A page that is one form."""
    return page(
        request,
        "administration/form.html",
        title=title,
        section=SECTION,
        crumbs=crumbs(back),
        form=form,
        button=button,
        status=400 if form.faults else 200,
    )


def typed(request: HttpRequest, questions: Sequence[Question], initial: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, else what stands."""
    if request.method != "POST":
        return {each.name: initial.get(each.name, [] if each.kind == "several" else "") for each in questions}
    return {each.name: _sent(request, each) for each in questions}


def _sent(request: HttpRequest, asked: Question) -> Any:
    if asked.kind == "several":
        return request.POST.getlist(asked.name)
    boxes = _boxes(request, asked.name) if asked.kind == "day" else {}
    if any(boxes.values()):
        return day_text(boxes)
    # A page that asks once more hands a day on in one piece.
    return request.POST.get(asked.name, "").strip()


def _boxes(request: HttpRequest, name: str) -> dict[str, str]:
    return {part: request.POST.get(f"{name}-{part}", "").strip() for part in DATE_PARTS}


def _parts(request: HttpRequest, name: str, day: str) -> dict[str, str]:
    """The three boxes of a day as they are shown: as typed, else those of the day that stands."""
    boxes = _boxes(request, name)
    if any(boxes.values()):
        return boxes
    numbers = [part.lstrip("0") for part in day.split("-")]
    return dict(zip(DATE_PARTS, reversed(numbers), strict=True)) if len(numbers) == len(DATE_PARTS) else {}


def would_be_done(request: HttpRequest, form: Form, act: Callable[[], object]) -> bool:
    """Whether the act could be done as typed. Nothing of it is left; what was wrong is in the form."""

    def done_and_undone() -> None:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)

    return tried(request, form, done_and_undone, done="")


def tried(request: HttpRequest, form: Form, act: Callable[[], object], done: str = "Saved.") -> bool:
    """Whether the act was done, which is told in the words of `done`. What was wrong is in the form, and nothing was written."""
    try:
        _answer, faults = acted(act)
    except InputProblem as problem:
        form.faults[problem.where or ""] = problem.what
        return False
    form.faults.update({fault.input: fault.what for fault in faults})
    if not faults and done:
        messages.success(request, done)
    return not faults
