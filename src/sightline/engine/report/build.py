"""Makes a year's report from a snapshot and writes it in every form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sightline.core.errors import InputProblem
from sightline.engine.measures.results import Results
from sightline.engine.measures.store import results_for
from sightline.engine.report import data, html, pdf, word
from sightline.engine.report.chapters import periods_needed
from sightline.engine.report.document import Asked, Edition, document
from sightline.engine.report.model import Document
from sightline.engine.report.passages import passages
from sightline.engine.report.settings import Settings, settings_for
from sightline.engine.report.words import day_in_words
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.periods import Period

Tell = Callable[[str], None]

HTML, PDF, WORD, CSV, JSON = "index.html", "report.pdf", "report.docx", "figures.csv", "figures.json"


@dataclass(frozen=True)
class Written:
    """What was written where."""

    folder: Path
    report: Document


def report_of(
    snapshot: Snapshot, of: Period, area: str, edition: Edition = "internal", made: date | None = None
) -> Document:
    """The report composed, not yet written: for commands, checks and the web."""
    settings = settings_for(of, area)
    results = results_of(snapshot, of, settings)
    asked = Asked(of, area, edition, snapshot.id, day_in_words(made) if made else "")
    return document(asked, results, settings, passages(of.label, area))


def results_of(snapshot: Snapshot, of: Period, settings: Settings) -> Results:
    """The results that a report of the year reads."""
    return results_for(snapshot, periods_needed(of), population_rule=settings.population_rule)


def write(report: Document, folder: Path, *, with_pdf: bool = True, tell: Tell = lambda _: None) -> Written:
    """Write the report's files into a folder, which is made when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputProblem(
            f"cannot write there: {error.strerror}", str(folder), "name another folder with --out"
        ) from error
    tell("page")
    page = html.page(report)
    (folder / HTML).write_text(page, encoding="utf-8")
    (folder / CSV).write_text(data.as_csv(report.figures), encoding="utf-8")
    (folder / JSON).write_text(data.as_json(report.figures), encoding="utf-8")
    tell("Word document")
    (folder / WORD).write_bytes(word.write(report))
    if with_pdf:
        tell("PDF")
        pdf.write(page, folder / PDF)
    return Written(folder, report)
