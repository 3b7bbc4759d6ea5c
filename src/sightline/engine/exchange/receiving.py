"""Taking a file in: hash, limits, hostile content, and keeping it as received only when its import is committed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sightline.core.errors import InputProblem

BLOCK = 1 << 20
MEGABYTE = 1_000_000
LARGEST = 1000 * MEGABYTE
MOST_FILES = 60
#: How a zip archive begins, and so a workbook.
ZIP = b"PK\x03\x04"
ARCHIVES = {
    ZIP: "zip archive or Excel workbook",
    b"\x1f\x8b": "gzip archive",
    b"7z\xbc\xaf": "7-zip archive",
    b"Rar!": "rar archive",
}
#: A document type can hold entities that expand without end or read other files; a return never needs one. In UTF-8 and both UTF-16s.
_DECLARATION = re.compile(
    b"|".join(
        re.escape(f"<!{word}".encode(code))
        for word in ("DOCTYPE", "ENTITY")
        for code in ("utf-8", "utf-16-le", "utf-16-be")
    ),
    re.IGNORECASE,
)
#: The parser compares every attribute of a tag with every other: a tag of a megabyte keeps it busy for minutes. Those of returns have none.
LONGEST_TAG = 4096
#: What may stand before the first tag, in UTF-8 and both UTF-16s.
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_TAG = re.compile(rb"<(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")


@dataclass(frozen=True)
class Received:
    """What was received: where it is kept until the import ends, its hash, and its files by the name they came with."""

    folder: Path
    sha256: str
    files: dict[str, Path]
    size: int


@contextmanager
def received(source: Path, keep_in: Path, largest: int = LARGEST, *, workbooks: bool = False) -> Iterator[Received]:
    """Copies a file or the files of a folder aside, hashed, and hands over the copies: what is read is what is kept.

    The copies are gone afterwards unless `keep` was called. Raises InputProblem for what cannot be taken in: archives among it, but for
    `workbooks` where the return may be one (`sheets` looks into them).
    """
    names = _names(source)
    keep_in.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = keep_in / f".arriving-{os.getpid()}-{os.urandom(4).hex()}"
    aside.mkdir(mode=0o700)
    try:
        size, hashes, files = 0, {}, {}
        for name, path in names.items():
            files[name] = aside / name
            hashes[name], taken = _copy(path, files[name], largest - size, workbooks=workbooks)
            size += taken
        whole = next(iter(hashes.values())) if source.is_file() else together(hashes)
        yield Received(aside, whole, files, size)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def keep(taken: Received, keep_in: Path) -> Path:
    """Puts the copies in their place: `<hash>` for a file, a folder of that name for a set. Nothing is written twice."""
    place = keep_in / taken.sha256
    if place.exists():
        return place
    if len(taken.files) == 1 and next(iter(taken.files)) == SINGLE:
        next(iter(taken.files.values())).rename(place)
    else:
        draft = keep_in / f"{taken.folder.name}-kept"
        draft.mkdir(mode=0o700)
        for name, path in taken.files.items():
            path.rename(draft / name)
        draft.rename(place)
    return place


def forget(place: Path) -> None:
    """Takes back what `keep` put there, for an import that was not committed after all."""
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            place.unlink()


SINGLE = "as-received"


def _names(source: Path) -> dict[str, Path]:
    """What there is to take: one file under a fixed name, or the files of a folder under their own."""
    try:
        if source.is_dir():
            held = [path for path in sorted(source.iterdir()) if not path.name.startswith(".")]
            found = {path.name: path for path in held if path.is_file()}
            if odd := next((path for path in held if not path.is_file() and not path.is_dir()), None):
                raise InputProblem(
                    "This is no file: a link that leads nowhere, or a device",
                    str(odd),
                    "Put the file itself in its place, or take it away.",
                )
            if not found:
                raise InputProblem(
                    "The folder holds no files", str(source), "Give the folder that holds the set's CSV files."
                )
            if len(found) > MOST_FILES:
                raise InputProblem(
                    f"The folder holds {len(found)} files",
                    str(source),
                    "Give a folder that holds the set's CSV files only.",
                )
            return found
        if not stat.S_ISREG(source.stat().st_mode):
            raise InputProblem("This is neither a file nor a folder", str(source), "Give the path of the file.")
    except FileNotFoundError as error:
        raise InputProblem("There is no such file or folder", str(source), "Check the path.") from error
    except OSError as error:
        raise InputProblem(f"Cannot be read: {error.strerror}", str(source), "Check who may read it.") from error
    return {SINGLE: source}


def _copy(source: Path, target: Path, room: int, *, workbooks: bool) -> tuple[str, int]:
    """Copies with limits, and looks at every byte on the way."""
    digest, size, before, begins = hashlib.sha256(), 0, b"", b""
    try:
        with (
            source.open("rb") as given,
            os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy,
        ):
            while block := given.read(BLOCK):
                if size == 0 and not (workbooks and block.startswith(ZIP)):
                    _refuse_archive(block, source)
                size += len(block)
                if size > room:
                    raise InputProblem(
                        f"Larger than the limit of {room // MEGABYTE:,} MB",
                        str(source),
                        "Check that it is the right file; --max-mb raises the limit.",
                    )
                begins = begins or block.lstrip(_BLANK)[:1]
                seen = before + block
                if _DECLARATION.search(seen):
                    _refuse_declaration(source)
                if begins == b"<" and _has_long_tag(seen):
                    _refuse_long_tag(source)
                before = block[-LONGEST_TAG:]
                digest.update(block)
                copy.write(block)
    except OSError as error:
        raise InputProblem(f"Cannot be read: {error.strerror}", str(source), "Check who may read it.") from error
    if size == 0:
        raise InputProblem("The file is empty", str(source), "Export it again.")
    return digest.hexdigest(), size


def declares_entities(block: bytes) -> bool:
    """Whether a block of XML declares a document type or entities."""
    return _DECLARATION.search(block) is not None


def _refuse_archive(block: bytes, source: Path) -> None:
    for start, kind in ARCHIVES.items():
        if block.startswith(start):
            raise InputProblem(
                f"This is a {kind}", str(source), "Give the XML file, or the folder of CSV files, itself."
            )


def _has_long_tag(content: bytes) -> bool:
    """Whether a tag of XML is longer than any of a return. Comments, instructions and text may be."""
    at = content.find(b"<")
    while at >= 0 and at + LONGEST_TAG < len(content):
        # What begins between here and the last tag near by is short: only a tag with no other near by can be long.
        near = content.rfind(b"<", at + 1, at + LONGEST_TAG)
        if near < 0:
            tag = content[at : at + LONGEST_TAG]
            if tag[1:2] not in (b"!", b"?") and not _TAG.match(tag):
                return True
            near = content.find(b"<", at + 1)
        at = near
    return False


def _refuse_long_tag(source: Path) -> None:
    raise InputProblem(
        f"A tag of the file is longer than {LONGEST_TAG:,} bytes, which a return never needs and an attack does",
        str(source),
        "Do not open it; ask whoever sent it for a plain export.",
    )


def _refuse_declaration(source: Path) -> None:
    raise InputProblem(
        "The file declares a document type or entities, which a return never needs and an attack does",
        str(source),
        "Do not open it; ask whoever sent it for a plain export.",
    )


def together(hashes: dict[str, str]) -> str:
    """One hash for a set: of the names and hashes of its files."""
    listed = "".join(f"{found}  {name}\n" for name, found in sorted(hashes.items()))
    return hashlib.sha256(listed.encode()).hexdigest()
