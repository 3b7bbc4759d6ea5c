"""The pack: everything held on a person that they may have, as it was when made, and the decisions about what is left out of it.

What says who may see a record (seals, conflicts, an adopted child's other identity), what was kept from whom in what was sent, and how requests were
handled is not given. Every field that
names another person is an item to decide on; free text is marked, since only a reader can tell whom it speaks of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.text import capfirst

from sightline.core.organisations.models import Organisation, Team, Worker
from sightline.core.people.models import Person
from sightline.core.records import fields as f
from sightline.core.records.models import Record
from sightline.core.rights.models import Disclosure, Pack, Redaction
from sightline.engine.actions.belonging import happened
from sightline.engine.rights.holdings import holdings, table_of
from sightline.standards.codes import codeset

NOT_GIVEN = frozenset({"restrictions", "rights", "audit", "screens", "access", "sending"})
_PROVENANCE = frozenset({"id", "agency", "source_system", "source_id", "recorded_at", "person"})

Content = dict[str, Any]
Item = tuple[str, int, str]


def content(person: Person, subject: Record, made: date) -> Content:
    """Everything on the person that they may have; for a disclosure within the days of its scope."""
    first, last = None, None
    if isinstance(subject, Disclosure):
        first, last = subject.from_date, subject.to_date
    sections = []
    for model, ids in sorted(holdings(person.pk).items(), key=lambda each: each[0]._meta.label):
        if model._meta.app_label in NOT_GIVEN or not ids:
            continue
        rows = model._default_manager.filter(pk__in=ids).order_by("pk")
        records = [_record(row, person.pk) for row in rows if _within(row, first, last)]
        if records:
            title = capfirst(str(model._meta.verbose_name_plural))
            sections.append({"table": model._meta.db_table, "title": title, "records": records})
    return {"person": person.pk, "made": made.isoformat(), "sections": sections}


def frozen(content: Content) -> tuple[str, str]:
    """The content as the text that is kept, and its hash."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _within(row: Any, first: date | None, last: date | None) -> bool:
    day = happened(row)
    return day is None or ((first is None or day >= first) and (last is None or day <= last))


def _record(row: Any, person: int) -> dict[str, Any]:
    fields = [_field(row, field, person) for field in row._meta.concrete_fields if field.name not in _PROVENANCE]
    about_another = getattr(row, "person_id", person) not in (person, None)
    if about_another:
        fields.insert(0, _third_party("person", "Person", row.person_id))
    return {"id": row.pk, "fields": [one for one in fields if one["value"] not in (None, "")]}


def _field(row: Any, field: models.Field[Any, Any], person: int) -> dict[str, Any]:
    title, value = capfirst(str(field.verbose_name)), getattr(row, field.attname)
    if isinstance(field, models.ForeignKey):
        if field.related_model is Person and value not in (None, person):
            return _third_party(field.name, title, value)
        return {"name": field.name, "title": title, "value": _linked(row, field)}
    free = isinstance(field, f.Text) and field.sensitivity is f.Sensitivity.IDENTIFYING
    return {"name": field.name, "title": title, "value": _said(field, value), **({"free_text": True} if free else {})}


def _third_party(name: str, title: str, value: int) -> dict[str, Any]:
    return {"name": name, "title": title, "value": f"Person {value}", "third_party": True}


def _linked(row: Any, field: models.ForeignKey[Any, Any]) -> str:
    target = getattr(row, field.name)
    if target is None:
        return ""
    if isinstance(target, Worker | Team | Organisation):
        return str(target.name)
    return f"{capfirst(str(target._meta.verbose_name))} {target.pk}"


def _said(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(field, f.Code) and field.codes:
        return codeset(field.codes).display(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)


# --- Decisions about items ---


def items(pack: Pack, kind: str = "third_party") -> Iterator[tuple[Item, str, str]]:
    """Each item of a kind (`third_party`, `free_text`): table, record and field; the field's title; and what it says."""
    for section in json.loads(pack.content)["sections"]:
        for record in section["records"]:
            for field in record["fields"]:
                if field.get(kind):
                    yield (section["table"], record["id"], field["name"]), field["title"], str(field["value"])


def undecided(pack: Pack) -> list[Item]:
    """Items that concern other people and about which nobody has decided."""
    decided = _decided(pack)
    return [item for item, _, _ in items(pack) if item not in decided and (*item[:2], "") not in decided]


def _decided(pack: Pack) -> dict[Item, Redaction]:
    found = Redaction.objects.filter(pack=pack)
    return {(one.record_table, one.record_id, one.record_field): one for one in found}


def has_item(pack: Pack, table: str, record: int, field: str) -> bool:
    """Whether the pack has that record, and that field of it where one is named."""
    for section in json.loads(pack.content)["sections"]:
        if section["table"] == table:
            for one in section["records"]:
                if one["id"] == record:
                    return not field or any(each["name"] == field for each in one["fields"])
    return False


def is_sent(pack: Pack) -> bool:
    """Whether the pack has gone out; then it stays as it is."""
    about = pack.access_request or pack.disclosure
    return bool(about and about.sent_date)


def redacted(pack: Pack) -> Content:
    """The pack as it goes out: what is left out is named with its reason, and nothing of it is in there."""
    decided = {item: one for item, one in _decided(pack).items() if one.withheld}
    given: Content = json.loads(pack.content)
    for section in given["sections"]:
        for record in section["records"]:
            whole = decided.get((section["table"], record["id"], ""))
            if whole:
                record["fields"], record["withheld"] = [], _reason(whole)
            for field in record["fields"]:
                field.pop("third_party", None)
                field.pop("free_text", None)
                one = decided.get((section["table"], record["id"], field["name"]))
                if one:
                    field["value"], field["withheld"] = None, _reason(one)
    return given


def _reason(one: Redaction) -> str:
    return codeset("redaction_reason").label(one.reason or "")


def is_of(table: str, record: int, person: int) -> bool:
    """Whether a record is one of those held on the person."""
    model = table_of(table)
    return model is not None and record in holdings(person).get(model, set())
