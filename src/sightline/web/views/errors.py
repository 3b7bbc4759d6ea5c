"""Pages for when something is not as it should be: what is wrong, and what to do next."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.web.pages import page


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, audited: the request's own transaction was rolled back, so this entry stands alone."""
    who = request.user.username if isinstance(request.user, User) else "not signed in"
    note(who, What.REFUSED, request.path, why=str(exception))
    return page(
        request, "error.html", title="You cannot open this page", status=403, kind="forbidden", why=str(exception)
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The words are the view's own, or plain ones where the address matches nothing."""
    said = exception.args[0] if exception.args else ""
    return page(
        request,
        "error.html",
        title="Page not found",
        status=404,
        kind="not_found",
        why=said if isinstance(said, str) else "",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is gone. It touches neither the database nor the user's session, since either may be what broke."""
    del request
    if _database_is_gone(sys.exception()):
        said = {"title": "The database cannot be reached", "embedded": settings.DATABASE_IS_EMBEDDED}
        return HttpResponse(render_to_string("database_gone.html", said), status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("broken.html", {"title": "Sorry, something went wrong"}), status=500)


def _database_is_gone(error: BaseException | None) -> bool:
    """Whether a failure is of the connection: no word from the server, or the server's word that it goes. A statement it refused is not."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state == "" or state.startswith(("08", "57P"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form was sent from a page that is too old, or from elsewhere."""
    del reason
    return page(request, "error.html", title="This page was open too long", status=403, kind="csrf", why="")


class ProblemPages:
    """Shows an InputProblem as a page: there is no snapshot yet, or something asked for is not there."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self._get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a view raised."""
        if isinstance(exception, InputProblem):
            return page(request, "no_figures.html", title="No figures yet", status=404, problem=exception)
        return None
