"""Finds the returns: every folder of `sightline.returns` declares one as `RETURN`."""

from __future__ import annotations

from functools import cache

from sightline.core.errors import InputProblem
from sightline.core.registry import return_modules
from sightline.engine.exchange.rules.declarations import Return


@cache
def returns() -> dict[str, Return]:
    """Every return that has rules, by name."""
    return {module.RETURN.name: module.RETURN for module in return_modules()}


def return_named(name: str) -> Return:
    """The return of that name. Raises InputProblem."""
    found = returns().get(name.strip().lower())
    if found is None:
        raise InputProblem(f"'{name}' is not a return with rules", "return", f"Choose one of: {', '.join(returns())}.")
    return found
