"""Signing in and out, by password or identity provider, with a second factor; recovery links; and the page that says the application runs."""

from __future__ import annotations

import json
from typing import Any

from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib.auth import logout
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access import factors, provider, recovery, sessions
from sightline.core.access.models import User
from sightline.core.access.recovery import Kind
from sightline.core.access.sign_in import PAUSE, TooManyFailures, attempt, check_password
from sightline.core.audit.record import What, note
from sightline.web import entering
from sightline.web import provider as provider_pages
from sightline.web.doors import public, signed_in, user_of
from sightline.web.new_password import NewPassword
from sightline.web.pages import page
from sightline.web.sessions import onward, while_enrolling

_WRONG = "Enter a user name and password that belong together"
WRONG_CODE = "Enter the newest code of your authenticator app, or a recovery code you have not used"
PAUSED = f"Too many attempts. Wait {PAUSE.seconds // 60} minutes, or ask your administrator to check your account"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    wanted = onward(request)
    if request.method == "GET":
        return entering.sign_in_page(request)
    username = request.POST.get("username", "").strip()
    try:
        user = check_password(request, username, request.POST.get("password", ""))
    except TooManyFailures:
        return entering.sign_in_page(request, username=username, error=PAUSED, wanted=wanted)
    if user is None:
        return entering.sign_in_page(request, username=username, error=_WRONG, wanted=wanted)
    return entering.first_factor(request, user, "password", wanted)


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The page that asks for the second factor."""
    waiting = entering.pending(request)
    if waiting is None:
        return entering.sign_in_page(request, error="Start again with your user name and password")
    user, how, wanted = waiting
    error = ""
    if request.method == "POST":
        try:
            proved = prove(request, user)
        except TooManyFailures:
            proved, error = "", PAUSED
        else:
            error = WRONG_CODE
        if proved:
            return entering.enter(request, user, f"{how} and {proved}", wanted, second_done=True)
    return page(request, "sign_in_second.html", title="Second step of signing in", error=error, **challenge(user))


def challenge(user: User) -> dict[str, Any]:
    """What a page that asks for a second factor shows: which kinds there are, and what a passkey must answer."""
    asked = factors.passkey_to_prove(user)
    kinds = factors.kinds_of(user)
    return {
        "kinds": kinds,
        "has_app": factors.APP in kinds,
        "passkey": json.dumps(asked, default=str) if asked is not None else "",
    }


def prove(request: HttpRequest, user: User) -> str:
    """The factor that a form proves, in words; nothing where it proves none. Raises TooManyFailures."""
    proved: list[str] = []
    credential, code = request.POST.get("credential", ""), request.POST.get("code", "")

    def fits() -> bool:
        found = factors.passkey_fits(user, as_json(credential)) if credential else factors.code_fits(user, code)
        proved.extend([found] if found else [])
        return bool(proved)

    attempt(request, user.username, "passkey" if credential else "code", fits)
    return proved[0] if proved else ""


def as_json(text: str) -> Any:
    """What a script sent; None where it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


@public
@never_cache
@require_GET
def with_provider(request: HttpRequest) -> HttpResponseBase:
    """Sends someone to the operator's identity provider."""
    confirming = request.GET.get("confirm") == "1" and isinstance(request.user, User)
    return provider_pages.begin(request, onward(request), confirming=confirming)


@public
@never_cache
@require_GET
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Where the identity provider sends people back to."""
    if not provider.configured() or provider_id != provider.PROVIDER_ID:
        return provider_pages.begin(request, reverse("home"))
    answer: HttpResponseBase = openid.callback(request, provider_id)
    return answer


@public
@never_cache
@sensitive_post_parameters("password", "new", "again")
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest, kind: str, user_id: int, token: str) -> HttpResponse:
    """Opens a link that an administrator made."""
    user = recovery.user_of_token(Kind(kind), user_id, token) if kind in [*Kind] else None
    if user is None:
        return page(request, "account/recover_over.html", title="This link does not work any more")
    return (_new_password if Kind(kind) is Kind.PASSWORD else _lost_factors)(request, user)


def _new_password(request: HttpRequest, user: User) -> HttpResponse:
    typed = NewPassword(request, user)
    if request.method == "POST" and not typed.errors:
        recovery.set_password(request, user, typed.password)
        return HttpResponseRedirect(f"{reverse('sign-in')}?why=password")
    return page(
        request,
        "account/recover_password.html",
        title="Choose a new password",
        username=user.username,
        errors=typed.errors,
        rules=password_validators_help_texts(),
    )


def _lost_factors(request: HttpRequest, user: User) -> HttpResponse:
    error, by_password = "", user.has_usable_password()
    if request.method == "POST" and not by_password:
        # The link lets nobody in: the identity provider must still vouch for them.
        recovery.drop_factors(request, user)
        return HttpResponseRedirect(reverse("sign-in"))
    if request.method == "POST":
        try:
            found = check_password(request, user.username, request.POST.get("password", ""))
            error = "Enter your password"
        except TooManyFailures:
            found, error = None, PAUSED
        if found is not None:
            recovery.drop_factors(request, user)
            return entering.enter(
                request, user, "password and recovery link", reverse("second-factors"), second_done=False
            )
    return page(
        request,
        "account/recover_factors.html",
        title="Replace a lost second step",
        username=user.username,
        by_password=by_password,
        error=error,
    )


@signed_in
@while_enrolling
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Signs out."""
    note(user_of(request).username, What.SIGN_OUT, where_from=sessions.where_from(request))
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@public
@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Says that the application answers, and nothing else."""
    del request
    return HttpResponse("ok", content_type="text/plain")


ADDRESSES = (
    path("health", health, name="health"),
    path("sign-in", enter, name="sign-in"),
    path("sign-in/second-step", second, name="sign-in-second"),
    path("sign-in/provider", with_provider, name="sign-in-provider"),
    # The name is the one by which allauth tells the provider where to send people back to.
    path("sign-in/provider/<slug:provider_id>/return", from_provider, name="openid_connect_callback"),
    path("recover/<slug:kind>/<int:user_id>/<slug:token>", recover, name="recover"),
    path("sign-out", leave, name="sign-out"),
)
