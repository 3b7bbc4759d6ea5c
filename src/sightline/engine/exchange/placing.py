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
def placed(out: Path, *, folder: bool, replace: bool) -> Iterator[Path]:
    """Gives a path to write a file or a folder to; when all went well, it takes its place at `out`. Otherwise what was there stays.

    Raises InputProblem.
    """
    out = out.absolute()
    _check(out, folder=folder, replace=replace)
    mark = f"{os.getpid()}-{os.urandom(4).hex()}"
    draft, before = out.with_name(f".{out.name}.{mark}"), out.with_name(f".{out.name}.before-{mark}")
    try:
        yield draft
        _check(out, folder=folder, replace=replace)
        if out.exists():
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


def _check(out: Path, *, folder: bool, replace: bool) -> None:
    if not out.parent.is_dir():
        raise InputProblem("There is no such folder", str(out.parent), "Make it first, or name another path.")
    if not (out.exists() or out.is_symlink()):
        return
    if not replace:
        raise InputProblem("Something is there already", str(out), NEXT)
    if not _is_like_it(out, folder=folder):
        kind = "folder of CSV files" if folder else "file"
        raise InputProblem(f"What is there is no {kind}, so it is not replaced", str(out), "Name another path.")


def _is_like_it(out: Path, *, folder: bool) -> bool:
    """Whether an earlier export may stand there. A folder with anything else in it is somebody's, and would be gone with it."""
    if out.is_symlink():
        return False
    if not folder:
        return out.is_file()
    return out.is_dir() and all(one.suffix == ".csv" and one.is_file() for one in out.iterdir())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
