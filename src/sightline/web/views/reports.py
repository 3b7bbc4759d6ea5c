"""The annual report: its years, its text with every figure linked, and its files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.web.doors import needs, user_of
from sightline.web.pages import page

KINDS = {".pdf": "PDF", ".docx": "Word", ".csv": "CSV", ".json": "JSON", ".html": "HTML"}


@needs(Permission.SEE_FIGURES)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The years for which a report was written."""
    return page(request, "reports.html", title="Annual report", section="reports", years=_years())


@needs(Permission.SEE_FIGURES)
@require_GET
def report(request: HttpRequest, year: str) -> HttpResponse:
    """One year's report."""
    folder = _folder(year)
    return page(
        request,
        "report.html",
        title=f"Annual report {year}",
        section="reports",
        crumbs=(("Annual report", reverse("reports")),),
        year=year,
        files=_files(folder),
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def report_file(request: HttpRequest, year: str, name: str) -> HttpResponseBase:
    """One of its files."""
    found = next((path for path in _files(_folder(year)) if path.name == name), None)
    if found is None:
        raise Http404("The report has no such file.")
    where_from = str(request.META.get("REMOTE_ADDR", ""))
    note(user_of(request).username, What.EXPORT, f"report {year} {name}", where_from=where_from)
    return FileResponse(found.open("rb"), as_attachment=True, filename=found.name)


def _root() -> Path:
    root: Path = settings.VAR_DIR / "reports"
    return root


def _years() -> list[str]:
    root = _root()
    return sorted((path.name for path in root.iterdir() if path.is_dir()), reverse=True) if root.is_dir() else []


def _folder(year: str) -> Path:
    """The folder of a year. Only names that are there are opened, so no address reaches outside."""
    if year not in _years():
        raise Http404("No report was written for that year.")
    return _root() / year


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in KINDS and path.is_file())
