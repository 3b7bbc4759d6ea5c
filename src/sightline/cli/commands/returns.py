"""`sightline returns`"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.engine.return_issues.checking import Checked

NAME = "returns"
HELP = "check a return on the record itself: issues are stored and shown to their owners"
EXAMPLES = """\
./sightline returns check --return cin --year 2025-26 --as performance-analyst
./sightline returns check --return ssda903 --year 2025-26 --as worker --child L1234
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sub-commands."""
    choices = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    check = choices.add_parser("check", help="run the rules on the record: new issues are stored, mended ones resolved")
    check.add_argument("--return", dest="return_", required=True, choices=["cin", "ssda903"], help="the return")
    check.add_argument("--year", required=True, help="the collection year: 2025-26")
    check.add_argument("--as", dest="user", required=True, metavar="USER", help="user name of who checks")
    check.add_argument("--area", default="", help="the authority, code or name (default: the only one with records)")
    check.add_argument("--child", nargs="+", default=[], metavar="REFERENCE", help="these children only, by local id")
    check.add_argument("--providers", type=Path, help="Ofsted's list of providers as CSV (column URN at least)")
    check.add_argument("--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)")
    check.add_argument(
        "--exit-code", action="store_true", help="exit with 1 where an issue or a rule stands in the way"
    )


def run(args: argparse.Namespace) -> int:
    """Checks, and says what was found. It names no child."""
    from sightline.core.access.accounts import user_named
    from sightline.engine.exchange.export import authority_asked
    from sightline.engine.exchange.rules.validation import supplied_by
    from sightline.engine.return_issues.checking import check_all, check_children, known_by
    from sightline.engine.return_issues.collections import collection

    asked, user = collection(args.return_, args.year), user_named(args.user)
    if args.child:
        checked = check_children(asked, known_by(user, args.child), user)
    else:
        code, _name = authority_asked(args.area)
        supplied = supplied_by(asked.declared, args.providers) if args.providers else None
        checked = check_all(asked, code, user, supplied)
    if args.format == "json":
        print(json.dumps(_as_dict(checked), indent=1))
    else:
        print(f"{asked.title}\n{_as_text(checked)}")
    return int(args.exit_code and not checked.result.ready)


def _as_dict(checked: Checked) -> dict[str, object]:
    failed = {one.code: len(one.locations) for one in checked.result if one.locations}
    causes = {one.code: one.cause for one in checked.not_run}
    counts = {"new": checked.new, "still": checked.still, "resolved": checked.resolved}
    return {**counts, "ready": checked.result.ready, "failed": failed, "not_run": causes}


def _as_text(checked: Checked) -> str:
    found = [one for one in checked.result if one.locations]
    lines = [
        f"{checked.new:,} new issues, {checked.still:,} found still, {checked.resolved:,} resolved",
        *(f"  {one.code:<8}{len(one.locations):>8,}  {one.message}" for one in found),
        *(f"  {one.code:<8}could not run: {one.cause}" for one in checked.not_run),
    ]
    return "\n".join(lines)
