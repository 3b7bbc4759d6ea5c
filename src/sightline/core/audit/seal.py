"""The sealer: chains audit entries by hash, and the check that recomputes the chain.

An entry is sealed once its transaction has committed. Ids are handed out before a transaction ends and so come up out of order; the
transaction's own number is kept in each entry instead. A pass sees every committed entry that no pass sealed before, and notes the number below
which every transaction had ended (`finished`). Nothing can come up below that number later, so the next pass begins there: what is found
unsealed below it was put in by other means. Entries of a transaction that is still open hold nobody up: they are sealed when it ends.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction

from sightline.core.audit.models import Seal

log = logging.getLogger(__name__)

#: The previous hash of the first link.
GENESIS = "0" * 64
#: One sealer at a time: any number that no other part of the application locks by.
LOCK = 5_214_770_136
PART = 5_000
SECONDS = 0.5

ENTRY = ("id", "at", "who", "what", "about", "person", "purpose", "where_from", "session", "request", "xid", "details")
COLUMNS = ", ".join(f"e.{name}" for name in ENTRY)


@dataclass(frozen=True)
class Horizon:
    """What a sealer saw: every transaction below `finished` had ended, none from `begun` on had started."""

    finished: int
    begun: int
    at: datetime


def link(previous: str, sequence: int, seen: Horizon, entry: Sequence[Any]) -> str:
    """The hash of a link: SHA-256 over the canonical form of its place, what the sealer saw, and the entry's every column.

    Canonical form: a JSON array without spaces, keys of objects in order, moments in UTC with microseconds, text as UTF-8.
    """
    *plain, details = entry
    content = [
        previous,
        sequence,
        _moment(seen.at),
        seen.finished,
        seen.begun,
        *(_moment(value) if isinstance(value, datetime) else value for value in plain),
        json.loads(details) if isinstance(details, str) else details,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def seal(*, wait: bool = False) -> int:
    """Seal what is committed and not yet sealed. Gives how many entries; none when another sealer is at work and `wait` is not asked."""
    with transaction.atomic(durable=True):
        if not _locked(wait):
            return 0
        seen = _horizon()
        last = Seal.objects.order_by("-sequence").first()
        previous, sequence = (last.hash, last.sequence) if last else (GENESIS, 0)
        links = []
        for entry in _unsealed(seen, last):
            sequence += 1
            own = link(previous, sequence, seen, entry)
            links.append(Seal(sequence, entry[0], previous, own, seen.at, seen.finished, seen.begun))
            previous = own
            if len(links) == PART:
                Seal.objects.bulk_create(links)
                links = []
        Seal.objects.bulk_create(links)
        return sequence - (last.sequence if last else 0)


def keep_sealing(stop: Any = None) -> None:
    """Seal for ever, twice a second, in a thread of the web application. Of several processes one seals at a time.

    Whatever goes wrong with the database passes: the next round tries again, and what was left is sealed then.
    """
    troubled = False
    while stop is None or not stop.is_set():
        close_old_connections()
        try:
            seal()
            troubled = False
        except DatabaseError as error:
            connection.close()
            if not troubled:
                log.warning("The audit could not be sealed (%s): it is tried again.", type(error).__name__)
            troubled = True
        time.sleep(SECONDS)
    connection.close()


def _locked(wait: bool) -> bool:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _horizon() -> Horizon:
    """Taken before the entries are read, so that every transaction it calls finished is seen whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint, clock_timestamp()"
            " FROM pg_current_snapshot() s"
        )
        return Horizon(*cursor.fetchone())


def _unsealed(seen: Horizon, last: Seal | None) -> Iterator[Sequence[Any]]:
    """Committed entries without a seal, in the order of their transactions and ids."""
    place, where, newest = (last.finished if last else 0, -1), "e.xid < %(begun)s", 0
    if last is not None and last.finished > seen.begun:
        # Restored on a server that counts its transactions anew: what came after the last sealed entry is the tail.
        newest = Seal.objects.order_by("-entry").values_list("entry", flat=True)[0]
        place, where = (0, -1), "(e.xid >= %(finished)s OR e.id > %(newest)s)"
    values = {"begun": seen.begun, "finished": last.finished if last else 0, "newest": newest}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM audit_entry e"  # noqa: S608 (names of our own columns)
                f" WHERE (e.xid, e.id) > (%(xid)s, %(id)s) AND {where}"
                " AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry = e.id)"
                f" ORDER BY e.xid, e.id LIMIT {PART}",
                {**values, "xid": place[0], "id": place[1]},
            )
            found = cursor.fetchall()
        yield from found
        if len(found) < PART:
            return
        place = (found[-1][ENTRY.index("xid")], found[-1][0])
