"""Information rights: what is asked and due, packs with what is left out of them, disposals, and breaches."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What
from sightline.core.people.models import Person
from sightline.core.rights.models import (
    AccessRequest,
    Breach,
    Disclosure,
    Disposal,
    DisposalCount,
    LegalHold,
    Pack,
    Rectification,
    Redaction,
)
from sightline.engine.actions.engine import perform, version
from sightline.engine.actions.refusals import Refused
from sightline.engine.report import pdf
from sightline.engine.rights import disposal, packs, retention
from sightline.engine.screens.words import title_of_table
from sightline.standards.codes import codeset
from sightline.standards.retention import periods
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read

GIVE = "give"
_CRUMBS = (("Information rights", "rights"),)


@needs(Permission.INFORMATION_RIGHTS)
@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """What is asked and not answered yet, by when it is due; and what was answered."""
    requests = list(AccessRequest.objects.order_by("sent_date", "received_date"))
    rectifications = list(Rectification.objects.order_by("decided_date", "received_date"))
    disclosures = list(Disclosure.objects.order_by("sent_date", "order_date"))
    people = {one.person_id for found in (requests, rectifications, disclosures) for one in found}
    audited_read(request, What.LIST, "information rights", people=people)
    return page(
        request,
        "rights/index.html",
        title="Information rights",
        section="rights",
        requests=requests,
        rectifications=rectifications,
        disclosures=disclosures,
        breaches=Breach.objects.order_by("closed_date", "noticed_at"),
        holds=LegalHold.objects.filter(end_date=None).order_by("start_date"),
        packs=dict(Pack.objects.exclude(access_request=None).values_list("access_request").annotate(Max("id"))),
        disclosure_packs=dict(Pack.objects.exclude(disclosure=None).values_list("disclosure").annotate(Max("id"))),
        label=_label,
        today=timezone.localdate(),
        now=timezone.now(),
    )


def _label(name: str, code: str | None) -> str:
    return codeset(name).label(code) if code else ""


@needs(Permission.INFORMATION_RIGHTS)
@require_GET
def pack(request: HttpRequest) -> HttpResponse:
    """A pack: what in it concerns other people, what has been decided about it, and its text to read. Without one chosen: all packs."""
    found = _pack(request.GET.get("pack", ""))
    crumbs = tuple((text, reverse(name)) for text, name in _CRUMBS)
    if found is None:
        every = Pack.objects.order_by("-id").select_related("access_request", "disclosure")
        audited_read(request, What.LIST, "packs", people=every.values_list("person", flat=True))
        return page(request, "rights/packs.html", title="Packs", section="rights", crumbs=crumbs, packs=every)
    return _pack_page(request, found)


def _pack_page(request: HttpRequest, found: Pack, problem: Refused | None = None) -> HttpResponse:
    audited_read(request, What.READ, "pack", people=[found.person_id], records=[found.pk])
    decided = {(one.record_table, one.record_id, one.record_field): one for one in Redaction.objects.filter(pack=found)}
    third = [(item, title, value, decided.pop(item, None)) for item, title, value in packs.items(found)]
    user = user_of(request).get_username()
    return page(
        request,
        "rights/pack.html",
        title=f"Pack {found.pk}",
        section="rights",
        status=422 if problem else 200,
        crumbs=tuple((text, reverse(name)) for text, name in _CRUMBS),
        pack=found,
        third=third,
        others=list(decided.values()),
        free_text=list(packs.items(found, "free_text")),
        undecided=len(packs.undecided(found)),
        to_check=Redaction.objects.filter(pack=found, checked_by="").exclude(decided_by=user).count(),
        unchecked=Redaction.objects.filter(pack=found, checked_by="").count(),
        reasons=list(codeset("redaction_reason")),
        sent=packs.is_sent(found),
        give=GIVE,
        content=packs.redacted(found),
        problem=problem,
        given=request.POST,
        label=_label,
    )


def _pack(text: str) -> Pack | None:
    if not text:
        return None
    found = Pack.objects.filter(pk=whole_number(text) or 0).first()
    if found is None:
        raise Http404("There is no pack of that number.")
    return found


@needs(Permission.INFORMATION_RIGHTS)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about the items of a pack that were answered on its page: leave out with a reason, or give."""
    found = _pack(request.POST.get("pack", ""))
    if found is None:
        return HttpResponseRedirect(reverse("pack"))
    try:
        for (table, id, field), _, _ in list(packs.items(found)):
            _decide(request, found, table, id, field)
    except Refused as problem:
        return _pack_page(request, found, problem)
    return HttpResponseRedirect(f"{reverse('pack')}?pack={found.pk}")


def _decide(request: HttpRequest, found: Pack, table: str, id: int, field: str) -> None:
    key = f"{table}.{id}.{field}"
    chosen = request.POST.get(key, "")
    if not chosen:
        return
    values: dict[str, Any] = {"withheld": chosen != GIVE, "reason": None if chosen == GIVE else chosen}
    values["note"] = request.POST.get(f"note.{key}", "").strip()
    item = {"record_table": table, "record_id": id, "record_field": field}
    before = Redaction.objects.filter(pack=found, **item).first()
    by, why = user_of(request), "a pack to be given"
    if before is None:
        perform("rights.decide_item", by=by, because=why, values={"pack": found.pk, **item, **values})
    elif (before.withheld, before.reason, before.note) != (values["withheld"], values["reason"], values["note"]):
        perform("rights.change_item", by=by, because=why, values=values, record=before, seen=version(before))


@needs(Permission.INFORMATION_RIGHTS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The second person's check: every decision that somebody else made about the pack."""
    found = _pack(request.POST.get("pack", ""))
    if found is None:
        return HttpResponseRedirect(reverse("pack"))
    by = user_of(request)
    try:
        for one in Redaction.objects.filter(pack=found, checked_by="").exclude(decided_by=by.get_username()):
            perform("rights.check_item", by=by, because="second check", values={}, record=one, seen=version(one))
    except Refused as problem:
        return _pack_page(request, found, problem)
    return HttpResponseRedirect(f"{reverse('pack')}?pack={found.pk}")


@needs(Permission.INFORMATION_RIGHTS)
@require_POST
def pack_file(request: HttpRequest) -> HttpResponse:
    """The pack as it goes out, as HTML, PDF or JSON, marked with who made the copy and when."""
    found, kind = _pack(request.POST.get("pack", "")), request.POST.get("kind", "html")
    if found is None:
        return HttpResponseRedirect(reverse("pack"))
    if kind not in ("html", "pdf", "json"):
        raise Http404("A pack comes as html, pdf or json.")
    audited_read(request, What.DOWNLOAD, f"pack as {kind}", people=[found.person_id], records=[found.pk])
    content = {
        **packs.redacted(found),
        "copy": f"{user_of(request).get_username()}, {timezone.localtime():%d %B %Y %H:%M}",
    }
    body, content_type = _as(kind, content, found)
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="pack-{found.pk}.{kind}"'
    return answer


def _as(kind: str, content: dict[str, Any], found: Pack) -> tuple[str | bytes, str]:
    if kind == "json":
        return json.dumps(content, ensure_ascii=False, indent=1), "application/json"
    text = render_to_string("rights/pack_document.html", {"content": content, "pack": found})
    if kind == "html":
        return text, "text/html; charset=utf-8"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "pack.pdf"
        pdf.write(text, target)
        return target.read_bytes(), "application/pdf"


@needs(Permission.INFORMATION_RIGHTS)
@require_GET
def disposals(request: HttpRequest) -> HttpResponse:
    """Disposals, and for a person what one would delete and what holds it."""
    person = _person(request.GET.get("person", ""))
    today = timezone.localdate()
    if person is not None:
        audited_read(request, What.READ, "disposal, dry run", people=[person.pk])
    found = list(Disposal.objects.order_by("-id"))
    counts: dict[int, list[DisposalCount]] = {}
    for one in DisposalCount.objects.order_by("record_table"):
        counts.setdefault(one.disposal_id, []).append(one)
    return page(
        request,
        "rights/disposals.html",
        title="Disposal of records",
        section="rights",
        crumbs=tuple((text, reverse(name)) for text, name in _CRUMBS),
        person=person,
        until=retention.kept_until(person, today) if person else None,
        holds=retention.holds(person, today) if person else [],
        rows=disposal.dry_run(person.pk) if person else {},
        title_of_table=title_of_table,
        today=today,
        disposals=found,
        counts=counts,
        periods=periods(),
        label=_label,
    )


def _person(text: str) -> Person | None:
    if not text.strip():
        return None
    text = text.strip()
    found = Person.objects.filter(pk=whole_number(text) or 0).first()
    if found is None:
        raise Http404("There is no person of that number.")
    return found


ADDRESSES = (
    path("rights", rights, name="rights"),
    path("rights/packs", pack, name="pack"),
    path("rights/packs/decide", decide, name="pack-decide"),
    path("rights/packs/check", check, name="pack-check"),
    path("rights/packs/file", pack_file, name="pack-file"),
    path("rights/disposals", disposals, name="disposals"),
)
