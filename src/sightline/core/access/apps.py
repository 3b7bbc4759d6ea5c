"""Starts what must be listening before anybody signs in."""

from django.apps import AppConfig


class Access(AppConfig):
    """Users, roles, sign-in."""

    name = "sightline.core.access"

    def ready(self) -> None:
        """A sign-in starts a session's limits, by whichever way it came."""
        from django.contrib.auth.signals import user_logged_in

        from sightline.core.access import provider, sessions

        # A map of roles that cannot be read must stop the start, not the first sign-in.
        provider.role_map()
        user_logged_in.connect(sessions.begin, dispatch_uid="sightline.sessions.begin")
