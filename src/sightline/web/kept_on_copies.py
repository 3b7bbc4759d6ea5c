"""What is typed into the forms on a copy's page is kept, as that of other forms is: as a draft, and over a session that ended."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.sending.models import Copy
from sightline.engine.screens import drafts

#: The forms, by name: what they are called in the list of drafts.
FORMS = {"redact": "Leave something out of a copy", "give": "Give a recipient something that is protected"}
_PLACE = "sending-copy"


def key(form: str, copy: int) -> str:
    """Under which the draft of a form is kept."""
    return f"{_PLACE}.{form}/{copy}"


def keep(request: HttpRequest, user: User, form: str, copy: int) -> object:
    """Keep what was typed so far; None where it is too long."""
    content = {name: values for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "form-key")}
    return drafts.save(user, key(form, copy), content)


def typed(request: HttpRequest, user: User, copy: Copy) -> Mapping[str, str]:
    """What stands in the forms of a copy's page: what was just sent, or else the drafts."""
    if request.method == "POST":
        return request.POST.dict()
    found: dict[str, str] = {}
    for form in FORMS:
        parked = drafts.claim(user, request.GET.get("parked", ""), key(form, copy.pk))
        draft = parked or drafts.held(user, key(form, copy.pk))
        if draft is not None:
            found |= {name: values[-1] for name, values in draft.content.items() if values}
    return found


def page_of(form: str) -> tuple[str, str] | None:
    """Of a draft's key: what its form is called, and where it stands. None for forms of other pages."""
    place, _, rest = form.partition(".")
    name, _, copy = rest.partition("/")
    if place != _PLACE or name not in FORMS or not copy.isdecimal():
        return None
    return FORMS[name], reverse(_PLACE, args=[int(copy)])


def onward(kwargs: Mapping[str, object]) -> str:
    """The page that holds the form, for whoever signs in again after having sent it without a session."""
    return reverse(_PLACE, args=[kwargs["id"]])
