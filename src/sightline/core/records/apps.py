"""Installs the history triggers after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """The records app."""

    name = "sightline.core.records"
    label = "records"

    def ready(self) -> None:
        from sightline.core.records import history  # models are not ready any earlier

        post_migrate.connect(history.install, sender=self, dispatch_uid="records_history")
