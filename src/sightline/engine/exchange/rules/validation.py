"""Validating a return as it was sent: files in, every rule's outcome out. Nothing is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.exchange import receiving
from sightline.engine.exchange.archives import is_archive, unpacked
from sightline.engine.exchange.rules.declarations import Return
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.rules.result import Outcome, RunResult
from sightline.engine.exchange.rules.run import collection_year, run_rules
from sightline.standards.areas import area, suggestions

#: A schema that is broken everywhere says nothing more after so many lines.
MOST_SCHEMA_FAULTS = 1000


@dataclass(frozen=True)
class SchemaFault:
    """A line of a file that breaks the published schema."""

    line: int
    message: str


@dataclass(frozen=True)
class Validation:
    """What came of a return: its rules, and beside them where its file breaks the schema."""

    result: RunResult
    rows: dict[str, int]
    schema: tuple[SchemaFault, ...] = ()
    notes: tuple[str, ...] = ()
    #: Whether every rule of the year was asked. Where only some were, nothing is known of the return.
    whole: bool = True

    @property
    def ready(self) -> bool:
        """Whether the return may be sent."""
        return self.whole and self.result.ready

    def counts(self) -> dict[str, int]:
        """How many rules came out how."""
        return {outcome.value: len(self.result.with_outcome(outcome)) for outcome in Outcome}


@dataclass(frozen=True)
class Request:
    """What to validate: the files or folders of a return, those of the year before, and the lists that a user supplies."""

    return_: str
    year: str
    paths: Sequence[Path]
    last_year: Sequence[Path] = ()
    providers: Path | None = None
    authority: str = ""
    day: str = ""
    rules: Sequence[str] | None = None
    largest: int = receiving.LARGEST


def validate(request: Request) -> Validation:
    """Validate files. Raises InputProblem for what cannot be read: no rule is run then."""
    declared = return_named(request.return_)
    ends = collection_year(request.year)
    _check_authority(request.authority)
    with tempfile.TemporaryDirectory(prefix="sightline-validate-") as aside:
        now, before = (_opened(paths, Path(aside), request.largest) for paths in (request.paths, request.last_year))
        notes = _of_files(declared, (*now, *before))
        tables, schema = _read(declared, now, request.largest, ends)
        if before:
            earlier, _schema = _read(declared, before, request.largest, None)
            tables |= {f"{name}_last": held for name, held in earlier.items()}
    if request.providers is not None:
        tables |= supplied_by(declared, request.providers)
    said = declared.says(tables)
    context = {"authority": request.authority or said.get("authority", ""), "day": request.day}
    result = run_rules(request.return_, request.year, tables, rules=request.rules, context=context)
    if said.get("year", str(ends)) != str(ends):
        notes += (
            f"The file says that it is of the collection of {said['year'][:10]}, and was checked as one of {ends}.",
        )
    if request.rules is not None:
        notes += ("Only the rules that were asked for were run: whether the return is ready to submit is not known.",)
    if declared.by_day and not request.day:
        notes += ("The day of the return was not given: its rules were run as of the last day of the year.",)
    elif declared.asks_authority and not context["authority"]:
        notes += ("The authority is not known: give it with --area, for rules that ask whether a place is in it.",)
    rows = {name: len(held) for name, held in tables.items()}
    return Validation(result, rows, tuple(schema), notes, whole=request.rules is None)


def _check_authority(given: str) -> None:
    """Raises InputProblem for an authority that nobody knows: rules about places would judge every row against it."""
    if not given or area(given).known:
        return
    near = ", ".join(one.name for one in suggestions(given))
    raise InputProblem(
        f"No authority goes by '{given[:60]}'",
        "the authority",
        f"Give its name or code.{f' Near it are: {near}.' if near else ''}",
    )


def _opened(paths: Sequence[Path], aside: Path, largest: int) -> list[Path]:
    """The paths, each archive among them as a folder of what is in it. Raises InputProblem."""
    return [unpacked(path, Path(tempfile.mkdtemp(dir=aside)), largest) if is_archive(path) else path for path in paths]


def _of_files(declared: Return, paths: Sequence[Path]) -> tuple[str, ...]:
    """Which files of the folders given were not read, since they go by no table's name."""
    inside = [held.name for path in paths if path.is_dir() for held in sorted(path.iterdir()) if held.is_file()]
    return tuple(
        f"{name} was not read: it goes by the name of no table of the return." for name in declared.unread(inside)
    )


def _read(
    declared: Return, paths: Sequence[Path], largest: int, ends: int | None
) -> tuple[dict[str, Any], list[SchemaFault]]:
    tables: dict[str, Any] = {}
    schema: list[SchemaFault] = []
    with tempfile.TemporaryDirectory(prefix="sightline-validate-") as aside:
        for path in paths:
            with receiving.received(path, Path(aside), largest, workbooks=declared.workbooks) as taken:
                named = {path.name if name == receiving.SINGLE else name: held for name, held in taken.files.items()}
                found, faults = _read_and_hold(declared, named, path.name, ends)
                schema += faults
                if twice := sorted(found.keys() & tables.keys()):
                    raise InputProblem(
                        f"The table {twice[0]} comes twice",
                        str(path),
                        "Give each file of the return once, and the year before as such.",
                    )
                tables |= found
    schema += [SchemaFault(line, message) for line, message in declared.layout_faults(tables)[:MOST_SCHEMA_FAULTS]]
    return tables, schema


def _read_and_hold(
    declared: Return, files: Mapping[str, Path], shown_as: str, ends: int | None
) -> tuple[Mapping[str, Any], list[SchemaFault]]:
    """The tables of files, and where these break the schema, found meanwhile: both walk the whole file, the second outside Python."""
    hold = declared.schema_faults
    if hold is None or ends is None:
        return declared.read(files, shown_as), []
    with ThreadPoolExecutor() as beside:
        held = [beside.submit(hold, path, ends) for path in files.values()]
        tables = declared.read(files, shown_as)
        return tables, [
            SchemaFault(line, message) for one in held for line, message in one.result()[:MOST_SCHEMA_FAULTS]
        ]


def supplied_by(declared: Return, path: Path) -> dict[str, Any]:
    """The one list that a user supplies, under its name, whatever its file is called. Raises InputProblem where the return has no use for one."""
    table = next((table for table in declared.tables if table.supplied), None)
    if table is None:
        raise InputProblem(f"The {declared.title} needs no list of providers", str(path), "Leave it out.")
    with (
        tempfile.TemporaryDirectory(prefix="sightline-validate-") as aside,
        receiving.received(path, Path(aside)) as taken,
    ):
        held = next(iter(taken.files.values()))
        read = dict(declared.read({f"{table.name}.csv": held}, path.name))
    if table.child not in read[table.name].columns:
        # Every row of the return would be found not to be on it.
        raise InputProblem(
            f"The list of providers has no column {table.child}", path.name, "Give Ofsted's list with its headings."
        )
    return read
