"""An invented SSDA903 set of any size: the year and the year before, mostly right, with faults in some rows as real files have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

AUTHORITY = "E10000028"
YEAR = "2023-24"
FIRST_DAY, LAST_DAY = date(2023, 4, 1), date(2024, 3, 31)
#: Of a thousand cells of a set, so many hold something that they should not.
FAULTS = 3
POSTCODES = 2_000

COLUMNS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc": "CHILD,SEX,DOB,DUC",
    "oc2": (
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,"
        "INTERVENTION_RECEIVED,INTERVENTION_OFFERED"
    ),
    "oc3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "placed_for_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
}
_ETHNIC = ("WBRI", "WBRI", "WBRI", "WOTH", "MWBC", "BAFR", "APKN", "OOTH")


@dataclass(frozen=True)
class _Episode:
    start: date
    reason: str
    status: str
    place: str
    end: date | None
    ceased: str
    change: str
    post: str


def write(children: int, folder: Path, seed: int = 1) -> tuple[Path, Path]:
    """Writes both years, a folder of CSV files each, and gives the folders: the year's and that of the year before."""
    chance = random.Random(seed)  # noqa: S311 (invented children)
    posts = _postcodes()
    this, before = folder / "year", folder / "year-before"
    with ExitStack() as stack:
        files = {year: _opened(year, stack) for year in (this, before)}
        for number in range(children):
            for year, table, row in _child(chance, number, posts):
                files[this if year else before][table].write(",".join(_with_faults(chance, row)) + "\n")
    return this, before


def _opened(folder: Path, stack: ExitStack) -> dict[str, TextIO]:
    folder.mkdir(parents=True)
    files = {
        name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", buffering=1 << 20))
        for name in COLUMNS
    }
    for name, heading in COLUMNS.items():
        files[name].write(heading + "\n")
    return files


def _postcodes() -> list[str]:
    from sightline.standards.distance import postcodes_in

    return postcodes_in(AUTHORITY, POSTCODES, seed=1)


def _child(chance: random.Random, number: int, posts: list[str]) -> Iterator[tuple[bool, str, list[str]]]:
    """The rows of one child: whether of the year itself, the table, the cells."""
    child, age = f"C{number:07d}", chance.random() * 19
    born = LAST_DAY - timedelta(days=int(age * 365.25))
    dob, sex = _day(born), str(1 + number % 2)
    if age >= 17.8:
        yield True, "header", [child, sex, dob, chance.choice(_ETHNIC), upn(number), "", ""]
        yield (
            True,
            "oc3",
            [child, dob, "YES", chance.choice(("F1", "F2", "F4", "P1")), chance.choice(("B1", "C1", "U1"))],
        )
        return
    home = chance.choice(posts)
    episodes = list(_care(chance, born, posts))
    for this, end in ((False, FIRST_DAY - timedelta(days=1)), (True, LAST_DAY)):
        told = [
            one for one in episodes if one.start <= end and (this is False or one.end is None or one.end >= FIRST_DAY)
        ]
        if not told:
            continue
        pupil = upn(number) if age > 5 else "UN1"
        yield (
            this,
            "header",
            [child, sex, dob, _ETHNIC[number % len(_ETHNIC)], pupil, "0" if sex == "2" and this else "", ""],
        )
        for one in told:
            yield this, "episodes", _row(child, home, one, end)
        yield from _beside(chance, this, child, dob, born, told, end)


def _care(chance: random.Random, born: date, posts: list[str]) -> Iterator[_Episode]:
    """Episodes that follow each other from the child's coming into care."""
    start = max(born, FIRST_DAY - timedelta(days=chance.randrange(-300, 1200)))
    status, reason = chance.choice(("C1", "C2", "V2")), "S"
    for left in range(chance.choice((0, 0, 1, 1, 2, 3)), -1, -1):
        end = start + timedelta(days=chance.randrange(30, 500)) if left or chance.random() < 0.25 else None
        if end is not None and end > LAST_DAY:
            end = None
        ceased = "" if end is None else "X1" if left else chance.choice(("E4A", "E13", "E8"))
        yield _Episode(
            start,
            reason,
            status,
            chance.choice(("U1", "U4", "U6", "K2")),
            end,
            ceased,
            "CARPL" if ceased == "X1" else "",
            chance.choice(posts),
        )
        if end is None:
            return
        start, reason = end, "P"


def _row(child: str, home: str, one: _Episode, last_day: date) -> list[str]:
    """An episode as a return tells it that is made on the last day of its year."""
    ended = one.end is not None and one.end <= last_day
    end = one.end if ended else None
    return [
        *(child, _day(one.start), one.reason, one.status, "N1", one.place, "PR4" if one.place[0] == "K" else "PR1"),
        *(_day(end), one.ceased if ended else "", one.change if ended else "", home, one.post),
        "SC123456" if one.place[0] in "KU" else "",
    ]


def _beside(
    chance: random.Random, this: bool, child: str, dob: str, born: date, told: list[_Episode], end: date
) -> Iterator[tuple[bool, str, list[str]]]:
    start = told[0].start
    for months in (1, 4, 10):
        held = max(start, end.replace(year=end.year - 1)) + timedelta(days=30 * months)
        if held <= end:
            yield (
                this,
                "reviews",
                [child, dob, _day(held), f"PN{chance.randrange(1, 8)}" if (held - born).days > 1461 else "PN0"],
            )
    age = (end - born).days // 365
    if start <= end.replace(year=end.year - 1) and told[-1].end is None:
        score, reason = (str(chance.randrange(0, 41)), "") if 4 <= age <= 16 else ("", "")
        convicted = "0" if age >= 10 else ""
        yield this, "oc2", [child, dob, score, reason, convicted, "1" if age < 5 else "", "1", "1", "1", "0", "", ""]
    if chance.random() < 0.03:
        seen = min(start + timedelta(days=90), end)
        yield this, "missing", [child, dob, "M", _day(seen), _day(min(seen + timedelta(days=2), end))]
    if chance.random() < 0.04 and age > 13:
        yield this, "uasc", [child, "1", dob, _day(born.replace(day=min(born.day, 28), year=born.year + 18))]
    if this and start >= FIRST_DAY:
        yield this, "previous_permanence", [child, dob, "Z1", "", ""]
    if chance.random() < 0.03 and age < 6:
        yield this, "placed_for_adoption", [child, dob, _day(min(start + timedelta(days=60), end)), "", ""]


def _with_faults(chance: random.Random, row: list[str]) -> list[str]:
    if chance.random() * 1000 < FAULTS * len(row):
        row = list(row)
        row[chance.randrange(1, len(row))] = chance.choice(("", "XX", "31/02/2023", "Z9", "1"))
    return row


def upn(number: int) -> str:
    """A pupil number with the right check letter. Source: DfE guide to unique pupil numbers."""
    digits = f"860{number:09d}"
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[sum(int(one) * weight for weight, one in enumerate(digits, start=2)) % 23] + digits


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
