"""Sending safely: packs prepared for named recipients, what each reads and what is hidden, the second check, and what was sent to oneself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import barred, visible_rows
from sightline.core.audit.record import What
from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.core.sending.access import received
from sightline.core.sending.models import Copy, CopyRedaction, Pack
from sightline.engine.actions.engine import people_of, perform, version
from sightline.engine.actions.refusals import Fault, Invalid, NotPermitted, Refused
from sightline.engine.screens import offers, words
from sightline.engine.sending import copies
from sightline.engine.sending.content import children_of
from sightline.engine.sending.declarations import PackKind, Proposed, family, pack_kinds
from sightline.engine.sending.guard import another_household, whose
from sightline.standards.codes import codeset
from sightline.standards.local_rules import local_rule
from sightline.web.doors import needs, user_of
from sightline.web.marked import pdf_answer
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read
from sightline.web.views.people import seen_record

LATEST = 50
#: Rows for recipients who are not proposed.
MORE = 3
#: What is asked of each of them.
_ASKED = ("role", "name", "account")
_LIST = ("Packs", "sending")
_WHY = "sending"


# --- Packs ---


@needs(Permission.SEND)
@require_GET
def packs(request: HttpRequest) -> HttpResponse:
    """Packs in sight: what was sent and not read in time, what waits for a check, and the latest."""
    user, day = user_of(request), standing().day
    found = visible_rows(user, Copy).filter(pack__in=visible_rows(user, Pack)).select_related(*_NAMES)
    late = list(copies.unread(found, day))
    latest = list(found.order_by("-id")[:LATEST])
    shown = [*late, *latest]
    _audit_copies(request, What.LIST, "sending_copy", shown)
    return page(
        request,
        "sending/packs.html",
        title="Packs and copies of plans",
        section="sending",
        late=[_line(copy) for copy in late],
        latest=[_line(copy) for copy in latest],
        days=local_rule("PACK-UNREAD", day),
    )


_NAMES = ("pack", "worker", "relative", "organisation")


def _line(copy: Copy) -> dict[str, Any]:
    """A copy as a line of a list."""
    kind = pack_kinds().get(copy.pack.kind)
    return {
        "row": copy,
        "kind": kind.title if kind else "Pack",
        "recipient": copies.recipient(copy),
        "state": words.state(copy),
    }


def _audit_copies(request: HttpRequest, what: What, about: str, shown: Iterable[Copy]) -> None:
    held = {copy.pk: copy for copy in shown}
    people = {id for pack in {copy.pack_id: copy.pack for copy in held.values()}.values() for id in children_of(pack)}
    audited_read(request, what, about, people=people, records=held)


@needs(Permission.SEND)
@require_GET
def pack(request: HttpRequest, id: int) -> HttpResponse:
    """One pack: what it holds, and the copy of each recipient."""
    user, found = user_of(request), _seen(request, Pack, id)
    held = visible_rows(user, Copy).filter(pack=found).select_related(*_NAMES).order_by("id")
    audited_read(request, What.READ, "sending_pack", people=children_of(found), records=[id])
    kind = pack_kinds().get(found.kind)
    return page(
        request,
        "sending/pack.html",
        title=f"{kind.title if kind else 'Pack'} {id}",
        section="sending",
        crumbs=(_crumb(),),
        pack=found,
        children=_children(user, children_of(found)),
        about=reverse("record", args=[found.record_table, found.record_id]),
        copies=[_line(copy) for copy in held],
        content=copies.content_of(found, standing().day),
    )


def _crumb() -> tuple[str, str]:
    text, name = _LIST
    return text, reverse(name)


def _children(user: User, ids: Iterable[int]) -> list[tuple[int, str]]:
    seen = visible_rows(user, Person).filter(pk__in=list(ids))
    return [(child.pk, words.called(child)) for child in seen.order_by("pk")]


def _seen(request: HttpRequest, model: Any, id: int) -> Any:
    """A pack, or a copy of one, if the user sees every child in it."""
    user = user_of(request)
    found = visible_rows(user, model).filter(pk=id).first()
    in_sight = visible_rows(user, Pack).filter(pk=getattr(found, "pack_id", id)).exists()
    if found is None or not in_sight:
        raise Http404("There is no such pack, or you may not see it.")
    return found


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
                "recipients": [row for _place, row in recipients],
            }
            done, faults = _try("sending.prepare", user, values)
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
        crumbs=(_crumb(),),
        status=422 if faults else 200,
        kind=kind,
        about=about,
        line=words.choice(about),
        children=_children(user, people),
        ticked=given.getlist("parts") if sent else usual,
        proposed=[(f"proposed-{place}", _named(one)) for place, one in enumerate(proposed)],
        chosen=given.getlist("proposed") if sent else [],
        more=range(MORE),
        written=any(given.get(f"{what}-{place}") for what in _ASKED for place in range(MORE)),
        given=given,
        roles=codeset("conference_role").codes,
        faults=faults,
    )


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


def _try(action: str, user: User, values: Mapping[str, Any], record: Any = None) -> tuple[Any, tuple[Fault, ...]]:
    """Perform an action: the record, or what is wrong. A refusal undoes it and leaves the rest of the request as it was."""
    seen = version(record) if record is not None else None
    try:
        with transaction.atomic():
            return perform(action, by=user, because=_WHY, values=values, record=record, seen=seen).record, ()
    except Invalid as refusal:
        return None, refusal.faults
    except NotPermitted as refusal:
        raise Http404(refusal.what) from refusal
    except Refused as refusal:
        return None, (Fault("", refusal.what),)


# --- One copy ---


@needs(Permission.SEND)
@require_GET
def copy(request: HttpRequest, id: int) -> HttpResponse:
    """What the recipient will read beside what is hidden from them, and what can be done to the copy now."""
    return _copy_page(request, _seen(request, Copy, id))


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
        crumbs=(_crumb(), (f"Pack {found.pack_id}", reverse("sending-pack", args=[found.pack_id]))),
        status=422 if faults else 200,
        copy=found,
        recipient=recipient,
        state=state,
        children=_children(user, children),
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
        given=request.POST,
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
    found = _seen(request, Copy, id)
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
    return _decided(request, found, "sending.redact", values, {"note": "redact-note", "part": "target"})


@needs(Permission.SEND)
@require_POST
def give(request: HttpRequest, id: int) -> HttpResponse:
    """Give a recipient something that is protected, with a reason that the second person judges."""
    found = _seen(request, Copy, id)
    values = {
        "copy": id,
        "passage": request.POST.get("protected", ""),
        "note": request.POST.get("give-note", "").strip(),
    }
    return _decided(request, found, "sending.give", values, {"note": "give-note", "passage": "protected"})


def _decided(
    request: HttpRequest, found: Copy, action: str, values: Mapping[str, Any], anchors: Mapping[str, str]
) -> HttpResponse:
    _done, faults = _try(action, user_of(request), values)
    if faults:
        return _copy_page(request, found, [Fault(anchors.get(each.input, each.input), each.what) for each in faults])
    return HttpResponseRedirect(reverse("sending-copy", args=[found.pk]) + "#decisions")


@needs(Permission.SEND)
@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Take back a decision about a copy."""
    found = _seen(request, Copy, id)
    user = user_of(request)
    one = (
        visible_rows(user, CopyRedaction).filter(copy=found, pk=whole_number(request.POST.get("decision", ""))).first()
    )
    if one is None:
        raise Http404("There is no such decision.")
    _done, faults = _try("sending.undo", user, {}, one)
    if faults:
        return _copy_page(request, found, faults)
    return HttpResponseRedirect(reverse("sending-copy", args=[id]) + "#decisions")


@needs(Permission.SEND)
@require_POST
def file(request: HttpRequest, id: int) -> HttpResponse:
    """The checked copy as PDF, to print and to hand over."""
    found = _seen(request, Copy, id)
    if not found.checked_at or found.withdrawn_at:
        raise Http404("A copy can be taken away when it is checked, and not when it is withdrawn.")
    return _pdf(request, found)


def _pdf(request: HttpRequest, found: Copy) -> HttpResponse:
    audited_read(request, What.DOWNLOAD, "sending_copy", people=people_of(found), records=[found.pk])
    content = copies.read(found, standing().day)
    recipient = copies.recipient(found)
    body = render_to_string("sending/print.html", {"content": content, "recipient": recipient, "copy": found})
    above = f"Copy {found.pk} for {recipient}. Confidential."
    return pdf_answer(body, f"copy-{found.pk}.pdf", user_of(request), above=above)


# --- What was sent to oneself ---


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def sent_to_me(request: HttpRequest) -> HttpResponse:
    """What was sent to the reader, the latest first."""
    found = list(_received(request).order_by("-sent_at"))
    _audit_copies(request, What.LIST, "sent to me", found)
    return page(
        request,
        "sending/sent.html",
        title="Sent to me",
        section="work",
        crumbs=(("My work", reverse("work")),),
        copies=[_line(each) for each in found],
    )


def _received(request: HttpRequest) -> Any:
    return received(user_of(request), standing().day).select_related(*_NAMES)


def _sent(request: HttpRequest, id: int) -> Copy:
    found = _received(request).filter(pk=id).first()
    if not isinstance(found, Copy):
        raise Http404("Nothing of that number was sent to you, or it was withdrawn.")
    return found


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def sent_copy(request: HttpRequest, id: int) -> HttpResponse:
    """What was sent, to read. The first opening is the receipt that its sender sees."""
    found = _sent(request, id)
    if found.received_at is None:
        _done, faults = _try("sending.open", user_of(request), {}, found)
        if faults:
            raise Http404(faults[0].what)
        found = _sent(request, id)
    audited_read(request, What.READ, "sending_copy", people=children_of(found.pack), records=[id])
    content = copies.read(found, standing().day)
    return page(
        request,
        "sending/sent_copy.html",
        title=f"{content['title']} sent to you",
        section="work",
        crumbs=(("My work", reverse("work")), ("Sent to me", reverse("sent-to-me"))),
        copy=found,
        content=content,
    )


@needs(Permission.SEE_OWN_CHILDREN)
@require_POST
def sent_file(request: HttpRequest, id: int) -> HttpResponse:
    """The same as PDF, marked on every page with who took it away and when. Taking it away is a receipt, too."""
    found = _sent(request, id)
    if found.received_at is None:
        _try("sending.open", user_of(request), {}, found)
    return _pdf(request, found)


ADDRESSES = (
    path("sending", packs, name="sending"),
    path("sending/prepare/<str:kind>/<int:record>", prepare, name="sending-prepare"),
    path("sending/packs/<int:id>", pack, name="sending-pack"),
    path("sending/copies/<int:id>", copy, name="sending-copy"),
    path("sending/copies/<int:id>/redact", redact, name="sending-redact"),
    path("sending/copies/<int:id>/give", give, name="sending-give"),
    path("sending/copies/<int:id>/undo", undo, name="sending-undo"),
    path("sending/copies/<int:id>/file", file, name="sending-file"),
    path("sent-to-me", sent_to_me, name="sent-to-me"),
    path("sent-to-me/<int:id>", sent_copy, name="sent-copy"),
    path("sent-to-me/<int:id>/file", sent_file, name="sent-file"),
)
