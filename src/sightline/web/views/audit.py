"""The audit, to read."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from sightline.core.access.roles import Permission
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What, about_person, note
from sightline.web.doors import needs, user_of
from sightline.web.pages import page

PAGE = 50


@needs(Permission.SEE_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Entries, the newest first, by who, what or whom they concern. Reading them is an entry, too."""
    given = {name: request.GET.get(name, "").strip() for name in ("who", "what", "person")}
    if given["person"] and not given["person"].isdigit():
        raise Http404("A person is asked for by their record number.")
    found = about_person(int(given["person"])) if given["person"] else Entry.objects.all()
    if given["who"]:
        found = found.filter(who=given["who"])
    if given["what"]:
        found = found.filter(what=given["what"])
    pages = Paginator(found.order_by("-at", "-id"), PAGE)
    number = request.GET.get("page", "1")
    if not number.isdigit() or int(number) not in pages.page_range:
        raise Http404("The audit has no such page.")
    shown = pages.page(int(number))
    asked_for = {name: value for name, value in given.items() if value}
    where_from = str(request.META.get("REMOTE_ADDR", ""))
    entries = list(shown)
    note(user_of(request).username, What.AUDIT_READ, urlencode(asked_for), where_from=where_from, page=int(number))
    return page(
        request,
        "audit.html",
        title="Audit",
        section="audit",
        entries=entries,
        shown=shown,
        given=given,
        kinds=list(What),
        here=urlencode(asked_for),
    )


ADDRESSES = (path("audit", audit, name="audit"),)
