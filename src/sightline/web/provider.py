"""Signing in with the operator's identity provider: django-allauth speaks OpenID Connect, `core.access.provider` decides, the pages are ours."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from requests import RequestException

from sightline.core.access import provider, sessions
from sightline.core.access.models import User
from sightline.core.access.provider import PROVIDER_ID, NotKnown
from sightline.core.audit.record import What, note
from sightline.core.errors import SetUpProblem
from sightline.web import entering

UNREACHABLE = "The identity provider did not answer. Try again in a moment, or ask your administrator"
_FAILED = "The identity provider did not confirm who you are. Try again"


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # (allauth has no types)
    """The one provider of this installation, from its settings; and what becomes of those it vouches for."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The operator's provider, where one is set."""
        del request, client_id
        if not settings.OIDC_ISSUER or provider not in (None, PROVIDER_ID, "openid_connect"):
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER_ID,
                name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID,
                secret=settings.OIDC_CLIENT_SECRET,
                settings={"server_url": settings.OIDC_ISSUER},
            )
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """The provider has vouched for someone: let them in or tell them why not. allauth does no more after this."""
        raise ImmediateHttpResponse(_vouched_for(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, *args: Any, exception: Any = None, **more: Any) -> NoReturn:
        """The provider refused, was cancelled or did not answer."""
        del args, more
        reason = type(exception).__name__ if exception is not None else "refused or out of date"
        note("nobody", What.SIGN_IN_FAILED, where_from=sessions.where_from(request), factor="provider", why=reason)
        told = UNREACHABLE if isinstance(exception, RequestException) else _FAILED
        raise ImmediateHttpResponse(entering.sign_in_page(request, error=told))


def begin(request: HttpRequest, onward: str, *, confirming: bool = False) -> HttpResponseBase:
    """Sends someone to the provider. `confirming`: it is to ask for a proof again, whatever it remembers."""
    if not provider.configured():
        return entering.sign_in_page(
            request, error="This installation has no identity provider. Use a user name and password"
        )
    try:
        found = Adapter(request).get_provider(request, PROVIDER_ID)
        answer: HttpResponseRedirect = found.redirect(
            request,
            "login",
            next_url=onward,
            data={"confirming": confirming},
            auth_params={"prompt": "login"} if confirming else None,
        )
    except (RequestException, OAuth2Error, ValueError, KeyError):
        # No answer, or one that is no description of a provider.
        return entering.sign_in_page(request, error=UNREACHABLE)
    return answer


def _vouched_for(request: HttpRequest, login: SocialLogin) -> HttpResponseBase:
    subject, where = login.account.uid, sessions.where_from(request)
    said = login.account.extra_data
    token = said.get("id_token") or {}
    # OpenID Connect Core 5.3.2: what is said of another subject must not be used.
    if token.get("sub") != subject:
        return entering.sign_in_page(request, error=_FAILED)
    try:
        person = provider.vouched(subject, {**token, **(said.get("userinfo") or {})})
    except SetUpProblem as problem:
        return entering.sign_in_page(request, error=f"{problem.what}. Ask your administrator")
    try:
        user = provider.user_for(person, where)
    except NotKnown as refusal:
        note(provider.audit_name(person), What.SIGN_IN_FAILED, where_from=where, factor="provider", why=refusal.code)
        return entering.sign_in_page(request, error=str(refusal))
    state: dict[str, Any] = login.state or {}
    wanted = str(state.get("next") or "")
    if (state.get("data") or {}).get("confirming") and isinstance(request.user, User):
        return _confirmed(request, user, wanted)
    return entering.first_factor(request, user, "provider", wanted, second_done=person.by_two_factors)


def _confirmed(request: HttpRequest, user: User, wanted: str) -> HttpResponseBase:
    if user != request.user:
        return entering.sign_in_page(request, error="The identity provider vouched for someone else. Sign in again")
    return entering.confirmed(request, user, "provider", wanted)
