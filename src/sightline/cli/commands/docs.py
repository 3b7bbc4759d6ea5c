"""`sightline docs`"""

import argparse

NAME = "docs"
HELP = "write the reference pages from the declarations, or check that they are fresh"
NEEDS = "settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a page is stale")


def run(args: argparse.Namespace) -> int:
    """Writes or checks."""
    from sightline.core.records.dictionary import faults
    from sightline.engine import docs

    wrong = faults()
    for fault in wrong:
        print(f"unclassified: {fault}")
    if args.check:
        late = docs.stale()
        for page in late:
            print(f"stale: {page.relative_to(docs.folder().parent.parent)} (write it anew with `./sightline docs`)")
        return int(bool(wrong or late))
    for page in docs.write():
        print(f"written: {page.relative_to(docs.folder().parent.parent)}")
    return int(bool(wrong))
