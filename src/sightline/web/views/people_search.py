"""The one search box, and registering somebody whom a search did not find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible
from sightline.core.audit.record import What, note
from sightline.core.finding.asked import Asked, read
from sightline.core.finding.find import audit_details, find
from sightline.core.finding.guards import may_name
from sightline.core.finding.likely import Likely, likely
from sightline.core.people.models import Person
from sightline.engine.actions.declarations import actions
from sightline.engine.actions.engine import may, perform
from sightline.engine.screens import forms
from sightline.engine.screens.forms import Form
from sightline.engine.screens.questions import Context
from sightline.web.acting import acted
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number

REGISTER = "people.register"
#: The act that opens the door: it may name somebody whom its doer does not see yet.
CONTACT = "front_door.take_contact"


@needs(Permission.SEARCH)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One box for anything that is known of a person, and who is found by it."""
    text, number, user = request.GET.get("q", "").strip(), _number(request), user_of(request)
    may_merge = user.may(Permission.MERGE)
    if not text:
        title = "Find a person"
        return page(
            request, "people/search.html", title=title, section="search", text="", found=None, may_merge=may_merge
        )
    found = find(user, text, number)
    if number > found.pages:
        raise Http404("The search has no such page.")
    note(
        user.get_username(),
        What.SEARCH,
        "people",
        people=[hit.person for hit in found.hits],
        **audit_details(found),
    )
    return page(
        request,
        "people/search.html",
        title="Find a person",
        section="search",
        text=found.asked.text,
        found=found,
        query=urlencode({"q": found.asked.text}),
        may_register=may(REGISTER, by=user),
        nameable=may_name(user, [one.person for one in found.restricted]) if may(CONTACT, by=user) else (),
        may_merge=may_merge,
    )


def _number(request: HttpRequest) -> int:
    number = whole_number(request.GET.get("page", "1"))
    if number is None or not 1 <= number <= 1000:
        raise Http404("The search has no such page.")
    return number


@needs(Permission.RECORD_CONTACT)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a person after a search for them. Who may be the person is shown, and asked about, before anything is written."""
    text = request.GET.get("q", "").strip()
    if not text:
        messages.info(request, "Search for the person first: somebody may have registered them.")
        return HttpResponseRedirect(reverse("search"))
    user = user_of(request)
    context = Context(user=user, day=standing().day)
    if request.method == "POST":
        return _registered(request, user, context, text)
    form = forms.sent(actions()[REGISTER], context, _from_search(read(text, standing().day)))
    return _form(request, form, text, likely(form.values()[0], user))


def _registered(request: HttpRequest, user: User, context: Context, text: str) -> HttpResponse:
    given = {name: values[-1] for name, values in request.POST.lists() if values}
    form = forms.sent(actions()[REGISTER], context, given)
    values, places = form.values()
    alike = likely(values, user)
    # Asked about on the very page that was answered: who has come to be like it since was never looked at.
    asked_about = {whole_number(part) or 0 for part in given.get("looked_at", "").split(",")} - {0}
    if values.get("none_of_these") == "True" and set(alike.people) - asked_about:
        values = {name: value for name, value in values.items() if name != "none_of_these"}
    done, faults = acted(lambda: perform(REGISTER, by=user, because="Registered after a search", values=values))
    if done is None:
        return _form(request, forms.with_faults(form, faults, places), text, alike, status=422)
    messages.success(request, f"Registered. The record number is {done.record.pk}.")
    return HttpResponseRedirect(_after(user, done.record))


def _after(user: User, person: Any) -> str:
    """The new person's page; else a contact about them, which gives a reason to see them; else the search."""
    if visible(user, Person, [person.pk]):
        return reverse("person", args=[person.pk])
    if may(CONTACT, by=user):
        return f"{reverse('do', args=[CONTACT])}?person={person.pk}"
    return f"{reverse('search')}?{urlencode({'q': f'#{person.pk}'})}"


def _form(request: HttpRequest, form: Form, text: str, alike: Likely, status: int = 200) -> HttpResponse:
    note(
        user_of(request).get_username(),
        What.SEARCH,
        "people.register",
        people=[hit.person for hit in alike.hits],
        told_of=[one.person for one in alike.restricted],
        query=text,
    )
    # Asked only where somebody is like the person, and then it has to be answered.
    last = replace(form.questions[-1], required=True)
    return page(
        request,
        "people/search_register.html",
        title="Register a person",
        section="search",
        crumbs=(("Find a person", f"{reverse('search')}?{urlencode({'q': text})}"),),
        status=status,
        form=form,
        questions=form.questions[:-1],
        confirm=last,
        alike=alike,
        looked_at=",".join(str(id) for id in alike.people),
        here=f"{reverse('register-person')}?{urlencode({'q': text})}",
        back=f"{reverse('search')}?{urlencode({'q': text})}",
    )


def _from_search(asked: Asked) -> dict[str, str]:
    """What was searched for, as the beginning of the form: nobody types it twice."""
    typed = [word.capitalize() for word in asked.words]
    given = {"forename": " ".join(typed[:-1]), "surname": typed[-1] if typed else "", "postcode": asked.postcode}
    if asked.born:
        born = asked.born
        given |= {
            "birth_date-day": str(born.day),
            "birth_date-month": str(born.month),
            "birth_date-year": str(born.year),
        }
    for kind, key in sorted(asked.keys):
        if kind == "number" and len(key) == 10 and key.isdigit():
            given["nhs"] = key
        if kind == "email":
            given["email"] = key
    return {name: value for name, value in given.items() if value}


ADDRESSES = (
    path("people", search, name="search"),
    path("people/register", register, name="register-person"),
)
