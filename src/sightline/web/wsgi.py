"""The entry point for an application server: `gunicorn sightline.web.wsgi`."""

import atexit
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.settings")
application = get_wsgi_application()


def _warm() -> None:
    from sightline.web import figures, protection
    from sightline.web.views import reports

    figures.after_reading += [protection.prepare, reports.prepare]
    figures.warm()


def _seal() -> None:
    from sightline.core.audit.seal import keep_sealing

    keep_sealing()


def _deliver(stop: threading.Event) -> None:
    from sightline.core.partners.deliver import keep_delivering

    keep_delivering(stop)


def _stop(stop: threading.Event, sender: threading.Thread) -> None:
    """Let the delivery that is under way end, for as long as one may take."""
    stop.set()
    sender.join(timeout=30)


# Of several processes one delivers at a time.
_over = threading.Event()
_sender = threading.Thread(target=_deliver, args=(_over,), name="deliver to webhooks", daemon=True)
_sender.start()
atexit.register(_stop, _over, _sender)
# Of several processes one seals at a time.
threading.Thread(target=_seal, name="seal the audit", daemon=True).start()
# Reading the figures takes seconds: begin at once, and let pages that need none be answered meanwhile.
threading.Thread(target=_warm, name="warm figures", daemon=True).start()
