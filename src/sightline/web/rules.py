"""Middleware that lets each server follow the local rules as they are changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from sightline.core.options.following import follow


class LocalRules:
    """Before a request is answered, and outside its transaction: asks at most once a minute, and on every new day, what was changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        follow()
        return self._get_response(request)
