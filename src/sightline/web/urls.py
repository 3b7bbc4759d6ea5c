"""Every address of the web application: each module of `views` declares its own as `ADDRESSES`, and the API its operations."""

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver

from sightline.api.urls import ADDRESSES as API
from sightline.web import views


def _addresses() -> list[URLPattern | URLResolver]:
    modules = (import_module(f"{views.__name__}.{found.name}") for found in iter_modules(views.__path__))
    return [address for module in modules for address in getattr(module, "ADDRESSES", ())]


urlpatterns = [*_addresses(), *API]

handler403 = "sightline.web.views.errors.forbidden"
handler404 = "sightline.web.views.errors.not_found"
handler500 = "sightline.web.views.errors.broken"
