"""The figures as files: figures.json and figures.csv. README.md beside this module says what each field means."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from sightline.engine.report.figures import Figure


def as_object(figure: Figure) -> dict[str, Any]:
    """A figure as an object of figures.json."""
    return {
        "id": figure.id,
        "ledger_ids": list(figure.ledger_ids),
        "differs_from": list(figure.differs_from),
        "title": figure.title,
        "sort": figure.sort,
        "value": figure.value,
        "printed": figure.printed,
        "places": figure.places,
        "status": figure.status,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "unit": figure.unit,
        "period": figure.period,
        "as_at": figure.as_at,
        "area": figure.area,
        "breakdown": figure.breakdown,
        "category": figure.category,
        "measure": figure.measure,
        "aspect": figure.aspect.value,
        "of": figure.of.value,
        "definition": figure.definition,
        "source": figure.source,
        "population": figure.population,
        "snapshot": figure.snapshot,
        "rows": figure.rows,
        "chapters": list(figure.chapters),
    }


def as_json(figures: Sequence[Figure]) -> str:
    """figures.json: a list of objects, in the order of the report."""
    return json.dumps([as_object(figure) for figure in figures], ensure_ascii=False, indent=1) + "\n"


def as_csv(figures: Sequence[Figure]) -> str:
    """figures.csv: one line for each figure, lists joined by spaces."""
    stream = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for figure in figures:
        row = {name: " ".join(value) if isinstance(value, list) else value for name, value in as_object(figure).items()}
        if writer is None:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return stream.getvalue()
