"""Reading the Standard Safeguarding Dataset: a CSV file for each table, named as the table with or without `ssd_`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from sightline.engine.exchange.tabular import Reader, Sheet, by_file_name, layout_faults
from sightline.returns.ssd.tables import TABLES

#: Databases write a day as a moment, at midnight where only the day is known.
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?", re.ASCII)
_BRITISH = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)


def day(text: str) -> str:
    """A day as year-month-day, whether it came as a day, a moment, or as day/month/year; anything else as it is."""
    if found := _MOMENT.fullmatch(text):
        return found[1]
    if found := _BRITISH.fullmatch(text):
        return f"{found[3]}-{found[2]}-{found[1]}"
    return text


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, Sheet]:
    """The tables that came. Raises InputProblem."""
    return Reader(TABLES, by_file_name(TABLES), day=day).read(files, shown_as)


faults = partial(layout_faults, TABLES)
