"""What a pack holds: the chosen parts of the record as they are when it is prepared, without anything that a seal closes to anybody."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import ForeignKey, Model, Q
from django.utils.text import capfirst

from sightline.core.access.models import User
from sightline.core.access.rules import model_of
from sightline.core.access.visibility import outside, visible, visible_rows
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import ContactPoint, Person
from sightline.core.places.models import Place
from sightline.core.records.models import Record
from sightline.core.restrictions.standing import sealed_from_anybody
from sightline.core.sending.models import Pack, PackChild
from sightline.engine.screens import words
from sightline.engine.sending import documents
from sightline.engine.sending.declarations import PackKind, Part, Source

Content = dict[str, Any]
#: Agencies whose name says where a child is by day or by night.
WHEREABOUTS = frozenset({"school", "provider"})


def content(
    user: User,
    kind: PackKind,
    record: Any,
    children: set[int],
    parts: Collection[str],
    day: date,
    chosen: Collection[int] = (),
) -> Content:
    """The chosen parts, of what their preparer may see, and the documents that were `chosen`."""
    sealed = sealed_from_anybody(day)
    held = []
    for part in kind.parts:
        if part.id in parts:
            records = list(_records(user, part, record, children, sealed))
            if records:
                held.append({"part": part.id, "title": part.title, "records": records})
    wanted = documents.standing(chosen)
    files = list(_records(user, documents.PART, record, children, sealed, wanted)) if wanted else []
    if files:
        held.append({"part": documents.PART.id, "title": documents.PART.title, "records": files})
    return {"title": kind.title, "parts": held}


def choosable(user: User, record: Any, children: set[int], day: date) -> list[Any]:
    """The documents of the children that the user may put into a pack, the latest first."""
    [source] = documents.PART.sources
    rows = _rows(user, source, record, children, sealed_from_anybody(day)).filter(withdrawn_date=None)
    return list(rows.order_by("-pk")[: documents.MOST])


def _records(
    user: User, part: Part, record: Any, children: set[int], sealed: Any, among: Collection[int] | None = None
) -> Iterator[dict[str, Any]]:
    for source in part.sources:
        rows = _rows(user, source, record, children, sealed)
        for row in rows if among is None else rows.filter(pk__in=among):
            fields = list(_fields(user, row, source.fields))
            if fields:
                yield {
                    "table": row._meta.db_table,
                    "id": row.pk,
                    "title": _title(row, len(children) > 1),
                    "fields": fields,
                }


def _rows(user: User, source: Source, record: Any, children: set[int], sealed: Any) -> Any:
    people, records = sealed
    model = source.record
    chosen = source.rows(record, children) if source.rows else Q(person__in=children)
    rows = visible_rows(user, model).filter(chosen & outside(model, records))
    for field in model._meta.concrete_fields:
        if field.related_model is Person:
            rows = rows.exclude(**{f"{field.name}__in": people - children})
    return rows.order_by("pk")


def _title(row: Any, several: bool) -> str:
    """What the record is, and in a pack about several children about whom."""
    if isinstance(row, Person):
        return words.called(row)
    title = words.title_of(type(row))
    person = getattr(row, "person", None)
    return f"{title}: {words.called(person)}" if several and person is not None else title


def _fields(user: User, row: Any, chosen: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for field in words.described(type(row)):
        if chosen and field.name not in chosen:
            continue
        value = getattr(row, field.name)
        text = _text(user, field, value)
        if text:
            found = {"name": field.name, "title": str(capfirst(str(field.verbose_name))), "value": text}
            yield found | ({"whereabouts": True} if _says_where(row, value) else {})


def _text(user: User, field: Any, value: Any) -> str:
    if isinstance(value, Place):
        return plain(address(value))
    if isinstance(value, Person):
        named = words.called(value) if value.pk in visible(user, Person, [value.pk]) else f"Person {value.pk}"
        return "" if field.name == "person" else plain(named)
    if isinstance(value, Record) and not isinstance(value, words.STAFF):
        return ""
    return plain(words.in_words(field, value))


def _says_where(row: Any, value: Any) -> bool:
    if isinstance(value, Organisation):
        return value.kind in WHEREABOUTS
    return isinstance(value, Place) or (isinstance(row, ContactPoint) and value == row.value)


def address(place: Place) -> str:
    """An address in one line."""
    return ", ".join(part for part in (place.line_1, place.postcode) if part)


def plain(text: str) -> str:
    """Text in which nothing is written with look-alikes or invisible signs, so that what is to be hidden is found."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in normal if unicodedata.category(sign) != "Cf").strip()


def children_of(pack: Pack) -> set[int]:
    """The children whom a pack is about."""
    return set(PackChild.objects.filter(pack=pack).values_list("person_id", flat=True))


def without_sealed(held: Content, day: date) -> Content:
    """The same without what a seal has closed or what was withdrawn since: it is not read again, by whomever."""
    files = documents.of(held)
    if files:
        held = held | {"parts": documents.without_withdrawn(held["parts"], documents.standing(files))}
    _people, records = sealed_from_anybody(day)
    if not records:
        return held
    open_: dict[str, set[int]] = {}
    for table in {record["table"] for part in held["parts"] for record in part["records"]}:
        model: type[Model] = model_of(table)
        ids = [record["id"] for part in held["parts"] for record in part["records"] if record["table"] == table]
        open_[table] = set(
            model._default_manager.filter(outside(model, records), pk__in=ids).values_list("pk", flat=True)
        )
    parts = [
        part | {"records": [record for record in part["records"] if record["id"] in open_[record["table"]]]}
        for part in held["parts"]
    ]
    return held | {"parts": [part for part in parts if part["records"]]}


def says_where(field: Any) -> bool:
    """Whether a field of a record type links to a place, or to an agency that may be a child's school or home."""
    return isinstance(field, ForeignKey) and field.related_model in (Place, Organisation) and field.name != "agency"
