"""Dated code sets: `codeset("cin_primary_need").label("N1", on=day)`.

A code row has a first and last day: check a code against the date of the event, not today. One code may have several rows (its meaning
changed) as long as their days do not overlap. National, verified sets are fixed. Local sets, and sets held only from knowledge, can be
replaced by a file of the same name in the operator's folder (`SIGHTLINE_LOCAL`, by default `var/local/`), in `codesets/`. Versions that an
administrator puts in force later (`local_changes`) take the place of either, each from its own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from sightline.standards.data import (
    DataError,
    data_dir,
    data_path,
    local_path,
    parse_date,
    parse_flag,
    read_csv,
    remembered,
)
from sightline.standards.dated import first_day, in_force, last_day, overlapping
from sightline.standards.local_changes import LocalChanges, in_use

COLUMNS = ("code", "label", "valid_from", "valid_to")


class UnknownCodeSet(KeyError):
    """No code set of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownCode(ValueError):
    """A code that the set does not hold, or not on that day. The message names near codes."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code set: valid on both `valid_from` and `valid_to`, None meaning always."""

    code: str
    label: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class CodeSet:
    """A named list of codes.

    `local`: the partnership may choose its own. `verified`: 'yes', 'partly' or 'no', and `verification` says against what.
    `overridden`: the rows come from the operator's folder. `changed`: the number of the version that an administrator put in force, else
    nought.
    """

    name: str
    title: str
    source: str
    local: bool
    verified: str
    verification: str
    codes: tuple[Code, ...] = field(repr=False)
    overridden: bool = False
    changed: int = 0

    @property
    def replaceable(self) -> bool:
        """True when an operator's file may take the place of the shipped one."""
        return self.local or self.verified != "yes"

    @cached_property
    def _by_code(self) -> dict[str, list[Code]]:
        rows: dict[str, list[Code]] = defaultdict(list)
        for row in self.codes:
            rows[row.code].append(row)
        return {code: sorted(found, key=first_day) for code, found in rows.items()}

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def in_force(self, day: date) -> tuple[Code, ...]:
        """The codes that may be used on the day, in the order of the list."""
        return tuple(row for row in self.codes if in_force(row, day))

    def is_valid(self, code: str, day: date | None = None) -> bool:
        """True when the set holds the code (on the day, when one is given)."""
        rows = self._by_code.get(code, [])
        return bool(rows) if day is None else any(in_force(row, day) for row in rows)

    def find(self, code: str, on: date | None = None) -> Code:
        """The row of a code on a day; its latest row when no day is given. Raises UnknownCode."""
        rows = self._by_code.get(code, [])
        if on is not None:
            rows_on = [row for row in rows if in_force(row, on)]
            if rows and not rows_on:
                raise UnknownCode(
                    f"{self.name}: code '{code}' ({rows[-1].label}) is not in force on {on}: {_validity(rows)}."
                )
            rows = rows_on
        if not rows:
            raise UnknownCode(f"{self.name}: no code '{code}'.{self._hint(code)}")
        return rows[-1]

    def label(self, code: str, on: date | None = None) -> str:
        """The meaning of a code on a day; the latest meaning when no day is given. Raises UnknownCode."""
        return self.find(code, on).label

    def display(self, code: str, on: date | None = None) -> str:
        """The label when there is one, else the code itself. For lists that must show what an imported file held."""
        rows = self._by_code.get(code, [])
        chosen = [row for row in rows if on is None or in_force(row, on)] or rows
        return chosen[-1].label if chosen else code

    def choices(self, day: date | None = None) -> list[tuple[str, str]]:
        """(code, label) pairs for a form: those in force on the day, or the latest row of every code."""
        if day is not None:
            return [(row.code, row.label) for row in self.in_force(day)]
        return [(code, rows[-1].label) for code, rows in self._by_code.items()]

    def _hint(self, code: str) -> str:
        near = get_close_matches(code.upper(), list(self._by_code), n=3, cutoff=0.5)
        by_label = [c for c, rows in self._by_code.items() if code and rows[-1].label.lower() == code.lower()]
        shown = list(dict.fromkeys(by_label + near)) or list(self._by_code)[:8]
        return " Near: " + "; ".join(f"{c} ({self._by_code[c][-1].label})" for c in shown) + "."


def _validity(rows: list[Code]) -> str:
    spans = [f"{row.valid_from or 'always'} to {row.valid_to or 'now'}" for row in rows]
    return "valid " + ", ".join(spans)


@remembered
def _index() -> dict[str, dict[str, str]]:
    return {
        row["name"]: row
        for row in read_csv(data_path("codesets", "_index.csv"), ("name", "title", "source", "local", "verified"))
    }


def codeset_names() -> tuple[str, ...]:
    """The names of all code sets, national ones first as in the index, then those an operator added."""
    folder = local_path("codesets", "_index.csv")
    own = [row["name"] for row in read_csv(folder, ("name",))] if folder else []
    return tuple(dict.fromkeys([*_index(), *own]))


def codeset(name: str) -> CodeSet:
    """The code set of that name. Raises UnknownCodeSet (naming near ones) or DataError when its file is unusable."""
    return _in_use(name, in_use())


@remembered
def _in_use(name: str, changes: LocalChanges) -> CodeSet:
    """The set as it was installed, or the version that has begun. A set that the product has since fixed stays as installed."""
    installed = installed_codeset(name)
    new = changes.code_sets.get(name)
    return with_rows(installed, new.rows, new.number) if new and installed.replaceable else installed


def with_rows(held: CodeSet, rows: Iterable[Sequence[str]], changed: int) -> CodeSet:
    """The set with other rows, each as (code, label, first day, last day)."""
    codes = tuple(Code(code, label, parse_date(first), parse_date(last)) for code, label, first, last in rows)
    return replace(held, codes=codes, changed=changed)


@remembered
def installed_codeset(name: str) -> CodeSet:
    """The set as the product or the operator's file has it."""
    about = _index().get(name) or _own_index().get(name)
    if about is None:
        near = get_close_matches(name, codeset_names(), n=3)
        raise UnknownCodeSet(f"no code set '{name}'." + (f" Near: {', '.join(near)}." if near else ""))
    shipped = data_dir() / "codesets" / f"{name}.csv"
    found = _build(about, shipped, overridden=False) if name in _index() else None
    own = local_path("codesets", f"{name}.csv")
    if own is None and found is not None:
        return found
    if own is None:
        raise DataError(f"the local index names the code set '{name}' but codesets/{name}.csv is missing beside it.")
    if found is not None and not found.replaceable:
        raise DataError(
            f"{own}: '{name}' is a national code set ({found.source}) and cannot be replaced. Remove the file."
        )
    return _build(about, own, overridden=True)


@remembered
def _own_index() -> dict[str, dict[str, str]]:
    """Code sets that an operator adds. They are local whatever their row says."""
    path = local_path("codesets", "_index.csv")
    rows = read_csv(path, ("name", "title", "source")) if path else []
    return {row["name"]: {"verification": "", **row, "local": "yes", "verified": "no"} for row in rows}


def _build(about: Mapping[str, str], path: Path, *, overridden: bool) -> CodeSet:
    codes = tuple(_code(row, f"{path}, line {line}") for line, row in enumerate(read_csv(path, COLUMNS), start=2))
    if not codes:
        raise DataError(f"{path}: the code set is empty.")
    found = CodeSet(
        name=about["name"],
        title=about["title"],
        source=about["source"] if not overridden else f"operator's file {path.name}",
        local=parse_flag(about["local"], str(path)),
        verified=about["verified"],
        verification=about.get("verification", ""),
        codes=codes,
        overridden=overridden,
    )
    for code, rows in found._by_code.items():
        if clash := overlapping(rows):
            raise DataError(f"{path}: code '{code}' has two rows valid at once ({_validity(list(clash))}).")
    return found


def _code(row: dict[str, str], where: str) -> Code:
    if not row["code"] or not row["label"]:
        raise DataError(f"{where}: a code and a label are both needed.")
    code = Code(row["code"], row["label"], parse_date(row["valid_from"], where), parse_date(row["valid_to"], where))
    if first_day(code) > last_day(code):
        raise DataError(f"{where}: code '{code.code}' ends before it starts.")
    return code
