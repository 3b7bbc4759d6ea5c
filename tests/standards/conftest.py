"""Tests of the ground floor. They must not be affected by an operator's own files, and share one postcode cache for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.standards import data


@pytest.fixture(autouse=True)
def no_local_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty operator's folder, which a test may fill; what was read from it is forgotten afterwards."""
    folder = tmp_path / "local"
    folder.mkdir()
    monkeypatch.setenv("SIGHTLINE_LOCAL", str(folder))
    yield folder
    if any(folder.iterdir()):
        data.forget()


@pytest.fixture
def local(no_local_files: Path) -> Path:
    """The operator's folder."""
    data.forget()
    return no_local_files
