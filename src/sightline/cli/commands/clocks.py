"""`sightline clocks`"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

NAME = "clocks"
HELP = "list the clocks and whether they run, rebuild the ledger of deadlines, or count what is overdue"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rebuild", action="store_true", help="work every deadline out again from the records")
    what.add_argument("--overdue", action="store_true", help="count open and overdue deadlines by clock")
    parser.add_argument(
        "--as-at",
        metavar="DATE",
        type=_day,
        help="the day that --overdue looks at (default: today, or the last day of an invented record)",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "csv"], default="text", help="how to print (default: %(default)s)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date written as YYYY-MM-DD") from error


def run(args: argparse.Namespace) -> int:
    """Lists, rebuilds or counts."""
    if args.rebuild:
        rows = [_rebuilt()]
    elif args.overdue:
        rows = _overdue(args.as_at)
    else:
        rows = _clocks()
    _print(rows, args.format)
    return 0


def _rebuilt() -> dict[str, Any]:
    from sightline.engine.deadlines import ledger
    from sightline.engine.deadlines.models import Deadline

    changed = ledger.rebuild()
    return {"deadlines": Deadline.objects.count(), "new or changed": changed}


def _overdue(asked: date | None) -> list[dict[str, Any]]:
    """Counts, not children: who sees which child is for the screens and their lists to say."""
    from django.db.models import Count, Min, Q

    from sightline.core.access.standing import standing
    from sightline.engine.deadlines.queries import open_on

    day = asked or standing().day
    late = Q(due__lt=day)
    found = (
        open_on(day)
        .order_by()
        .values("clock")
        .annotate(open=Count("id"), overdue=Count("id", filter=late), since=Min("due", filter=late))
    )
    return [{**row, "since": str(row["since"] or "")} for row in found.order_by("clock")]


def _clocks() -> list[dict[str, Any]]:
    from sightline.engine.deadlines.declarations import running_clocks
    from sightline.standards import clocks

    running = {id: each.subject for each in running_clocks() for id in each.clocks}
    return [
        {
            "clock": version.id,
            "limit": version.limit_in_words,
            "from": str(version.valid_from or ""),
            "to": str(version.valid_to or ""),
            "runs on": running.get(version.id, ""),
            "source": version.source,
        }
        for version in clocks.clocks()
    ]


def _print(rows: Sequence[dict[str, Any]], how: str) -> None:
    if how == "json":
        print(json.dumps(rows, indent=1))
    elif how == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
    elif rows:
        width = {name: min(40, max(len(name), *(len(str(row[name])) for row in rows))) for name in rows[0]}
        for row in ({name: name for name in rows[0]}, *rows):
            print("  ".join(str(row[name]).ljust(width[name]) for name in rows[0]).rstrip())
    else:
        print("Nothing is open.")
