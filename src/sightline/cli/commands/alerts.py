"""`sightline alerts`"""

import argparse

NAME = "alerts"
HELP = "send the daily digest by e-mail: how much is due, and a link; no personal data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    send = what.add_parser("send", help="send today's digest to everybody who wants it and has not had it yet")
    send.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")


def run(args: argparse.Namespace) -> int:
    """Sends, and says by user what came of it."""
    from django.conf import settings

    from sightline.core.errors import SetUpProblem
    from sightline.engine.work import alerts

    if not alerts.are_sent():
        print("Alerts by e-mail are turned off: Administration, Settings. Nothing is sent.")
        return 0
    by_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if not args.dry_run and (not settings.PUBLIC_ADDRESS or (by_smtp and not settings.EMAIL_HOST)):
        raise SetUpProblem(
            "No e-mail can be sent",
            "SIGHTLINE_SMTP_HOST and SIGHTLINE_ADDRESS",
            "Set the mail server, and the address under which people reach this installation (https://…).",
        )
    failed = False
    for told in alerts.send(dry_run=args.dry_run):
        print(": ".join(filter(None, (told.username, told.outcome, ", ".join(alerts.words(told.figures))))))
        failed = failed or told.failed
    return int(failed)
