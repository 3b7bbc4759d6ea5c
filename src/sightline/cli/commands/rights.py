"""`sightline rights`"""

from __future__ import annotations

import argparse

NAME = "rights"
HELP = "list the disposals that two people agreed on, and carry them out as the owner of the database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--dispose", metavar="NUMBER", type=int, help="carry out the disposal of this number")
    parser.add_argument(
        "--dry-run", action="store_true", help="with --dispose: say what would be deleted, delete nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Lists, shows or carries out."""
    from sightline.core.errors import InputProblem
    from sightline.engine.rights import disposal

    waiting = {one.pk: one for one in disposal.agreed()}
    if args.dispose is None:
        for one in waiting.values():
            print(f"{one.pk}  class {one.retention_class}, agreed by {one.agreed_by} on {one.agreed_date}")
        print(
            f"{len(waiting)} disposals wait to be carried out." if waiting else "No disposal waits to be carried out."
        )
        return 0
    if args.dispose not in waiting:
        raise InputProblem(
            "no disposal of that number waits", str(args.dispose), "./sightline rights lists those that do"
        )
    chosen = waiting[args.dispose]
    if args.dry_run:
        _print(disposal.dry_run(chosen.person_id or 0))
        print("Nothing was deleted.")
        return 0
    done = disposal.carry_out(chosen)
    _print(done.rows)
    print(
        f"Deleted, with {done.files} files and {len(done.snapshots)} snapshots. Take a new snapshot: ./sightline snapshot"
    )
    print("Back-ups made before today still hold these records: see docs/manual/auditor.md.")
    return 0


def _print(rows: dict[str, int]) -> None:
    for table, count in sorted(rows.items()):
        print(f"{count:>8,}  {table}")
