"""Middleware that ends sessions, sends people to sign in and to set up a second factor; and the guard of dangerous actions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sightline.core.access import sessions
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.web.doors import PUBLIC

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

#: In a session whose user must set up a second factor before anything else.
MUST_ENROL = "must enrol"


class SessionLimits:
    """Ends a session whose time is over: the request goes on as one of nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            why = sessions.why_over(request.session)
            if why:
                told = {"idle": "not used for a while", "limit": "signed in too long ago"}[why]
                note(request.user.username, What.SESSION_ENDED, where_from=sessions.where_from(request), why=told)
                logout(request)
                request.session_over = why  # type: ignore[attr-defined]
            else:
                sessions.seen(request.session)
        return self._get_response(request)


class SignInFirst(LoginRequiredMiddleware):
    """Sends people to the sign-in page, and afterwards back to where they were."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """A script that asks gets an answer it can read; a form's address cannot be opened, so its page is gone back to."""
        del view_func
        asked = {"next": request.get_full_path() if request.method in ("GET", "HEAD") else page_before(request)}
        if why := getattr(request, "session_over", ""):
            asked["why"] = why
        address = f"{reverse('sign-in')}?{urlencode(asked)}"
        if request.headers.get("Sec-Fetch-Dest") == "empty":
            return cast(HttpResponseRedirect, JsonResponse({"sign_in": address}, status=401))
        return HttpResponseRedirect(address)


class SecondFactorFirst:
    """Lets someone whose role needs a second factor do nothing else until they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Before the view."""
        del args, kwargs
        if getattr(view, "door", None) == PUBLIC or getattr(view, "while_enrolling", False):
            return None
        return HttpResponseRedirect(reverse("second-factors")) if request.session.get(MUST_ENROL) else None


def while_enrolling(view: V) -> V:
    """The view is open to someone who must set up a second factor first."""
    view.while_enrolling = True  # type: ignore[attr-defined]
    return view


def recently_authenticated(view: V) -> V:
    """The view asks again for a proof of identity where the last is more than a few minutes old; then it is returned to.

    Put it on the page that shows a dangerous form as well as on the one that takes it: what was typed is lost when only the second asks.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        opening = request.method in ("GET", "HEAD")
        if sessions.confirmed_lately(request.session, sending=not opening):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if opening else page_before(request)
        return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': back})}")

    return cast(V, guarded)


def page_before(request: HttpRequest) -> str:
    """The page of this application that a form was sent from, else the first page."""
    came = request.headers.get("Referer", "")
    if came and url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse("home")


def onward(request: HttpRequest) -> str:
    """Where to go on to: a page of this application, whatever the address or form says."""
    return safe(request, request.POST.get("next") or request.GET.get("next") or "")


def safe(request: HttpRequest, wanted: str) -> str:
    """An address if it is one of this application, else the first page."""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("home")
