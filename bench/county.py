"""A county from nothing to its annual report: generate and load, deadlines, snapshot, measures cold and warm, report with and without PDF."""

import sys
from pathlib import Path

from bench.ruler import note, processors, throwaway_installation, timed

PROFILE = "staffordshire-2016-17"


def main(scale: float) -> None:
    """Prints one line for each step. `scale` 1 is a county of some 169,000 children."""
    note(f"County: profile {PROFILE}, scale {scale:g}, {processors()}, embedded PostgreSQL")
    with throwaway_installation() as folder:
        _measure(folder, scale)


def _measure(folder: Path, scale: float) -> None:
    from sightline.engine.deadlines import ledger
    from sightline.engine.measures import store
    from sightline.engine.report.chapters import periods_needed
    from sightline.engine.snapshot import place
    from sightline.engine.snapshot.take import take
    from sightline.engine.synthetic.load import load
    from sightline.standards.periods import parse

    timed("generate and load", lambda: load(PROFILE, scale=scale))
    timed("work out the deadlines", ledger.rebuild)
    snapshot, _ = timed("snapshot", lambda: take(place.folder(), place.key()))
    rows = sum(table.rows for table in snapshot.manifest.tables.values())
    year = parse("2016-17")
    periods = periods_needed(year)
    size = f"{rows:,} rows, {len(periods)} periods"
    results, _ = timed("measures, cold", lambda: store.results_for(snapshot, periods), size=size)
    again, _ = timed("snapshot again", lambda: take(place.folder(), place.key()))
    timed(
        "measures of the new snapshot, warm",
        lambda: store.results_for(again, periods),
        size=f"{results.table.num_rows:,} results",
    )
    _reports(folder)


def _reports(folder: Path) -> None:
    from sightline.cli import main as sightline

    for title, extra in (("report without PDF", ["--no-pdf"]), ("report with PDF", [])):
        out = folder / title.replace(" ", "-")
        timed(
            title,
            lambda out=out, extra=extra: sightline(
                ["report", "annual", "--year", "2016-17", "--out", str(out), *extra]
            ),
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
