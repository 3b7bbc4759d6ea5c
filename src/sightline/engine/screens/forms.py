"""A form for an action: its questions and groups, what was typed, what the action is given, and where each fault belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sightline.core.organisations.models import Worker
from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Group, Input
from sightline.engine.actions.refusals import Fault
from sightline.engine.screens import questions as q
from sightline.engine.screens import words
from sightline.engine.screens.questions import Context, Question

#: So many rows of a group fit on a form.
MOST_ROWS = 60
BECAUSE = "because"


@dataclass(frozen=True)
class Row:
    """One row of a group. `take`: the name of the box that takes a person's row, empty where a row is taken by filling it in."""

    place: int
    title: str
    questions: tuple[Question, ...]
    person: int = 0
    take: str = ""
    taken: bool = True


@dataclass(frozen=True)
class Rows:
    """A group with its rows. `of_people`: one row for each member of the family, else as many as are asked for."""

    group: Group
    rows: tuple[Row, ...]
    of_people: bool
    faults: tuple[str, ...] = ()

    @property
    def count_name(self) -> str:
        """The name of the hidden count of rows."""
        return f"{self.group.name}.rows"


@dataclass(frozen=True)
class Form:
    """An action's form. `asks_why`: a correction says why; of other acts the title says it."""

    action: Action
    context: Context
    questions: tuple[Question, ...]
    groups: tuple[Rows, ...]
    because: str = ""
    general: tuple[str, ...] = ()

    @property
    def asks_why(self) -> bool:
        """Whether the reason is asked for."""
        return asks_why(self.action)

    @property
    def why(self) -> str:
        """The reason that goes into the history."""
        return self.because if self.asks_why else self.because or self.action.title

    @property
    def everything(self) -> Iterator[Question]:
        """Every question, in the order of the page."""
        yield from self.questions
        for rows in self.groups:
            for row in rows.rows:
                yield from row.questions

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong, each with the anchor it is about, in the order of the page."""
        found = [("form", text) for text in self.general]
        found += [(each.anchor, text) for each in self.everything for text in each.faults]
        found += [(rows.count_name, text) for rows in self.groups for text in rows.faults]
        return found

    def values(self) -> tuple[dict[str, Any], dict[str, list[int]]]:
        """What the action is given, and for each group the places on the form of the rows that were taken."""
        values: dict[str, Any] = {}
        if self.context.person is not None and any(_is_the_child(asked) for asked in self.action.inputs):
            values["person"] = self.context.person.pk
        values |= _given(self.questions, empty=self.action.amends)
        places: dict[str, list[int]] = {}
        for rows in self.groups:
            taken = [row for row in rows.rows if row.taken and (row.person or _given(row.questions))]
            places[rows.group.name] = [row.place for row in taken]
            if taken:
                values[rows.group.name] = [_row_values(rows.group, row) for row in taken]
        return values, places


def asks_why(action: Action) -> bool:
    """A correction changes what was said before, so it says why."""
    return action.id.rpartition(".")[2].startswith("correct")


def blank(action: Action, context: Context) -> Form:
    """The form as it is opened: filled from the record it amends, and with what is certain already."""
    asked = [
        _opened(action, each, q.question(action, each, context), context)
        for each in action.inputs
        if not _stands_already(each, context)
    ]
    groups = tuple(_rows(action, group, context, None) for group in action.groups)
    return Form(action, context, tuple(asked), groups)


def sent(action: Action, context: Context, given: Mapping[str, str], add: str = "") -> Form:
    """The form with what was typed. `add` names a group that gets one more row."""
    asked = [
        _typed(q.question(action, each, context), given) for each in action.inputs if not _stands_already(each, context)
    ]
    groups = tuple(_rows(action, group, context, given, group.name == add) for group in action.groups)
    return Form(action, context, tuple(asked), groups, because=given.get(BECAUSE, "").strip())


def with_faults(form: Form, faults: Iterable[Fault], places: Mapping[str, list[int]]) -> Form:
    """The form with each fault at the question it is about; what belongs to none stands at the top."""
    by_name: dict[str, list[str]] = {}
    for fault in faults:
        by_name.setdefault(_on_the_form(fault.input, places), []).append(fault.what)
    asked = tuple(_faulty(each, by_name) for each in form.questions)
    groups = tuple(
        replace(
            rows,
            faults=tuple(by_name.pop(rows.group.name, ())),
            rows=tuple(
                replace(row, questions=tuple(_faulty(each, by_name) for each in row.questions)) for row in rows.rows
            ),
        )
        for rows in form.groups
    )
    left = tuple(text for texts in by_name.values() for text in texts)
    return replace(form, questions=asked, groups=groups, general=left)


def _faulty(asked: Question, by_name: dict[str, list[str]]) -> Question:
    return replace(asked, faults=tuple(by_name.pop(asked.name, ())))


def _on_the_form(name: str, places: Mapping[str, list[int]]) -> str:
    group, _, rest = name.partition(".")
    place, _, asked = rest.partition(".")
    return f"{group}.{places[group][int(place)]}.{asked}" if rest and group in places else name


def _is_the_child(asked: Input) -> bool:
    return asked.name == "person" and asked.definition.related_model is Person


def _stands_already(asked: Input, context: Context) -> bool:
    """The child is known from the page that the form was opened on."""
    return _is_the_child(asked) and context.person is not None


def _opened(action: Action, asked: Input, blank: Question, context: Context) -> Question:
    if action.amends and isinstance(context.record, Record) and action.model == asked.model:
        return q.answered(blank, q.as_typed(blank, getattr(context.record, asked.field)))
    linked = context.links.get(asked.name)
    if linked and str(linked) in {choice.value for choice in blank.choices}:
        return q.answered(blank, {"": str(linked)})
    return q.answered(blank, _certain(asked, blank, context))


def _certain(asked: Input, blank: Question, context: Context) -> dict[str, str]:
    """An answer that needs no asking: the one record it can belong to, or the one that is open; oneself as the worker."""
    model = asked.definition.related_model
    if model is Worker and context.user.worker_id and blank.required:
        return {"": str(context.user.worker_id)}
    if not (isinstance(model, type) and issubclass(model, Record) and blank.required):
        return {}
    likely = [each for each in blank.choices if each.open] or blank.choices
    return {"": likely[0].value} if len(likely) == 1 else {}


def _typed(blank: Question, given: Mapping[str, str]) -> Question:
    return q.answered(blank, q.read(blank, given)[0])


def _given(asked: Sequence[Question], *, empty: bool = False) -> dict[str, str]:
    """The text of each answer. An amendment is told of emptied boxes too, a new record only of what was filled in."""
    found = {}
    for each in asked:
        text = q.read(each, _sent_again(each))[1]
        if text or empty:
            found[each.input.name] = text
    return found


def _sent_again(asked: Question) -> dict[str, str]:
    return {f"{asked.name}-{part}" if part else asked.name: text for part, text in asked.typed.items()}


def _of_people(group: Group) -> bool:
    return group.inputs[0].definition.related_model is Person


def _rows(
    action: Action, group: Group, context: Context, given: Mapping[str, str] | None, one_more: bool = False
) -> Rows:
    if _of_people(group):
        return Rows(group, tuple(_people_rows(action, group, context, given)), of_people=True)
    count = max(group.minimum, 1) if given is None else _count(given.get(f"{group.name}.rows", ""))
    rows = [_row(action, group, context, given, place) for place in range(min(count + one_more, MOST_ROWS))]
    return Rows(group, tuple(rows), of_people=False)


def _count(text: str) -> int:
    return min(int(text), MOST_ROWS) if text.isdecimal() and text.isascii() and len(text) < 4 else 1


def _row(action: Action, group: Group, context: Context, given: Mapping[str, str] | None, place: int) -> Row:
    blanks = [q.question(action, each, context, f"{group.name}.{place}.") for each in group.inputs]
    asked = [each if given is None else _typed(each, given) for each in blanks]
    return Row(place, f"{group.title} {place + 1}", tuple(asked))


def _people_rows(action: Action, group: Group, context: Context, given: Mapping[str, str] | None) -> Iterator[Row]:
    family = [id for id in q.family_of(context) if not (action.amends and _is_its_own(context, id))]
    called = words.names(set(family) - context.named)
    rest = replace(group, inputs=group.inputs[1:])
    for place, person in enumerate(family[:MOST_ROWS]):
        take = f"{group.name}.{place}.take"
        taken = _meant(action, context, person) if given is None else given.get(take) == str(person)
        row = _row(action, rest, context, given, place)
        yield replace(row, title=called.get(person, f"Record {person}"), person=person, take=take, taken=taken)


def _is_its_own(context: Context, person: int) -> bool:
    """The record is this person's already, so a group beside it is about the others."""
    return not context.several and context.person is not None and context.person.pk == person


def _meant(action: Action, context: Context, person: int) -> bool:
    """Whom a form is about until somebody says otherwise: the children of a meeting, or the child whose page it was opened on."""
    if context.several:
        return person in context.several
    if person in context.beside:
        return True
    return not action.amends and context.person is not None and context.person.pk == person


def _row_values(group: Group, row: Row) -> dict[str, Any]:
    own = {group.inputs[0].name: row.person} if row.person else {}
    return own | _given(row.questions)
