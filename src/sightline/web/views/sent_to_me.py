"""What was sent to the reader: the list, reading it, which is the receipt that its sender sees, and taking it away."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.audit.record import What
from sightline.core.notes.models import Document
from sightline.core.sending.access import received
from sightline.core.sending.models import Copy
from sightline.engine.sending import copies, documents
from sightline.engine.sending.content import children_of
from sightline.web.documents import file_of
from sightline.web.doors import needs, user_of
from sightline.web.packs import NAMES, attempted, audit_copies, copy_as_pdf, line
from sightline.web.pages import page
from sightline.web.reading import audited_read


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def sent_to_me(request: HttpRequest) -> HttpResponse:
    """What was sent to the reader, the latest first."""
    found = list(_received(request).order_by("-sent_at"))
    audit_copies(request, What.LIST, "sent to me", found)
    return page(
        request,
        "sending/sent.html",
        title="Sent to me",
        section="work",
        crumbs=(("My work", reverse("work")),),
        copies=[line(each) for each in found],
    )


def _received(request: HttpRequest) -> Any:
    return received(user_of(request), standing().day).select_related(*NAMES)


def _sent(request: HttpRequest, id: int) -> Copy:
    found = _received(request).filter(pk=id).first()
    if not isinstance(found, Copy):
        raise Http404("Nothing of that number was sent to you, or it was withdrawn.")
    return found


def _opened(request: HttpRequest, id: int) -> Copy:
    """The copy with its receipt: reading it and taking it away are both one. Without a receipt nobody reads it."""
    found = _sent(request, id)
    if found.received_at is None:
        _done, faults = attempted("sending.open", user_of(request), {}, found)
        found = _sent(request, id)
        # Opened in another window at the same moment, it has its receipt all the same.
        if found.received_at is None:
            raise Http404(" ".join(fault.what for fault in faults))
    return found


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def sent_copy(request: HttpRequest, id: int) -> HttpResponse:
    """What was sent, to read. The first opening is the receipt that its sender sees."""
    found = _opened(request, id)
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
    return copy_as_pdf(request, _opened(request, id))


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def sent_document(request: HttpRequest, id: int, document: int) -> FileResponse:
    """A document that was sent with the copy: whoever it was sent to sees it by way of the copy, and no other of the record."""
    found = _opened(request, id)
    if document not in documents.of(copies.read(found, standing().day)):
        raise Http404("No such document was sent to you, or it was withdrawn.")
    answer = file_of(Document.objects.get(pk=document))
    audited_read(request, What.DOWNLOAD, "sent document", people=children_of(found.pack), records=[document])
    return answer


ADDRESSES = (
    path("sent-to-me", sent_to_me, name="sent-to-me"),
    path("sent-to-me/<int:id>", sent_copy, name="sent-copy"),
    path("sent-to-me/<int:id>/file", sent_file, name="sent-file"),
    path("sent-to-me/<int:id>/documents/<int:document>", sent_document, name="sent-document"),
)
