"""A child's page, a record's page and a child's chronology. Each reading is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import model_of, visible, visible_rows
from sightline.core.audit.record import What
from sightline.core.errors import InputProblem
from sightline.core.notes.models import Document
from sightline.core.people.merged import leads_to
from sightline.core.people.models import Person, WarningMarker
from sightline.core.records.models import Change, Record
from sightline.core.restrictions.family import told_of_family
from sightline.core.rights.disputes import disputes
from sightline.engine.actions.engine import people_of
from sightline.engine.deadlines.models import Deadline
from sightline.engine.screens import offers, words
from sightline.engine.screens.chronology import chronology, held_streams, streams
from sightline.engine.screens.lifeline import lifeline
from sightline.web import panels
from sightline.web.documents import file_of
from sightline.web.doors import needs, user_of
from sightline.web.marked import pdf_answer
from sightline.web.own_pages import own_page
from sightline.web.pages import page
from sightline.web.reading import audited_read
from sightline.web.sending import links_for

#: So many lines of the chronology stand on the child's page; the chronology has them all.
LATEST = 12


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def person(request: HttpRequest, id: int) -> HttpResponse:
    """A child: who this is, what is open, what is due, what happened last, who is involved, and what may be recorded."""
    user = user_of(request)
    if (kept := leads_to(id)) != id and visible_rows(user, Person).filter(pk=kept).exists():
        # Merged into another record: the old address leads to the person.
        return HttpResponseRedirect(reverse("person", args=[kept]))
    child = seen_person(user, id)
    events = chronology(user, child)
    name = words.called(child)
    audited_read(request, What.READ, "people_person", people=[id])
    return page(
        request,
        "casework/person.html",
        title=name,
        section="people",
        child=child,
        age=words.age(child, standing().day),
        particulars=[cell for cell in seen_cells(user, child, ())[0] if cell.name != "death_date"],
        # Warnings stand above everything already.
        open=[event for event in events if event.is_open and event.table != WarningMarker._meta.db_table],
        latest=events[:LATEST],
        total=len(events),
        due=due_of(user, child),
        offers=offers.for_a_child(user),
        panels=panels.of(request, user, child),
        lifeline=lifeline(events, standing().day),
    )


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def record(request: HttpRequest, table: str, id: int) -> HttpResponse:
    """One record: what it says, its state, its clocks, what belongs to it, what may be done to it, and how it came to be so."""
    user = user_of(request)
    found = seen_record(user, table, id)
    if own := own_page(user, found):
        return HttpResponseRedirect(own)
    people = sorted(people_of(found))
    children = list(visible_rows(user, Person).filter(pk__in=people).order_by("pk")) if people else []
    child = children[0] if children else None
    cells, family = seen_cells(user, found, children)
    audited_read(request, What.READ, table, people={*people, *family}, records=[id])
    crumbs = ((words.called(child), reverse("person", args=[child.pk])),) if child else ()
    due = _due(visible_rows(user, Deadline).filter(record_table=table, record_id=id))
    return page(
        request,
        "casework/record.html",
        title=words.title_of(type(found)),
        crumbs=crumbs,
        section="people",
        record=found,
        child=child,
        child_name=_all_called(children),
        line=words.line(found),
        state=words.state(found),
        cells=cells,
        due=due,
        running=[each for each in due if each["outcome"] == "open"],
        stopped=[each for each in reversed(due) if each["outcome"] != "open"],
        parts=_parts(user, found),
        actions=offers.for_a_record(found, user),
        offers=offers.next_to(found, user) if child and child.pk != id else [],
        history=_history(found),
        file=reverse("document-file", args=[id]) if isinstance(found, Document) else "",
        disputes=disputes(table, id),
        sending=links_for(user, found),
    )


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def chronology_page(request: HttpRequest, id: int) -> HttpResponse:
    """Everything that happened, filtered by stream, to read or to print."""
    user = user_of(request)
    child = seen_person(user, id)
    known = dict(streams())
    chosen = [name for name in request.GET.getlist("stream") if name in known]
    offered = {name for name, _title in held_streams(user, child)} | set(chosen)
    events = chronology(user, child, chosen)
    audited_read(request, What.READ, "chronology", people=[id])
    return page(
        request,
        "casework/chronology.html",
        title="Chronology",
        crumbs=((words.called(child), reverse("person", args=[id])),),
        section="people",
        child=child,
        name=words.called(child),
        events=events,
        streams=[(name, title, name in chosen) for name, title in known.items() if name in offered],
        printed=timezone.now(),
        query=urlencode([("stream", name) for name in chosen]),
    )


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def chronology_pdf(request: HttpRequest, id: int) -> HttpResponse:
    """The same as PDF, marked with who took it away and when."""
    user = user_of(request)
    child = seen_person(user, id)
    chosen = [name for name in request.GET.getlist("stream") if name in dict(streams())]
    audited_read(request, What.DOWNLOAD, "chronology", people=[id])
    body = render_to_string(
        "casework/chronology_print.html",
        {"name": words.called(child), "child": child, "events": chronology(user, child, chosen)},
    )
    return pdf_answer(body, "chronology.pdf", user)


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def document_file(request: HttpRequest, id: int) -> FileResponse:
    """A document's file, to take away."""
    found = visible_rows(user_of(request), Document).filter(pk=id).first()
    if found is None:
        raise Http404("There is no such document, or you may not see it.")
    answer = file_of(found)
    audited_read(request, What.DOWNLOAD, "notes_document", people=people_of(found), records=[id])
    return answer


def seen_person(user: User, id: int) -> Person:
    """The person, if the user may see them; else there is no such page."""
    found = visible_rows(user, Person).filter(pk=id).first()
    if not isinstance(found, Person):
        raise Http404("There is no such person, or you may not see them.")
    return found


def seen_record(user: User, table: str, id: int) -> Any:
    """The record, if the user may see it; else there is no such page."""
    try:
        model = model_of(table)
    except InputProblem as unknown:
        raise Http404("There is no such kind of record.") from unknown
    found = visible_rows(user, model).filter(pk=id).first() if issubclass(model, Record) else None
    if found is None:
        raise Http404("There is no such record, or you may not see it.")
    return found


def seen_cells(user: User, found: Any, children: Sequence[Person]) -> tuple[list[words.Cell], set[int]]:
    """The fields of a record. Other people whom it names are named to those who may see them, and numbered to the rest.

    The family of its children is named as their pages name it, and no record of theirs opens: also gives whom that names.
    """
    cells = words.cells(found)
    table = Person._meta.db_table
    named = {cell.id for cell in cells if cell.table == table}
    unseen = named - visible(user, Person, named)
    day = standing().day
    family = unseen & set().union(*(told_of_family(user, child, day)[0] for child in children)) if unseen else set()
    return [
        _unopened(cell, cell.id in family) if cell.table == table and cell.id in unseen else cell for cell in cells
    ], family


def _unopened(cell: words.Cell, is_named: bool) -> words.Cell:
    """Somebody whose record does not open: by name, or by number."""
    return replace(cell, text=cell.text if is_named else f"Person {cell.id}", table="")


def due_of(user: User, child: Person) -> list[dict[str, Any]]:
    """The child's open clocks, the first due first."""
    return _due(visible_rows(user, Deadline, about=[child.pk]).filter(person=child, outcome="open"))


def _due(found: Any) -> list[dict[str, Any]]:
    day = standing().day
    return [
        {
            "what": words.of_clock(each.clock, each.started),
            "due": each.due,
            "outcome": each.outcome,
            "stopped": each.stopped,
            "overdue": each.outcome == "open" and each.due < day,
            "reason": each.late_reason,
            "href": reverse("record", args=[each.record_table, each.record_id]),
        }
        for each in found.order_by("due", "id")
    ]


def _all_called(children: Sequence[Person]) -> str:
    """The names of the children whom a record concerns, as far as they are seen."""
    if len(children) == 1:
        return words.called(children[0])
    called = words.names(each.pk for each in children)
    return ", ".join(called.get(each.pk) or f"Person {each.pk}" for each in children)


def _parts(user: User, found: Any) -> list[dict[str, Any]]:
    """Records that belong to this one, by kind."""
    parts = []
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        for link in model._meta.fields:
            if link.is_relation and link.related_model is type(found) and not isinstance(found, Person):
                own = visible_rows(user, model).filter(**{link.name: found}).order_by("-pk")
                agency = [
                    field.name for field in model._meta.fields if field.name == "organisation" and field.is_relation
                ]
                rows = list(own.select_related(*agency)[:50] if agency else own[:50])
                if rows:
                    parts.append({"title": str(model._meta.verbose_name_plural), "rows": _told_apart(rows)})
    return parts


def _told_apart(rows: Sequence[Any]) -> list[tuple[Any, str]]:
    """Each of these records of one kind, with what tells it from the others: whose it is where they are of several people, and which agency."""
    people = {each.person_id for each in rows if getattr(each, "person_id", None)}
    called = {id: f"Person {id}" for id in people} | words.names(people) if len(people) > 1 else {}
    told = []
    for each in rows:
        whose, agency = called.get(getattr(each, "person_id", 0), ""), getattr(each, "organisation", None)
        # Some records only name an organisation, which is none that the partnership knows.
        line = f"{words.choice(each)}, {getattr(agency, 'name', agency)}" if agency else words.choice(each)
        told.append((each, f"{whose}: {line}" if whose else line))
    return told


def _history(found: Any) -> list[dict[str, Any]]:
    """Who changed what, when and why, the latest first."""
    fields = {field.attname: field for field in words.described(type(found))}
    changes = Change.objects.filter(table_name=found._meta.db_table, record_id=found.pk).order_by("-id")[:50]
    return [
        {
            "at": change.at,
            "by": change.by,
            "because": change.because,
            "made": change.operation == "insert",
            "fields": [
                {
                    "title": str(field.verbose_name),
                    "old": words.as_kept(field, (change.old or {}).get(name)),
                    "new": words.as_kept(field, (change.new or {}).get(name)),
                }
                for name, field in fields.items()
                if change.old and change.new and change.old.get(name) != change.new.get(name)
            ],
        }
        for change in changes
    ]


ADDRESSES = (
    path("people/<int:id>", person, name="person"),
    path("people/<int:id>/chronology", chronology_page, name="chronology"),
    path("people/<int:id>/chronology.pdf", chronology_pdf, name="chronology-pdf"),
    path("documents/<int:id>/file", document_file, name="document-file"),
    path("records/<str:table>/<int:id>", record, name="record"),
)
