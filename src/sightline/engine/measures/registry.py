"""Every measure that the pathways declare, in the order of the report's chapters."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

from sightline.core.errors import InputProblem
from sightline.core.registry import pathway_modules
from sightline.engine.measures.declare import Combined, Measure

AnyMeasure = Measure | Combined
#: Below this an id is not near enough to be advice.
LIKE_ENOUGH = 0.75


@cache
def measures() -> dict[str, AnyMeasure]:
    """Measures by id. Raises ValueError when two share an id."""
    found: dict[str, AnyMeasure] = {}
    for module in pathway_modules("measures"):
        for measure in module.MEASURES:
            if measure.id in found:
                raise ValueError(f"two measures are called '{measure.id}': rename one (see {module.__name__})")
            found[measure.id] = measure
    return found


def measure(id: str) -> AnyMeasure:
    """One measure. Raises InputProblem with the nearest ids when there is none."""
    found = measures().get(id)
    if found is None:
        near = nearest(id)
        advice = "./sightline measures --list prints them all"
        raise InputProblem(
            f"there is no measure '{id}'", next=f"did you mean {', '.join(near)}? {advice}" if near else advice
        )
    return found


def nearest(id: str, most: int = 3) -> list[str]:
    """Ids that somebody may have meant, the likest first: those with the same words in them or their titles, of the same subject, or much alike."""
    asked = _words(id)

    def likeness(known: str, title: str) -> float:
        # A word in common says more than letters that happen to agree.
        shared = _in_common(asked, _words(known)) + _in_common(asked, _words(title)) / 2
        same_subject = asked[:1] == _words(known)[:1]
        return shared / max(1, len(asked)) + same_subject / 2 + SequenceMatcher(None, id.lower(), known).ratio()

    liked = sorted((-likeness(known, what.title), known) for known, what in measures().items())
    return [known for found, known in liked[:most] if -found >= LIKE_ENOUGH]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _in_common(asked: list[str], known: list[str]) -> int:
    """How many of the words asked for are among the known ones, whatever their endings."""
    return sum(any(one[:5] == other[:5] for other in known) for one in asked)
