"""The measures page: every measure and fact, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.derive.facts import Fact, all_facts
from sightline.engine.measures.declare import Combined, Measure
from sightline.engine.measures.registry import AnyMeasure, measures


def markdown() -> str:
    """The page."""
    return "\n".join([_OPENING, *_measures(), "## Facts", "", _FACTS, "", *_facts()])


_OPENING = """# Measures

Written from the declarations: do not edit. A measure is a cohort (a fact read as events or spells) and a small arithmetic. Every
measure of people is also given by sex, age, ethnicity, disability
and district, by year, quarter and month, with the year before; what else it is broken down by is said with it. Periods that the
named streams do not cover are "not covered".
"""
_FACTS = "Derived tables that measures count. Each is defined once; tests hold it against a recount in plain Python."


def _measures() -> Iterator[str]:
    chapter = ""
    for what in sorted(measures().values(), key=lambda m: m.chapter):
        if what.chapter != chapter:
            chapter = what.chapter
            yield f"## {chapter.replace('_', ' ').capitalize()}"
            yield ""
        yield from _measure(what)


def _measure(what: AnyMeasure) -> Iterator[str]:
    yield f"### {what.title}"
    yield ""
    yield f"`{what.id}`: {what.definition}"
    yield ""
    yield f"- Source: {what.source}"
    yield f"- {'; '.join(_how(what))}"
    yield ""


def _how(what: AnyMeasure) -> Iterator[str]:
    if isinstance(what, Combined):
        yield f"{what.statistic.value} of `{what.over}` over the {what.parts}s of the period"
    else:
        yield f"{what.statistic.value} of {what.cohort.fact}, {what.kind.value}"
        yield f"streams: {', '.join(what.cohort.streams)}"
    yield f"unit: {what.unit}, printed to {what.places} decimals"
    yield what.polarity.value
    if isinstance(what, Measure):
        yield from _more(what)


def _more(what: Measure) -> Iterator[str]:
    if what.children:
        yield "each person counted once"
    if what.lookback_months:
        yield f"needs {what.lookback_months} months before the period to be covered"
    if what.window_months:
        yield f"needs the {what.window_months} months to the period's last day to be covered"
    if what.categories:
        yield f"also by {', '.join(what.categories)}"
    if what.benchmark.indicator:
        yield f"compared with {what.benchmark.indicator}"
    if what.target is not None:
        yield f"target {what.target:g}"


def _facts() -> Iterator[str]:
    for fact in all_facts().values():
        yield from _fact(fact)


def _fact(fact: Fact) -> Iterator[str]:
    yield f"### `{fact.name}`"
    yield ""
    yield fact.definition
    yield ""
    yield f"Source: {fact.source}"
    yield ""
