"""`sightline validate`"""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from pathlib import Path

NAME = "validate"
NEEDS = "nothing"
HELP = "check a return (children in need census, SSDA903, Annex A, SSD) against its rules; nothing is stored"
MEGABYTE = 1_000_000
EXAMPLES = """\
./sightline validate census.xml --return cin --year 2025-26 --format json
./sightline validate annex-a.xlsx --return annexa --date 2026-09-30 --format xlsx --out faults.xlsx
./sightline validate ssd/ --return ssd --year 2025-26 --format csv
./sightline validate ssda903/ --last-year ssda903-before/ --return ssda903 --year 2026-27 --format html --out report.html
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("path", type=Path, nargs="+", help="the file, the folder, or the files of the return")
    parser.add_argument(
        "--return", dest="return_", required=True, choices=["cin", "ssda903", "annexa", "ssd"], help="the return"
    )
    parser.add_argument(
        "--year", default="", help="the collection year: 2026-27; it may be left out where --date is given"
    )
    parser.add_argument("--date", default="", help="the day as of which Annex A lists speak: 2026-09-30")
    parser.add_argument("--last-year", type=Path, nargs="+", default=[], help="the return of the year before")
    parser.add_argument("--providers", type=Path, help="Ofsted's list of providers as CSV (column URN at least)")
    parser.add_argument("--area", default="", help="the authority, where the file does not say: code or name")
    parser.add_argument("--rule", dest="rules", nargs="+", action="extend", help="run these rules only")
    parser.add_argument(
        "--format", choices=["json", "csv", "html", "xlsx"], default="json", help="how to print (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, help="write to this file instead of printing; a workbook needs it")
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 where the return is not ready to submit")
    parser.add_argument("--max-mb", type=int, default=1000, help="refuse anything larger (default: %(default)s)")


def _year_of(day: str) -> str:
    """The collection year in which a day lies. Raises InputProblem."""
    from sightline.core.errors import InputProblem
    from sightline.standards import periods

    if not day:
        raise InputProblem("For which year?", "--year", "Give the collection year, as in --year 2025-26.")
    try:
        return periods.containing(date.fromisoformat(day), "year").label
    except ValueError as error:
        raise InputProblem(f"'{day[:20]}' is not a day", "--date", "Give it as 2026-09-30.") from error


def run(args: argparse.Namespace) -> int:
    """Validates. What the rules find is the answer and no failure, so the exit code is 0 unless `--exit-code` is asked for."""
    from sightline.core.errors import InputProblem
    from sightline.engine.exchange.rules import show
    from sightline.engine.exchange.rules.validation import Request, Validation, validate

    if args.format == "xlsx" and args.out is None:
        raise InputProblem("A workbook cannot be printed", "--out", "Name a file to write: --out report.xlsx.")
    request = Request(
        return_=args.return_,
        year=args.year or _year_of(args.date),
        day=args.date,
        paths=args.path,
        last_year=args.last_year,
        providers=args.providers,
        authority=args.area,
        rules=args.rules,
        largest=args.max_mb * MEGABYTE,
    )
    found = validate(request)
    # A country's return has a million faulty rows: JSON is written as it is told, and nothing waits for the whole.
    forms: dict[str, Callable[[Validation], Iterable[bytes]]] = {
        "json": lambda one: (part.encode() for part in chain(show.json_parts(one), "\n")),
        "csv": lambda one: [show.as_csv(one).encode()],
        "html": lambda one: [f"{show.as_html(one)}\n".encode()],
        "xlsx": lambda one: [show.as_xlsx(one)],
    }
    content = forms[args.format](found)
    wanting = int(args.exit_code and not found.ready)
    if args.out is None:
        sys.stdout.buffer.writelines(content)
        return wanting
    try:
        with args.out.open("wb") as out:
            out.writelines(content)
    except OSError as error:
        advice = "Name a file in a folder that you may write to."
        raise InputProblem(f"Cannot be written: {error.strerror}", str(args.out), advice) from error
    return wanting
