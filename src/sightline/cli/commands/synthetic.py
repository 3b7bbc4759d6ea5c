"""`sightline synthetic`"""

import argparse
import json
import sys

NAME = "synthetic"
HELP = "fill the record with an invented partnership"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "--profile",
        default="staffordshire-2016-17",
        help="a profile by name, or a file; AREA/YEAR (Derbyshire/2024-25) makes one from published statistics (default: %(default)s)",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="times the size of the profile (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="another seed gives other people with the same figures")
    parser.add_argument(
        "--providers",
        metavar="FILE",
        help="write the list of its invented providers, as `validate --providers` reads it (CSV)",
    )
    parser.add_argument("--list", action="store_true", help="print the names of the profiles and stop")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Loads, telling how far it is."""
    from pathlib import Path

    from sightline.engine.deadlines.ledger import rebuild
    from sightline.engine.synthetic import DEFAULT_SEED
    from sightline.engine.synthetic.load import load
    from sightline.engine.synthetic.makers import profile_from_benchmarks
    from sightline.engine.synthetic.profile import names, read
    from sightline.engine.synthetic.providers import write_list
    from sightline.runtime.progress import Progress

    if args.list:
        print("\n".join(names()))
        return 0
    where, _, year = args.profile.partition("/")
    made_from_statistics = bool(year) and not Path(args.profile).exists()
    profile = profile_from_benchmarks(where, year) if made_from_statistics else read(args.profile)
    seed = DEFAULT_SEED if args.seed is None else args.seed
    with Progress().step(f"Fill an invented partnership ({profile.title})") as tell:
        summary = load(profile, scale=args.scale, seed=seed, progress=tell)
        # Without its deadlines the figures of timeliness would be nought, and be believed.
        tell("deadlines")
        rebuild()
    if args.providers:
        write_list(Path(args.providers), summary.providers)
    if args.format == "json":
        told = {name: value for name, value in vars(summary).items() if name != "providers"}
        json.dump({**told, "total": summary.total}, sys.stdout, indent=2)
        print()
    else:
        print(
            f"{summary.total:,} records in {summary.seconds:.0f} s: profile {summary.profile}, scale {summary.scale:g}, seed {seed}"
        )
    return 0
