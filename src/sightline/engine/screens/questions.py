"""Questions: each input of an action as a form asks it, made from the field that it fills.

A question knows its kind, its words, its choices and what was typed. What is typed travels as text under the question's name; a date as three
boxes, a moment as a date and a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from django.db import models
from django.db.models import QuerySet

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.organisations.models import Organisation, Team, Worker
from sightline.core.people.models import HouseholdMember, Person, Relationship
from sightline.core.records import fields as f
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import happened
from sightline.engine.actions.declarations import Action, Input, rules_of
from sightline.engine.screens import words
from sightline.standards.codes import codeset

Kind = Literal["date", "moment", "radios", "select", "line", "words", "number", "file"]

#: So many choices stand below each other; more are put into a list to open.
MOST_RADIOS = 7
#: A meeting without a child of its own is chosen from the latest ones.
LATEST = 50
#: Text that is one line long, where the field itself may hold more.
_ONE_LINE = frozenset({"forename", "surname", "name", "line_1", "reference", "value", "venue", "referrer_name"})
#: The field that names a kept file: it is asked for as a file to send.
KEPT_FILE = "stored_as"
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `open`: a record on which something is still to do."""

    value: str
    text: str
    open: bool = False


@dataclass(frozen=True)
class Question:
    """One question of a form. `name` is unique in the form; `input` is what the action calls it."""

    name: str
    input: Input
    kind: Kind
    title: str
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Where a link of the error summary leads."""
        return f"{self.name}-day" if self.kind in ("date", "moment") else self.name

    @property
    def value(self) -> str:
        """What was typed, of a question with one box."""
        return self.typed.get("", "")


@dataclass(frozen=True)
class Context:
    """What a form is about: who fills it in, for which child, on which record, on which day.

    `several`: the children of a record that concerns more than one, as a meeting does. `beside`: people added by their number. `named`: those
    among the child and the people added whom the user does not see and may name all the same; of them nothing but the number is shown.
    `relatives`: the family as the child's page names it, of whom the user sees no record: to choose from where the act asks for one of them.
    """

    user: User
    day: date
    person: Person | None = None
    record: Any = None
    several: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    named: frozenset[int] = frozenset()
    relatives: frozenset[int] = frozenset()
    links: Mapping[str, int] = field(default_factory=dict)


def question(action: Action, asked: Input, context: Context, prefix: str = "") -> Question:
    """An input as a question, without anything typed."""
    definition = asked.definition
    if asked.name not in action.relatives:
        context = replace(context, relatives=frozenset())
    choices = tuple(_choices(asked, context))
    return Question(
        name=f"{prefix}{asked.name}",
        input=asked,
        kind=_kind(definition, choices),
        title=asked.title,
        hint=asked.help,
        required=action.needs(asked) or _needs_a_choice(action, asked, context),
        choices=choices,
    )


def _needs_a_choice(action: Action, asked: Input, context: Context) -> bool:
    """Where the code that stands for no answer is not in force on the day, one of the others has to be chosen."""
    definition = asked.definition
    if action.amends or not isinstance(definition, f.Code) or not definition.codes or not definition.get_default():
        return False
    return definition.get_default() not in {code for code, _text in codeset(definition.codes).choices(context.day)}


#: Kinds by type of field, the first that fits.
_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.ForeignKey, "select"),
    (models.IntegerField, "number"),
    (models.FloatField, "number"),
)


def _kind(definition: models.Field[Any, Any], choices: tuple[Choice, ...]) -> Kind:
    if definition.name == KEPT_FILE:
        return "file"
    for type_of_field, kind in _KINDS:
        if isinstance(definition, type_of_field):
            return kind
    if choices:
        return "radios" if len(choices) <= MOST_RADIOS else "select"
    many = isinstance(definition, models.TextField) and definition.name not in _ONE_LINE
    return "words" if many else "line"


def _choices(asked: Input, context: Context) -> Iterable[Choice]:
    definition = asked.definition
    if isinstance(definition, models.BooleanField):
        return (Choice("True", "Yes"), Choice("False", "No"))
    if isinstance(definition, f.Code) and definition.codes:
        return _codes(definition, asked, context)
    if isinstance(definition, models.ForeignKey):
        return _records(definition.related_model, context)
    return ()


def _codes(definition: Any, asked: Input, context: Context) -> list[Choice]:
    """The codes in force, and the one that is on record even where it no longer is."""
    found = [Choice(code, text) for code, text in codeset(definition.codes).choices(context.day)]
    held = getattr(context.record, asked.field, None) if isinstance(context.record, Record) else None
    if held and held not in {choice.value for choice in found}:
        found.append(Choice(held, codeset(definition.codes).display(held)))
    return found


def _records(model: Any, context: Context) -> list[Choice]:
    if model is Person:
        family = family_of(context)
        family += sorted(context.relatives - set(family))
        called = words.names(set(family) - context.named)
        return [Choice(str(id), called.get(id, f"Record {id}")) for id in family]
    if model is Worker:
        workers = Worker.objects.order_by("name", "id")
        if context.user.worker is not None:
            workers = workers.filter(agency=context.user.worker.agency_id)
        return [Choice(str(one.pk), words.staff(one)) for one in workers]
    if model is Team:
        return [Choice(str(one.pk), one.name) for one in Team.objects.order_by("name", "id")]
    if model is Organisation:
        return [Choice(str(one.pk), one.name) for one in Organisation.objects.order_by("kind", "name", "id")]
    own = rules_of(model)
    return [Choice(str(one.pk), words.choice(one), own.state(one) in own.open) for one in _of_the_child(model, context)]


def _of_the_child(model: Any, context: Context) -> list[Any]:
    """Records of the child that a new one may belong to, open ones first; of a kind without a child, the latest."""
    seen: QuerySet[Any] = visible_rows(context.user, model)
    if any(link.name == "person" and link.related_model is Person for link in model._meta.fields):
        found = list(seen.filter(person=context.person)) if context.person else []
    else:
        found = list(seen.order_by("-pk")[:LATEST])
    own = rules_of(model)
    return sorted(found, key=lambda one: (own.state(one) not in own.open, _newest_first(one)))


def _newest_first(record: Any) -> int:
    day = happened(record)
    return -day.toordinal() if day else 0


def family_of(context: Context) -> list[int]:
    """The children of the record, or the child; then those of the same household and relatives; then whoever was added.

    Only people the user may see, save those whom the context names. Of those named nobody is looked up: a family would be told by it.
    """
    meant = list(context.several) or ([context.person.pk] if context.person else [])
    known = [id for id in meant if id not in context.named]
    homes = HouseholdMember.objects.filter(person__in=known, end_date=None).values("household")
    found = set(HouseholdMember.objects.filter(household__in=homes, end_date=None).values_list("person", flat=True))
    found |= set(Relationship.objects.filter(person__in=known).values_list("other", flat=True))
    found |= set(Relationship.objects.filter(other__in=known).values_list("person", flat=True))
    wanted = found | set(context.beside) | set(context.several)
    seen = set(visible_rows(context.user, Person).filter(pk__in=wanted).values_list("pk", flat=True))
    own = [id for id in meant if id in seen or context.person]
    # Those added come last, in the order in which they were: the rows before them keep their places.
    added = [id for id in context.beside if id not in own and id in (seen - found) | context.named]
    return [*own, *sorted(seen - {*own, *added}), *added]


def answered(asked: Question, typed: Mapping[str, str]) -> Question:
    """The question with what was typed."""
    return replace(asked, typed=dict(typed))


def as_typed(asked: Question, value: Any) -> dict[str, str]:
    """A value on record, as it would have been typed."""
    if value is None or value == "":
        return {}
    if asked.kind == "moment":
        day = as_typed(replace(asked, kind="date"), value)
        return {**day, "time": f"{value:%H:%M}"}
    if asked.kind == "date":
        return dict(zip(DATE_PARTS, map(str, (value.day, value.month, value.year)), strict=True))
    if isinstance(value, bool):
        return {"": str(value)}
    return {"": str(getattr(value, "pk", value))}


def read(asked: Question, sent: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """What was typed into a question's boxes, and the text that an action makes its value from."""
    if asked.kind not in ("date", "moment"):
        text = sent.get(asked.name, "").strip()
        return {"": text}, text
    typed = {part: sent.get(f"{asked.name}-{part}", "").strip() for part in DATE_PARTS}
    text = day_text(typed)
    if asked.kind == "moment" and (text or sent.get(f"{asked.name}-time")):
        typed["time"] = sent.get(f"{asked.name}-time", "").strip()
        text = f"{text} {typed['time'] or '00:00'}".strip()
    return typed, text


def day_text(typed: Mapping[str, str]) -> str:
    """The day as ISO text where three whole numbers were given, else as it was typed, for the action to refuse."""
    if not any(typed.values()):
        return ""
    if all(part.isdecimal() and part.isascii() for part in typed.values()):
        return f"{int(typed['year']):04d}-{int(typed['month']):02d}-{int(typed['day']):02d}"
    return " ".join(filter(None, typed.values()))
