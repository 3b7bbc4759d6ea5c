"""`sightline receive`"""

from __future__ import annotations

import argparse
import secrets

NAME = "receive"
NEEDS = "nothing"
HELP = "stand in for the Department's children's social care API, to try sending: what comes is checked and kept in memory only"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("what", choices=["csc"], help="csc: the Department's children's social care API")
    parser.add_argument("--port", type=int, default=8095, help="the port to listen on (default: %(default)s)")
    parser.add_argument("--schema", default="", help="the version of the schema (default: the one that is sent)")


def run(args: argparse.Namespace) -> int:
    """Listens until it is stopped, and prints the settings with which `send` reaches it."""
    from sightline.core.errors import SetUpProblem
    from sightline.engine.social_care_api import configuration
    from sightline.engine.social_care_api.receiver import TOKEN, Receiver, server
    from sightline.engine.social_care_api.schema import schema_of

    version = args.schema or configuration.schema_version()
    client, secret, key = "to-try", secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    receiver = Receiver(schema_of(version), client, secret, key, tell=lambda text: print(text, flush=True))
    try:
        listening = server(receiver, args.port)
    except (OSError, OverflowError) as error:
        raise SetUpProblem(
            "This port cannot be listened on", str(args.port), "Choose another one with --port."
        ) from error
    address = f"http://127.0.0.1:{listening.server_port}"
    settings = {
        "ADDRESS": address,
        "TOKEN_ADDRESS": f"{address}{TOKEN}",
        "CLIENT_ID": client,
        "CLIENT_SECRET": secret,
        "SUPPLIER_KEY": key,
        "SCHEMA": version,
    }
    print(f"Version {version}; nothing is written down (Ctrl+C stops it). Before `send csc`, in another window:")
    print("\n".join(f"export {configuration.PREFIX}{name}={value}" for name, value in settings.items()), flush=True)
    with listening:
        listening.serve_forever()
    return 0
