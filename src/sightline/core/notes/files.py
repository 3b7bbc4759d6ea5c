"""Files as they come in: size and type are judged by content, a scanner is asked, and each is kept under a name nobody can guess.

Settings: `SIGHTLINE_FILE_LIMIT` (bytes, 20 MB unless set) and `SIGHTLINE_SCAN` (a command to which the path is added; exit code 0 says clean,
1 harmful, anything else that it could not tell).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sightline.core.errors import InputProblem

LIMIT = 20 * 1024 * 1024
SCAN_SECONDS = 60
_TOKEN = re.compile(r"[0-9a-f]{64}")
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: What a file begins with, and the type it then has.
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", f"{_OFFICE}.wordprocessingml.document"),
)
_INSIDE = ((b"word/", f"{_OFFICE}.wordprocessingml.document"), (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"))
_LOOK = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file that was kept: the name it is stored under, and what its content is."""

    stored_as: str
    content_type: str
    size: int
    sha256: str
    scanned: str


def keep(chunks: Iterable[bytes]) -> Kept:
    """Keep what comes in. Raises InputProblem when it is too large, empty, of a type that is not taken, or harmful; then nothing is kept."""
    token = secrets.token_hex(32)
    path = path_of(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    limit, size = file_limit(), 0
    try:
        with path.open("xb") as handle:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise InputProblem(
                        f"the file is larger than {limit // (1024 * 1024)} MB", next="send it in parts, or smaller"
                    )
                handle.write(chunk)
        return _judged(token, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def kept(stored_as: str) -> Kept | None:
    """What is kept under a name; None when there is no such file."""
    if not _TOKEN.fullmatch(stored_as) or not path_of(stored_as).is_file():
        return None
    return _read(stored_as, path_of(stored_as), "CLEAN" if _command() else "NOT_SCANNED")


def path_of(stored_as: str) -> Path:
    """Where a kept file lies. Raises InputProblem for anything that is not a name of ours, so that no path can be made of it."""
    if not _TOKEN.fullmatch(stored_as):
        raise InputProblem("this names no kept file")
    return Path(settings.VAR_DIR) / "files" / stored_as[:2] / stored_as


def file_limit() -> int:
    """The largest file taken, in bytes."""
    return int(os.environ.get("SIGHTLINE_FILE_LIMIT") or LIMIT)


def _judged(token: str, path: Path) -> Kept:
    state = _scan(path)
    if state == "HARMFUL":
        raise InputProblem(
            "the file holds harmful content, and was not kept", next="tell whoever looks after Sightline"
        )
    return _read(token, path, state)


def _read(token: str, path: Path, state: str) -> Kept:
    content = path.read_bytes()
    if not content:
        raise InputProblem("the file is empty", next="choose another")
    return Kept(token, _type(content), len(content), hashlib.sha256(content).hexdigest(), state)


def _type(content: bytes) -> str:
    """The type by content: a name proves nothing."""
    head = content[:_LOOK]
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            if beginning == b"PK\x03\x04":
                return _office(content)
            return found
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputProblem(
            "files of this type are not taken", next="send a PDF, PNG, JPEG, Word or Excel file, or plain text"
        )
    return "text/plain"


def _office(content: bytes) -> str:
    for sign, found in _INSIDE:
        if sign in content and b"[Content_Types].xml" in content:
            return found
    raise InputProblem("compressed folders are not taken", next="send the files in it one by one")


def _command() -> list[str]:
    return shlex.split(os.environ.get("SIGHTLINE_SCAN", ""))


def _scan(path: Path) -> str:
    command = _command()
    if not command:
        return "NOT_SCANNED"
    try:
        found = subprocess.run([*command, str(path)], capture_output=True, timeout=SCAN_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputProblem(
            "the scanner did not answer", next="try again, or tell whoever looks after Sightline"
        ) from error
    if found.returncode not in (0, 1):
        raise InputProblem("the scanner could not judge the file", next="tell whoever looks after Sightline")
    return "HARMFUL" if found.returncode else "CLEAN"
