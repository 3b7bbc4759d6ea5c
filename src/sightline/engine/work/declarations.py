"""How a pathway says what stops a clock, what waits for a decision, which list shows drift, and which kind of work a case is.

The file `work.py` of a pathway holds any of `STOPS`, `AWAITING`, `DRIFT`, `KINDS` and `REVIEWS`. What belongs to no pathway is declared in `core`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from sightline.core.access.models import User
from sightline.core.registry import pathway_modules
from sightline.engine.actions.declarations import Action, actions, rules_of
from sightline.engine.actions.engine import may


@dataclass(frozen=True)
class Stop:
    """What would stop a clock: an action, on its record or on the one that `via` names, or writing a new record that belongs to it."""

    action: str
    via: str = ""


@dataclass(frozen=True)
class Awaiting:
    """Records that wait for somebody to do an action: those in the states in which it may be done, or in the named ones of them.

    `where` narrows them further, `since` is the field that says how long they wait, and `asker` the field that says who asked, where the one
    who asked cannot decide: a worker or a user name. `only`: the field that names the worker for whom alone they wait. `read_first`: the record's
    page is opened, and not the form, since it has to be read before anybody decides.
    """

    id: str
    title: str
    action: str
    since: str
    states: tuple[str, ...] = ()
    where: Q | None = None
    asker: str = ""
    only: str = ""
    read_first: bool = False

    @property
    def doing(self) -> Action:
        """The action that they wait for."""
        return actions()[self.action]

    @property
    def model(self) -> type[Model]:
        """The record type that waits."""
        return apps.get_model(self.doing.model)

    @property
    def condition(self) -> Q:
        """The records that wait, by the table of states of their type."""
        return in_states(self.model, self.states or self.doing.when) & (self.where or Q())


@dataclass(frozen=True)
class Effect:
    """How the effect of an issued list is told: listed records end by `ends`, and are reviewed by records of `review` that `link` to them."""

    ends: str = "end_date"
    review: str = ""
    link: str = ""
    reviewed: str = "review_date"
    again: str = "next_review_date"
    agreed: str = ""
    #: The clock by which the next list is issued; without one, a list has no cadence.
    cadence: str = ""


@dataclass(frozen=True)
class DriftList:
    """A list of what drifts. `boundary` is its rule in words, printed on it; `rows` picks, of the rows that a reader may see, those on it on a day.

    `since`: the path of the date that is shown and sorted by, under the heading `heading`. `about`: what else a row says.
    `effect`: how the effect of issuing it is told; a list without one is not issued. `act`: the action offered on each row.
    """

    id: str
    title: str
    boundary: str
    model: str
    rows: Callable[[QuerySet[Any], date], QuerySet[Any]]
    since: str = "start_date"
    heading: str = "Started"
    about: Callable[[Any, date], str] | None = None
    effect: Effect | None = None
    act: str = ""

    @property
    def record(self) -> type[Model]:
        """The record type listed."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Kind:
    """A kind of work, by an open spell of the child. The first in order that holds gives the kind of a case."""

    title: str
    model: str
    order: int


def in_states(model: type[Model], states: tuple[str, ...]) -> Q:
    """The records of a type that are in one of these states: those of earlier stages are not filled, and its own is."""
    found, earlier = Q(pk__in=[]), Q()
    known = set()
    for state, name in rules_of(model).stages:
        known.add(state)
        filled = _filled(model, name)
        if state in states:
            found |= earlier & filled
        earlier &= ~filled if name else Q()
    if strange := set(states) - known:
        raise ValueError(f"{model._meta.label} has no state {', '.join(sorted(strange))}")
    return found


def _filled(model: type[Model], name: str) -> Q:
    if not name:
        return Q()
    empty = Q(**{f"{name}__isnull": True})
    if model._meta.get_field(name).get_internal_type() in ("CharField", "TextField"):
        empty |= Q(**{name: ""})
    return ~empty


@cache
def stops() -> dict[str, tuple[Stop, ...]]:
    """What would stop each clock, by its id: the first that a user's role may do is offered to them."""
    return {clock: each for module in _modules() for clock, each in getattr(module, "STOPS", {}).items()}


@cache
def awaiting() -> tuple[Awaiting, ...]:
    """Everything that waits for a decision."""
    return tuple(each for module in _modules() for each in getattr(module, "AWAITING", ()))


@cache
def drift_lists() -> dict[str, DriftList]:
    """The drift lists, by id."""
    return {each.id: each for module in _modules() for each in getattr(module, "DRIFT", ())}


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of work, the one that counts first at the head."""
    return tuple(
        sorted((each for module in _modules() for each in getattr(module, "KINDS", ())), key=lambda k: k.order)
    )


@cache
def review_clocks() -> tuple[str, ...]:
    """The clocks that a review stops."""
    return tuple(id for module in _modules() for id in getattr(module, "REVIEWS", ()))


def stop_for(clock: str, user: User) -> Stop | None:
    """What the user may do to stop a clock."""
    return next((stop for stop in stops().get(clock, ()) if may(stop.action, by=user)), None)


def stopped_by(user: User) -> list[str]:
    """The clocks that the user's role may stop."""
    return [clock for clock in stops() if stop_for(clock, user)]


def _modules() -> Iterator[ModuleType]:
    from sightline.engine.work import core

    yield core
    yield from pathway_modules("work")
