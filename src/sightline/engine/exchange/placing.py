"""Putting a finished file or folder in its place: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sightline.core.errors import InputProblem

NEXT = "Name another path, or say that it may be replaced: --replace."


@contextmanager
def placed(out: Path, *, replace: bool) -> Iterator[Path]:
    """Gives a path to write to; when all went well, what is there takes its place at `out`. Otherwise what was there stays. Raises InputProblem."""
    _check(out, replace=replace)
    mark = f"{os.getpid()}-{os.urandom(4).hex()}"
    draft, before = out.with_name(f".{out.name}.{mark}"), out.with_name(f".{out.name}.before-{mark}")
    try:
        yield draft
        if out.exists():
            _check(out, replace=replace)
            out.rename(before)
        draft.rename(out)
    except OSError as error:
        raise InputProblem(
            f"Cannot be written: {error.strerror}", str(out), "Check the folder, its rights and its free space."
        ) from error
    finally:
        if before.exists() and not out.exists():
            before.rename(out)
        _remove(draft)
        _remove(before)


def _check(out: Path, *, replace: bool) -> None:
    if not out.parent.is_dir():
        raise InputProblem("There is no such folder", str(out.parent), "Make it first, or name another path.")
    if out.exists() and not replace:
        raise InputProblem("Something is there already", str(out), NEXT)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
