"""Every measure that the pathways declare, in the order of the report's chapters."""

from __future__ import annotations

from functools import cache

from sightline.core.errors import InputProblem
from sightline.core.registry import pathway_modules
from sightline.engine.measures.declare import Combined, Measure

AnyMeasure = Measure | Combined


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
    from difflib import get_close_matches

    found = measures().get(id)
    if found is None:
        near = ", ".join(get_close_matches(id, measures(), 3)) or "run ./sightline measures --list"
        raise InputProblem(f"there is no measure '{id}'", next=f"did you mean: {near}")
    return found
