"""Packs: what was prepared and sent, what each pack holds, and preparing one for named recipients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import barred, visible_rows
from sightline.core.audit.record import What
from sightline.core.notes.models import Document
from sightline.core.records.models import Record
from sightline.core.sending.models import Copy, Pack
from sightline.engine.actions.belonging import said
from sightline.engine.actions.engine import people_of
from sightline.engine.actions.refusals import Fault
from sightline.engine.screens import words
from sightline.engine.sending import copies
from sightline.engine.sending.content import children_of, choosable
from sightline.engine.sending.declarations import PackKind, Proposed, family, pack_kinds
from sightline.standards.codes import codeset
from sightline.standards.local_rules import local_rule
from sightline.web.doors import needs, user_of
from sightline.web.packs import NAMES, attempted, audit_copies, children_seen, crumb, line, pack_or_copy
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read
from sightline.web.views.people import seen_record

LATEST = 50
#: Rows for recipients who are not proposed.
MORE = 3
#: What is asked of each of them.
_ASKED = ("role", "name", "account")


@needs(Permission.SEND)
@require_GET
def packs(request: HttpRequest) -> HttpResponse:
    """Packs in sight: what was sent and not read in time, what waits for a check, and the latest."""
    user, day = user_of(request), standing().day
    found = visible_rows(user, Copy).filter(pack__in=visible_rows(user, Pack)).select_related(*NAMES)
    late = list(copies.unread(found, day))
    latest = list(found.order_by("-id")[:LATEST])
    shown = [*late, *latest]
    audit_copies(request, What.LIST, "sending_copy", shown)
    return page(
        request,
        "sending/packs.html",
        title="Packs and copies of plans",
        section="sending",
        late=[line(copy) for copy in late],
        latest=[line(copy) for copy in latest],
        days=local_rule("PACK-UNREAD", day),
    )


@needs(Permission.SEND)
@require_GET
def pack(request: HttpRequest, id: int) -> HttpResponse:
    """One pack: what it holds, and the copy of each recipient."""
    user, found = user_of(request), pack_or_copy(request, Pack, id)
    held = visible_rows(user, Copy).filter(pack=found).select_related(*NAMES).order_by("id")
    audited_read(request, What.READ, "sending_pack", people=children_of(found), records=[id])
    kind = pack_kinds().get(found.kind)
    return page(
        request,
        "sending/pack.html",
        title=f"{kind.title if kind else 'Pack'} {id}",
        section="sending",
        crumbs=(crumb(),),
        pack=found,
        children=children_seen(user, children_of(found)),
        about=reverse("record", args=[found.record_table, found.record_id]),
        copies=[line(copy) for copy in held],
        content=copies.content_of(found, standing().day),
    )


# --- Preparing one ---


@needs(Permission.SEND)
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, kind: str, record: int) -> HttpResponse:
    """Choose what goes into a pack and who gets a copy."""
    user, chosen = user_of(request), pack_kinds().get(kind)
    if chosen is None:
        raise Http404("There is no such kind of pack.")
    about = seen_record(user, apps.get_model(chosen.model)._meta.db_table, record)
    proposed = _proposed(user, chosen, about)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        recipients, faults = _recipients(request.POST, proposed)
        if not faults:
            values = {
                "kind": chosen.id,
                "record_table": about._meta.db_table,
                "record_id": about.pk,
                "parts": ",".join(request.POST.getlist("parts")),
                "documents": ",".join(request.POST.getlist("documents")),
                "recipients": [row for _place, row in recipients],
            }
            done, faults = attempted("sending.prepare", user, values)
            if done is not None:
                messages.success(request, "The pack is prepared. Look at each copy, then give it to be checked.")
                return HttpResponseRedirect(reverse("sending-pack", args=[done.pk]))
            faults = _placed(faults, [place for place, _row in recipients])
    return _prepare_page(request, chosen, about, proposed, faults)


def _prepare_page(
    request: HttpRequest, kind: PackKind, about: Record, proposed: Sequence[Proposed], faults: Sequence[Fault]
) -> HttpResponse:
    people, user = people_of(about), user_of(request)
    audited_read(request, What.READ, f"pack {kind.id}", people=people, records=[about.pk])
    given, sent = request.POST, request.method == "POST"
    usual = [part.id for part in kind.parts if part.usual]
    return page(
        request,
        "sending/prepare.html",
        title=f"Prepare: {kind.title.lower()}",
        section="sending",
        crumbs=(crumb(),),
        status=422 if faults else 200,
        kind=kind,
        about=about,
        line=words.choice(about),
        children=children_seen(user, people),
        ticked=given.getlist("parts") if sent else usual,
        documents=[(one.pk, *_of_document(one)) for one in choosable(user, about, people, standing().day)],
        taken=given.getlist("documents"),
        proposed=[(f"proposed-{place}", _named(one)) for place, one in enumerate(proposed)],
        chosen=given.getlist("proposed") if sent else [],
        more=range(MORE),
        written=any(given.get(f"{what}-{place}") for what in _ASKED for place in range(MORE)),
        given=given,
        roles=codeset("conference_role").codes,
        faults=faults,
    )


def _of_document(one: Document) -> tuple[str, str]:
    """A document's title, and what and of when it is."""
    kind = codeset("document_kind").display(one.kind)
    return one.name, f"{kind}, {said(one.document_date)}" if one.document_date else kind


def _proposed(user: User, kind: PackKind, about: Any) -> list[Proposed]:
    """Those whom the record names, each once, without anybody from whom the user is barred."""
    named = [*kind.recipients(about), *family(people_of(about))]
    closed = barred(user, [one.relative.pk for one in named if one.relative is not None])
    found: dict[tuple[Any, ...], Proposed] = {}
    for one in named:
        if one.relative is not None and one.relative.pk in closed:
            continue
        key = (one.worker and one.worker.pk, one.relative and one.relative.pk, one.name.casefold())
        found.setdefault(key, one)
    return list(found.values())


def _named(one: Proposed) -> str:
    return copies.recipient(
        Copy(role=one.role, worker=one.worker, relative=one.relative, organisation=one.organisation, name=one.name)
    )


#: A recipient as the action asks for one, with the place of the form that names them.
Row = tuple[str, dict[str, Any]]


def _recipients(given: Any, proposed: Sequence[Proposed]) -> tuple[list[Row], tuple[Fault, ...]]:
    """The recipients who were ticked or written in, and what is wrong."""
    faults: list[Fault] = []
    rows = [*_ticked(given, proposed), *_written(given, faults)]
    if not rows and not faults:
        faults.append(Fault("recipients", "Choose at least one recipient."))
    return rows, tuple(faults)


def _ticked(given: Any, proposed: Sequence[Proposed]) -> Iterator[Row]:
    ticked = given.getlist("proposed")
    for place, one in enumerate(proposed):
        if str(place) in ticked:
            links = {"worker": one.worker, "relative": one.relative, "organisation": one.organisation}
            linked = {name: each.pk for name, each in links.items() if each is not None}
            yield f"proposed-{place}", {"role": one.role, "name": one.name, **linked}


def _written(given: Any, faults: list[Fault]) -> Iterator[Row]:
    """Those written in. Adds to `faults` what is wrong with them."""
    for place in range(MORE):
        role, name, account = (given.get(f"{what}-{place}", "").strip() for what in _ASKED)
        if not (role or name or account):
            continue
        user = User.objects.filter(username=account, is_active=True, worker__isnull=False).first() if account else None
        if account and user is None:
            faults.append(Fault(f"account-{place}", "No worker signs in under this user name."))
        if not role:
            faults.append(Fault(f"role-{place}", "Choose the role of this recipient."))
        if not (name or account):
            faults.append(Fault(f"name-{place}", "Write the name of this recipient, or their user name."))
        yield f"name-{place}", {"role": role, "name": name, "worker": user.worker_id if user else None}


def _placed(faults: Sequence[Fault], places: Sequence[str]) -> tuple[Fault, ...]:
    """Faults of a recipient, by the place of the form that names them."""
    found = []
    for fault in faults:
        group, _, rest = fault.input.partition(".")
        number = whole_number(rest.partition(".")[0]) if group == "recipients" else None
        found.append(Fault(places[number], fault.what) if number is not None and number < len(places) else fault)
    return tuple(found)


ADDRESSES = (
    path("sending", packs, name="sending"),
    path("sending/prepare/<str:kind>/<int:record>", prepare, name="sending-prepare"),
    path("sending/packs/<int:id>", pack, name="sending-pack"),
)
