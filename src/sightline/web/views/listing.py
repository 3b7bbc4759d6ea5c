"""The list behind a figure: rows for those who may see them, protected counts for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What
from sightline.core.errors import InputProblem
from sightline.engine.measures.declare import Combined, Measure, Statistic
from sightline.web import paging
from sightline.web.asked import Asked, asked
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv
from sightline.web.figures import Figures, current
from sightline.web.lists import Row, rows, sees_rows
from sightline.web.pages import page
from sightline.web.present import breakdown_title, breakdowns, category_label, figure, parts_of, unit_of
from sightline.web.reading import audited_read
from sightline.web.views.measure import crumbs_to, found_measure

PAGE = 50


@dataclass(frozen=True)
class Chosen:
    """Which list is asked for: the rows a figure counts or its base, all of them or one category."""

    measure: Measure
    base: bool
    breakdown: str
    category: str
    sort: str

    @property
    def parts(self) -> dict[str, str]:
        """The address parts that ask for the same list."""
        given = {"base": "1" if self.base else "", "breakdown": self.breakdown, "category": self.category}
        return {name: value for name, value in given.items() if value}

    @property
    def words(self) -> str:
        """What was narrowed, in words."""
        if not self.breakdown:
            return ""
        return f"{breakdown_title(self.breakdown)}: {category_label(self.measure, self.breakdown, self.category)}"


@needs(Permission.SEE_FIGURES)
@require_GET
def list_page(request: HttpRequest, id: str) -> HttpResponse:
    """The list behind a figure."""
    what = found_measure(id)
    if isinstance(what, Combined):
        return HttpResponseRedirect(f"{reverse('list', args=[what.over])}?{request.GET.urlencode()}")
    figures, user = current(), user_of(request)
    wanted, chosen = asked(request, figures), _chosen(request, what)
    if not sees_rows(user, what):
        return _protected(request, figures, wanted, chosen)
    ids = _ids(figures, wanted, chosen)
    found = rows(user, what.cohort.record, ids, chosen.sort)
    total = found.count()
    leaf = paging.leaf(request, total, PAGE)
    held = found.read(leaf.first, leaf.end)
    _audit(request, What.LIST, wanted, chosen, held, page=leaf.number)
    sees_all = user.may(Permission.SEE_ALL_CHILDREN)
    here = {"period": wanted.period.label, "area": wanted.area.code, **chosen.parts}
    return page(
        request,
        "list.html",
        title=f"Records behind: {what.title}",
        section="scorecards",
        crumbs=_crumbs(what, wanted),
        asked=wanted,
        chosen=chosen,
        measure=what,
        rows=found,
        held=held,
        total=total,
        first=leaf.first + 1,
        # No number: how many are closed to the reader, apart from those the record no longer has, is not theirs to work out.
        incomplete=sees_all and total < len(ids),
        sees_all=sees_all,
        number=leaf.number,
        last_page=leaf.last,
        here=urlencode(here),
        sorted_by=chosen.sort,
        has_base=what.statistic is Statistic.SHARE,
    )


@needs(Permission.SEE_FIGURES)
@require_POST
def list_file(request: HttpRequest, id: str) -> HttpResponse:
    """The list as a CSV file, without names. It is asked for by a form, so that the purpose is not in an address that others may read."""
    what = found_measure(id)
    user = user_of(request)
    if isinstance(what, Combined) or not sees_rows(user, what):
        raise PermissionDenied("Your role does not open this list.")
    figures = current()
    wanted, chosen = asked(request, figures), _chosen(request, what)
    found = rows(user, what.cohort.record, _ids(figures, wanted, chosen), chosen.sort)
    held = found.read(names=False)
    _audit(request, What.EXPORT, wanted, chosen, held)
    name = f"{what.id}-{wanted.period.label}-list".replace(" ", "-")
    header = ["record", *(["person"] if found.has_person else []), *(column.title for column in found.columns)]
    return as_csv(name, header, [[one.id, *([one.person] if found.has_person else []), *one.cells] for one in held])


def _chosen(request: HttpRequest, what: Measure) -> Chosen:
    breakdown = request.GET.get("breakdown", "")
    if breakdown and breakdown not in breakdowns(what):
        raise Http404("The measure is not broken down in that way.")
    category = request.GET.get("category", "") if breakdown else ""
    return Chosen(what, request.GET.get("base") == "1", breakdown, category, request.GET.get("sort", ""))


def _ids(figures: Figures, wanted: Asked, chosen: Chosen) -> Sequence[int]:
    try:
        return figures.listing(
            chosen.measure,
            wanted.period,
            wanted.area.code,
            base=chosen.base,
            breakdown=chosen.breakdown,
            category=chosen.category,
        ).ids
    except InputProblem as problem:
        raise Http404("The breakdown has no such category.") from problem


def _crumbs(what: Measure, wanted: Asked) -> tuple[tuple[str, str], ...]:
    own = f"{reverse('measure', args=[what.id])}?{wanted.query}"
    return (*crumbs_to(what, wanted), (what.title, own))


def _audit(
    request: HttpRequest,
    what: What,
    wanted: Asked,
    chosen: Chosen,
    held: Sequence[Row],
    **details: Any,
) -> None:
    audited_read(
        request,
        what,
        f"{chosen.measure.id} {wanted.period.label} {wanted.area.code}",
        people=[one.person for one in held if one.person],
        records=[one.id for one in held],
        table=chosen.measure.cohort.record,
        **chosen.parts,
        **details,
    )


def _protected(request: HttpRequest, figures: Figures, wanted: Asked, chosen: Chosen) -> HttpResponse:
    """For roles that see no child: how many, protected, and why no rows."""
    what, where = chosen.measure, wanted.area.code
    _audit(request, What.PROTECTED_LIST, wanted, chosen, ())
    return page(
        request,
        "list_protected.html",
        title=f"Counts behind: {what.title}",
        section="scorecards",
        crumbs=_crumbs(what, wanted),
        asked=wanted,
        measure=what,
        total=figure(figures, what.id, wanted.period, where, exact=False),
        unit=unit_of(what),
        counts=parts_of(figures, what, wanted.period, where, exact=False),
    )


ADDRESSES = (
    path("measures/<str:id>/list", list_page, name="list"),
    path("measures/<str:id>/list/csv", list_file, name="list-csv"),
)
