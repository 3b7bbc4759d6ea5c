"""The entry point for an application server: `gunicorn sightline.web.wsgi`."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.settings")
application = get_wsgi_application()


def _warm() -> None:
    from sightline.web import figures, protection
    from sightline.web.views import reports

    figures.after_reading += [reports.prepare, protection.prepare]
    figures.warm()


def _seal() -> None:
    from sightline.core.audit.seal import keep_sealing

    keep_sealing()


# Of several processes one seals at a time.
threading.Thread(target=_seal, name="seal the audit", daemon=True).start()
# Reading the figures takes seconds: begin at once, and let pages that need none be answered meanwhile.
threading.Thread(target=_warm, name="warm figures", daemon=True).start()
