"""Signing in and out, and the page that says the application runs."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access.sign_in import PAUSE, TooManyFailures, sign_in
from sightline.core.audit.record import What, note
from sightline.web.doors import public, signed_in, user_of
from sightline.web.pages import page

_WRONG = "Enter a user name and password that belong together"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    onward = _onward(request)
    if request.method == "GET":
        return page(request, "sign_in.html", title="Sign in", onward=onward)
    username = request.POST.get("username", "").strip()
    error = ""
    try:
        user = sign_in(request, username, request.POST.get("password", ""))
    except TooManyFailures:
        user = None
        error = (
            f"Too many attempts. Wait {PAUSE.seconds // 60} minutes, or ask your administrator to check your account"
        )
    if user is not None:
        login(request, user)
        return HttpResponseRedirect(onward)
    return page(request, "sign_in.html", title="Sign in", onward=onward, username=username, error=error or _WRONG)


@signed_in
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Signs out."""
    note(user_of(request).username, What.SIGN_OUT, where_from=str(request.META.get("REMOTE_ADDR", "")))
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@public
@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Says that the application answers, and nothing else."""
    del request
    return HttpResponse("ok", content_type="text/plain")


def _onward(request: HttpRequest) -> str:
    """Where to go after signing in: a page of this application, whatever the address says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("home")


ADDRESSES = (
    path("health", health, name="health"),
    path("sign-in", enter, name="sign-in"),
    path("sign-out", leave, name="sign-out"),
)
