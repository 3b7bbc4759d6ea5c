"""`sightline search`"""

import argparse
import json
from dataclasses import asdict

from sightline.core.errors import InputProblem

NAME = "search"
HELP = "find people as a user would, or check or rebuild the index by which they are found"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("text", nargs="*", help="what to search for, as typed into the search box")
    parser.add_argument(
        "--as", dest="user", metavar="USER", help="the user whose search it is, and who is audited for it"
    )
    parser.add_argument("--page", type=int, default=1, help="the page of hits (default: %(default)s)")
    parser.add_argument(
        "--check", action="store_true", help="compare the index with the records; exit code 1 when they differ"
    )
    parser.add_argument("--rebuild", action="store_true", help="make the index anew from the records")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Rebuilds, checks, or searches."""
    if args.rebuild or args.check:
        return _mend(args)
    if not args.text or not args.user:
        raise InputProblem(
            "Nothing to search for",
            "sightline search",
            "Give what to search for and whose search it is: `sightline search --as USER smith 2010`; or --check, or --rebuild.",
        )
    return _search(args)


def _mend(args: argparse.Namespace) -> int:
    from sightline.core.finding import index

    if args.rebuild:
        index.rebuild()
    found = index.check()
    if args.format == "json":
        print(json.dumps(asdict(found) | {"well": found.well}))
    elif found.well:
        print(f"The index agrees with the records: {found.entries:,} entries.")
    else:
        print(
            f"The index differs from the records: {found.missing:,} entries missing, {found.surplus:,} too many, {found.words:,} words."
        )
        print("What to do: `sightline search --rebuild`.")
    return int(not found.well)


def _search(args: argparse.Namespace) -> int:
    from django.db import transaction

    from sightline.core.access.models import User
    from sightline.core.access.roles import Permission
    from sightline.core.audit.record import What, note
    from sightline.core.finding.find import audit_details, find

    user = User.objects.filter(username=args.user).first()
    if user is None or not user.may(Permission.SEARCH):
        raise InputProblem("There is no such user, or their role may not search", f"--as {args.user}")
    if args.page < 1:
        raise InputProblem("Pages are counted from 1", f"--page {args.page}")
    with transaction.atomic():
        found = find(user, " ".join(args.text), args.page)
        note(args.user, What.SEARCH, "people", people=[hit.person for hit in found.hits], **audit_details(found))
    if args.format == "json":
        hits = [
            {
                "person": hit.person,
                "name": hit.name,
                "born": hit.birth,
                "address": hit.address,
                "open": hit.open,
                "why": hit.why,
            }
            for hit in found.hits
        ]
        told = [asdict(one) for one in found.restricted]
        print(json.dumps({"total": found.total, "page": found.page, "hits": hits, "restricted": told}, indent=1))
        return 0
    for hit in found.hits:
        print(f"{hit.person:>8}  {hit.name}, {hit.birth}: {'; '.join(hit.why)}")
    for one in found.restricted:
        print(f"{one.person:>8}  restricted: ask {one.ask}")
    print(f"{found.total} found" if found.total else "Nobody found whose record this user may open.")
    return 0
