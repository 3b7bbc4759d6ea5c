"""The check of the chain: recomputes every link, and names each entry that was changed, is missing or was put in afterwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from sightline.core.audit.seal import COLUMNS, ENTRY, GENESIS, Horizon, link

PART = 10_000
#: More than these are counted and not named.
MOST_NAMED = 50
#: An entry gets its id and its transaction's number within one statement; a process would have to stand still for this long in between.
STANDSTILL = timedelta(minutes=1)
_SEAL = ("sequence", "entry", "previous", "hash", "sealed_at", "finished", "begun")


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `kind` is changed, missing, inserted or chain."""

    kind: str
    words: str
    entry: int | None = None
    sequence: int | None = None


@dataclass
class Verdict:
    """What the check found."""

    sealed: int = 0
    head: str = GENESIS
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None
    expected_at: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault_count

    @property
    def unsealed_seconds(self) -> int:
        """The age of the oldest entry that waits for its seal."""
        return max(0, int((timezone.now() - self.unsealed_since).total_seconds())) if self.unsealed_since else 0

    def add(self, kind: str, words: str, entry: int | None = None, sequence: int | None = None) -> None:
        """Note a fault; the first ones are named."""
        self.fault_count += 1
        if len(self.faults) < MOST_NAMED:
            self.faults.append(Fault(kind, words, entry, sequence))


class _Passes:
    """What each pass of the sealer saw, to tell an entry that was put in long after its id was handed out."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self.begun: list[int] = []
        self.highest: list[int] = []

    def add(self, at: datetime, begun: int, entry: int) -> None:
        if self.begun and begun < self.begun[-1]:
            self.__init__()  # type: ignore[misc]  # another server, which counts its transactions anew
        if not self.at or self.at[-1] != at:
            self.at.append(at)
            self.begun.append(begun)
            self.highest.append(self.highest[-1] if self.highest else 0)
        self.highest[-1] = max(self.highest[-1], entry)

    def too_late(self, entry: int, xid: int) -> bool:
        """Whether a higher id was sealed well before the entry's transaction began: its id belonged to another time."""
        if not self.highest or entry >= self.highest[-1]:
            return False
        higher_sealed = bisect_right(self.highest, entry)
        before_it_began = bisect_right(self.begun, xid) - 1
        return before_it_began > higher_sealed and self.at[before_it_began] - self.at[higher_sealed] > STANDSTILL


def verify(expect: str = "") -> Verdict:
    """Recompute the chain. `expect` is a head kept elsewhere: it must be a link of this chain, or the end of it was cut off."""
    found, passes = Verdict(), _Passes()
    last: dict[str, Any] = {}
    for seal, entry in _links():
        sequence, id = seal["sequence"], seal["entry"]
        if sequence != found.sealed + 1:
            found.add("missing", f"Seals {found.sealed + 1} to {sequence - 1} are missing.", sequence=found.sealed + 1)
        elif seal["previous"] != found.head:
            found.add("chain", f"Seal {sequence} (of entry {id}) does not follow from the one before it.", id, sequence)
        seen = Horizon(seal["finished"], seal["begun"], seal["sealed_at"])
        if entry is None:
            found.add("missing", f"Entry {id} is missing: it was sealed as number {sequence}.", id, sequence)
        elif link(seal["previous"], sequence, seen, entry) != seal["hash"]:
            found.add("changed", f"Entry {id} was changed after it was sealed as number {sequence}.", id, sequence)
        elif passes.too_late(id, entry[ENTRY.index("xid")]):
            found.add("inserted", f"Entry {id} was put in after later ones had been sealed.", id, sequence)
        passes.add(seen.at, seen.begun, id)
        found.sealed, found.head, last = sequence, seal["hash"], seal
        if expect and seal["hash"] == expect.strip().lower():
            found.expected_at = sequence
    _tail(found, last, passes)
    if expect and found.expected_at is None:
        found.add("chain", "The hash that was kept is not in this chain: the chain was cut off or made anew.")
    return found


def _links() -> Iterator[tuple[dict[str, Any], tuple[Any, ...] | None]]:
    """Each seal in order, with its entry if that is still there."""
    columns, place = ", ".join(f"s.{name}" for name in _SEAL), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns}, {COLUMNS} FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry"  # noqa: S608 (our own names)
                f" WHERE s.sequence > %s ORDER BY s.sequence LIMIT {PART}",
                [place],
            )
            rows = cursor.fetchall()
        for row in rows:
            entry = row[len(_SEAL) :]
            yield dict(zip(_SEAL, row, strict=False)), None if entry[0] is None else entry
        if len(rows) < PART:
            return
        place = rows[-1][0]


def _tail(found: Verdict, last: dict[str, Any], passes: _Passes) -> None:
    """Entries without a seal: they wait for it, or were put in where all had been sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.at, e.xid, pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM audit_entry e"
            " WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry = e.id) ORDER BY e.id"
        )
        rows = cursor.fetchall()
    for id, at, xid, begun in rows:
        restored = bool(last) and last["finished"] > begun
        if (last and not restored and xid < last["finished"]) or passes.too_late(id, xid):
            found.add("inserted", f"Entry {id} was put in where every entry had been sealed.", id)
        else:
            found.unsealed += 1
            found.unsealed_since = min(at, found.unsealed_since or at)
