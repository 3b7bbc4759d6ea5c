"""What the words mean: records and their fields, clocks, measures, code sets, roles; and what the records cover."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import declared_reasons, rule_for
from sightline.core.records import fields as f
from sightline.core.records.history import record_models
from sightline.core.records.models import Coverage, Record
from sightline.engine.derive.facts import all_facts
from sightline.engine.exchange.models import ReceivedFile
from sightline.standards.areas import area
from sightline.standards.clocks import clocks
from sightline.standards.codes import UnknownCodeSet, codeset, codeset_names
from sightline.web.chapters import chapters
from sightline.web.doors import signed_in, user_of
from sightline.web.pages import page

REFERENCE = "Reference"


@dataclass(frozen=True)
class Described:
    """A record type as the data dictionary shows it."""

    table: str
    title: str
    words: str
    retention: str
    seen_by: str
    model: type[Record]


@signed_in
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """The contents of the reference pages."""
    return page(request, "reference/index.html", title=REFERENCE, section="reference")


@signed_in
@require_GET
def dictionary(request: HttpRequest) -> HttpResponse:
    """Every record type, by the part of the product that holds it."""
    groups: dict[str, list[Described]] = {}
    for model in record_models():
        name = model._meta.app_label.replace("_", " ").capitalize()
        groups.setdefault(name, []).append(_describe(model))
    return _page(request, "dictionary", "Data dictionary", groups=groups)


@signed_in
@require_GET
def dictionary_table(request: HttpRequest, table: str) -> HttpResponse:
    """One record type with its fields."""
    found = next((model for model in record_models() if model._meta.db_table == table), None)
    if found is None:
        raise Http404("There is no such record type.")
    described = _describe(found)
    fields = [field for field in found._meta.concrete_fields if isinstance(field, f.Described)]
    return page(
        request,
        "reference/table.html",
        title=f"Record: {described.title}",
        section="reference",
        crumbs=((REFERENCE, reverse("reference")), ("Data dictionary", reverse("dictionary"))),
        record=described,
        fields=fields,
    )


@signed_in
@require_GET
def clock_list(request: HttpRequest) -> HttpResponse:
    """Every time limit, by process."""
    groups: dict[str, list[object]] = {}
    for one in clocks():
        groups.setdefault(one.process.replace("_", " ").capitalize(), []).append(one)
    return _page(request, "clocks", "Clocks", groups=groups)


@signed_in
@require_GET
def measure_list(request: HttpRequest) -> HttpResponse:
    """Every measure with its definition, by chapter."""
    sees_figures = user_of(request).may(Permission.SEE_FIGURES)
    return _page(request, "measures", "Measures", chapters=chapters().values(), sees_figures=sees_figures)


@signed_in
@require_GET
def fact_list(request: HttpRequest) -> HttpResponse:
    """Every derived fact with its definition."""
    return _page(request, "facts", "Derived facts", facts=all_facts().values())


@signed_in
@require_GET
def code_list(request: HttpRequest) -> HttpResponse:
    """Every code set."""
    return _page(request, "codes", "Code sets", sets=[codeset(name) for name in codeset_names()])


@signed_in
@require_GET
def code_set(request: HttpRequest, name: str) -> HttpResponse:
    """One code set with its codes."""
    try:
        found = codeset(name)
    except UnknownCodeSet as error:
        raise Http404("There is no such code set.") from error
    return page(
        request,
        "reference/code_set.html",
        title=f"Code set: {found.name}",
        section="reference",
        crumbs=((REFERENCE, reverse("reference")), ("Code sets", reverse("codes"))),
        codes=found,
    )


@signed_in
@require_GET
def role_list(request: HttpRequest) -> HttpResponse:
    """Roles, what each may do, and the rules that say who sees which records."""
    rules = [_describe(model) for model in record_models()]
    return _page(
        request,
        "roles",
        "Roles and who sees what",
        roles=list(ROLES.values()),
        permissions=list(Permission),
        reasons=declared_reasons(),
        rules=rules,
    )


@signed_in
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """What the records cover, and the files received."""
    rows = Coverage.objects.order_by("area", "stream", "start_date")
    covered = [(area(row.area).name, row.stream.replace("_", " ").capitalize(), row) for row in rows]
    files = ReceivedFile.objects.annotate(kept_out=Count("quarantined")).order_by("-received_at", "-id")
    return page(
        request, "coverage.html", title="Coverage and imports", section="coverage", covered=covered, files=files[:200]
    )


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    crumbs = ((REFERENCE, reverse("reference")),)
    return page(request, f"reference/{name}.html", title=title, section="reference", crumbs=crumbs, **context)


def _describe(model: type[Record]) -> Described:
    title = str(model._meta.verbose_name)
    title = title[:1].upper() + title[1:]
    words = inspect.cleandoc(model.__doc__ or "")
    return Described(model._meta.db_table, title, words, model.RETENTION.value, rule_for(model).words, model)


ADDRESSES = (
    path("coverage", coverage, name="coverage"),
    path("reference", reference, name="reference"),
    path("reference/dictionary", dictionary, name="dictionary"),
    path("reference/dictionary/<str:table>", dictionary_table, name="dictionary-table"),
    path("reference/clocks", clock_list, name="clocks"),
    path("reference/measures", measure_list, name="measures"),
    path("reference/facts", fact_list, name="facts"),
    path("reference/codes", code_list, name="codes"),
    path("reference/codes/<str:name>", code_set, name="code-set"),
    path("reference/roles", role_list, name="roles"),
)
