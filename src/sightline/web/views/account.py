"""My account: who I am here, my password, my second factors and my sessions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access import factors, provider, recovery, sessions
from sightline.core.access.models import User
from sightline.core.access.sign_in import TooManyFailures, check_password
from sightline.core.audit.record import What, note
from sightline.web import entering
from sightline.web.devices import device
from sightline.web.doors import signed_in, user_of
from sightline.web.new_password import NewPassword
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.sessions import onward, while_enrolling
from sightline.web.views.entrance import PAUSED, WRONG_CODE, challenge, prove

_CRUMBS = (("My account", "/account"),)


@signed_in
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    user = user_of(request)
    key = request.session.session_key
    return page(
        request,
        "account/index.html",
        title="My account",
        person=user,
        factors=[{"id": one.pk, "words": factors.describe(one), "factor": one} for one in factors.factors_of(user)],
        factor_needed=factors.needed(user),
        codes_left=factors.recovery_codes_left(user),
        sessions=[
            {"session": one, "device": device(one.user_agent), "here": one.session_key == key}
            for one in sessions.sessions_of(user)
        ],
        limits=sessions.limits(),
        has_password=user.has_usable_password(),
        recovered=recovery.last_made(user),
    )


@signed_in
@never_cache
@sensitive_post_parameters("password", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changes one's password. The former is asked for here, so no other proof is."""
    user = user_of(request)
    if not user.has_usable_password():
        return HttpResponseRedirect(reverse("account"))
    typed = NewPassword(request, user)
    errors = dict(typed.errors)
    if request.method == "POST":
        errors = {**_former_wrong(request, user), **errors}
        if not errors:
            _change_password(request, user, typed.password)
            return HttpResponseRedirect(reverse("account"))
    rules = password_validators_help_texts()
    return page(
        request, "account/password.html", title="Change your password", crumbs=_CRUMBS, errors=errors, rules=rules
    )


def _former_wrong(request: HttpRequest, user: User) -> dict[str, str]:
    try:
        fits = check_password(request, user.username, request.POST.get("password", "")) is not None
    except TooManyFailures:
        return {"password": PAUSED}
    return {} if fits else {"password": "Enter the password you have now"}


def _change_password(request: HttpRequest, user: User, new: str) -> None:
    """Every other session ends: whoever knew the old password is out."""
    where, old_key = sessions.where_from(request), request.session.session_key
    user.set_password(new)
    user.save(update_fields=["password"])
    note(user.username, What.PASSWORD_CHANGED, where_from=where)
    update_session_auth_hash(request, user)
    sessions.moved(request, user, old_key)
    sessions.end_sessions(user, "password changed", where, keep=request.session.session_key)


@signed_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends one of one's sessions, or every one of them."""
    user, where = user_of(request), sessions.where_from(request)
    one = request.POST.get("session", "")
    if number := whole_number(one):
        sessions.end_session(user, number, where)
        return HttpResponseRedirect(reverse("account"))
    if request.POST.get("everywhere"):
        sessions.end_sessions(user, "signed out everywhere", where)
        logout(request)
        return HttpResponseRedirect(f"{reverse('sign-in')}?why=everywhere")
    return HttpResponseRedirect(reverse("account"))


@signed_in
@while_enrolling
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks for a proof of identity before something dangerous."""
    user, wanted = user_of(request), onward(request)
    by_factor = bool(factors.factors_of(user))
    error = ""
    if request.method == "POST":
        proved, error = _proof(request, user, by_factor)
        if proved:
            return entering.confirmed(request, user, proved, wanted)
    way: dict[str, Any] = challenge(user) if by_factor else {}
    return page(
        request,
        "account/confirm.html",
        title="Confirm that it is you",
        error=error,
        onward=wanted,
        by="factor" if by_factor else "password" if user.has_usable_password() else "provider",
        provider_there=provider.configured(),
        **way,
    )


def _proof(request: HttpRequest, user: User, by_factor: bool) -> tuple[str, str]:
    """What was proved, else what is wrong. Who has a second factor proves that: it is what a borrowed session lacks."""
    try:
        if by_factor:
            return prove(request, user), WRONG_CODE
        fits = check_password(request, user.username, request.POST.get("password", "")) == user
        return "password" if fits else "", "Enter your password"
    except TooManyFailures:
        return "", PAUSED


ADDRESSES = (
    path("account", account, name="account"),
    path("account/password", password, name="account-password"),
    path("account/sessions/end", end_sessions, name="account-sessions-end"),
    path("account/confirm", confirm, name="confirm"),
)
