"""`sightline snapshot`"""

import argparse
import json

NAME = "snapshot"
HELP = "copy the record to Parquet files with a manifest, ready for analysis; or list and verify snapshots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--list", action="store_true", help="list the snapshots taken")
    parser.add_argument("--verify", metavar="ID", help="check the files of a snapshot against its manifest")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Takes, lists or verifies."""
    from sightline.engine.snapshot import place, store
    from sightline.engine.snapshot.take import take

    folder = place.folder()
    if args.verify:
        wrong = store.Snapshot(folder / args.verify).verify()
        print(json.dumps(wrong) if args.format == "json" else "\n".join(wrong) or "Every file is as it was written.")
        return int(bool(wrong))
    taken = store.snapshots(folder) if args.list else [take(folder, place.key())]
    rows = [
        {"id": s.id, "taken_at": s.manifest.taken_at, "rows": sum(t.rows for t in s.manifest.tables.values())}
        for s in taken
    ]
    if args.format == "json":
        print(json.dumps(rows, indent=1))
    else:
        print(
            "\n".join(f"{row['id']}  {row['rows']:>12,} rows  taken {row['taken_at']}" for row in rows)
            or "No snapshot yet."
        )
    return 0
