"""How a pathway says what can be done to its records: actions, and the rules of a record type.

`actions.py` of a pathway holds `ACTIONS` and `RULES`. Both are tables to read; the engine does the rest: permission, state, checks, history,
deadlines, audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.core.registry import pathway_modules
from sightline.engine.actions import core
from sightline.engine.actions.refusals import Fault

PROVENANCE = frozenset({"id", "agency", "source_system", "source_id", "recorded_at"})


@dataclass(frozen=True)
class Input:
    """One thing an action asks for: a field of a record type, under a name of its own.

    `label` stands for a title that would not be understood, `hint` for a help text that says more than this input asks.
    """

    name: str
    model: str
    field: str
    required: bool
    label: str = ""
    hint: str | None = None

    @cached_property
    def definition(self) -> models.Field[Any, Any]:
        """The field: its title, help, code set and type, for forms and for cleaning."""
        found = apps.get_model(self.model)._meta.get_field(self.field)
        assert isinstance(found, models.Field)
        return found

    @property
    def title(self) -> str:
        """What it is called on a form: its label, or the field's title, to begin a sentence."""
        return self.label or capfirst(str(self.definition.verbose_name))

    @property
    def help(self) -> str:
        """What helps to answer it: its own hint, or the field's help text."""
        return str(self.definition.help_text) if self.hint is None else self.hint


def inputs(model: str, *names: str) -> tuple[Input, ...]:
    """Inputs that fill fields of a record type. `name!` is required although the field may be empty; `name=field` gives it another name."""
    return tuple(_input(model, name) for name in names)


def labelled(asked: tuple[Input, ...], *labels: str) -> tuple[Input, ...]:
    """Inputs under labels of their own, where the field's title would not be understood: a field asked for twice, a date of something else."""
    return tuple(replace(each, label=label) for each, label in zip(asked, labels, strict=True))


def hinted(asked: tuple[Input, ...], *hints: str) -> tuple[Input, ...]:
    """Inputs under hints of their own, where one field is asked for several times."""
    return tuple(replace(each, hint=hint) for each, hint in zip(asked, hints, strict=True))


def _input(model: str, text: str) -> Input:
    name, _, named = text.removesuffix("!").partition("=")
    return Input(name, model, named or name, text.endswith("!"))


@dataclass(frozen=True)
class Group:
    """A part of an action that is asked for several times: once for each child of a contact, each agency at a meeting.

    What was given stands in `Attempt.values` under the group's name, as a list of dictionaries in the order given. Its faults are named
    `children.0.outcome`: the group, the row's place from nought, the input.
    """

    name: str
    title: str
    inputs: tuple[Input, ...]
    minimum: int = 0


@dataclass
class Attempt:
    """An action under way: what was given, on which record, on which day, by which worker. `build` and checks read it.

    `worker` is None when a part of the system acts.
    """

    action: Action
    values: dict[str, Any]
    record: Any
    before: dict[str, Any]
    agency_id: int | None
    today: date
    worker: Any = None

    def new(self, label: str, **values: Any) -> Any:
        """A record not yet saved, under the provenance of this action."""
        return apps.get_model(label)(agency_id=self.agency_id, **values)

    @property
    def own(self) -> dict[str, Any]:
        """The values that were given, without the rows of groups."""
        groups = {group.name for group in self.action.groups}
        return {name: value for name, value in self.values.items() if name not in groups}

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the named values that were given."""
        return {name: self.values[name] for name in names if name in self.values}


Check = Callable[[Any, Attempt], Iterable[Fault]]
Build = Callable[[Attempt], Sequence[Record]]


@dataclass(frozen=True)
class Action:
    """Something a person does to the record, under the name they would give it.

    `amends`: works on a record that is there. `when`: states (see `Rules`) in which it may be done; empty means any. `fixed`: values it sets by
    itself. `build`: for an action that writes several records, gives them in the order of saving. `groups`: what is asked for several times, for
    `build` to read. `any_child`: may concern a child whom the worker has no reason to see yet, as a contact does. `newcomers`: inputs that may
    name somebody whom the worker registered and does not see, beside a child whom they see: a mother, who has no case. `relatives`: inputs
    that may name a member of the family whom the child's page names, though the worker sees no record of theirs: the act is about the child.
    `leads`: the state it leads to, where no input that must be given fills the field of that state. `writes`: for each code set, the codes that
    `build` writes by itself.
    """

    id: str
    title: str
    model: str
    inputs: tuple[Input, ...]
    permission: Permission = Permission.RECORD
    amends: bool = False
    when: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    writes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    build: Build | None = None
    any_child: bool = False
    newcomers: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    leads: str = ""

    def needs(self, asked: Input) -> bool:
        """Whether it cannot do without an input: it says so, or the field of the one new record does."""
        field = asked.definition
        alone = self.build is None and not self.amends and asked in self.inputs
        return asked.required or (alone and not field.null and not field.blank and not field.has_default())

    @property
    def pathway(self) -> str:
        """The folder that declares it."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Rules:
    """What always holds for a record type, whichever action writes it.

    `stages`: (state, field) in order: the first whose field is filled, or that names none, is the state. `open`: states in which something is still
    to do, so that the case cannot close. `code_dates`: the date by which a code is judged where it is not the record's own. `future`: dates
    that may lie ahead. `born`: only for a child who has been born. `after_death`: may come after it. `outside`: links to spells that the
    record need not lie within.
    """

    model: str
    stages: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    code_dates: Mapping[str, str] = field(default_factory=dict)
    future: tuple[str, ...] = ()
    born: bool = False
    after_death: bool = False
    outside: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    def state(self, record: Any) -> str:
        """The state of a record."""
        return next((state for state, name in self.stages if not name or getattr(record, name) not in (None, "")), "")


_SPELL = (("ended", "end_date"), ("open", ""))


def spell(model: str, **more: Any) -> Rules:
    """Rules of a record that is open until it ends."""
    return Rules(model, **{"stages": _SPELL, "open": ("open",), **more})


def record(id: str, title: str, model: str, *names: str, **more: Any) -> Action:
    """An action that writes one new record."""
    return Action(id, title, model, inputs(model, *names), **more)


def amend(id: str, title: str, model: str, *names: str, **more: Any) -> Action:
    """An action that changes one record."""
    return Action(id, title, model, inputs(model, *names), amends=True, **more)


def correct(id: str, title: str, model: str, **more: Any) -> Action:
    """An action that corrects what was recorded wrongly: every field but the person and where the record came from."""
    kept = PROVENANCE | {"person"}
    names = [found.name for found in apps.get_model(model)._meta.fields if found.name not in kept]
    return Action(id, title, model, inputs(model, *names), amends=True, **more)


@cache
def actions() -> dict[str, Action]:
    """Every action, by id."""
    found = [action for module in _modules() for action in module.ACTIONS]
    by_id = {action.id: action for action in found}
    if len(by_id) != len(found):
        raise ValueError("two actions have one id")
    return by_id


@cache
def rules() -> dict[str, Rules]:
    """The rules of record types, by model label."""
    return {found.model: found for module in _modules() for found in module.RULES}


def rules_of(model: type[models.Model]) -> Rules:
    """The rules of a record type; none of its own means the general ones only."""
    return rules().get(model._meta.label) or Rules(model._meta.label)


def _modules() -> list[Any]:
    of_core = [import_module(f"{core.__name__}.{found.name}") for found in iter_modules(core.__path__)]
    return [*of_core, *pathway_modules("actions")]
