"""Reads the small cases with which the rules of SSDA903 were read a second time, from the Department's wording alone.

One case a line: the rules, the collection year where it is not 2026-27, the rows, and the rows that are found.

    380: E 1/5/26- S C2 T1 => E0

A row is the short name of its table (`<E` for the year before, `E#b` for a second child), then what stands in it: first the cells that the table
below names, in their order, with `_` for a blank; then any other as COLUMN=text. `1/5/26-` is a stretch of days without an end. Days are written
short. What a module says of the day of birth is as in the header unless it says otherwise. `-` stands for nothing found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sightline.engine.exchange.rules.declarations import RuleTable
from sightline.returns.ssda903.tables import RULE_TABLES

Row = dict[str, str]
Found = tuple[str, int]

#: The short name of each table, and the cells that need no name. The two days of a stretch are one cell.
SHORT = {
    "H": ("Header", "DOB SEX"),
    "E": ("Episodes", "DECOM-DEC RNE LS PLACE REC"),
    "R": ("Reviews", "REVIEW REVIEW_CODE"),
    "U": ("UASC", "DUC"),
    "O2": ("OC2", ""),
    "O3": ("OC3", "IN_TOUCH ACTIV ACCOM"),
    "A": ("AD1", "DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"),
    "PA": ("PlacedAdoption", "DATE_PLACED-DATE_PLACED_CEASED REASON_PLACED_CEASED"),
    "PP": ("PrevPerm", "PREV_PERM LA_PERM DATE_PERM"),
    "M": ("Missing", "MIS_START-MIS_END MISSING"),
    "SW": ("SWEpisodes", "SW_DECOM-SW_DEC SW_ID SW_REASON"),
    "D": ("DoLo", "DOLO_START-DOLO_END"),
    "P": ("Provider Info", "URN PLACE_CODES PROVIDER_CODES LA_CODE_INFERRED OUTWARD_POSTCODE REG_DATE-REG_END"),
}
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d\d)")
_LINE = re.compile(r"(?P<codes>[\w, ]+?)(?:@(?P<year>\d\d))?: (?P<rows>.+?) => (?P<found>[^#]+?)\s*(?:#.*)?")
_TABLES = {table.name: table for table in RULE_TABLES}


@dataclass(frozen=True)
class Case:
    """One line: what the rules find in the rows of a few tables."""

    line: str
    child: str
    codes: tuple[str, ...]
    year: int
    tables: Mapping[str, list[Row]] = field(hash=False)
    expected: frozenset[Found]


def cases(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield _case(line.strip(), f"{path.stem}{number}")


def _case(line: str, child: str) -> Case:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(line)
    tables: dict[str, list[Row]] = defaultdict(list)
    for text in found["rows"].split(";"):
        name, row = _row(text.split(), child)
        tables[name].append(row)
    _say_births(tables)
    rows = frozenset(_where(one) for one in found["found"].split() if one != "-")
    codes = tuple(found["codes"].replace(",", " ").split())
    return Case(line, child, codes, 2000 + int(found["year"] or 27), dict(tables), rows)


def _row(words: list[str], child: str) -> tuple[str, Row]:
    """A row with every column of its table, so that nothing of it is worked out from another."""
    short, _, other = words[0].partition("#")
    name, unnamed = SHORT[short.removeprefix("<")]
    row = dict.fromkeys(columns(_TABLES[name]), "")
    if "CHILD" in row:
        row["CHILD"] = child + other
    places = unnamed.split()
    for word in words[1:]:
        column, equals, text = word.partition("=")
        if equals:
            row[column] = _text(text)
        elif "-" in places[0]:
            row |= dict(zip(places.pop(0).split("-"), map(_text, f"{word}-".split("-")), strict=False))
        else:
            row[places.pop(0)] = _text(word)
    if not row.keys() <= {*columns(_TABLES[name])}:
        raise ValueError(words)
    return name + ("_last" if short.startswith("<") else ""), row


def _text(word: str) -> str:
    """A cell as the file holds it."""
    day = _DAY.fullmatch(word)
    if day is None:
        return "" if word == "_" else word.replace("~", " ")
    return f"{int(day[1]):02d}/{int(day[2]):02d}/{'20' if day[3] < '50' else '19'}{day[3]}"


def _say_births(tables: Mapping[str, list[Row]]) -> None:
    """Put the day of birth of the header into the child's other rows."""
    for last in ("", "_last"):
        born = {row["CHILD"]: row["DOB"] for row in tables.get(f"Header{last}", tables.get("Header", []))}
        for name, rows in tables.items():
            if name.endswith("_last") == bool(last):
                for row in rows:
                    if "DOB" in row and not row["DOB"]:
                        row["DOB"] = born.get(row["CHILD"], "")


def _where(text: str) -> Found:
    """`E1` is the second row of the episodes, `<E0` the first of last year's."""
    found = re.fullmatch(r"(<?)([A-Z]+[23]?)(\d+)", text) or re.fullmatch(r"(<?)([A-Z]+)(\d+)", text)
    if found is None or found[2] not in SHORT:
        raise ValueError(text)
    return SHORT[found[2]][0] + ("_last" if found[1] else ""), int(found[3])


def columns(table: RuleTable) -> tuple[str, ...]:
    """The columns of a table in a file."""
    return tuple(one for one in table.columns if not one.endswith("_known"))


def together(held: list[Case]) -> tuple[dict[str, list[Row]], dict[Found, tuple[str, Found]]]:
    """The rows of all cases as one set, and for each of its rows the case and the place in it. Every table is there, this year's and last year's."""
    tables: dict[str, list[Row]] = {
        f"{name}{last}": [] for name, _ in SHORT.values() for last in ("", "_last")[: 1 + _TABLES[name].last]
    }
    origin: dict[Found, tuple[str, Found]] = {}
    for case in held:
        place: Counter[str] = Counter()
        for name, rows in case.tables.items():
            for row in rows:
                origin[name, len(tables[name])] = case.line, (name, place[name])
                place[name] += 1
                tables[name].append(row)
    return tables, origin
