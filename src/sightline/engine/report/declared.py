"""What a chapter declares: its figures, and its text with directives.

A `chapter.md` holds one chapter or several. Each begins with a front matter (YAML between lines of three hyphens):

    ---
    id: contacts_and_referrals
    order: 20
    title: Contacts and referrals
    figures:
      contacts.total: {ledger: yes}
      contacts.change_pct: {measure: contacts.total, aspect: change_pct, ledger: yes}
    ---
    There were {contacts.total} contacts, {contacts.change_pct|increase} on the year before.

A figure's key is its id. `ledger` lists ids of the printed report's list of figures that it answers (`yes`: its own id);
`differs` those that it measures and does not answer, because the printed report contradicts itself there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from sightline.core.errors import InputProblem


class Aspect(StrEnum):
    """What of a measure a figure gives."""

    VALUE = "value"
    CHANGE = "change"
    CHANGE_PCT = "change_pct"
    CHANGE_PP = "change_pp"

    @property
    def is_change(self) -> bool:
        """Whether the figure compares two periods."""
        return self is not Aspect.VALUE


class Of(StrEnum):
    """Whose figure it is."""

    OWN = "own"
    NEIGHBOURS = "neighbours"
    REGION = "region"
    ENGLAND = "england"


@dataclass(frozen=True)
class Spec:
    """One figure, before it is worked out.

    Of four sorts: `measure`; `fact` (a cited fact about the area); `people` (the area's child population); `clock` (a time limit, given in
    `unit`). `period` and `against` are expressions of `report.periods`; `printed` is the key of a comparator as a report
    printed it, `population` the rule a rate divides by when it is not the report's own.
    """

    id: str = ""
    measure: str = ""
    fact: str = ""
    people: str = ""
    clock: str = ""
    unit: str = ""
    period: str = "year"
    against: str = ""
    aspect: Aspect = Aspect.VALUE
    of: Of = Of.OWN
    breakdown: str = ""
    category: str = ""
    places: int | None = None
    printed: str = ""
    population: str = ""
    title: str = ""
    ledger: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()

    def automatic_id(self, period: str) -> str:
        """The id of a figure that no chapter has named: `cp.started.prior`, `cp.started@2016-04`, `cp.started[category=NEG].change`."""
        part = f"[{self.breakdown}={self.category}]" if self.breakdown else ""
        when = {"year": "", "prior": ".prior"}.get(self.period, f"@{period}")
        what = "" if self.aspect is Aspect.VALUE else f".{self.aspect}"
        whose = "" if self.of is Of.OWN else f".{self.of}"
        rule = f".{self.population}" if self.population else ""
        name = self.measure or self.fact or self.clock or f"pop.{self.people}"
        return f"{name}{part}{when}{what}{whose}{rule}"


@dataclass(frozen=True)
class Chapter:
    """One chapter as written. `where` names its file, for messages. `sums` are totals with the parts that must add up to them. A `fresh`
    chapter begins a page."""

    id: str
    order: int
    title: str
    body: str
    where: str
    figures: Mapping[str, Spec] = field(default_factory=dict)
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    appendix: bool = False
    fresh: bool = False


_DOCUMENT = re.compile(r"^---\n(.*?)^---\n(.*?)(?=^---\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS = {"id", "order", "title", "figures", "sums", "appendix", "fresh"}


def read_chapters(path: Path) -> list[Chapter]:
    """The chapters of a file. Raises InputProblem that names file and key."""
    text = path.read_text(encoding="utf-8")
    found = _DOCUMENT.findall(text)
    if not found or not text.startswith("---\n"):
        raise InputProblem("a chapter begins with its front matter between lines of three hyphens", path.name)
    where = f"{path.parent.name}/{path.name}"
    return [_chapter(yaml.safe_load(front), body.strip() + "\n", where) for front, body in found]


def _chapter(front: Mapping[str, Any], body: str, where: str) -> Chapter:
    unknown = set(front) - _KEYS
    if unknown or not {"id", "order", "title"} <= set(front):
        raise InputProblem(
            f"the front matter needs id, order and title{'; unknown: ' + ', '.join(sorted(unknown)) if unknown else ''}",
            where,
        )
    figures = {name: _spec(name, given or {}, where) for name, given in (front.get("figures") or {}).items()}
    sums = tuple((one["total"], tuple(one["parts"])) for one in front.get("sums") or ())
    return Chapter(
        front["id"],
        front["order"],
        front["title"],
        body,
        where,
        figures,
        sums,
        bool(front.get("appendix", False)),
        bool(front.get("fresh", False)),
    )


def _spec(name: str, given: Mapping[str, Any], where: str) -> Spec:
    values = dict(given)
    values["ledger"] = tuple(_ledger(values.get("ledger"), name))
    values["differs"] = tuple(_ledger(values.get("differs"), name))
    if not any(key in values for key in ("measure", "fact", "people", "clock")):
        values["measure"] = name
    try:
        values["aspect"] = Aspect(values.get("aspect", Aspect.VALUE))
        values["of"] = Of(values.get("of", Of.OWN))
        return Spec(id=name, **values)
    except (TypeError, ValueError) as error:
        raise InputProblem(f"the figure '{name}' is not declared rightly: {error}", where) from error


def _ledger(given: Any, name: str) -> Iterator[str]:
    if given is True:
        yield name
    elif isinstance(given, list):
        yield from (name if one is True else str(one) for one in given)
    elif given:
        yield str(given)
