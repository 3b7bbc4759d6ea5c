"""`sightline doctor`"""

import argparse
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass

from sightline.cli.commands.serve import BUILT
from sightline.core.errors import Problem, SetUpProblem
from sightline.runtime import database, paths, postgres

NAME = "doctor"
HELP = "check that this machine has what Sightline needs, and say what to do where it has not"
NEEDS = "nothing"
SPACE_NEEDED = 2_000_000_000


@dataclass(frozen=True)
class Finding:
    check: str
    well: bool
    detail: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    findings = [_look(title, check) for title, check in CHECKS]
    if args.format == "json":
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{'ok' if finding.well else 'WRONG':6}{finding.check}: {finding.detail}")
    return int(not all(finding.well for finding in findings))


def _look(title: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(title, True, check())
    except Problem as problem:
        return Finding(title, False, str(problem).replace("\n", ". "))


def _files() -> str:
    folder = paths.var_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SetUpProblem(
            f"Cannot write: {error.strerror}", str(folder), "Set SIGHTLINE_VAR to a folder of your own."
        ) from error
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        raise SetUpProblem(
            f"Only {free / 1e9:.1f} GB free", str(folder), f"Make room: {SPACE_NEEDED / 1e9:.0f} GB are needed."
        )
    return f"{folder}, {free / 1e9:.0f} GB free"


def _server() -> str:
    database.ensure_running()
    database.set_up_django()
    found = f"PostgreSQL {database.check_server()}"
    return (
        f"{found}, embedded, data in {postgres.embedded().home}"
        if database.is_embedded()
        else f"{found}, from DATABASE_URL"
    )


def _tables() -> str:
    from django.db import DatabaseError

    database.set_up_django()
    try:
        waiting = database.waiting_migrations()
    except DatabaseError as error:
        raise SetUpProblem("Cannot be read", "the database", "Mend the database first.") from error
    if waiting:
        raise SetUpProblem(f"{waiting} migrations are waiting", "the database", "Run `./sightline migrate`.")
    return "up to date"


def _styles() -> str:
    if not BUILT.exists():
        raise SetUpProblem("Not built", str(BUILT), "Run `make setup`.")
    return "built"


def _pdf() -> str:
    try:
        import weasyprint
    except OSError as error:
        raise SetUpProblem(
            "Pango, which lays out the report's PDF, is missing",
            "system libraries",
            "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 (Debian's names).",
        ) from error
    return f"WeasyPrint {weasyprint.__version__}"


def _fonts() -> str:
    lister = shutil.which("fc-list")
    listed = (
        subprocess.run([lister, ":", "family"], check=False, capture_output=True, text=True).stdout if lister else ""
    )
    families = {line.split(",")[0] for line in listed.splitlines()}
    if not families:
        raise SetUpProblem(
            "None found", "the report's PDF", "Install fontconfig and fonts-liberation (Debian's names)."
        )
    return f"{len(families)} families"


CHECKS: list[tuple[str, Callable[[], str]]] = [
    ("Files", _files),
    ("Database", _server),
    ("Tables", _tables),
    ("Styles and scripts", _styles),
    ("PDF", _pdf),
    ("Fonts", _fonts),
]
