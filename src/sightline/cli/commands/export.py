"""`sightline export`"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.engine.exchange.export import Exported

NAME = "export"
HELP = "write a return (children in need census, SSDA903) from the record, whole or not at all; it is audited under the given user's name"
EXAMPLES = """\
./sightline export --return cin --year 2021-22 --out census.xml --as analyst
./sightline export --return ssda903 --year 2016-17 --area E10000028 --out ssda903/ --as analyst
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--return", dest="kind", required=True, choices=["cin", "ssda903"], help="the kind of return")
    parser.add_argument("--year", required=True, help="the year that the return is for: 2016-17")
    parser.add_argument(
        "--area", default="", help="the authority that makes it, code or name (default: the only one with records)"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="where to: the census's XML file, or the folder of the SSDA903 set"
    )
    parser.add_argument("--as", dest="user", required=True, metavar="USER", help="user name of who exports it")
    parser.add_argument("--purpose", default="", help="why, for the audit")
    parser.add_argument("--replace", action="store_true", help="take the place of what is there already")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Writes the return and says what was written."""
    from sightline.core.access.accounts import user_named
    from sightline.engine.exchange.export import Request, export_return

    request = Request(
        format=args.kind,
        period=args.year,
        out=args.out,
        user=user_named(args.user),
        area=args.area,
        purpose=args.purpose,
        replace=args.replace,
    )
    done = export_return(request, _tell if sys.stderr.isatty() else None)
    print(json.dumps(done.as_dict(), indent=2, ensure_ascii=False) if args.format == "json" else _as_text(done))
    return 0


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
    return "\n".join([*lines, "", "Notes", *(f"  {note}" for note in done.notes)])
