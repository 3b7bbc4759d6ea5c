"""The files `access.py` of the apps, which declare rules of record types, reasons to see a child, and bars against it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@cache
def access_modules() -> tuple[Any, ...]:
    """The module `access` of every app that has one."""
    names = [f"{app.name}.access" for app in apps.get_app_configs() if app.name.startswith("sightline.")]
    return tuple(import_module(name) for name in names if find_spec(name) is not None)
