"""What one recipient reads of a pack: every text in pieces, each given or hidden and why, so that a checker sees both side by side."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from sightline.core.organisations.models import Worker
from sightline.core.sending.models import Copy, CopyRedaction, Pack
from sightline.engine.rights.packs import frozen
from sightline.engine.screens import words
from sightline.engine.sending import documents, patterns
from sightline.engine.sending.content import Content, children_of, plain, without_sealed
from sightline.engine.sending.guard import NOTHING_ELSE, Guard, Item, guard, own_of
from sightline.engine.sending.patterns import Pattern
from sightline.standards.codes import codeset
from sightline.standards.local_rules import local_rule
from sightline.standards.working_days import add_working_days

#: What stands in the place of something hidden. It says nothing of why: that may itself be what must not be known.
MARK = "[left out]"
_PROTECTED = "Protected whereabouts"
_FILE = "A file cannot be searched for protected whereabouts"
_LOOKS_LIKE = "Looks like a postcode, a telephone number or an e-mail address"


@dataclass(frozen=True)
class Piece:
    """A piece of a text: what it says, and why it is hidden; given where there is no why."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class Field:
    """One field of a record in a copy."""

    name: str
    title: str
    pieces: tuple[Piece, ...]

    @property
    def given(self) -> str:
        """What the recipient reads."""
        return "".join(MARK if piece.why else piece.text for piece in self.pieces)

    @property
    def hidden(self) -> tuple[Piece, ...]:
        """What is hidden from them."""
        return tuple(piece for piece in self.pieces if piece.why)


@dataclass(frozen=True)
class Entry:
    """One record in a copy. `gone`: nothing of it is left, not even that it was there. `held_back`: a file that the guard keeps out."""

    table: str
    id: int
    title: str
    fields: tuple[Field, ...]
    gone: bool
    held_back: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is a document, which is left out whole or sent whole."""
        return self.table == documents.TABLE


@dataclass(frozen=True)
class Section:
    """One part of a copy."""

    part: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class View:
    """A whole copy: its sections with what is given and hidden, and the guard."""

    copy: Copy
    sections: tuple[Section, ...]
    guard: Guard
    redactions: tuple[CopyRedaction, ...]

    @property
    def withheld(self) -> list[Item]:
        """What the guard withholds from this recipient."""
        allowed = {one.passage.casefold() for one in self.redactions if not one.withheld}
        own = {item.text for item in own_of(self.copy, self.guard.items)}
        return [item for item in self.guard.items if item.text.casefold() not in allowed and item.text not in own]

    @property
    def files_held_back(self) -> list[str]:
        """The documents that the guard keeps out of the copy."""
        return [entry.held_back for part in self.sections for entry in part.entries if entry.held_back]

    @property
    def looks_like(self) -> list[str]:
        """What the guard hides although no record says whose it is."""
        found = (
            piece.text
            for part in self.sections
            for entry in part.entries
            for each in entry.fields
            for piece in each.hidden
            if piece.why == _LOOKS_LIKE
        )
        return list(dict.fromkeys(found))


def redactions_of(copy: Copy) -> list[CopyRedaction]:
    """The decisions about a copy that stand."""
    return list(CopyRedaction.objects.filter(copy=copy, undone_at=None).order_by("id"))


def content_of(pack: Pack, day: date) -> Content:
    """What the pack holds, without what a seal has closed since."""
    held: Content = json.loads(pack.content)
    return without_sealed(held, day)


def view(copy: Copy, day: date) -> View:
    """The copy as it is with the decisions of now."""
    held = content_of(copy.pack, day)
    found = guard(children_of(copy.pack), held, day)
    decided = redactions_of(copy)
    rules = _Rules(copy, found, decided)
    sections = tuple(
        Section(part["part"], part["title"], tuple(rules.entry(part["part"], each) for each in part["records"]))
        for part in held["parts"]
    )
    return View(copy, sections, found, tuple(decided))


class _Rules:
    """What is hidden from one recipient: by decision, and by the guard."""

    def __init__(self, copy: Copy, found: Guard, decided: list[CopyRedaction]) -> None:
        self._left_out = {
            (one.part, one.record_table, one.record_id, one.record_field): one
            for one in decided
            if one.withheld and not one.passage
        }
        self._passages = [(_literal(one.passage), reason_of(one)) for one in decided if one.withheld and one.passage]
        self._up = found.up
        self._given = {one.passage for one in decided if not one.withheld}
        allowed = {one.passage.casefold(): one.passage for one in decided if not one.withheld}
        own = own_of(copy, found.items)
        given = [item for item in found.items if item.text.casefold() in allowed or item in own]
        self._protected = [each for item in found.items if item not in given for each in item.patterns]
        self._allowed = [each for item in given for each in item.patterns] + [
            _literal(text) for text in allowed.values()
        ]

    def entry(self, part: str, record: dict[str, Any]) -> Entry:
        key = (part, record["table"], record["id"])
        whole = self._left_out.get((part, "", None, "")) or self._left_out.get((*key, ""))
        fields = tuple(
            self._field(each, whole or self._left_out.get((*key, each["name"]))) for each in record["fields"]
        )
        title = Field("", "", self._pieces(plain(record["title"]))).given
        if record["table"] == documents.TABLE and whole is None and self._up:
            name = documents.called(record)
            if name not in self._given:
                fields = tuple(Field(each.name, each.title, (Piece(_whole(each), _FILE),)) for each in fields)
                return Entry(record["table"], record["id"], title, fields, True, name)
        where = {each["name"] for each in record["fields"] if each.get("whereabouts")}
        secret = record["table"] in NOTHING_ELSE and any(field.hidden for field in fields if field.name in where)
        if secret:
            fields = tuple(Field(each.name, each.title, (Piece(_whole(each), _PROTECTED),)) for each in fields)
        return Entry(record["table"], record["id"], title, fields, secret or whole is not None)

    def _field(self, field: dict[str, Any], decided: CopyRedaction | None) -> Field:
        if decided is not None:
            return Field(field["name"], field["title"], (Piece(field["value"], reason_of(decided)),))
        return Field(field["name"], field["title"], self._pieces(field["value"]))

    def _pieces(self, text: str) -> tuple[Piece, ...]:
        """The text, cut where something is hidden. A decision to hide counts before one to give, and the guard before a likeness."""
        why = [""] * len(text)
        if self._up:
            for pattern in patterns.LOOK_ALIKE:
                _paint(why, pattern, text, _LOOKS_LIKE)
        for pattern in self._allowed:
            _paint(why, pattern, text, "")
        if self._up:
            for pattern in self._protected:
                _paint(why, pattern, text, _PROTECTED)
        for pattern, reason in self._passages:
            _paint(why, pattern, text, reason)
        return tuple(_cut(text, why))


def _paint(why: list[str], pattern: Pattern, text: str, reason: str) -> None:
    for found in pattern.finditer(text):
        why[found.start() : found.end()] = [reason] * (found.end() - found.start())


def _cut(text: str, why: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or why[place] != why[start]:
            pieces.append(Piece(text[start:place], why[start]))
            start = place
    return pieces


def _whole(field: Field) -> str:
    return "".join(piece.text for piece in field.pieces)


def _literal(text: str) -> Pattern:
    """A passage as it stands, however it is broken over lines."""
    return re.compile(r"\s+".join(re.escape(word) for word in plain(text).split()), re.IGNORECASE)


def stands_in(passage: str, text: str) -> bool:
    """Whether a passage stands in a text, however it is broken over lines."""
    return bool(passage.strip()) and _literal(passage).search(text) is not None


def reason_of(one: CopyRedaction) -> str:
    """Why something is left out, in words."""
    return codeset("copy_redaction_reason").label(one.reason or "")


def given(shown: View) -> Content:
    """What the recipient reads, and nothing of what is hidden."""
    parts = []
    for section in shown.sections:
        records = [
            {
                "table": entry.table,
                "id": entry.id,
                "title": entry.title,
                "fields": [{"title": each.title, "value": each.given} for each in entry.fields],
            }
            for entry in section.entries
            if not entry.gone
        ]
        if records:
            parts.append({"title": section.title, "records": records})
    return {"title": json.loads(shown.copy.pack.content)["title"], "parts": parts}


def as_kept(shown: View) -> str:
    """The same as it is kept when it is checked."""
    return frozen(given(shown))[0]


def read(copy: Copy, day: date) -> Content:
    """What was checked and sent, as its recipient reads it today."""
    return without_sealed(json.loads(copy.content), day)


def unread(found: QuerySet[Copy], day: date) -> QuerySet[Copy]:
    """Of these copies those that were sent some working days ago and neither read nor confirmed, the longest first."""
    last = add_working_days(day, -local_rule("PACK-UNREAD", day))
    waiting = found.filter(sent_at__date__lt=last, received_at=None, withdrawn_at=None)
    return waiting.order_by("sent_at", "pk")


def recipient(copy: Copy) -> str:
    """Whom a copy is for, in words."""
    name = _named(copy)
    role = codeset("conference_role").label(copy.role)
    agency = copy.organisation.name if copy.organisation is not None else ""
    return ", ".join(dict.fromkeys(part for part in (name, role, agency) if part))


def _named(copy: Copy) -> str:
    if isinstance(copy.worker, Worker):
        return copy.worker.name or f"Worker {copy.worker.pk}"
    if copy.relative is not None:
        return words.called(copy.relative)
    return copy.name
