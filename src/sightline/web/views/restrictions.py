"""Who may see a child and why, and what narrows or widens it: emergencies and their review, notices, seals, conflicts, sharing, adopted identities.

Single records are written on the forms of their actions. Three forms stand here, because they are about people whom the reader may not see.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.standing import standing
from sightline.core.access.viewers import who_sees
from sightline.core.access.visibility import barred, visible, visible_rows
from sightline.core.audit.record import What
from sightline.core.people.models import Person
from sightline.core.restrictions import standing as holds
from sightline.core.restrictions.masks import restricted
from sightline.core.restrictions.models import (
    AdoptedIdentity,
    ConflictOfInterest,
    EmergencyAccess,
    IdentityDisclosure,
    Notice,
    Seal,
    SealMember,
    SharingDecision,
)
from sightline.engine.actions.engine import Done, perform, version
from sightline.engine.actions.refusals import Fault
from sightline.standards.codes import codeset
from sightline.standards.local_rules import local_rule
from sightline.web.acting import acted
from sightline.web.doors import needs, signed_in, user_of
from sightline.web.pages import page
from sightline.web.reading import audited_read

#: So many reviewed emergencies stand below those still to be reviewed.
LATEST = 50
_RESTRICTIONS = "Seals, conflicts and sharing"


@needs(Permission.MANAGE_TEAM)
@require_GET
def who_sees_child(request: HttpRequest, id: int) -> HttpResponse:
    """Who can see this child now, and why: for managers who see the child themselves."""
    user = user_of(request)
    if not visible(user, Person, [id]):
        raise Http404("There is no such person, or you may not see them.")
    return _who_sees(request, id, ((f"Person {id}", reverse("person", args=[id])),))


@needs(Permission.SEE_AUDIT)
@require_GET
def who_sees_audited(request: HttpRequest, id: int) -> HttpResponse:
    """The same for auditors, who know a child by its number only."""
    return _who_sees(request, id, (("Audit", reverse("audit")),))


def _who_sees(request: HttpRequest, id: int, crumbs: tuple[tuple[str, str], ...]) -> HttpResponse:
    found = Person.objects.filter(pk=id).first()
    if found is None:
        raise Http404("There is no such person, or you may not see them.")
    audited_read(request, What.READ, "who sees", people=[id])
    return page(
        request,
        "restrictions/who_sees.html",
        title=f"Who can see person {id}",
        crumbs=crumbs,
        number=id,
        viewers=[(viewer, ROLES[viewer.user.role].name) for viewer in who_sees(found, standing().day)],
    )


# --- Emergencies ---


@needs(Permission.BREAK_GLASS)
@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest, id: int) -> HttpResponse:
    """Open a child's record in an emergency: the reason, what follows from it, and then the record."""
    user = user_of(request)
    if visible(user, Person, [id]):
        return HttpResponseRedirect(reverse("person", args=[id]))
    if not Person.objects.filter(pk=id).exists() or not _may_ask(user, id):
        raise Http404("There is no such person, or you may not see them.")
    reason = request.POST.get("reason", "")
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        values = {"person": id, "reason": reason.strip()}
        done, faults = acted(lambda: perform("restrictions.break_glass", by=user, because="emergency", values=values))
        if done is not None:
            audited_read(
                request, What.EMERGENCY_ACCESS, "restrictions.break_glass", people=[id], purpose=reason.strip()
            )
            return HttpResponseRedirect(reverse("person", args=[id]))
    return page(
        request,
        "restrictions/emergency.html",
        title="Open a record in an emergency",
        number=id,
        reason=reason,
        faults=faults,
        hours=local_rule("EMERGENCY-HOURS", timezone.localdate()),
        **_status(faults),
    )


def _may_ask(user: User, id: int) -> bool:
    """Whether the page lets on that there is somebody of this number: not where a seal hides them and no emergency opens it."""
    hidden = barred(user, [id]) and not restricted(user, [id])
    return not hidden or holds.may_be_opened(user, id, standing().day)


@needs(Permission.REVIEW_ACCESS)
@require_GET
def emergency_reviews(request: HttpRequest) -> HttpResponse:
    """Emergency accesses to review, the longest waiting first, and what came of the latest."""
    user = user_of(request)
    rows = visible_rows(user, EmergencyAccess).select_related("worker")
    waiting = list(rows.filter(finding=None).order_by("granted_at"))
    done = list(rows.exclude(finding=None).order_by("-reviewed_at")[:LATEST])
    shown = [*waiting, *done]
    audited_read(
        request,
        What.LIST,
        "restrictions_emergencyaccess",
        people=[each.person_id for each in shown],
        records=[each.pk for each in shown],
    )
    return page(
        request,
        "restrictions/reviews.html",
        title="Emergency access to review",
        section="emergency-reviews",
        waiting=[(each, each.worker_id == user.worker_id and user.worker_id is not None) for each in waiting],
        done=[(each, codeset("access_finding").display(each.finding or "")) for each in done],
        now=timezone.now(),
    )


@signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What the user was told: records they answer for that were opened in an emergency."""
    user = user_of(request)
    found = list(visible_rows(user, Notice).select_related("emergency__worker").order_by("-sent_at")[:LATEST])
    people = [each.emergency.person_id for each in found]
    audited_read(request, What.LIST, "restrictions_notice", people=people, records=[each.pk for each in found])
    return page(
        request,
        "restrictions/notices.html",
        title="Notices",
        section="notices",
        notices=found,
        seen=visible(user, Person, people),
        reviews=user.may(Permission.REVIEW_ACCESS),
    )


@signed_in
@require_POST
def notice_read(request: HttpRequest, id: int) -> HttpResponse:
    """The user has read a notice."""
    user = user_of(request)
    found = visible_rows(user, Notice).filter(pk=id).first()
    if found is None:
        raise Http404("There is no such notice.")
    if found.read_at is None:
        seen = version(found)
        acted(lambda: perform("restrictions.read_notice", by=user, because="read", values={}, record=found, seen=seen))
    return HttpResponseRedirect(reverse("notices"))


# --- Seals, conflicts, sharing ---


@needs(Permission.SEARCH)
@require_GET
def restrictions(request: HttpRequest) -> HttpResponse:
    """What narrows or widens sight, as far as it is the user's to know: own seals, conflicts, emergencies and sharing."""
    user = user_of(request)
    seals = list(visible_rows(user, Seal).select_related("ask").order_by("-start_date", "-id"))
    members: dict[int, list[SealMember]] = {}
    for member in visible_rows(user, SealMember).select_related("worker").order_by("id"):
        members.setdefault(member.seal_id, []).append(member)
    conflicts = list(visible_rows(user, ConflictOfInterest).select_related("worker").order_by("-start_date", "-id"))
    own = list(holds.running(user))
    shared = visible_rows(user, SharingDecision).select_related("partner").order_by("end_date", "id")
    running = list(shared.filter(end_date__gt=standing().day)[:LATEST])
    people = [each.person_id for each in [*seals, *conflicts, *running, *own] if each.person_id]
    audited_read(request, What.LIST, "restrictions", people=people)
    return page(
        request,
        "restrictions/restrictions.html",
        title=_RESTRICTIONS,
        section="restrictions",
        seals=[(seal, members.get(seal.pk, []), codeset("seal_policy").display(seal.policy)) for seal in seals],
        conflicts=conflicts,
        emergencies=list(own),
        shared=running,
        restricts=user.may(Permission.RESTRICT),
        shares=user.may(Permission.SHARE),
        links_identities=user.may(Permission.DISCLOSE_IDENTITY),
    )


# --- The two identities of an adopted child ---


@needs(Permission.DISCLOSE_IDENTITY)
@require_http_methods(["GET", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """Link two identities, ask to be told one, and agree to what another asked. No page here says that two records are one child's."""
    user = user_of(request)
    doing = request.POST.get("doing", "")
    typed = {name: request.POST.get(name, "").strip() for name in ("before", "after", "person", "reason", "because")}
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and doing in ("link", "ask"):
        done, faults = acted(lambda: _link_or_ask(user, doing, typed))
        if done is not None:
            told = "The two identities are linked." if doing == "link" else "Your request waits for a second person."
            messages.success(request, told)
            return HttpResponseRedirect(reverse("identities"))
    asked = visible_rows(user, IdentityDisclosure).select_related("asked_by", "agreed_by").order_by("-asked_at")
    shown = list(asked[:LATEST])
    disclosed = set(holds.disclosures(user).values_list("pk", flat=True))
    people = [each.person_id for each in shown]
    audited_read(request, What.LIST, "restrictions_identitydisclosure", people=people)
    return page(
        request,
        "restrictions/identities.html",
        title="Adopted children's identities",
        section="restrictions",
        requests=[(each, each.pk in disclosed, each.asked_by_id == user.worker_id) for each in shown],
        typed=typed,
        doing=doing,
        faults=faults,
        **_status(faults),
    )


def _link_or_ask(user: User, doing: str, typed: dict[str, str]) -> Done:
    if doing == "link":
        values = {name: typed[name] for name in ("before", "after")}
        return perform("restrictions.link_identities", by=user, because=typed["because"], values=values)
    values = {name: typed[name] for name in ("person", "reason")}
    return perform("restrictions.ask_identity", by=user, because=typed["reason"] or "asked", values=values)


@needs(Permission.DISCLOSE_IDENTITY)
@require_GET
def identity(request: HttpRequest, id: int) -> HttpResponse:
    """The other identity, to the person who asked, once a second person agreed and while it lasts."""
    user = user_of(request)
    found = visible_rows(user, IdentityDisclosure).filter(pk=id).first()
    if found is None or not holds.disclosures(user).filter(pk=found.pk).exists():
        raise Http404("There is no such disclosure, or it is over.")
    person = found.person_id
    links = AdoptedIdentity.objects.filter(Q(before=person) | Q(after=person), end_date=None)
    audited_read(request, What.READ, "adopted identity", people=[person], purpose=found.reason)
    return page(
        request,
        "restrictions/identity.html",
        title="The other identity",
        crumbs=(("Adopted children's identities", reverse("identities")),),
        found=found,
        links=[(link.before_id, link.after_id) for link in links],
    )


def _status(faults: tuple[Fault, ...]) -> dict[str, Any]:
    return {"status": 400} if faults else {}


ADDRESSES = (
    path("people/<int:id>/access", who_sees_child, name="who-sees"),
    path("audit/people/<int:id>/access", who_sees_audited, name="who-sees-audited"),
    path("people/<int:id>/emergency", emergency, name="emergency"),
    path("emergency-access", emergency_reviews, name="emergency-reviews"),
    path("notices", notices, name="notices"),
    path("notices/<int:id>/read", notice_read, name="notice-read"),
    path("restrictions", restrictions, name="restrictions"),
    path("adopted-identities", identities, name="identities"),
    path("adopted-identities/<int:id>", identity, name="identity"),
)
