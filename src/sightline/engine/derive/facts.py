"""Declaring a fact, and reading tables and facts by name.

A fact is a function from `Tables` to an Ibis table. Its docstring is its definition, which the reference pages print.
Facts are read by name, so a pathway can build on another's facts without importing it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import ibis.expr.types as ir

from sightline.core.registry import pathway_modules

Build = Callable[["Tables"], ir.Table]


class Tables(Protocol):
    """What a fact reads: record tables of the snapshot, and other facts."""

    def table(self, name: str) -> ir.Table:
        """A record table, by its database name."""
        ...

    def fact(self, name: str) -> ir.Table:
        """A derived fact, by its name."""
        ...


@dataclass(frozen=True)
class Fact:
    """A named derived table. `definition` says what a row is; `source` which guidance decides it."""

    name: str
    definition: str
    source: str
    build: Build


_facts: dict[str, Fact] = {}


def fact(name: str, *, source: str) -> Callable[[Build], Build]:
    """Declares the decorated function as the fact `name`, for example `looked_after.periods`."""

    def declare(build: Build) -> Build:
        if name in _facts and _facts[name].build.__module__ != build.__module__:
            raise ValueError(
                f"the fact '{name}' is declared twice: {_facts[name].build.__module__}, {build.__module__}"
            )
        definition = inspect.getdoc(build)
        if not definition:
            raise ValueError(f"the fact '{name}' has no definition: write its docstring")
        _facts[name] = Fact(name, definition, source, build)
        return build

    return declare


def all_facts() -> dict[str, Fact]:
    """Every fact that the engine and the pathways declare, by name."""
    from sightline.engine.derive import people, timeliness  # noqa: F401 (they declare; they need `fact` first)

    pathway_modules("facts")
    return dict(sorted(_facts.items()))
