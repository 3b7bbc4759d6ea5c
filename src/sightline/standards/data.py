"""Where reference data lives, and how it is read.

Three places: the shipped data (`data/`, or `SIGHTLINE_DATA`), the operator's own replacements (`var/local/`, or `SIGHTLINE_LOCAL`) and
a cache that can be deleted at any time (`var/cache/`, or `SIGHTLINE_CACHE`).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast


class DataError(ValueError):
    """A reference data file is missing or cannot be used; the message says which file, which line and what to do."""


def repository() -> Path:
    """The top of the checkout: the nearest parent of this file that holds `data/` (the working folder when installed elsewhere)."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "data" / "clocks.csv").is_file():
            return parent
    return Path.cwd()


def data_dir() -> Path:
    """The shipped reference data."""
    given = os.environ.get("SIGHTLINE_DATA")
    return Path(given) if given else repository() / "data"


def local_dir() -> Path:
    """The operator's replacements for local code sets and clocks; it need not exist."""
    given = os.environ.get("SIGHTLINE_LOCAL")
    return Path(given) if given else repository() / "var" / "local"


def cache_dir() -> Path:
    """Files worked out from the data, safe to delete."""
    given = os.environ.get("SIGHTLINE_CACHE")
    return Path(given) if given else repository() / "var" / "cache"


def data_path(*parts: str) -> Path:
    """The path of a shipped file. Raises DataError when it is not there."""
    path = data_dir().joinpath(*parts)
    if not path.is_file():
        raise DataError(f"{path} is missing. Set SIGHTLINE_DATA to the folder that holds Sightline's reference data.")
    return path


def local_path(*parts: str) -> Path | None:
    """The path of an operator's file, or None when there is none."""
    path = local_dir().joinpath(*parts)
    return path if path.is_file() else None


def read_csv(path: Path, required: Iterable[str] = ()) -> list[dict[str, str]]:
    """Rows of a CSV file as dictionaries of stripped text. Raises DataError when the file or a required column is missing."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in required if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(
                    f"{path}: no column {', '.join(missing)}. Columns found: {', '.join(reader.fieldnames or ())}."
                )
            return [_clean(row, path, reader.line_num) for row in reader]
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text: save it again as 'CSV UTF-8'.") from error


def _clean(row: dict[str, str], path: Path, line: int) -> dict[str, str]:
    if None in row or None in row.values():
        raise DataError(f"{path}, line {line}: the number of values differs from the number of columns.")
    return {name: value.strip() for name, value in row.items()}


def parse_date(text: str, where: str = "") -> date | None:
    """A date from `YYYY-MM-DD`, None from empty text. `where` names the place in an error."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DataError(f"{where}: '{text}' is not a date written as YYYY-MM-DD.") from error


def parse_flag(text: str, where: str = "") -> bool:
    """True from `yes`, False from `no` or empty text."""
    if text.lower() not in ("yes", "no", ""):
        raise DataError(f"{where}: '{text}' is neither yes nor no.")
    return text.lower() == "yes"


T = TypeVar("T")
_caches: list[Any] = []


def forget() -> None:
    """Drop everything read so far, so that changed files or folders are read again (used after an override changes, and by tests)."""
    for cached in _caches:
        cached.cache_clear()


def remembered(function: T) -> T:
    """`functools.cache`, registered so that `forget()` clears it. Keeps the function's own type for the type checker."""
    return _registered(function, cache(cast(Callable[..., Any], function)))


def remembered_at_most(most: int) -> Callable[[T], T]:
    """The same for what has many answers: those that were not asked for lately are dropped."""

    def keep(function: T) -> T:
        return _registered(function, lru_cache(maxsize=most)(cast(Callable[..., Any], function)))

    return keep


def _registered(_function: T, wrapped: Any) -> T:
    _caches.append(wrapped)
    return cast(T, wrapped)
