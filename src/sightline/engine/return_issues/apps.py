"""The app of return issues."""

from __future__ import annotations

from django.apps import AppConfig


class ReturnIssuesConfig(AppConfig):
    """Issues of returns, checks of the record, and submissions."""

    name = "sightline.engine.return_issues"
