"""One send from beginning to end: who may, what has changed, noted in the audit, sent in batches, kept receipt by receipt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.alone import alone
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem, Problem
from sightline.engine.exchange.export import authority_asked, may_export, one_moment, owners_only
from sightline.engine.exchange.placing import placed
from sightline.engine.social_care_api import configuration, holding
from sightline.engine.social_care_api.changes import Change, Changes
from sightline.engine.social_care_api.client import Client, NotReceived
from sightline.engine.social_care_api.schema import schema_of
from sightline.engine.social_care_api.window import Window
from sightline.standards import areas

Tell = Callable[[str], None]
FULL, DELTA = "full", "delta"
_LOCK = 7_316_212_026


@dataclass(frozen=True)
class Request:
    """What is to be sent, for whom and why. `as_at` is the last day of the window: today, where none is given."""

    user: User
    whole: bool
    area: str = ""
    purpose: str = ""
    where_from: str = "command line"
    as_at: date | None = None


@dataclass
class Sent:
    """What came of a send. It counts, and names no child."""

    what: str
    area: str
    area_name: str
    la_code: str
    version: str
    window: str
    out: str = ""
    children: int = 0
    unchanged: int = 0
    changed: int = 0
    purged: int = 0
    batches: int = 0
    receipts: int = 0
    refused: int = 0
    held_back: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stopped: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    @property
    def complete(self) -> bool:
        """Whether the Department now has everything that it should have."""
        return not (self.stopped or self.refused or self.held_back)


def send(request: Request, client: Client | None = None, tell: Tell | None = None) -> Sent:
    """Sends what has changed, or everything. Raises Problem where the user may not or a setting is missing; nothing is sent then.

    Where the service fails on the way, `stopped` says why: what has its receipt counts as sent, the rest is sent the next time.
    """
    address = client.service if client else configuration.service()
    sending = _Sending(request, address, tell or (lambda _text: None))
    client = client or Client(configuration.connection(), sending.done.la_code)
    with alone(_LOCK) as only_one:
        if not only_one:
            raise Problem("Another send is under way", "the database", "Wait until it is done, and try again.")
        sending.to(client)
    return sending.done


def write(request: Request, out: Path) -> Sent:
    """Writes what would be sent to a new folder, for people to look at, and sends nothing. Raises as `send`, and InputProblem."""
    sending = _Sending(request, configuration.service(), lambda _text: None)
    with placed(out, folder=True, replace=False) as draft, one_moment():
        draft.mkdir(mode=0o700)
        sending.into(draft)
    sending.done.out = str(out)
    return sending.done


class _Sending:
    """One send on its way."""

    def __init__(self, request: Request, service: str, tell: Tell) -> None:
        what = FULL if request.whole else DELTA
        may_export(request.user, f"csc {what}", request.purpose, request.where_from)
        area, name = authority_asked(request.area)
        window = Window.until(request.as_at or standing().day, configuration.window_years(), configuration.oldest())
        schema = schema_of(configuration.schema_version())
        self._request, self._tell, self._most = request, tell, schema.most
        self._changes = Changes(request.user, area, service, window, schema, request.whole)
        words = f"{window.start.isoformat()} to {window.end.isoformat()}"
        self.done = Sent(what, area, name, _la_code(area), schema.version, words)

    def to(self, client: Client) -> None:
        """Sends batch after batch."""
        try:
            for batch in _batches(self._changes, self._most):
                before = self.done.receipts
                self._deliver(client, batch)
                if self.done.receipts == before and len(batch) > 1:
                    raise NotReceived(
                        "Every record of a batch was refused",
                        "the Department's social care API",
                        "Something is wrong with all of them: check the version of the schema and the address.",
                    )
                self._tell(f"{self.done.receipts:,} receipts")
        except NotReceived as problem:
            self.done.stopped = str(problem)
        self._count()

    def into(self, folder: Path) -> None:
        """Writes batch after batch, and a list of the children who are held back."""
        for batch in _batches(self._changes, self._most):
            self._note(What.EXPORT, batch)
            path = folder / f"payload-{self.done.batches + 1:04}.json"
            text = json.dumps([change.sent for change in batch], indent=1, ensure_ascii=False)
            owners_only(path).write_text(f"{text}\n", encoding="utf-8")
            self._counted(batch)
        text = json.dumps(self._changes.why, indent=1)
        owners_only(folder / "held-back.json").write_text(f"{text}\n", encoding="utf-8")
        self._count()

    def _deliver(self, client: Client, batch: list[Change]) -> None:
        """Sends a batch; of one that is refused, the records that are at fault are found and the rest is sent again."""
        # The entry in the audit is kept before anything leaves the house.
        self._note(What.EXPORT, batch)
        answer = client.post([change.sent for change in batch])
        if answer.receipts:
            self._accept(batch, answer.receipts)
        elif len(batch) == 1:
            self.done.refused += 1
            self._changes.reasons[holding.REFUSED] += 1
            holding.hold_back(batch[0].row, [holding.REFUSED])
        else:
            for part in _parts(batch, answer.positions):
                self._deliver(client, part)

    def _accept(self, batch: list[Change], receipts: Iterable[str]) -> None:
        with transaction.atomic():
            for change, receipt in zip(batch, receipts, strict=True):
                holding.accept(change.row, change.after, receipt)
                self.done.receipts += 1
            self._note(What.SENT, batch)
        self._counted(batch)

    def _counted(self, batch: list[Change]) -> None:
        self.done.batches += 1
        purged = sum(change.after is None for change in batch)
        self.done.purged += purged
        self.done.changed += len(batch) - purged

    def _note(self, what: What, batch: list[Change]) -> None:
        """One entry for a batch, under which each child's own is found."""
        note(
            self._request.user.username,
            what,
            f"csc:{self.done.area}:{self.done.what}",
            people={change.row.person_id for change in batch if change.row.person_id},
            purpose=self._request.purpose,
            where_from=self._request.where_from,
            sha256=holding.hash_of([change.sent for change in batch]),
            children=len(batch),
        )

    def _count(self) -> None:
        found, done = self._changes, self.done
        done.children, done.unchanged, done.held_back = found.children, found.unchanged, found.held_back
        done.reasons = dict(sorted(found.reasons.items()))
        done.notes += [f"{count:,} {about}" for about, count in sorted(found.notes.items())]
        # Always said, since to say it only where it is so would tell that something is sealed.
        done.notes.append(
            f"Children whom '{self._request.user.username}' may not see, or of whom a record is sealed from them, are left as they were"
        )


def _parts(batch: list[Change], positions: frozenset[int]) -> list[list[Change]]:
    """A refused batch in smaller ones: the records that the answer names, each alone, and the rest; without names, two halves."""
    if positions and len(positions) < len(batch):
        rest = [change for place, change in enumerate(batch) if place not in positions]
        return [rest, *([batch[place]] for place in sorted(positions))]
    half = len(batch) // 2
    return [batch[:half], batch[half:]]


def _batches(changes: Iterable[Change], most: int) -> Iterator[list[Change]]:
    found = iter(changes)
    while batch := list(islice(found, most)):
        yield batch


def _la_code(area: str) -> str:
    """The three digits under which the Department knows the authority. Raises InputProblem."""
    found = configuration.la_code() or areas.area(area).old_la_code
    if len(found) == 3 and found.isdecimal():
        return found
    raise InputProblem(
        "The authority's three-digit code is not known", "SIGHTLINE_CSC_LA_CODE", "Set it as the Department gives it."
    )
