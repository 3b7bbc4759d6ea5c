"""`sightline import`"""

import argparse
import getpass
import os
import sys
from pathlib import Path

from sightline.runtime import paths

NAME = "import"
HELP = "read a return (children in need census, SSDA903, Annex A, SSD) into the record, whole or not at all"
MEGABYTE = 1_000_000
EXAMPLES = """\
./sightline import census.xml --as cin --period 2021-22
./sightline import ssda903/ --as ssda903 --period 2017-18 --area E10000028
./sightline import annex-a.xlsx --as annexa --date 2022-03-31 --area E10000028
./sightline import ssd/ --as ssd --period 2021-22 --area E10000028
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", type=Path, help="the census's XML file, the workbook of Annex A, or the folder of the others' CSV files"
    )
    parser.add_argument(
        "--as", dest="kind", required=True, choices=["cin", "ssda903", "annexa", "ssd"], help="the kind of return"
    )
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--period", help="the year that the return is for: 2021-22")
    when.add_argument("--date", dest="period", help="the day as of which Annex A lists speak: 2022-03-31")
    parser.add_argument(
        "--area", default="", help="the authority that made it, where the file does not say: code or name"
    )
    parser.add_argument("--because", default="import of a return", help="why, for the history (default: %(default)s)")
    parser.add_argument(
        "--format", choices=["text", "json", "csv"], default="text", help="how to print (default: %(default)s)"
    )
    parser.add_argument(
        "--fewer", action="store_true", help="take a corrected file from which most children of the last one are gone"
    )
    parser.add_argument(
        "--max-mb",
        type=int,
        default=int(os.environ.get("SIGHTLINE_IMPORT_MAX_MB", "1000")),
        help="refuse anything larger (default: SIGHTLINE_IMPORT_MAX_MB or %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    from sightline.engine.exchange import report
    from sightline.engine.exchange.run import Request, import_path

    request = Request(
        path=args.path,
        format=args.kind,
        period=args.period,
        area=args.area,
        by=f"command line: {_user()}",
        because=args.because,
        keep_in=paths.var_dir() / "received",
        largest=args.max_mb * MEGABYTE,
        fewer=args.fewer,
    )
    done = import_path(request, _tell if sys.stderr.isatty() else None)
    shown = {"text": report.as_text, "json": report.as_json, "csv": report.as_csv}[args.format]
    print(shown(done).rstrip("\n"))
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.geteuid()}"
