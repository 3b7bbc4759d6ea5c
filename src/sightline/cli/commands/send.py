"""`sightline send`"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.engine.social_care_api.send import Sent

NAME = "send"
HELP = "send children to the Department's children's social care API, or write what would be sent; it is audited under the given user's name"
EXAMPLES = """\
./sightline send csc --delta --as performance-analyst --purpose "daily send"
./sightline send csc --full --dry-run --out to-look-at/ --as performance-analyst
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("what", choices=["csc"], help="csc: the Department's children's social care API")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--full", action="store_true", help="every child of the cohort, whole")
    which.add_argument("--delta", action="store_true", help="what has changed since the Department last accepted it")
    parser.add_argument("--dry-run", action="store_true", help="write what would be sent to --out, and send nothing")
    parser.add_argument("--out", type=Path, help="with --dry-run: the folder to write to")
    parser.add_argument(
        "--area", default="", help="the authority that sends, code or name (default: the only one with records)"
    )
    parser.add_argument("--as", dest="user", required=True, metavar="USER", help="user name of who sends")
    parser.add_argument("--purpose", default="", help="why, for the audit")
    parser.add_argument("--as-at", type=_day, help="the last day of the window, as 2026-05-31 (default: today)")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-05-31") from error


def run(args: argparse.Namespace) -> int:
    """Sends or writes, and says what came of it."""
    from sightline.core.access.accounts import user_named
    from sightline.core.errors import InputProblem
    from sightline.engine.social_care_api.send import Request, send, write

    if args.dry_run != (args.out is not None):
        raise InputProblem(
            "--dry-run and --out go together", "--out", "Give both to look at what would be sent, or neither."
        )
    request = Request(
        user=user_named(args.user), whole=args.full, area=args.area, purpose=args.purpose, as_at=args.as_at
    )
    tell = _tell if sys.stderr.isatty() else None
    done = write(request, args.out) if args.dry_run else send(request, tell=tell)
    print(json.dumps(done.as_dict(), indent=2, ensure_ascii=False) if args.format == "json" else _as_text(done))
    return int(not done.complete)


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _as_text(done: Sent) -> str:
    sent = f"Written to {done.out}; nothing was sent" if done.out else f"{done.receipts:,} receipts"
    lines = [
        f"Children's social care API, {done.what}, {done.area_name} ({done.la_code}), version {done.version}, {done.window}",
        "",
        f"{done.children:>10,} children in the cohort",
        f"{done.unchanged:>10,} as the Department has them",
        f"{done.changed:>10,} new or changed, in {done.batches:,} {'batch' if done.batches == 1 else 'batches'}",
        f"{done.purged:>10,} purged, since the record holds nothing on them",
        f"{done.held_back:>10,} held back",
        f"{done.refused:>10,} refused by the Department",
        "",
        sent,
    ]
    if done.reasons:
        lines += ["", "Held back or refused because of", *(f"{n:>10,} {why}" for why, n in done.reasons.items())]
    lines += ["", "Notes", *(f"  {note}" for note in done.notes)]
    if done.stopped:
        lines += ["", "Stopped before the end", *(f"  {line}" for line in done.stopped.splitlines())]
    return "\n".join(lines)
