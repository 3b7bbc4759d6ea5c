"""The entry point for an application server: `gunicorn sightline.web.wsgi`."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.settings")
application = get_wsgi_application()


def _warm() -> None:
    from sightline.web.figures import warm
    from sightline.web.views.reports import prepare

    found = warm()
    if found is not None:
        prepare(found)


# Reading the figures takes seconds: begin at once, and let pages that need none be answered meanwhile.
threading.Thread(target=_warm, name="warm figures", daemon=True).start()
