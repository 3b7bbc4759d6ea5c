"""`sightline list`"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.core.access.models import User
    from sightline.engine.measures.declare import Measure
    from sightline.web.lists import Row, Rows

NAME = "list"
HELP = "print the records behind a figure, as far as the given user may see them; it is audited under their name"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("measure", help="id of a measure (./sightline measures --list prints them)")
    parser.add_argument("--period", required=True, help="2016-17, '2016-17 Q1', 2016-04, or 2016-05-01..2017-04-30")
    parser.add_argument("--as", dest="user", required=True, metavar="USER", help="user name of who reads it")
    parser.add_argument(
        "--area", help="GSS code, old code or name (default: the area that has records, if there is one)"
    )
    parser.add_argument("--breakdown", default="", help="narrow to a category of this breakdown: sex, age, or another")
    parser.add_argument("--category", default="", help="the category's code")
    parser.add_argument("--base", action="store_true", help="all that a share is of, not only those counted")
    parser.add_argument("--purpose", default="", help="why it is read, for the audit")
    parser.add_argument("--snapshot", help="a snapshot's id (default: one taken now, when the record has changed)")
    parser.add_argument(
        "--format", choices=["text", "json", "csv"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Prints the rows that the user may see."""
    from django.db import transaction

    from sightline.core.access.accounts import user_named
    from sightline.core.access.roles import Permission
    from sightline.core.audit.record import What, note
    from sightline.web.lists import rows, sees_rows

    user, what = user_named(args.user), _measure(args.measure)
    about = f"{what.id} {args.period}"
    if not (user.may(Permission.SEE_FIGURES) and sees_rows(user, what)):
        note(user.username, What.REFUSED, about, purpose=args.purpose, where_from="command line")
        return _refuse(user)
    area, ids = _ids(args, what)
    with transaction.atomic():
        found = rows(user, what.cohort.record, ids)
        held = found.read(names=False)
        note(
            user.username,
            What.LIST,
            f"{about} {area}",
            people=[row.person for row in held if row.person],
            records=[row.id for row in held],
            purpose=args.purpose,
            where_from="command line",
            table=what.cohort.record,
        )
    _print(found, held, args.format)
    return 0


def _measure(id: str) -> Measure:
    from sightline.core.errors import InputProblem
    from sightline.engine.measures.declare import Combined
    from sightline.engine.measures.registry import measure

    found = measure(id)
    if isinstance(found, Combined):
        raise InputProblem(f"'{id}' is made from another measure", next=f"list that one: {found.over}")
    return found


def _refuse(user: User) -> int:
    from sightline.core.errors import Problem

    raise Problem(
        f"The role of '{user.username}' does not open this list", "--as", "Ask someone whose role sees children."
    )


def _ids(args: argparse.Namespace, what: Measure) -> tuple[str, tuple[int, ...]]:
    from sightline.core.errors import InputProblem
    from sightline.engine.derive.source import SnapshotTables
    from sightline.engine.measures.answering import answering
    from sightline.engine.measures.lists import listing
    from sightline.engine.snapshot.fresh import chosen
    from sightline.standards.areas import area as area_named
    from sightline.standards.periods import NoPeriod, asked_for

    try:
        period = asked_for(args.period)
    except NoPeriod as error:
        raise InputProblem(f"'{args.period}' is not a period", "--period", error.accepted) from error
    snapshot = chosen(args.snapshot)
    coverage, streams = snapshot.manifest.coverage, what.cohort.streams
    answers = answering([period], coverage, streams, what.lookback_months, what.window_months)
    # Only areas that can answer for the period: a file of another year does not make the question open.
    known = sorted({answer.area for answer in answers} or {covered.area for covered in coverage})
    if not args.area and len(known) != 1:
        raise InputProblem("which area is meant?", "--area", f"one of {', '.join(known) or 'none: nothing is covered'}")
    area = area_named(args.area).code if args.area else known[0]
    if area not in {covered.area for covered in coverage} and not area_named(area).known:
        raise InputProblem(f"'{args.area}' is not a known area", "--area", f"areas with records: {', '.join(known)}")
    found = listing(
        SnapshotTables(snapshot), what, period, area, base=args.base, breakdown=args.breakdown, category=args.category
    )
    return area, found.ids


def _print(found: Rows, held: list[Row], how: str) -> None:
    person = ("person",) if found.has_person else ()
    header = ["record", *person, *(column.path for column in found.columns)]
    lines = [[row.id, *((row.person,) if person else ()), *row.cells] for row in held]
    if how == "json":
        print(json.dumps([dict(zip(header, line, strict=True)) for line in lines], indent=1, ensure_ascii=False))
    elif how == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(header)
        writer.writerows(lines)
    else:
        titles = ["Record", *(["Person"] if person else []), *(column.title for column in found.columns)]
        for line in [titles, *lines]:
            print(
                "  ".join(
                    str(cell or "")[:24].ljust(9 if i < len(header) - len(found.columns) else 24)
                    for i, cell in enumerate(line)
                )
            )
