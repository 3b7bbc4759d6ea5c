"""The steps of a sign-in, whichever way it began: the first factor, the second, and what follows."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sightline.core.access import factors, provider, sessions
from sightline.core.access.models import User
from sightline.core.access.sign_in import entered
from sightline.core.audit.record import What, note
from sightline.web.pages import page
from sightline.web.sessions import MUST_ENROL, onward, safe

_PENDING = "first factor"
#: The second factor must follow the first within this time.
PENDING_FOR = timedelta(minutes=10)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_OVER = {
    "idle": "You were signed out because Sightline was not used for a while. Sign in to go on where you were.",
    "limit": "You were signed out because you signed in a working day ago. Sign in to go on where you were.",
    "password": "Your new password is set. Sign in with it.",
    "everywhere": "You are signed out everywhere.",
}


def sign_in_page(request: HttpRequest, *, username: str = "", error: str = "", wanted: str = "") -> HttpResponse:
    """The sign-in page."""
    return page(
        request,
        "sign_in.html",
        title="Sign in",
        onward=wanted or onward(request),
        username=username,
        error=error,
        notice="" if error else _OVER.get(request.GET.get("why", ""), ""),
        provider_name=settings.OIDC_NAME if provider.configured() else "",
    )


def first_factor(
    request: HttpRequest, user: User, how: str, wanted: str, *, second_done: bool = False
) -> HttpResponseRedirect:
    """The first factor is proved: ask for the second where the user has one, else let them in."""
    if second_done or not factors.factors_of(user):
        return enter(request, user, how, wanted, second_done=second_done)
    request.session[_PENDING] = {"user": user.pk, "how": how, "at": int(time.time()), "next": wanted}
    return HttpResponseRedirect(reverse("sign-in-second"))


def pending(request: HttpRequest) -> tuple[User, str, str] | None:
    """Whose second factor is waited for, how they began, and where they want to go."""
    kept = request.session.get(_PENDING)
    if not isinstance(kept, dict) or time.time() - kept["at"] > PENDING_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return (user, kept["how"], kept["next"]) if user is not None else None


def enter(request: HttpRequest, user: User, how: str, wanted: str, *, second_done: bool) -> HttpResponseRedirect:
    """Every factor that the user has is proved: let them in."""
    request.session.pop(_PENDING, None)
    login(request, user, backend=_BACKEND)
    entered(request, user, how)
    request.session.pop(MUST_ENROL, None)
    if not second_done and factors.needed(user):
        request.session[MUST_ENROL] = True
    return HttpResponseRedirect(safe(request, wanted))


def confirmed(request: HttpRequest, user: User, how: str, wanted: str) -> HttpResponseRedirect:
    """A signed-in user has proved again who they are."""
    sessions.confirm(request.session)
    note(user.username, What.CONFIRMED, where_from=sessions.where_from(request), how=how)
    return HttpResponseRedirect(safe(request, wanted))
