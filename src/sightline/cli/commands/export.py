"""`sightline export`"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.engine.exchange.export import Exported, Tell

NAME = "export"
HELP = (
    "write a return (children in need census, SSDA903, Annex A, SSD) from the record, whole or not at all;"
    " it is audited under the given user's name"
)
EXAMPLES = """\
./sightline export --return cin --year 2021-22 --out census.xml --as performance-analyst
./sightline export --return cin --year 2025-26 --out census.xml --as performance-analyst --submission "second load"
./sightline export --return ssda903 --year 2016-17 --area E10000028 --out ssda903/ --as performance-analyst
./sightline export --return annexa --date 2017-03-31 --out annex-a.xlsx --as performance-analyst
./sightline export --return ssd --year 2016-17 --out ssd/ --as performance-analyst
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "--return", dest="kind", required=True, choices=["cin", "ssda903", "annexa", "ssd"], help="the kind of return"
    )
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--year", dest="period", help="the year that the return is for: 2016-17")
    when.add_argument("--date", dest="period", help="the day as of which Annex A lists speak: 2017-03-31")
    parser.add_argument(
        "--area", default="", help="the authority that makes it, code or name (default: the only one with records)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="where to: the census's XML file, the workbook of Annex A, or the folder of the others' CSV files",
    )
    parser.add_argument("--as", dest="user", required=True, metavar="USER", help="user name of who exports it")
    parser.add_argument("--purpose", default="", help="why, for the audit")
    parser.add_argument(
        "--submission",
        metavar="NOTE",
        help="keep a record of the file as one that is sent: who, when, hash, what stood open, and the year before",
    )
    parser.add_argument("--replace", action="store_true", help="take the place of what is there already")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Writes the return and says what was written."""
    from sightline.core.access.accounts import user_named
    from sightline.engine.exchange.export import Request, export_return

    tell = _tell if sys.stderr.isatty() else None
    if args.submission is not None:
        return _submitted(args, tell)
    request = Request(
        format=args.kind,
        period=args.period,
        out=args.out,
        user=user_named(args.user),
        area=args.area,
        purpose=args.purpose,
        replace=args.replace,
    )
    _print(export_return(request, tell), args.format)
    return 0


def _submitted(args: argparse.Namespace, tell: Tell | None) -> int:
    """Writes the return as one that is sent."""
    from sightline.core.access.accounts import user_named
    from sightline.engine.return_issues.collections import collection
    from sightline.engine.return_issues.submitting import Asked, submit

    asked = Asked(
        collection=collection(args.kind, args.period),
        user=user_named(args.user),
        out=args.out,
        area=args.area,
        note=args.submission,
        replace=args.replace,
    )
    done, kept = submit(asked, tell)
    _print(done, args.format)
    if args.format == "text":
        print(f"\nKept as submission {kept.pk}{'' if kept.ready else ': the return is not ready to submit'}.")
    return 0


def _print(done: Exported, form: str) -> None:
    print(json.dumps(done.as_dict(), indent=2, ensure_ascii=False) if form == "json" else _as_text(done))


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _as_text(done: Exported) -> str:
    lines = [
        f"{done.title[0].upper()}{done.title[1:]} {done.period}, {done.area_name} ({done.area})",
        f"Written to {done.out}",
        f"SHA-256 {done.sha256}",
        "",
        f"{done.children:,} {'child' if done.children == 1 else 'children'}",
        *(f"  {table:<28}{count:>10,}" for table, count in done.rows.items()),
    ]
    if done.not_written:
        lines += ["", f"Not written, since the record does not hold them yet: {', '.join(done.not_written)}"]
    if done.empty:
        lines += ["", "Columns left empty, since the record has no value for any of their rows"]
        lines += [f"  {table}: {', '.join(columns)}" for table, columns in done.empty.items()]
    return "\n".join([*lines, "", "Notes", *(f"  {note}" for note in done.notes)])
