"""The audit, to read: its entries, who looked at one child, and accesses that somebody should look into."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.roles import Permission
from sightline.core.access.visibility import visible
from sightline.core.audit import unusual
from sightline.core.audit.looked import Looker, lookers
from sightline.core.audit.models import AccessReview, Entry, UnusualAccess
from sightline.core.audit.record import What, about_person
from sightline.core.people.models import Person
from sightline.engine.actions.declarations import actions
from sightline.engine.screens.words import title_of_table
from sightline.standards.codes import codeset
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read
from sightline.web.unusual import alarms_by_ethnicity

PAGE = 50


@needs(Permission.SEE_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Entries, the newest first, by who, what or whom they concern. Reading them is an entry, too."""
    given = {name: request.GET.get(name, "").strip() for name in ("who", "what", "person")}
    if given["person"] and whole_number(given["person"]) is None:
        raise Http404("A person is asked for by their record number.")
    found = about_person(int(given["person"])) if given["person"] else Entry.objects.all()
    if given["who"]:
        found = found.filter(who=given["who"])
    if given["what"]:
        found = found.filter(what=given["what"])
    shown = _part(request, found.order_by("-at", "-id"))
    asked_for = {name: value for name, value in given.items() if value}
    entries = list(shown)
    audited_read(request, What.AUDIT_READ, urlencode(asked_for), page=shown.number)
    return page(
        request,
        "audit.html",
        title="Audit",
        section="audit",
        entries=[(entry, _in_words(entry.about)) for entry in entries],
        shown=shown,
        given=given,
        kinds=list(What),
        here=urlencode(asked_for),
    )


def _in_words(about: str) -> str:
    """What an entry is about, as its readers say it: the title of an action, the name of a record type; anything else as it was written."""
    if about in actions():
        return actions()[about].title
    return title_of_table(about)


@needs(Permission.SEE_AUDIT)
@require_GET
def looked(request: HttpRequest) -> HttpResponse:
    """Who looked at a child, for auditors."""
    return _looked(request, _asked_for(request.GET.get("person", "")), "audit-looked", (("Audit", reverse("audit")),))


@needs(Permission.SEE_AUDIT)
@require_POST
def looked_file(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    return _looked_file(request, _asked_for(request.POST.get("person", "")), "audit-looked")


@needs(Permission.MANAGE_TEAM)
@require_GET
def team_looked(request: HttpRequest) -> HttpResponse:
    """Who looked at a child, for a manager who sees the child."""
    return _looked(request, _of_the_team(request, request.GET.get("person", "")), "team-looked", ())


@needs(Permission.MANAGE_TEAM)
@require_POST
def team_looked_file(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    return _looked_file(request, _of_the_team(request, request.POST.get("person", "")), "team-looked")


def _asked_for(text: str) -> int | None:
    """The person asked for by number; None when nobody is."""
    if not text.strip():
        return None
    number = whole_number(text)
    if number is None:
        raise Http404("A person is asked for by their record number.")
    return number


def _of_the_team(request: HttpRequest, text: str) -> int | None:
    """The same, where the user sees the child."""
    person = _asked_for(text)
    if person is not None and not visible(user_of(request), Person, [person]):
        raise Http404("You have no reason on record to see a person of that number.")
    return person


def _looked(request: HttpRequest, person: int | None, name: str, crumbs: tuple[tuple[str, str], ...]) -> HttpResponse:
    found: list[Looker] = []
    if person is not None:
        found = lookers(person)
        audited_read(request, What.AUDIT_READ, "who looked", person=person)
    return page(
        request,
        "audit_looked.html",
        title="Who looked at this child",
        section="audit" if name == "audit-looked" else "",
        crumbs=crumbs,
        person=person,
        lookers=found,
        name=name,
        file_name=f"{name}-csv",
    )


def _looked_file(request: HttpRequest, person: int | None, name: str) -> HttpResponse:
    if person is None:
        return HttpResponseRedirect(reverse(name))
    found = lookers(person)
    audited_read(request, What.EXPORT, "who looked", person=person)
    header = ["user", "worker", "role", "opened", "listed", "written", "first", "last", "purposes"]
    rows = [
        [
            *(one.who, one.name, one.role, one.opened, one.listed, one.written),
            *(one.first.isoformat(), one.last.isoformat(), "; ".join(one.purposes)),
        ]
        for one in found
    ]
    return as_csv(f"who-looked-at-{person}", header, rows)


@needs(Permission.REVIEW_ACCESS)
@require_GET
def unusual_accesses(request: HttpRequest) -> HttpResponse:
    """The queue of unusual accesses, and with a rule chosen how often it was a false alarm."""
    rule, done = request.GET.get("rule", ""), request.GET.get("done") == "1"
    if rule and rule not in unusual.rules():
        raise Http404("There is no such rule.")
    reviews = {review.access_id: review for review in AccessReview.objects.all()} if done else {}
    found = UnusualAccess.objects.filter(pk__in=reviews).order_by("-day", "id") if done else unusual.waiting()
    shown = _part(request, found.filter(rule=rule) if rule else found)
    rows = list(shown)
    audited_read(request, What.AUDIT_READ, "unusual access", people=[row.person for row in rows if row.person])
    asked_for = {"rule": rule, "done": "1" if done else ""}
    return page(
        request,
        "audit_unusual.html",
        title="Unusual access",
        section="unusual",
        crumbs=(("Audit", reverse("audit")),) if user_of(request).may(Permission.SEE_AUDIT) else (),
        rows=[(row, reviews.get(row.pk)) for row in rows],
        shown=shown,
        rules=unusual.rules(),
        rule=unusual.rules().get(rule),
        done=done,
        findings={code.code: code.label for code in codeset("access_finding")},
        here=urlencode({name: value for name, value in asked_for.items() if value}),
        alarms=alarms_by_ethnicity(rule) if rule else None,
        may_see_audit=user_of(request).may(Permission.SEE_AUDIT),
    )


def _part(request: HttpRequest, found: QuerySet[Any]) -> Page[Any]:
    """The page of the list that is asked for."""
    pages = Paginator(found, PAGE)
    number = whole_number(request.GET.get("page", "1"))
    if number is None or number not in pages.page_range:
        raise Http404("The audit has no such page.")
    return pages.page(number)


ADDRESSES = (
    path("audit", audit, name="audit"),
    path("audit/looked", looked, name="audit-looked"),
    path("audit/looked/csv", looked_file, name="audit-looked-csv"),
    path("audit/unusual", unusual_accesses, name="unusual"),
    path("team/looked", team_looked, name="team-looked"),
    path("team/looked/csv", team_looked_file, name="team-looked-csv"),
)
