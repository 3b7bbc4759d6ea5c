"""`sightline serve`"""

import argparse
import os
import socket
import sys
from pathlib import Path

from sightline.core.errors import SetUpProblem
from sightline.runtime import database, paths

NAME = "serve"
HELP = "run the web application"
MOST_PROCESSES = 4
BUILT = paths.CHECKOUT / "src/sightline/web/static/build/sightline.css"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
    parser.add_argument(
        "--processes",
        type=int,
        default=_processes(),
        help="processes that answer requests, each with its own memory (default: WEB_CONCURRENCY, else one for each"
        f" processor, at most {MOST_PROCESSES}: here %(default)s)",
    )
    parser.add_argument(
        "--threads", type=int, default=4, help="requests that each process answers at a time (default: %(default)s)"
    )


def _processes() -> int:
    """A process computes one page at a time, however many threads it has; each holds the figures, some 600 MB for a large county."""
    given = os.environ.get("WEB_CONCURRENCY", "").strip()
    if given.isdigit() and int(given) > 0:
        return int(given)
    return min(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_PROCESSES
    )


def run(args: argparse.Namespace) -> int:
    check_port(args.host, args.port)
    database.check_server()
    collect_static()
    check_rights()
    print(f"Sightline is on http://{args.host}:{args.port} (Ctrl+C stops it)", flush=True)
    serve(args.host, args.port, args.processes, args.threads)
    return 0  # Not reached: the server takes this process's place.


def check_port(host: str, port: int) -> None:
    """Says so when something else listens there, before any long work is done."""
    if not 0 < port < 65536:
        raise SetUpProblem("There is no such port", str(port), "Choose one from 1 to 65535 with --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise SetUpProblem(
                "That is no address of this machine", host, "Give one of its addresses with --host, or 127.0.0.1."
            ) from error
        except OSError as error:
            raise SetUpProblem(
                f"Cannot listen there: {error.strerror}",
                f"{host}:{port}",
                "Stop what uses the port, or choose another with --port.",
            ) from error


def check_rights() -> None:
    """From here on the application connects as its own database user; says so when that user could alter the audit, or cannot connect."""
    from django.conf import settings
    from django.db import OperationalError, connection

    from sightline.core.audit.role import weaknesses

    os.environ["SIGHTLINE_SERVING"] = "1"
    connection.close()
    connection.settings_dict.update(settings.APP_DATABASE)
    try:
        found = weaknesses()
    except OperationalError as error:
        raise SetUpProblem(
            "The application's own database user cannot connect",
            settings.APP_DATABASE_ROLE,
            "Run `./sightline migrate`; with an embedded database started by an older version also `./sightline stop`.",
        ) from error
    finally:
        connection.close()
    if found:
        print(
            f"sightline: the audit is not out of the application's reach: {'; '.join(found)}.\n"
            "What to do: give the application a user of its own, see docs/manual/operator.md.",
            file=sys.stderr,
        )


def collect_static() -> None:
    """Puts the styles and scripts where the application serves them from, under names that change with their content."""
    from django.core.management import call_command

    if not BUILT.exists():
        raise SetUpProblem("The styles are not built", str(BUILT), "Run `make setup`.")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def serve(host: str, port: int, processes: int, threads: int) -> None:
    gunicorn = Path(sys.executable).with_name("gunicorn")
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ["--bind", listen, "--workers", str(processes), "--worker-class", "gthread", "--threads", str(threads)]
    options += ["--log-level", "warning"]
    sys.stdout.flush()
    os.execv(gunicorn, [str(gunicorn), *options, "--no-control-socket", "sightline.web.wsgi"])  # noqa: S606 (own command)
