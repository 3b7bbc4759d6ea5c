"""Children whom partner agencies' systems named and who may be known already: to be matched, or kept as people of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.audit.record import What
from sightline.core.finding.find import born
from sightline.core.partners.to_match import to_match
from sightline.engine.actions.engine import may, perform
from sightline.engine.screens import words
from sightline.web.acting import acted
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read

KEEP = "partners.keep_as_new"


@needs(Permission.RECORD_CONTACT)
@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The children to match whom the reader sees, each with the people who may be the child."""
    user, day = user_of(request), standing().day
    found = to_match(user)
    people = {one.child.pk for one in found} | {hit.person for one in found for hit in one.alike.hits}
    told_of = [each.person for one in found for each in one.alike.restricted]
    audited_read(request, What.LIST, "children to match", people=people, told_of=told_of)
    called = words.names(one.child.pk for one in found)
    return page(
        request,
        "work/to_match.html",
        title="Children to match",
        section="work",
        crumbs=(("Contact queue", reverse("work-contacts")),),
        rows=[
            {
                "id": one.child.pk,
                "name": called.get(one.child.pk) or f"Person {one.child.pk}",
                "born": born(one.child.birth_date, one.child.expected_birth_date, day),
                "agency": one.agency,
                "came": one.came,
                "alike": one.alike,
                "looked_at": ",".join(str(id) for id in one.alike.people),
            }
            for one in found
        ],
        merges=may("people.merge", by=user),
    )


@needs(Permission.RECORD_CONTACT)
@require_POST
def keep(request: HttpRequest, id: int) -> HttpResponse:
    """Say that the child is none of the people shown, who are then not asked about again."""
    user = user_of(request)
    child = next((one for one in to_match(user) if one.child.pk == id), None)
    if child is None:
        raise Http404("There is no such child to match, or you may not see them.")
    shown = {whole_number(part) or 0 for part in request.POST.get("looked_at", "").split(",")}
    if set(child.alike.people) - shown:
        messages.error(request, "Somebody else like the child has come to be known since. Look at them first.")
        return HttpResponseRedirect(reverse("children-to-match"))
    why = "None of the people found is the child"
    _done, faults = acted(lambda: perform(KEEP, by=user, because=why, values={"child": id}))
    if faults:
        messages.error(request, " ".join(fault.what for fault in faults))
    else:
        messages.success(request, f"{words.called(child.child)} is kept as a person of their own.")
    return HttpResponseRedirect(reverse("children-to-match"))


ADDRESSES = (
    path("work/contacts/match", children, name="children-to-match"),
    path("work/contacts/match/<int:id>", keep, name="keep-as-new"),
)
