"""The app of partner agencies' systems."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "sightline.core.partners"

    def ready(self) -> None:
        from sightline.core.partners.outbox import listen

        listen()
