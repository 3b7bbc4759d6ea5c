"""`sightline measures`"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from typing import Any

NAME = "measures"
HELP = "print the figures of a period, or the list of measures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("measure", nargs="*", help="ids of measures (default: all)")
    parser.add_argument("--list", action="store_true", help="print what the measures are instead of their figures")
    parser.add_argument("--period", help="2016-17, '2016-17 Q1', 2016-04, or 2016-05-01..2017-04-30")
    parser.add_argument("--area", help="GSS code, old code or name (default: every area that has records)")
    parser.add_argument(
        "--breakdown", default="total", help="total, sex, age, ethnicity, disability, district, or a measure's own"
    )
    parser.add_argument("--snapshot", help="a snapshot's id (default: one taken now, when the record has changed)")
    parser.add_argument(
        "--population-rule", default="dfe", help="which population a rate divides by (default: %(default)s)"
    )
    parser.add_argument(
        "--format", choices=["text", "json", "csv"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Prints."""
    from sightline.core.errors import InputProblem
    from sightline.engine.measures.registry import measure, measures

    chosen = [measure(id) for id in args.measure] or list(measures().values())
    if args.list:
        rows = [
            {"id": m.id, "title": m.title, "chapter": m.chapter, "definition": m.definition, "source": m.source}
            for m in chosen
        ]
        _print(rows, args.format, ("id", "title"))
        return 0
    if not args.period:
        raise InputProblem(
            "no period was given", "--period", "for example --period 2016-17; or --list for the measures"
        )
    rows = list(_figures(args, [m.id for m in chosen]))
    _print(rows, args.format, ("measure", "area", "category", "printed"))
    return 0


def _figures(args: argparse.Namespace, ids: list[str]) -> Iterator[dict[str, Any]]:
    from sightline.core.errors import InputProblem
    from sightline.engine.measures.cohorts import STANDARD_BREAKDOWNS
    from sightline.engine.measures.compute import TOTAL
    from sightline.engine.measures.registry import measure
    from sightline.engine.measures.results import printed
    from sightline.engine.measures.store import results_for
    from sightline.engine.snapshot.fresh import chosen
    from sightline.standards.areas import area as area_named
    from sightline.standards.periods import NoPeriod, asked_for

    try:
        period = asked_for(args.period)
    except NoPeriod as error:
        raise InputProblem(f"'{args.period}' is not a period", "--period", error.accepted) from error
    snapshot = chosen(args.snapshot)
    parts = [*period.months(), *period.quarters()] if period.kind in ("year", "quarter") else []
    results = results_for(snapshot, [period, *parts], population_rule=args.population_rule)
    covered = sorted({c.area for c in snapshot.manifest.coverage})
    asked = area_named(args.area) if args.area else None
    if asked and not asked.known and asked.code not in covered:
        raise InputProblem(f"'{args.area}' is not a known area", "--area", f"areas with records: {', '.join(covered)}")
    known = {TOTAL, *STANDARD_BREAKDOWNS, *(name for m in map(measure, ids) for name in getattr(m, "categories", ()))}
    if args.breakdown not in known:
        raise InputProblem(
            f"there is no breakdown '{args.breakdown}'", "--breakdown", f"there are: {', '.join(sorted(known))}"
        )
    wanted = [asked.code] if asked else covered
    for where in wanted:
        for id in ids:
            found = (
                [results.result(id, period, where)]
                if args.breakdown == "total"
                else results.breakdown(id, period, where, args.breakdown)
            )
            for result in found:
                yield {
                    "measure": result.measure,
                    "title": measure(id).title,
                    "area": result.area,
                    "area_name": area_named(result.area).name,
                    "period": result.period,
                    "breakdown": result.breakdown,
                    "category": result.category,
                    "status": result.status.value,
                    "value": result.value,
                    "numerator": result.numerator,
                    "denominator": result.denominator,
                    "unit": measure(id).unit,
                    "printed": result.status.value if result.value is None else printed(result.value, measure(id)),
                    "snapshot": snapshot.id,
                }


def _print(rows: list[dict[str, Any]], how: str, columns: tuple[str, ...]) -> None:
    if how == "json":
        print(json.dumps(rows, indent=1, ensure_ascii=False))
    elif how == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else list(columns))
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            print("  ".join(str(row[column]).ljust(34 if i == 0 else 12) for i, column in enumerate(columns)))
