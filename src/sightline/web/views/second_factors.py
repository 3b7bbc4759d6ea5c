"""Setting up and taking away one's second factors."""

from __future__ import annotations

import json

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access import factors, sessions
from sightline.core.access.models import User
from sightline.web.doors import signed_in, user_of
from sightline.web.pages import page
from sightline.web.sessions import MUST_ENROL, recently_authenticated, while_enrolling
from sightline.web.views.entrance import as_json

_CRUMBS = (("My account", "/account"),)
_SECRET, _SHOW_CODES = "secret of a new app", "show recovery codes"


@signed_in
@while_enrolling
@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of second factor to set up."""
    must = bool(request.session.get(MUST_ENROL))
    return page(
        request, "account/factors.html", title="Set up a second step", crumbs=() if must else _CRUMBS, must=must
    )


@signed_in
@while_enrolling
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@recently_authenticated
def app(request: HttpRequest) -> HttpResponse:
    """Sets up an authenticator app, by picture or typed secret."""
    user, error = user_of(request), ""
    secret = request.session.get(_SECRET) or factors.new_secret()
    request.session[_SECRET] = secret
    if request.method == "POST":
        if factors.add_app(request, user, secret, request.POST.get("code", "")):
            del request.session[_SECRET]
            return _done(request, user)
        error = "Enter the 6 digits that the app shows now"
    return page(
        request,
        "account/app.html",
        title="Set up an authenticator app",
        crumbs=_CRUMBS,
        error=error,
        picture=factors.qr_code(user, secret),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        replaces=factors.APP in factors.kinds_of(user),
    )


@signed_in
@while_enrolling
@never_cache
@require_http_methods(["GET", "POST"])
@recently_authenticated
def passkey(request: HttpRequest) -> HttpResponse:
    """Sets up a passkey, which takes a script."""
    user, error = user_of(request), ""
    name = request.POST.get("name", "").strip()
    if request.method == "POST":
        credential = as_json(request.POST.get("credential", ""))
        if credential is not None and factors.add_passkey(request, user, name, credential):
            return _done(request, user)
        error = "The passkey was not made. Try again, or set up an authenticator app"
    asked = json.dumps(factors.passkey_to_make(user), default=str)
    title = "Set up a passkey"
    return page(request, "account/passkey.html", title=title, crumbs=_CRUMBS, error=error, passkey=asked, name=name)


def _done(request: HttpRequest, user: User) -> HttpResponse:
    """A factor is there: nothing more is owed, and the first brings recovery codes."""
    request.session.pop(MUST_ENROL, None)
    sessions.confirm(request.session)
    if factors.CODES in factors.kinds_of(user):
        return HttpResponseRedirect(reverse("account"))
    return _show_codes(request)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
@recently_authenticated
def codes(request: HttpRequest) -> HttpResponse:
    """Shows new recovery codes once: when the first factor was set up, or by a form."""
    user = user_of(request)
    if request.method == "POST" and factors.factors_of(user):
        return _show_codes(request)
    if not request.session.pop(_SHOW_CODES, False):
        return HttpResponseRedirect(reverse("account"))
    made = factors.new_recovery_codes(request, user)
    return page(request, "account/codes.html", title="Your recovery codes", crumbs=_CRUMBS, codes=made)


def _show_codes(request: HttpRequest) -> HttpResponse:
    request.session[_SHOW_CODES] = True
    return HttpResponseRedirect(reverse("recovery-codes"))


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
@recently_authenticated
def remove(request: HttpRequest) -> HttpResponse:
    """Takes away one of one's factors, after asking."""
    user = user_of(request)
    wanted = request.POST.get("factor") or request.GET.get("factor") or ""
    found = next((one for one in factors.factors_of(user) if str(one.pk) == wanted), None)
    if found is None:
        return HttpResponseRedirect(reverse("account"))
    allowed = factors.may_remove(user)
    if request.method == "POST" and allowed:
        factors.remove(request, user, found)
        return HttpResponseRedirect(reverse("account"))
    return _asked(request, found, allowed)


def _asked(request: HttpRequest, found: Authenticator, allowed: bool) -> HttpResponse:
    return page(
        request,
        "account/remove.html",
        title="Remove a second step",
        crumbs=_CRUMBS,
        factor={"id": found.pk, "words": factors.describe(found)},
        allowed=allowed,
    )


ADDRESSES = (
    path("account/second-step", choose, name="second-factors"),
    path("account/second-step/app", app, name="second-factor-app"),
    path("account/second-step/passkey", passkey, name="second-factor-passkey"),
    path("account/second-step/codes", codes, name="recovery-codes"),
    path("account/second-step/remove", remove, name="second-factor-remove"),
)
