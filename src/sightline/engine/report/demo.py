"""The reports of the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sightline.engine.report import build
from sightline.engine.report.areas import area_asked
from sightline.engine.report.document import Edition
from sightline.engine.snapshot import fresh, place
from sightline.standards.periods import year

DEMONSTRATION_YEAR = year(2016)
EDITIONS: tuple[Edition, ...] = ("internal", "published")


def write_demo(tell: Callable[[str], None]) -> None:
    """Both editions of the demonstration's year, under `reports/` beside the snapshots."""
    snapshot = fresh.chosen()
    area = area_asked("E10000028", snapshot)
    for edition in EDITIONS:
        report = build.report_of(snapshot, DEMONSTRATION_YEAR, area, edition, datetime.now(UTC).date())
        folder = place.folder().parent / "reports" / DEMONSTRATION_YEAR.label / edition
        build.write(report, folder, tell=lambda what, edition=edition: tell(f"{edition}: {what}"))  # type: ignore[misc]
