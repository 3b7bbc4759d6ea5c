"""What the pages of packs and copies share, the sender's and the recipient's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What
from sightline.core.people.models import Person
from sightline.core.sending.models import Copy, Pack
from sightline.engine.actions.engine import people_of, perform, version
from sightline.engine.actions.refusals import Fault
from sightline.engine.screens import words
from sightline.engine.sending import copies
from sightline.engine.sending.content import children_of
from sightline.engine.sending.declarations import pack_kinds
from sightline.web.acting import acted
from sightline.web.doors import user_of
from sightline.web.marked import pdf_answer
from sightline.web.reading import audited_read

#: What the line of a copy reads besides the copy.
NAMES = ("pack", "worker", "relative", "organisation")


def line(copy: Copy) -> dict[str, Any]:
    """A copy as a line of a list."""
    kind = pack_kinds().get(copy.pack.kind)
    return {
        "row": copy,
        "kind": kind.title if kind else "Pack",
        "recipient": copies.recipient(copy),
        "state": words.state(copy),
    }


def audit_copies(request: HttpRequest, what: What, about: str, shown: Iterable[Copy]) -> None:
    """Notes a list of copies, with every child of their packs."""
    held = {copy.pk: copy for copy in shown}
    people = {id for pack in {copy.pack_id: copy.pack for copy in held.values()}.values() for id in children_of(pack)}
    audited_read(request, what, about, people=people, records=held)


def crumb() -> tuple[str, str]:
    """The way back to the list of packs."""
    return "Packs", reverse("sending")


def children_seen(user: User, ids: Iterable[int]) -> list[tuple[int, str]]:
    """Those of the children whom the user sees, with their names."""
    seen = visible_rows(user, Person).filter(pk__in=list(ids))
    return [(child.pk, words.called(child)) for child in seen.order_by("pk")]


def pack_or_copy(request: HttpRequest, model: Any, id: int) -> Any:
    """A pack, or a copy of one, if the user sees every child in it."""
    user = user_of(request)
    found = visible_rows(user, model).filter(pk=id).first()
    in_sight = visible_rows(user, Pack).filter(pk=getattr(found, "pack_id", id)).exists()
    if found is None or not in_sight:
        raise Http404("There is no such pack, or you may not see it.")
    return found


def copy_as_pdf(request: HttpRequest, found: Copy) -> HttpResponse:
    """What was checked, marked on every page with whom it is for, who took it away and when."""
    audited_read(request, What.DOWNLOAD, "sending_copy", people=people_of(found), records=[found.pk])
    content = copies.read(found, standing().day)
    recipient = copies.recipient(found)
    body = render_to_string("sending/print.html", {"content": content, "recipient": recipient, "copy": found})
    above = f"Copy {found.pk} for {recipient}. Confidential."
    return pdf_answer(body, f"copy-{found.pk}.pdf", user_of(request), above=above)


def attempted(action: str, user: User, values: Mapping[str, Any], record: Any = None) -> tuple[Any, tuple[Fault, ...]]:
    """Perform an action about a pack or a copy: the record, or what is wrong."""
    seen = version(record) if record is not None else None
    done, faults = acted(lambda: perform(action, by=user, because="sending", values=values, record=record, seen=seen))
    return done and done.record, faults
