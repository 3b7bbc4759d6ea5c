"""How a figure reads in a sentence. A change chooses its own verb, so that the sentence is true whichever way the figure went."""

from __future__ import annotations

import re
from datetime import date

from sightline.core.errors import InputProblem
from sightline.engine.report.figures import Figure, day_of, print_value

_MINUS = re.compile(r"(?<![\w)])-(?=\d)")
_OPENING = re.compile(r'(?:(?<=[\s(])|^)"')
_OPENING_SINGLE = re.compile(r"(?:(?<=[\s(])|^)'")
FILTERS = ("size", "increase", "rose", "more than", "higher", "against ID", "from", "to")


def in_words(figure: Figure, how: str, other: Figure | None = None) -> str:
    """The text of a figure under a filter. Raises InputProblem for a filter that there is not."""
    if how == "":
        return figure.printed
    if how in ("from", "to"):
        return day_in_words(date.fromisoformat(figure.as_at.split("/")[0]) if how == "from" else day_of(figure.as_at))
    if how.startswith("against"):
        return _against(figure, other)
    if figure.suppressed:
        return {"increase": "a change of c", "rose": "changed by c", "more than": "c more or fewer than"}.get(how, "c")
    if figure.value is None:
        return figure.printed
    size = print_value(abs(figure.shown), figure.places, figure.unit)
    up, none = figure.shown > 0, figure.shown == 0
    words = {
        "size": size,
        "increase": "no change" if none else f"{'an increase' if up else 'a decrease'} of {size}",
        "rose": "did not change" if none else f"{'rose' if up else 'fell'} by {size}",
        "more than": "as many as" if none else f"{size} {'more' if up else 'fewer'} than",
        "higher": "unchanged" if none else ("higher" if up else "lower"),
    }
    if how not in words:
        raise InputProblem(f"'{how}' is not a way to write a figure", figure.id, f"write one of: {', '.join(FILTERS)}")
    return words[how]


def _against(figure: Figure, other: Figure | None) -> str:
    if other is None or figure.value is None or other.value is None:
        return "not compared with"
    if figure.shown == other.shown:
        return "the same as"
    return "above" if figure.shown > other.shown else "below"


def day_in_words(day: date) -> str:
    """`31 March 2017`."""
    return f"{day.day} {day.strftime('%B %Y')}"


def spoken(text: str) -> str:
    """Text for the eye: a true minus sign, curly quotation marks. Files for programs keep the plain ones."""
    text = _MINUS.sub("\N{MINUS SIGN}", text)
    if "'" in text or '"' in text:
        text = _OPENING.sub("\N{LEFT DOUBLE QUOTATION MARK}", text).replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}")
        text = _OPENING_SINGLE.sub("\N{LEFT SINGLE QUOTATION MARK}", text).replace(
            "'", "\N{RIGHT SINGLE QUOTATION MARK}"
        )
    return text
