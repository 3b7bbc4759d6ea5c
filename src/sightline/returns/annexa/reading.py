"""Reading Annex A: a workbook with a sheet for each list, or the lists as CSV files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.tabular import Reader, Sheet, layout_faults
from sightline.returns.annexa.tables import TABLES

#: How sheets and files name a list: `List 3`, `list_03_referrals`, `AnnexA_L3`.
_NUMBERED = re.compile(r"(?:list|\bl)[ _.-]*0*(\d{1,2})(?!\d)", re.IGNORECASE)


def _named(name: str) -> Table | None:
    found = _NUMBERED.search(name)
    wanted = f"List {found[1]}" if found else ""
    return next((table for table in TABLES if table.name == wanted), None)


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, Sheet]:
    """The lists that came. Raises InputProblem."""
    return Reader(TABLES, _named).read(files, shown_as)


faults = partial(layout_faults, TABLES)
