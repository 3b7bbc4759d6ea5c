"""One copy: what its recipient reads beside what is hidden, what is left out of it and why, and the checked copy to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What
from sightline.core.sending.models import Copy, CopyRedaction
from sightline.engine.actions.engine import people_of
from sightline.engine.actions.refusals import Fault
from sightline.engine.screens import drafts, offers, words
from sightline.engine.sending import copies
from sightline.engine.sending.content import children_of
from sightline.engine.sending.guard import another_household, whose
from sightline.standards.codes import codeset
from sightline.web import kept_on_copies
from sightline.web.doors import needs, user_of
from sightline.web.packs import attempted, children_seen, copy_as_pdf, crumb, pack_or_copy
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read


@needs(Permission.SEND)
@require_GET
def copy(request: HttpRequest, id: int) -> HttpResponse:
    """What the recipient will read beside what is hidden from them, and what can be done to the copy now."""
    return _copy_page(request, pack_or_copy(request, Copy, id))


def _copy_page(request: HttpRequest, found: Copy, faults: Sequence[Fault] = ()) -> HttpResponse:
    user, day = user_of(request), standing().day
    children = children_of(found.pack)
    audited_read(request, What.READ, "sending_copy", people=people_of(found), records=[found.pk])
    shown, state = copies.view(found, day), words.state(found)
    recipient = copies.recipient(found)
    return page(
        request,
        "sending/copy.html",
        title=f"Copy {found.pk} for {recipient}",
        section="sending",
        crumbs=(crumb(), (f"Pack {found.pack_id}", reverse("sending-pack", args=[found.pack_id]))),
        status=422 if faults else 200,
        copy=found,
        recipient=recipient,
        state=state,
        children=children_seen(user, children),
        shown=shown,
        elsewhere=another_household(found, children, day),
        withheld=[(item, whose(item, user)) for item in shown.withheld if item.known_to(user)],
        unnamed=any(not item.known_to(user) for item in shown.withheld),
        decisions=[(one, _what(one, shown), copies.reason_of(one) if one.withheld else "") for one in shown.redactions],
        preparing=state == "being prepared",
        printable=bool(found.checked_at) and found.withdrawn_at is None,
        actions=[one for one in offers.for_a_record(found, user) if one.id != "sending.open"],
        channel=codeset("sending_channel").display(found.channel) if found.channel else "",
        reasons=codeset("copy_redaction_reason").codes,
        faults=faults,
        given=kept_on_copies.typed(request, user, found),
        keys={form: kept_on_copies.key(form, found.pk) for form in kept_on_copies.FORMS},
    )


def _what(one: CopyRedaction, shown: copies.View) -> str:
    """What a decision is about."""
    if one.passage:
        return f"“{one.passage}”"
    for section in shown.sections:
        if section.part == one.part:
            for entry in section.entries:
                if (entry.table, entry.id) == (one.record_table, one.record_id):
                    title = next((each.title for each in entry.fields if each.name == one.record_field), "")
                    return f"{section.title}: {entry.title}{', ' + title if title else ''}"
            return section.title
    return "A part of the pack that is no longer shown"


@needs(Permission.SEND)
@require_POST
def redact(request: HttpRequest, id: int) -> HttpResponse:
    """Leave a part, a record, a field or some words out of a copy."""
    found = pack_or_copy(request, Copy, id)
    target = [*request.POST.get("target", "").split("|"), "", "", "", ""][:4]
    values = {
        "copy": id,
        "part": target[0],
        "record_table": target[1],
        "record_id": whole_number(target[2]),
        "record_field": target[3],
        "passage": request.POST.get("passage", "").strip(),
        "reason": request.POST.get("reason", ""),
        "note": request.POST.get("redact-note", "").strip(),
    }
    return _decided(request, found, "redact", values, {"note": "redact-note", "part": "target"})


@needs(Permission.SEND)
@require_POST
def give(request: HttpRequest, id: int) -> HttpResponse:
    """Give a recipient something that is protected, with a reason that the second person judges."""
    found = pack_or_copy(request, Copy, id)
    values = {
        "copy": id,
        "passage": request.POST.get("protected", ""),
        "note": request.POST.get("give-note", "").strip(),
    }
    return _decided(request, found, "give", values, {"note": "give-note", "passage": "protected"})


def _decided(
    request: HttpRequest, found: Copy, form: str, values: Mapping[str, Any], anchors: Mapping[str, str]
) -> HttpResponse:
    user = user_of(request)
    _done, faults = attempted(f"sending.{form}", user, values)
    if faults:
        kept_on_copies.keep(request, user, form, found.pk)
        return _copy_page(request, found, [Fault(anchors.get(each.input, each.input), each.what) for each in faults])
    drafts.discard(user, kept_on_copies.key(form, found.pk))
    return HttpResponseRedirect(reverse("sending-copy", args=[found.pk]) + "#decisions")


for _view in (redact, give):
    _view.keeps_what_was_typed = kept_on_copies.onward  # type: ignore[attr-defined]  # a mark for `ParkedForms`


@needs(Permission.SEND)
@require_POST
def keep(request: HttpRequest, id: int, form: str) -> HttpResponse:
    """Keeps what was typed so far. Answers the page's script, and the button of those without scripts."""
    found = pack_or_copy(request, Copy, id)
    if form not in kept_on_copies.FORMS:
        raise Http404("There is no such form.")
    draft = kept_on_copies.keep(request, user_of(request), form, found.pk)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"saved": f"{timezone.localtime():%H:%M}" if draft else ""})
    messages.success(request, "Draft saved." if draft else "The draft is too long to be saved.")
    return HttpResponseRedirect(reverse("sending-copy", args=[id]))


@needs(Permission.SEND)
@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Take back a decision about a copy."""
    found = pack_or_copy(request, Copy, id)
    user = user_of(request)
    one = (
        visible_rows(user, CopyRedaction).filter(copy=found, pk=whole_number(request.POST.get("decision", ""))).first()
    )
    if one is None:
        raise Http404("There is no such decision.")
    _done, faults = attempted("sending.undo", user, {}, one)
    if faults:
        return _copy_page(request, found, faults)
    return HttpResponseRedirect(reverse("sending-copy", args=[id]) + "#decisions")


@needs(Permission.SEND)
@require_POST
def file(request: HttpRequest, id: int) -> HttpResponse:
    """The checked copy as PDF, to print and to hand over."""
    found = pack_or_copy(request, Copy, id)
    if not found.checked_at or found.withdrawn_at:
        raise Http404("A copy can be taken away when it is checked, and not when it is withdrawn.")
    return copy_as_pdf(request, found)


ADDRESSES = (
    path("sending/copies/<int:id>", copy, name="sending-copy"),
    path("sending/copies/<int:id>/redact", redact, name="sending-redact"),
    path("sending/copies/<int:id>/give", give, name="sending-give"),
    path("sending/copies/<int:id>/keep/<str:form>", keep, name="sending-keep"),
    path("sending/copies/<int:id>/undo", undo, name="sending-undo"),
    path("sending/copies/<int:id>/file", file, name="sending-file"),
)
