"""How a pathway says what can be sent of its records, and what tells that somebody's whereabouts have to be protected.

The file `sending.py` of a pathway holds `PACKS`, `SIGNS`, or both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from sightline.core.people.models import Relationship
from sightline.core.registry import pathway_modules

#: Signs of danger, in words, about any of the people.
Signs = Callable[[set[int]], Iterable[str]]


@dataclass(frozen=True)
class Source:
    """Records of one type in a part of a pack: those of the children, or those that `rows` picks. `fields`: the ones given; none means all."""

    model: str
    fields: tuple[str, ...] = ()
    rows: Callable[[Any, set[int]], Q] | None = None

    @property
    def record(self) -> type[Model]:
        """The record type."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Part:
    """A part of a pack that its preparer may choose. `usual`: chosen unless the preparer says otherwise."""

    id: str
    title: str
    sources: tuple[Source, ...]
    usual: bool = True


@dataclass(frozen=True)
class Proposed:
    """Somebody who may get a copy: a worker, a family member, or a name or an agency without a sign-in."""

    role: str
    worker: Any = None
    relative: Any = None
    organisation: Any = None
    name: str = ""


@dataclass(frozen=True)
class PackKind:
    """A kind of pack: what record it is about, its parts, and who is proposed as a recipient."""

    id: str
    title: str
    model: str
    parts: tuple[Part, ...]
    recipients: Callable[[Any], Iterable[Proposed]]

    def part(self, id: str) -> Part | None:
        """The part of that name."""
        return next((part for part in self.parts if part.id == id), None)


@cache
def pack_kinds() -> dict[str, PackKind]:
    """The kinds of packs, by id."""
    return {kind.id: kind for module in pathway_modules("sending") for kind in getattr(module, "PACKS", ())}


def kinds_for(model: type[Model]) -> list[PackKind]:
    """The kinds of packs about a type of record."""
    return [kind for kind in pack_kinds().values() if kind.model == model._meta.label]


@cache
def danger_signs() -> tuple[Signs, ...]:
    """What each pathway knows of danger."""
    return tuple(sign for module in pathway_modules("sending") for sign in getattr(module, "SIGNS", ()))


def itself(record: Any, _children: set[int]) -> Q:
    """The record that the pack is about."""
    return Q(pk=record.pk)


def _each_child(_record: Any, children: set[int]) -> Q:
    return Q(pk__in=children)


def _legal_names(_record: Any, children: set[int]) -> Q:
    return Q(person__in=children, kind="legal", end_date=None)


#: Parts that stand in every kind of pack.
WHO = Part(
    "who",
    "Who the children are",
    (
        Source("people.PersonName", ("forename", "surname"), _legal_names),
        Source("people.Person", ("birth_date", "expected_birth_date", "sex"), _each_child),
    ),
)
WHERE = Part(
    "where",
    "Where the children live and how they are reached",
    (
        Source("people.PersonAddress", ("place", "start_date", "end_date")),
        Source("people.ContactPoint", ("kind", "value", "safe_to_use")),
    ),
    usual=False,
)


def family(children: Iterable[int]) -> Iterable[Proposed]:
    """The parents and carers whom the record names."""
    roles = {"parent": "PARENT", "carer": "CARER"}
    named = Relationship.objects.filter(other__in=list(children), kind__in=roles, end_date=None)
    return [Proposed(roles[one.kind], relative=one.person) for one in named.select_related("person").order_by("id")]
