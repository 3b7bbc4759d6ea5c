"""`sightline audit`"""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta

NAME = "audit"
HELP = "seal the audit's entries into a chain, check the chain, or look for unusual access"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sub-commands."""
    choices = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    choices.add_parser("seal", help="seal what is committed and not yet sealed (the web application does it by itself)")
    check = choices.add_parser(
        "verify", help="recompute the chain: exit 1 when an entry was changed, is missing or was put in afterwards"
    )
    check.add_argument(
        "--expect",
        metavar="HASH",
        default="",
        help="a head printed earlier and kept elsewhere: it must be in the chain",
    )
    check.add_argument("--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)")
    unusual = choices.add_parser("unusual", help="look for unusual access and put it in the reviewers' queue")
    unusual.add_argument("--from", dest="first", type=_day, help="first day, as 2024-05-31 (default: yesterday)")
    unusual.add_argument("--to", dest="last", type=_day, help="last day (default: yesterday)")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2024-05-31") from error


def run(args: argparse.Namespace) -> int:
    """Seals, checks or looks."""
    if args.what == "seal":
        from sightline.core.audit.seal import seal

        print(f"{seal(wait=True):,} entries sealed.")
        return 0
    return _verify(args) if args.what == "verify" else _unusual(args)


def _verify(args: argparse.Namespace) -> int:
    from sightline.core.audit.verify import verify

    found = verify(args.expect)
    if args.format == "json":
        print(
            json.dumps(
                {
                    "whole": found.whole,
                    "sealed": found.sealed,
                    "head": found.head,
                    "expected_at": found.expected_at,
                    "unsealed": found.unsealed,
                    "unsealed_seconds": found.unsealed_seconds,
                    "fault_count": found.fault_count,
                    "faults": [
                        {"kind": one.kind, "entry": one.entry, "sequence": one.sequence, "words": one.words}
                        for one in found.faults
                    ],
                },
                indent=1,
            )
        )
        return int(not found.whole)
    for one in found.faults:
        print(one.words)
    if found.fault_count > len(found.faults):
        print(f"... and {found.fault_count - len(found.faults):,} more.")
    print("The chain is whole." if found.whole else "The chain is BROKEN.")
    print(f"Sealed: {found.sealed:,} entries. Head: {found.head}")
    print(f"Not yet sealed: {found.unsealed:,}" + (f", since {found.unsealed_seconds} s." if found.unsealed else "."))
    if found.expected_at:
        print(f"The head that was kept is number {found.expected_at:,} of the chain.")
    return int(not found.whole)


def _unusual(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from sightline.core.audit.unusual import look
    from sightline.core.errors import InputProblem

    yesterday = timezone.localdate() - timedelta(days=1)
    first, last = args.first or args.last or yesterday, args.last or args.first or yesterday
    if first > last:
        raise InputProblem("the last day is before the first", "--from, --to", "Exchange them.")
    for rule, count in look(first, last).items():
        print(f"{count:>6,}  {rule}")
    return 0
