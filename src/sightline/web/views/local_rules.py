"""Rules that a partnership chooses for itself, each from a day on: the limits of clocks, and code sets."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.engine.local_rules import code_sets as sets
from sightline.engine.local_rules.limits import UNITS, change_limit, history, superseded, why_fixed
from sightline.standards.clocks import UnknownClock, clocks
from sightline.standards.codes import COLUMNS, CodeSet, UnknownCodeSet, codeset, codeset_names
from sightline.standards.dated import first_day, last_day
from sightline.standards.new_codes import MOST_BYTES
from sightline.web.administering import BECAUSE, SECTION, Form, Question, crumbs, form_of, tried
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv
from sightline.web.pages import page

_LIMITS = "Limits of clocks"
_SETS = "Local code sets"


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
        Question("first_day", "First day", "day", "Tomorrow at the earliest."),
        BECAUSE,
    )
    form = form_of(request, questions, {"unit": newest.unit})
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


@needs(Permission.ADMINISTER)
@require_GET
def code_sets(request: HttpRequest) -> HttpResponse:
    """Every code set that the partnership may choose."""
    found = [one for one in map(codeset, codeset_names()) if not sets.why_fixed(one)]
    return page(request, "administration/code_sets.html", title=_SETS, section=SECTION, crumbs=crumbs(), sets=found)


@needs(Permission.ADMINISTER)
@require_GET
def code_set_file(request: HttpRequest, name: str) -> HttpResponse:
    """The newest version as a file, to be changed and uploaded."""
    found = _set(name)
    note(user_of(request).get_username(), What.EXPORT, f"code set {name}")
    return as_csv(name, COLUMNS, sets.as_rows(found))


@needs(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def code_set(request: HttpRequest, name: str) -> HttpResponse:
    """One code set: its versions, and a form for a new one, which is shown before it is put in force."""
    found, by = _set(name), user_of(request)
    questions = (
        Question("first_day", "First day", "day", "Tomorrow at the earliest."),
        BECAUSE,
        Question("file", "File", "file", "CSV, in UTF-8, with the whole set. Choose it last: after a mistake it must be chosen again."),
    )  # fmt: skip
    form = form_of(request, questions, {})
    shown: list[sets.Plan] = []
    if request.method == "POST":
        content = _content(request)
        given = (by, name, content, form.typed["first_day"], form.typed["because"])
        if request.POST.get("step") == "confirm":
            if tried(request, form, lambda: shown.append(sets.put_in_force(*given))):
                return HttpResponseRedirect(request.path)
        elif tried(request, form, lambda: shown.append(sets.planned(*given)), done=""):
            return _preview(request, name, shown[0], content, form)
    note(by.get_username(), What.LIST, f"versions of code set {name}")
    return page(
        request,
        "administration/code_set.html",
        title=f"Code set {name}",
        section=SECTION,
        crumbs=crumbs((_SETS, reverse("administration-code-sets"))),
        codes=found,
        changes=sets.changes(name),
        fixed=sets.why_fixed(found),
        form=form,
        today=timezone.localdate(),
        status=400 if form.faults else 200,
    )


def _preview(request: HttpRequest, name: str, plan: sets.Plan, content: bytes, form: Form) -> HttpResponse:
    back = (name, reverse("administration-code-set", args=[name]))
    return page(
        request,
        "administration/code_set_preview.html",
        title=f"Check the new version of {name}",
        section=SECTION,
        crumbs=crumbs((_SETS, reverse("administration-code-sets")), back),
        plan=plan,
        content=content.decode("utf-8-sig"),
        form=form,
    )


def _set(name: str) -> CodeSet:
    try:
        return sets.latest(name)
    except UnknownCodeSet as error:
        raise Http404("There is no such code set.") from error


def _content(request: HttpRequest) -> bytes:
    """What was uploaded, or, when a version that was shown is put in force, what the page gave back."""
    sent = request.FILES.get("file")
    if isinstance(sent, UploadedFile):
        return bytes(sent.read(MOST_BYTES + 1))
    return request.POST.get("content", "").encode()


ADDRESSES = (
    path("administration/limits", limits, name="administration-limits"),
    path("administration/limits/<slug:id>", limit, name="administration-limit"),
    path("administration/code-sets", code_sets, name="administration-code-sets"),
    path("administration/code-sets/<slug:name>", code_set, name="administration-code-set"),
    path("administration/code-sets/<slug:name>/file", code_set_file, name="administration-code-set-file"),
)
