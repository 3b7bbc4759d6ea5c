"""Doing an act for a page: what was done, or what was wrong with what was given, in words for the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sightline.engine.actions.refusals import Conflict, Fault, Invalid, NotNow, NotPermitted

T = TypeVar("T")


def acted(act: Callable[[], T]) -> tuple[T | None, tuple[Fault, ...]]:
    """The answer of `act`, or its faults. A refusal undoes it, and leaves the rest of the request (its audit, too) as it was.

    Raises PermissionDenied where the user may not do it at all.
    """
    try:
        with transaction.atomic():
            return act(), ()
    except Invalid as refusal:
        return None, refusal.faults
    except (NotNow, Conflict) as refusal:
        return None, (Fault("", refusal.what),)
    except NotPermitted as refusal:
        raise PermissionDenied(refusal.what) from refusal
