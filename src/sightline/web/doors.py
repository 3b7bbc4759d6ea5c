"""Who may open a page. Every view says so; one that does not is shut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from sightline.api import BY_SCOPE
from sightline.core.access.models import User
from sightline.core.access.roles import Permission

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

PUBLIC = "everyone, signed in or not"
SIGNED_IN = "everyone who is signed in"


def public(view: V) -> V:
    """The view is open to people who are not signed in."""
    view.door = PUBLIC  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: V) -> V:
    """The view is open to every role. It decides itself what it shows to whom."""
    view.door = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[V], V]:
    """The view is open to roles with the permission."""

    def mark(view: V) -> V:
        view.door = permission  # type: ignore[attr-defined]
        return view

    return mark


class Doorkeeper:
    """Refuses a view to those who may not open it. The page that says so audits the refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object) -> None:
        """Before the view: the user is signed in by now, unless the view is public."""
        del args, kwargs
        door = getattr(view, "door", None)
        if door is None:
            raise PermissionDenied("This page does not say who may open it.")
        if door in (PUBLIC, SIGNED_IN, BY_SCOPE):
            return
        user = request.user
        if not (isinstance(user, User) and user.may(Permission(door))):
            raise PermissionDenied(f"Your role does not include: {door}.")


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Raises PermissionDenied when there is none."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user
