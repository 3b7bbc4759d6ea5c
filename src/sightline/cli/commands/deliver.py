"""`sightline deliver`"""

import argparse

NAME = "deliver"
HELP = "send what waits for the systems of partner agencies (webhooks), as `serve` does by itself"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="send what is due now, and stop")


def run(args: argparse.Namespace) -> int:
    """Sends once, or for as long as it runs."""
    from sightline.core.partners.deliver import deliver, keep_delivering

    if args.once:
        print(f"{deliver()} delivered.")
        return 0
    print("Delivering to webhooks (Ctrl+C stops it)", flush=True)
    keep_delivering()
    return 0  # Not reached: it goes on until it is stopped.
