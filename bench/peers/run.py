"""Runs the open validators on a return and prints which of their rules find something, as JSON: code, message and how often.

They need libraries of their own time, so they have an environment of their own:

    python3.11 -m venv var/peers
    var/peers/bin/pip install "numpy<1.25" csc-validator-be-cin csc-validator-be-903 pytest
    var/peers/bin/python bench/peers/run.py cin 2024-25 cin.xml
    var/peers/bin/python bench/peers/run.py ssda903 2024-25 ssda903/ --last-year ssda903-before/ --area E10000007

Only what their packages offer to callers is used. Nothing of Sightline is imported.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import sys
import warnings
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Found = dict[str, dict[str, Any]]


def cin(year: str, path: Path) -> Found:
    """The rules that find something in a census."""
    validator = import_module("cin_validator.cin_validator")
    registry = import_module(f"cin_validator.rules.cin{year.replace('-', '_')}").registry
    root = ElementTree.parse(path).getroot()  # noqa: S314 (a file that we made)
    held = validator.process_data(validator.convert_data(root))
    issues = validator.CinValidator(held, registry).full_issue_df
    times = Counter(str(code) for code in issues["rule_code"]) if len(issues) else Counter()
    said = dict(zip(issues["rule_code"], issues["rule_description"], strict=True)) if len(issues) else {}
    return {code: {"found": count, "message": said[code]} for code, count in times.items()}


def ssda903(year: str, path: Path, last_year: Path | None, area: str) -> Found:
    """The rules that find something in a set, and those that could not be run."""
    validator = import_module("lac_validator.lac_validator")
    registry = import_module(f"lac_validator.rules.lac{year.replace('-', '_')}").registry
    files = _files(path, "This year") + (_files(last_year, "Prev year") if last_year else [])
    # A collection is called by the year in which it ends.
    metadata = {"collectionYear": str(int(year[:4]) + 1), "localAuthority": area}
    done = validator.LacValidator(metadata=metadata, files=files, registry=registry, selected_rules=None)
    times: Counter[str] = Counter()
    for table in done.ds_results.values():
        for column in getattr(table, "columns", ()):
            if column.startswith("ERR_"):
                times[column.removeprefix("ERR_")] += int(table[column].fillna(value=False).astype(bool).sum())
    found: Found = {code: {"found": count, "message": registry[code].message} for code, count in times.items() if count}
    for code in done.fails:
        found[code] = {"found": None, "message": f"stopped with an error of its own: {registry[code].message}"}
    return found


def _files(folder: Path, description: str) -> list[dict[str, Any]]:
    return [
        {"name": path.name, "file_content": path.read_bytes(), "description": description}
        for path in sorted(folder.glob("*.csv"))
    ]


def main() -> None:
    """Runs one validator on one return."""
    parser = argparse.ArgumentParser(description="Run an open validator on a return.")
    parser.add_argument("return_", metavar="RETURN", choices=["cin", "ssda903"])
    parser.add_argument("year", help="the collection year: 2024-25")
    parser.add_argument("path", type=Path, help="the census's file, or the folder of the set")
    parser.add_argument("--last-year", type=Path, help="the folder of the year before")
    parser.add_argument("--area", default="", help="GSS code of the authority")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    # They print as they go, which is no part of the answer.
    with contextlib.redirect_stdout(io.StringIO()):
        found = (
            cin(args.year, args.path)
            if args.return_ == "cin"
            else ssda903(args.year, args.path, args.last_year, args.area)
        )
    json.dump(dict(sorted(found.items())), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
