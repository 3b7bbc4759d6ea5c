"""`sightline report`"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

NAME = "report"
HELP = "write the annual report, or check that its numbers agree"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the two sub-commands."""
    parts = parser.add_subparsers(title="what to do", metavar="ACTION", required=True)
    annual = parts.add_parser("annual", help="write the report as HTML, PDF, Word, CSV and JSON")
    _which(annual)
    annual.add_argument("--out", type=Path, required=True, help="the folder to write into; made when it is not there")
    annual.add_argument("--no-pdf", dest="pdf", action="store_false", help="leave the PDF out, which takes longest")
    annual.set_defaults(action=_annual)
    check = parts.add_parser("check", help="work every number out again and compare; code 1 when something disagrees")
    _which(check)
    check.add_argument("--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)")
    check.set_defaults(action=_check)


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", required=True, help="the reporting year, for example 2016-17")
    parser.add_argument("--area", help="GSS code, old code or name (default: the only area that has records)")
    parser.add_argument(
        "--edition", choices=["internal", "published"], default="internal", help="exact, or with small numbers withheld"
    )
    parser.add_argument("--snapshot", help="a snapshot's id (default: one taken now, when the record has changed)")


def run(args: argparse.Namespace) -> int:
    """Writes or checks."""
    done: int = args.action(args)
    return done


def _annual(args: argparse.Namespace) -> int:
    from sightline.engine.report import build

    snapshot, of, area = _chosen(args)
    today = datetime.now(UTC).date()
    report = build.report_of(snapshot, of, area, args.edition, today)
    build.write(report, args.out, with_pdf=args.pdf)
    covered = sum(figure.value is not None for figure in report.figures)
    print(f"{args.out}: {report.cover.edition.lower()}, {covered:,} of {len(report.figures):,} figures have a value.")
    return 0


def _check(args: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from sightline.engine.report.check import check

    snapshot, of, area = _chosen(args)
    found = check(snapshot, of, area)
    if args.format == "json":
        print(json.dumps([asdict(finding) for finding in found.findings], indent=1, ensure_ascii=False))
    else:
        for finding in found.findings:
            print(finding)
        print(found.summary)
    return int(bool(found.open))


def _chosen(args: argparse.Namespace):  # type: ignore[no-untyped-def]  # its types need Django, which is set up only now
    from sightline.core.errors import InputProblem
    from sightline.engine.report.areas import area_asked
    from sightline.engine.snapshot.fresh import chosen
    from sightline.standards.periods import NoPeriod, asked_for

    try:
        of = asked_for(args.year)
    except NoPeriod as error:
        raise InputProblem(f"'{args.year}' is not a year", "--year", error.accepted) from error
    if of.kind != "year":
        raise InputProblem(f"'{args.year}' is not a reporting year", "--year", "write a year such as 2016-17")
    snapshot = chosen(args.snapshot)
    return snapshot, of, area_asked(args.area, snapshot, of)
