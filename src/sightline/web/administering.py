"""The forms of the administration's pages: their questions, what was typed, what was wrong, and whether the act was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sightline.core.errors import InputProblem
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
    """A form as it stands: what was typed, and what is wrong with it."""

    questions: Sequence[Question]
    typed: dict[str, Any]
    faults: dict[str, str]


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


def typed(request: HttpRequest, questions: Sequence[Question], initial: dict[str, Any]) -> dict[str, Any]:
    """What was typed, else what stands."""
    if request.method != "POST":
        return {each.name: initial.get(each.name, [] if each.kind == "several" else "") for each in questions}
    return {
        each.name: request.POST.getlist(each.name)
        if each.kind == "several"
        else request.POST.get(each.name, "").strip()
        for each in questions
    }


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
