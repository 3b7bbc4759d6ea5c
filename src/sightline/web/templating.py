"""The Jinja2 environment of the pages, with the GOV.UK macros at hand."""

from datetime import date, datetime
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader


def environment(**options: Any) -> Environment:
    # The macros read parameters that callers leave out, several levels deep: only ChainableUndefined lets them.
    options["undefined"] = ChainableUndefined
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    env = Environment(**options)  # noqa: S701 (Django's backend asks for autoescape)
    env.globals.update(static=static, url=_url)
    env.filters.update(day=in_words, shortday=short_day, moment=moment)
    # A line of a block tag leaves no line behind: pages stay readable at their source.
    env.trim_blocks = env.lstrip_blocks = True
    return env


def in_words(day: date | str | None) -> str:
    """A day as people write it: `1 April 2016`."""
    if not day:
        return ""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.day} {found:%B %Y}"


def short_day(day: str) -> str:
    """A day for a table: `1 Apr 2016`."""
    if not day:
        return ""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b %Y}"


def moment(when: datetime | str) -> str:
    """A moment in local time: `1 April 2016, 09:30`."""
    found = datetime.fromisoformat(when) if isinstance(when, str) else when
    local = timezone.localtime(found)
    return f"{in_words(local.date())}, {local:%H:%M}"


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)
