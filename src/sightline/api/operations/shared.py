"""Reading what was shared with the agency, and the list of what it was told of. Everything comes by the one rule of who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from ninja import Path, Query

from sightline.api.build import operation
from sightline.api.door import call_of, caller_of
from sightline.api.messages import (
    Decision,
    Decisions,
    Name,
    Share,
    SharedField,
    SharedPerson,
    SharedRecord,
    SharedRecords,
    Shares,
)
from sightline.api.problems import Refusal
from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What, note
from sightline.core.organisations.models import Organisation, Team, Worker
from sightline.core.partners.models import Client, Event
from sightline.core.partners.outbox import may_tell
from sightline.core.people.models import Person, PersonName
from sightline.core.places.models import Place
from sightline.core.records import fields as f
from sightline.core.records.history import record_models
from sightline.core.restrictions.access import stream_of
from sightline.core.restrictions.models import SharedStream, SharingDecision
from sightline.core.restrictions.standing import shared_with
from sightline.standards.codes import codeset

_Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
_Cursor = Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$", description="Where the last page ended.")]
_RecordCursor = Annotated[
    str | None, Query(pattern=r"^[a-z_0-9]{1,63}:[0-9]{1,18}$", description="Where the last page ended.")
]
_Share = Annotated[int, Path(ge=1, le=2**53)]
_PAGED = ("cursor", "limit")
#: What says something of the keeping of records, and nothing of the person.
_OURS = frozenset({"people.Judgement", "people.Merge"})
_KEPT = frozenset({"id", "agency", "person", "source_system", "source_id", "recorded_at"})


@operation("GET", "/shared", scope="shared:read", answers={200: Shares}, asked=_PAGED)
def list_shared(request: HttpRequest, cursor: _Cursor = None, limit: _Limit = 50) -> Shares:
    """List whose records are shared with the agency by decisions in force: who they are, which parts, until when."""
    client = caller_of(request).client
    rows = _decisions(client).filter(pk__gt=int(cursor or 0)).order_by("pk")
    found = list(rows[: limit + 1])
    page = found[:limit]
    people = _people(client.user, {one.person_id for one in page})
    _audit(request, What.LIST, "restrictions_sharingdecision", people, [one.pk for one in page])
    items = [_share(one, people[one.person_id]) for one in page if one.person_id in people]
    return Shares(items=items, next_cursor=str(page[-1].pk) if len(found) > limit else None)


@operation(
    "GET", "/shared/{share}/records", scope="shared:read", answers={200: SharedRecords}, refusals=(404,), asked=_PAGED
)
def shared_records(
    request: HttpRequest, share: _Share, cursor: _RecordCursor = None, limit: _Limit = 50
) -> SharedRecords:
    """Read the records of one person that a decision shares with the agency, a page at a time."""
    client = caller_of(request).client
    decision = _decisions(client).filter(pk=share).first()
    if decision is None:
        raise Refusal(404, "Nothing is shared with the agency under this reference.")
    rows = _rows(client.user, decision, cursor or "", limit + 1)
    page = rows[:limit]
    records = [row.pk for row in page]
    _audit(request, What.READ, "shared records", {decision.person_id: None}, records, share=decision.pk)
    more = f"{page[-1]._meta.db_table}:{page[-1].pk}" if len(rows) > limit else None
    return SharedRecords(items=[_record(client.user, row) for row in page], next_cursor=more)


@operation("GET", "/decisions", scope="decisions:read", answers={200: Decisions}, asked=_PAGED)
def list_decisions(request: HttpRequest, cursor: _Cursor = None, limit: _Limit = 50) -> Decisions:
    """List what the agency was told of, the oldest first: the same as its webhooks were sent."""
    client = caller_of(request).client
    rows = list(Event.objects.filter(agency=client.agency, number__gt=int(cursor or 0)).order_by("number")[: limit + 1])
    page = rows[:limit]
    told = [event for event in page if may_tell(event, client)]
    call_of(request).shown["events"] = [str(event.id) for event in told]
    return Decisions(
        items=[Decision(id=one.id, kind=one.kind, reference=one.reference, at=one.at) for one in told],
        next_cursor=str(page[-1].number) if len(rows) > limit else None,
    )


def _decisions(client: Client) -> Any:
    """The decisions in force that share something with the agency, as far as it sees them."""
    in_force = shared_with(client.user, standing().day).values("pk")
    return visible_rows(client.user, SharingDecision).filter(partner=client.agency, pk__in=in_force)


def _audit(request: HttpRequest, what: What, about: str, people: Any, records: list[int], **details: Any) -> None:
    """Whose records were given out, in an entry of the kind that a person's reading leaves."""
    who = caller_of(request).client.user.get_username()
    note(who, what, about, people=people, records=records, purpose="shared by a decision", **details)


def _people(user: User, ids: set[int]) -> dict[int, SharedPerson]:
    names: dict[int, list[Name]] = {}
    for name in visible_rows(user, PersonName, about=ids).filter(person__in=ids).order_by("pk"):
        names.setdefault(name.person_id, []).append(Name(forename=name.forename, surname=name.surname, kind=name.kind))
    return {
        one.pk: SharedPerson(
            reference=one.pk,
            names=names.get(one.pk, []),
            birth_date=one.birth_date,
            expected_birth_date=one.expected_birth_date,
            sex=one.sex,
        )
        for one in visible_rows(user, Person, about=ids).filter(pk__in=ids)
    }


def _share(decision: SharingDecision, person: SharedPerson) -> Share:
    return Share(
        reference=decision.pk,
        person=person,
        parts=_parts(decision),
        lawful_basis=decision.lawful_basis,
        from_day=decision.start_date,
        until_day=decision.end_date,
    )


def _parts(decision: SharingDecision) -> list[str]:
    held = SharedStream.objects.filter(decision=decision)
    return sorted(held.values_list("stream", flat=True))


def _rows(user: User, decision: SharingDecision, cursor: str, most: int) -> list[Any]:
    """The next records after a place, type by type. The rule of who sees what judges each, whatever the decision says."""
    table, _, last = cursor.partition(":")
    found: list[Any] = []
    for model in _types(decision):
        if model._meta.db_table < table or len(found) >= most:
            continue
        rows = visible_rows(user, model, about=[decision.person_id]).filter(person=decision.person_id)
        if decision.record_id:
            rows = rows.filter(pk=decision.record_id)
        if model._meta.db_table == table:
            rows = rows.filter(pk__gt=int(last))
        found += rows.order_by("pk")[: most - len(found)]
    return found


def _types(decision: SharingDecision) -> list[Any]:
    """The record types that a decision opens, in a fixed order."""
    parts = set(_parts(decision))
    held = [
        model
        for model in record_models()
        if any(field.name == "person" for field in model._meta.concrete_fields) and model._meta.label not in _OURS
    ]
    named = decision.record_table
    chosen = [model for model in held if (model._meta.db_table == named if named else stream_of(model) in parts)]
    return sorted(chosen, key=lambda model: model._meta.db_table)


def _record(user: User, row: Any) -> SharedRecord:
    return SharedRecord(
        table=row._meta.db_table,
        title=capfirst(str(row._meta.verbose_name)),
        number=row.pk,
        recorded_at=row.recorded_at,
        fields=list(_fields(user, row)),
    )


def _fields(user: User, row: Any) -> Iterator[SharedField]:
    for field in row._meta.concrete_fields:
        if field.name in _KEPT:
            continue
        if isinstance(field, models.ForeignKey):
            words = _linked(user, field, row)
            value: Any = words or None
            if field.related_model not in (Organisation, Team, Worker, Place):
                continue
        else:
            value = getattr(row, field.attname)
            words = _words(field, value)
        yield SharedField(field=field.name, title=capfirst(str(field.verbose_name)), value=_plain(value), words=words)


def _linked(user: User, field: Any, row: Any) -> str:
    """What a link leads to, where that is an agency, a team, a professional or an address that is seen, too."""
    target: Any = getattr(row, field.name)
    if target is None or field.related_model not in (Organisation, Team, Worker, Place):
        return ""
    if not isinstance(target, Place):
        return str(target.name)
    seen = visible_rows(user, Place).filter(pk=target.pk).exists()
    return ", ".join(part for part in (target.line_1, target.postcode) if part) if seen else ""


def _words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return codeset(field.codes).display(value) if isinstance(field, f.Code) and field.codes else str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
