"""Figures and lists as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from sightline.engine.exchange.spreadsheets import safe


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return _file(out.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def as_json(name: str, content: Mapping[str, Any]) -> HttpResponse:
    """A JSON file."""
    return _file(json.dumps(content, indent=1, ensure_ascii=False), "application/json", f"{name}.json")


def _file(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
