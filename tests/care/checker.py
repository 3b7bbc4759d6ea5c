"""What the SSDA903 guide says of a child's episodes, read in plain Python from their rows alone: none of the code under test is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

TEMPORARY = {"T0", "T1", "T2", "T3", "T4"}


@dataclass(frozen=True)
class Row:
    """One episode as a return would hold it."""

    decom: date
    rne: str
    status: str
    place: str
    where: tuple[str, str, str]
    carer: str
    dec: date | None
    rec: str | None
    change: str | None
    care: int


def rows_of(episodes: Any) -> list[Row]:
    """The rows of a child's episodes, in order."""
    return [
        Row(
            e.start_date,
            e.start_reason,
            e.legal_status,
            e.placement.placement_type,
            (e.placement.provider, e.placement.urn, e.placement.postcode or ""),
            e.placement.carer_reference,
            e.end_date,
            e.end_reason,
            e.placement.change_reason if e.placement.end_date == e.end_date else None,
            e.period_id,
        )
        for e in episodes.select_related("placement").order_by("start_date", "id")
    ]


def faults(rows: list[Row]) -> list[str]:
    """Every rule that the rows break, by its number in the return's validation."""
    found = [number for row in rows for number in _alone(row)]
    found += [number for before, after in pairwise(rows) for number in _pair(before, after)]
    if rows and rows[0].rne != "S":
        found.append("357")
    if sum(row.dec is None for row in rows) > 1:
        found.append("142")
    for first, away, back in zip(rows, rows[1:], rows[2:], strict=False):
        if away.place in TEMPORARY and back.place not in TEMPORARY and first.place not in TEMPORARY:
            same = (first.place, first.where) == (back.place, back.where) and back.rne == "P"
            found += [] if same else ["383"]
    return found


def _alone(row: Row) -> Iterator[str]:
    if (row.dec is None) != (row.rec is None):
        yield "148"
    if row.dec and row.dec <= row.decom:
        yield "355"
    if row.place in TEMPORARY and (row.rne == "S" or row.rec not in (None, "X1")):
        yield "380/381"
    if row.place in TEMPORARY and row.change:
        yield "226"
    if row.place in ("A5", "A6") and row.status != "E1":
        yield "408"
    if row.place == "P1" and row.status == "V2":
        yield "378"
    if row.place not in TEMPORARY and not row.where[0]:
        yield "526"
    if row.status in ("V3", "V4") and row.place in TEMPORARY | {"U1", "U4"}:
        yield "382/384"


def _pair(before: Row, after: Row) -> Iterator[str]:
    if before.dec is None or after.decom < before.dec:
        yield "142/501"
    if (before.rec == "X1") != (after.rne != "S"):
        yield "388/432"
    if after.rne == "S":
        if before.dec == after.decom:
            yield "431"
        return
    if before.dec != after.decom:
        yield "433"
    if before.care != after.care:
        yield "one period of care"
    moved = (before.place, before.where, before.carer) != (after.place, after.where, after.carer)
    status = before.status != after.status
    if (moved, status) != {"P": (True, False), "T": (True, False), "L": (False, True)}.get(after.rne, (True, True)):
        yield "434/435/436"
    same_carer = bool(after.carer) and before.carer == after.carer
    if after.rne in ("T", "U") and not same_carer:
        yield "same carer"
    if after.rne in ("P", "B") and same_carer and not {before.place, after.place} & TEMPORARY:
        yield "another carer"
    away = {before.place, after.place} & TEMPORARY
    if after.rne in ("P", "T", "B", "U") and not away and not before.change:
        yield "225"
