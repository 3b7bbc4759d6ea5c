"""Packs and copies: preparing, checking, sending; and what was sent to oneself."""

from .rights import Table
from .work import WORKS

SENDS = frozenset({"social_worker", "team_manager", "service_manager", "conference_chair"})

TABLE: Table = {
    "sending": (SENDS, {}, False),
    "sending-prepare": (SENDS, {"kind": "none.such", "record": "1"}, False),
    "sending-pack": (SENDS, {"id": "1"}, False),
    "sending-copy": (SENDS, {"id": "1"}, False),
    "sending-redact": (SENDS, {"id": "1"}, True),
    "sending-give": (SENDS, {"id": "1"}, True),
    "sending-keep": (SENDS, {"id": "1", "form": "redact"}, True),
    "sending-undo": (SENDS, {"id": "1"}, True),
    "sending-file": (SENDS, {"id": "1"}, True),
    "sent-to-me": (WORKS, {}, False),
    "sent-copy": (WORKS, {"id": "1"}, False),
    "sent-document": (WORKS, {"id": "1", "document": "1"}, False),
    "sent-file": (WORKS, {"id": "1"}, True),
}
