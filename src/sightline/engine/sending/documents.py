"""Documents of the record that go into a pack: chosen one by one, and each left out of a copy or sent as it is.

Nothing in a file can be searched or redacted here. So where somebody's whereabouts are protected a file stays out until it is given with a reason,
and the second person says that they have opened every file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sightline.core.notes.models import Document
from sightline.engine.sending.declarations import Part, Source

TABLE = Document._meta.db_table
PART = Part("documents", "Documents", (Source(Document._meta.label, ("name", "kind", "document_date")),), usual=False)
#: At most so many documents travel with one pack.
MOST = 50


def chosen(text: str) -> list[int]:
    """The numbers of the documents that were chosen, each once."""
    return list(dict.fromkeys(int(number) for number in text.split(",") if number.strip().isdecimal()))


def called(record: dict[str, Any]) -> str:
    """A document of a pack in words that name no other."""
    name = next((field["value"] for field in record["fields"] if field["name"] == "name"), "")
    return f"Document {record['id']}: {' '.join(name.split())}"


def of(content: dict[str, Any]) -> list[int]:
    """The documents in a pack or a copy."""
    return [record["id"] for part in content["parts"] for record in part["records"] if record["table"] == TABLE]


def standing(ids: Collection[int]) -> set[int]:
    """Those of the documents that have not been withdrawn from the record."""
    return set(Document.objects.filter(pk__in=ids, withdrawn_date=None).values_list("pk", flat=True)) if ids else set()


def without_withdrawn(parts: Iterable[dict[str, Any]], left: set[int]) -> list[dict[str, Any]]:
    """The parts of a pack without documents that are not among those left."""
    found = [
        part | {"records": [each for each in part["records"] if each["table"] != TABLE or each["id"] in left]}
        for part in parts
    ]
    return [part for part in found if part["records"]]
