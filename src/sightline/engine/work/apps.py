"""The work app."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Issues of drift lists, and who wants a digest."""

    name = "sightline.engine.work"
