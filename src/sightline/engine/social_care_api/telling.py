"""What of the record is told: the children's payloads, read through the visibility rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import sight, visible_rows
from sightline.engine.exchange.cut import told_by
from sightline.engine.exchange.values import CodesInForce
from sightline.engine.social_care_api.declarations import EPISODES, Part, Told
from sightline.engine.social_care_api.schema import Payload, Schema, Shape
from sightline.engine.social_care_api.window import Window


@dataclass
class Telling:
    """The part of the record that a send may tell: one authority, one window, some children, as far as one user may see them.

    A child of whom a single record is sealed from the user is `hidden`: told without it, the record would look deleted.
    """

    user: User
    area: str
    window: Window
    people: frozenset[int] = frozenset()
    notes: Counter[str] = field(default_factory=Counter)
    hidden: set[int] = field(default_factory=set)

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """The authority's records of a type. Who a child is may have been recorded by a partner, and is told all the same."""
        return visible_rows(self.user, model).filter(told_by(self.area, model))

    def about(self, model: type[Model]) -> QuerySet[Any]:
        """Those about the children."""
        if sight(self.user).sealed:
            all_rows = model._default_manager.filter(person__in=self.people)
            seen = visible_rows(self.user, model).filter(person__in=self.people)
            self.hidden |= set(all_rows.exclude(pk__in=seen.values("pk")).values_list("person_id", flat=True))
        return self.rows(model).filter(person__in=self.people)

    def note(self, about: str) -> None:
        """Say what could not be told as the record has it. Notes are counted, and shown without the child."""
        self.notes[about] += 1


@dataclass
class Episode:
    """An episode on its way into a payload."""

    first: date | None
    last: date | None
    values: Payload

    def was_open_on(self, day: date) -> bool:
        return self.began_by(day) and (self.last is None or self.last >= day)

    def began_by(self, day: date) -> bool:
        return self.first is None or self.first <= day


@dataclass
class Child:
    """One child on the way into a payload: the episodes, those outside the window too, and the blocks beside them."""

    episodes: dict[str, Episode] = field(default_factory=dict)
    blocks: Payload = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)

    def payload(self, schema: Schema, ids: Mapping[str, str], window: Window, kept: Collection[str]) -> Payload:
        """The payload with the episodes of the window, and those older ones that the Department holds (`kept`)."""
        episodes = schema.child.parts[EPISODES]
        told = [
            episodes.in_order(_filled(one.values))
            for id, one in self.episodes.items()
            if id in kept or one.last is None or one.last >= window.start
        ]
        return schema.child.in_order({**ids, **_filled(self.blocks), **({EPISODES: told} if told else {})})


def children(telling: Telling, schema: Schema, parts: Iterable[Part]) -> dict[int, Child]:
    """What there is to tell of each of the children."""
    found = {person: Child() for person in telling.people}
    for part in parts:
        shape = schema.child.at(part.path)
        judge = _Codes(part)
        for told in part.rows(telling):
            child = found[told.person]
            values = plain(shape, told.values)
            child.faults |= judge.faults(values)
            _put(telling, child, part, shape, told, values)
    return found


def _put(telling: Telling, child: Child, part: Part, shape: Shape, told: Told, values: Payload) -> None:
    if shape.id:
        values = {shape.id: told.id} | values
    if part.path == EPISODES:
        child.episodes[told.id] = Episode(told.first, told.last, values)
        return
    *above, name = part.path.split(".")
    holder = child.blocks
    if above[:1] == [EPISODES]:
        episode = _holding(child, told.within)
        if episode is None:
            telling.note(f"records of {name} have no episode to hold them: not told")
            return
        holder = episode.values
        above = above[1:]
    for step in above:
        holder = holder.setdefault(step, {})
    if shape.many:
        holder.setdefault(name, []).append(values)
    elif part.alone:
        holder[name] = values
    else:
        holder.setdefault(name, {}).update(values)


def _holding(child: Child, within: str | date | None) -> Episode | None:
    if isinstance(within, str):
        return child.episodes.get(within)
    if within is None:
        return None
    begun = sorted(
        (one for one in child.episodes.values() if one.began_by(within)),
        key=lambda one: (one.was_open_on(within), one.first or date.min),
    )
    return begun[-1] if begun else None


def _filled(values: Payload) -> Payload:
    """Without blocks in which nothing is said."""
    return {name: value for name, value in values.items() if value != {}}


def plain(shape: Shape, values: Mapping[str, Any]) -> Payload:
    """The values as JSON has them, in the order of the schema. What the record does not say is left out: the schema knows no null."""
    found = {name: _plain(values[name]) for name in shape.properties if name in values}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip()
    return value


class _Codes:
    """Judges the codes of a part by our own lists."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._lists = {coded.codes: CodesInForce(coded.codes) for coded in part.codes.values()}
        self._today = timezone.localdate().isoformat()

    def faults(self, values: Payload) -> set[str]:
        """Which properties hold a code that is not known or not in force on its day."""
        return {
            f"{self._part.path}.{name}: {wrong}"
            for name, coded in self._part.codes.items()
            for code in _several(values.get(name))
            if (wrong := self._lists[coded.codes].wrong(code, values.get(coded.at) or self._today))
        }


def _several(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
