"""Forms sent after the session ended: what was typed is parked, and opened again once its writer has signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sightline.engine.screens import drafts


class ParkedForms:
    """Stands before the sign-in check, for views that are marked `keeps_what_was_typed`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Park the form and lead to the sign-in, from which the form is found again."""
        del args
        keeps = getattr(view, "keeps_what_was_typed", False)
        if request.method != "POST" or not keeps or request.user.is_authenticated:
            return None
        content = {name: values for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "add")}
        token = drafts.park(str(request.POST.get("form-key", ""))[:200], content)
        kept = request.GET.dict() | ({"parked": token} if token else {})
        # A form on a page of something else says where that page is.
        place = keeps(kwargs) if callable(keeps) else request.path
        onward = f"{place}?{urlencode(kept)}" if kept else place
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': onward})}")
