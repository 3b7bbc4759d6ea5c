"""What stops the clocks of early help."""

from __future__ import annotations

from sightline.engine.work.declarations import Stop

STOPS = {"EHA-COMPLETE": (Stop("early_help.assess"),)}
