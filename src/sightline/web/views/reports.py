"""The annual report: its years, its chapters with every figure linked, and its files.

Roles that may not open every list read the published edition, in which small numbers are withheld; so do the files they may take.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.audit.record import What
from sightline.engine.measures.registry import measures
from sightline.engine.report.build import JSON, report_of
from sightline.engine.report.document import Edition
from sightline.engine.report.figures import Figure
from sightline.engine.report.html import Fragment, fragments
from sightline.engine.report.model import Cover
from sightline.standards.periods import Period
from sightline.web.asked import asked
from sightline.web.doors import needs, user_of
from sightline.web.figures import Figures, current
from sightline.web.giving_way import giving_way
from sightline.web.pages import page
from sightline.web.reading import audited_read

KINDS = {".pdf": "PDF", ".docx": "Word", ".csv": "CSV", ".json": "JSON", ".html": "HTML, one page"}


@dataclass(frozen=True)
class Told:
    """A report as the application shows it."""

    cover: Cover
    chapters: dict[str, Fragment]


_told: dict[tuple[str, str, str, Edition], Told] = {}
_telling = threading.Lock()


@needs(Permission.SEE_FIGURES)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The years that can be reported on."""
    figures = current()
    wanted = asked(request, figures)
    return page(
        request,
        "reports.html",
        title="Annual report",
        section="reports",
        told=[
            (year, where)
            for year in figures.years[:0:-1]
            for where in wanted.areas
            if year in _years(figures, where.code)
        ],
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def report(request: HttpRequest, year: str) -> HttpResponse:
    """One year's report: its cover and contents."""
    wanted, told = _report(request, year)
    return page(
        request,
        "report.html",
        title=f"Annual report {year}",
        section="reports",
        crumbs=(("Annual report", reverse("reports")),),
        year=year,
        area=wanted,
        told=told,
        files=_files(year, wanted, _edition(user_of(request))),
        kinds=KINDS,
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def report_chapter(request: HttpRequest, year: str, chapter: str) -> HttpResponse:
    """One chapter of a year's report."""
    where, told = _report(request, year)
    found = told.chapters.get(chapter)
    if found is None:
        raise Http404("The report has no such chapter.")
    order = list(told.chapters.values())
    place = order.index(found)
    return page(
        request,
        "report_chapter.html",
        title=f"{found.title}: annual report {year}",
        section="reports",
        crumbs=(
            ("Annual report", reverse("reports")),
            (year, f"{reverse('report', args=[year])}?{urlencode({'area': where})}"),
        ),
        year=year,
        area=where,
        chapter=found,
        html=Markup(found.html),  # noqa: S704 (the report escapes what it prints)
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def report_file(request: HttpRequest, year: str, name: str) -> HttpResponseBase:
    """One of its files."""
    where, _ = _report(request, year)
    found = next((path for path in _files(year, where, _edition(user_of(request))) if path.name == name), None)
    if found is None:
        raise Http404("The report has no such file.")
    audited_read(request, What.EXPORT, f"report {year} {name}")
    return FileResponse(found.open("rb"), as_attachment=True, filename=f"{year}-{found.name}")


def tell(figures: Figures, year: Period, where: str, edition: Edition) -> Told:
    """The report composed and rendered: once for each snapshot, year, area and edition."""
    wanted = (figures.snapshot.id, year.label, where, edition)
    with _telling:
        if wanted not in _told:
            for old in [key for key in _told if key[0] != figures.snapshot.id]:
                del _told[old]
            found = report_of(figures.snapshot, year, where, edition)
            parts = fragments(found, lambda figure: _address(figure, figures), level=1)
            _told[wanted] = Told(found.cover, {part.id: part for part in parts})
        return _told[wanted]


def prepare(figures: Figures) -> None:
    """Compose the newest year's report of each area, so that its first reader need not wait."""
    editions: tuple[Edition, ...] = ("internal", "published")
    for where in figures.areas:
        for edition in editions:
            with giving_way():
                tell(figures, figures.latest_year_of(where.code), where.code, edition)


def _address(figure: Figure, figures: Figures) -> str | None:
    """A figure leads to its measure, in its period where the application shows that period."""
    if figure.measure not in measures():
        return None
    known = {part.label for year in figures.years for part in (year, *year.quarters(), *year.months())}
    query = {"area": figure.area} if figure.area in {one.code for one in figures.areas} else {}
    if figure.period in known:
        query["period"] = figure.period
    return f"{reverse('measure', args=[figure.measure])}?{urlencode(query)}"


def _report(request: HttpRequest, year: str) -> tuple[str, Told]:
    figures = current()
    where = asked(request, figures).area.code
    of = next((one for one in _years(figures, where) if one.label == year), None)
    if of is None:
        raise Http404("There is no report of that area for that year.")
    return where, tell(figures, of, where, _edition(user_of(request)))


def _years(figures: Figures, where: str) -> list[Period]:
    """The area's years that have figures and a year before them: a report says how things changed."""
    latest = figures.latest_year_of(where).start
    return [year for year in figures.years[1:] if year.start <= latest and figures.answers(where, year)]


def _edition(user: User) -> Edition:
    return "internal" if user.may(Permission.SEE_ALL_CHILDREN) else "published"


def _files(year: str, where: str, edition: Edition) -> list[Path]:
    """Files that were written for the year and area, of this edition. Only names that are there are opened, so no address reaches outside."""
    root: Path = settings.VAR_DIR / "reports" / year
    folder = root if edition == "internal" else root / edition
    if not _is_about(folder, where):
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in KINDS and path.is_file())


def _is_about(folder: Path, where: str) -> bool:
    """Whether the report in a folder is of the area: its figures say so."""
    data = folder / JSON
    return data.is_file() and any(one["area"] == where for one in json.loads(data.read_text(encoding="utf-8")))


ADDRESSES = (
    path("reports", reports, name="reports"),
    path("reports/<str:year>", report, name="report"),
    path("reports/<str:year>/chapters/<str:chapter>", report_chapter, name="report-chapter"),
    path("reports/<str:year>/files/<str:name>", report_file, name="report-file"),
)
