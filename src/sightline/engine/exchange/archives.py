"""Unpacking a zip archive of a return's files, as the product makes one itself, so that it can do no harm.

Folders inside are left out of the names, nothing is written beside the folder given, and unpacking ends where the limit is passed: an archive of
a few kilobytes may hold any number of gigabytes.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from sightline.core.errors import InputProblem
from sightline.engine.exchange.receiving import BLOCK, MEGABYTE, MOST_FILES

#: How the reader fails over archives that are not what they should be; the runtime error is of those under a password.
_SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def is_archive(path: Path) -> bool:
    """Whether a file goes by the name of a zip archive. One that only has the content of one is something else, as a workbook is."""
    return path.suffix.lower() == ".zip" and path.is_file()


def unpacked(archive: Path, into: Path, largest: int) -> Path:
    """The files of an archive, in a folder of its name inside `into`. Raises InputProblem."""
    folder = into / archive.name
    folder.mkdir()
    room = largest
    try:
        with zipfile.ZipFile(archive) as held:
            for name, part in _files(held, archive).items():
                with held.open(part) as source, (folder / name).open("xb") as copy:
                    for block in _blocks(source):
                        room -= len(block)
                        if room < 0:
                            raise InputProblem(
                                f"The archive is larger than the limit of {largest // MEGABYTE:,} MB when it is unpacked",
                                str(archive),
                                "Check that it is the right file.",
                            )
                        copy.write(block)
    except _SPOILT:
        raise InputProblem(
            "The archive cannot be read: it is cut short, under a password, or not what its name says",
            str(archive),
            "Ask whoever sent it for the files themselves.",
        ) from None
    return folder


def _files(held: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """What to unpack, by the name without folders. Hidden files, as systems add them, are left."""
    found: dict[str, zipfile.ZipInfo] = {}
    for part in held.infolist():
        name = PurePosixPath(part.filename.replace("\\", "/")).name
        if part.is_dir() or not name or name.startswith("."):
            continue
        if name in found:
            raise InputProblem(
                f"The archive holds two files called {name[:60]}", str(archive), "Leave one of them in it."
            )
        found[name] = part
    if not found:
        raise InputProblem("The archive holds no files", str(archive), "Put the files of the return into it.")
    if len(found) > MOST_FILES:
        raise InputProblem(
            f"The archive holds {len(found):,} files", str(archive), "Put nothing but the files of the return into it."
        )
    return found


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(BLOCK):
        yield block
