"""A way to import small files of invented children."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sightline.core.records.history import record_models
from sightline.engine.exchange.report import Report
from sightline.engine.exchange.run import Request, import_path

from .files import write_set

Importing = Callable[..., Report]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where files are kept as received."""
    return tmp_path / "received"


@pytest.fixture
def importing(db: None, tmp_path: Path, kept: Path) -> Importing:
    """Imports a census given as text, or a set given as a folder."""

    def run(source: str | bytes | Path, period: str = "2021-22", area: str = "", **more: Any) -> Report:
        kind = "ssda903" if isinstance(source, Path) and source.is_dir() else "cin"
        if not isinstance(source, Path):
            path = tmp_path / "census.xml"
            path.write_bytes(source if isinstance(source, bytes) else source.encode())
            source = path
        return import_path(
            Request(path=source, format=kind, period=period, area=area, by="a test", keep_in=kept, **more)
        )

    return run


@pytest.fixture
def importing_set(importing: Importing, tmp_path: Path) -> Importing:
    """Imports an SSDA903 set given table by table."""

    def run(period: str = "2017-18", **tables: Iterable[str]) -> Report:
        folder = tmp_path / "set"
        for old in folder.glob("*.csv"):
            old.unlink()
        return importing(write_set(folder, **tables), period, "E10000028")

    return run


def emptied() -> None:
    """Takes every record out of the database."""
    tables = ", ".join(model._meta.db_table for model in record_models() if model._meta.app_label != "organisations")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
