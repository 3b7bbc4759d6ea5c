"""What running the rules of a return gives: an outcome for each rule, and where it failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What became of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    COULD_NOT_RUN = "could not run"


class Location(NamedTuple):
    """One faulty row: the table, the row's position in it (from 0), the fields to look at, and the child."""

    table: str
    row: int
    fields: tuple[str, ...]
    child: str = ""


@dataclass(frozen=True)
class RuleResult:
    """The outcome of one rule; `cause` says why it could not run or does not apply."""

    code: str
    message: str
    severity: str
    outcome: Outcome
    locations: tuple[Location, ...] = ()
    cause: str = ""


@dataclass(frozen=True)
class RunResult:
    """The outcome of every rule that was asked for, by code, in the Department's order."""

    return_: str
    year: str
    rules: dict[str, RuleResult] = field(default_factory=dict)

    def __getitem__(self, code: str) -> RuleResult:
        return self.rules[code]

    def __iter__(self) -> Iterator[RuleResult]:
        return iter(self.rules.values())

    def with_outcome(self, outcome: Outcome) -> list[RuleResult]:
        """The rules that came out so."""
        return [one for one in self if one.outcome is outcome]

    @property
    def ready(self) -> bool:
        """Whether the return may be sent: no error stands, and every rule could run. A query is answered with a reason, not mended."""
        return not any(
            one.outcome is Outcome.COULD_NOT_RUN or (one.outcome is Outcome.FAILED and one.severity != "query")
            for one in self
        )
