"""Panels of a child's page. A module here has `TITLE`, `ORDER`, `TEMPLATE` and `panel(request, user, person)`, which gives what to show or None.

One with `AT_TOP` stands above everything else on the page: it is read before anything is done.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.people.models import Person


def of(request: HttpRequest, user: User, person: Person) -> list[dict[str, Any]]:
    """What each panel has to say about a person to this user, in their order."""
    said = ((module, module.panel(request, user, person)) for module in _modules())
    return [
        {
            "title": module.TITLE,
            "template": module.TEMPLATE,
            "at_top": getattr(module, "AT_TOP", False),
            "id": module.__name__.rpartition(".")[2],
            "content": content,
        }
        for module, content in said
        if content is not None
    ]


@cache
def _modules() -> list[ModuleType]:
    found = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    return sorted(found, key=lambda module: (module.ORDER, module.__name__))
