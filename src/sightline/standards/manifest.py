"""`data/MANIFEST.csv`: every reference file with its source, licence, hash and date. `python -m sightline.standards.manifest [--write]`.

Without `--write` it reports files that are missing, changed or not listed, and ends with code 1 when there are any.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from sightline.standards.data import data_dir, data_path, read_csv

COLUMNS = ("file", "source", "licence", "sha256", "retrieved")
UNLISTED = {"MANIFEST.csv", "NOTICE.md", "README.md"}


def problems() -> list[str]:
    """What is wrong, one line for each file; empty when the manifest and the folder agree."""
    listed = {row["file"]: row for row in read_csv(data_path("MANIFEST.csv"), COLUMNS)}
    held = {str(path.relative_to(data_dir())): path for path in files()}
    wrong = [f"{name}: listed but missing" for name in listed if name not in held]
    wrong += [f"{name}: not listed" for name in held if name not in listed]
    wrong += [f"{name}: no source or licence" for name, row in listed.items() if not (row["source"] and row["licence"])]
    return wrong + [
        f"{name}: changed" for name, row in listed.items() if name in held and sha256(held[name]) != row["sha256"]
    ]


def files() -> list[Path]:
    """Every reference file, in order of path."""
    return sorted(path for path in data_dir().rglob("*") if path.is_file() and path.name not in UNLISTED)


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write() -> None:
    """Bring hashes and dates up to date; a file not yet listed gets a row whose source and licence must then be filled in by hand."""
    target = data_dir() / "MANIFEST.csv"
    known = {row["file"]: row for row in read_csv(target, COLUMNS)} if target.is_file() else {}
    with target.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(path, known) for path in files())


def _row(path: Path, known: dict[str, dict[str, str]]) -> dict[str, str]:
    name, digest = str(path.relative_to(data_dir())), sha256(path)
    old = known.get(name, dict.fromkeys(COLUMNS, ""))
    changed = old["sha256"] != digest
    return {
        **old,
        "file": name,
        "sha256": digest,
        "retrieved": datetime.now(UTC).date().isoformat() if changed else old["retrieved"],
    }


def main(arguments: list[str]) -> int:
    """Report, after writing when asked."""
    if "--write" in arguments:
        write()
    found = problems()
    print("\n".join(found) or "The reference data agrees with its manifest.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
