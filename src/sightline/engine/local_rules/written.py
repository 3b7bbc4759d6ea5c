"""Which codes of local sets a built-in step writes by itself: those cannot end, or the step would write a code that is refused."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from sightline.core.records import fields as f
from sightline.engine.actions.declarations import actions

# Steps that are no one action of a worker.
_OTHER_STEPS = (
    ("contact_method", ("NOTIFICATION", "FORM"), "Take a message of a partner agency"),
    ("disposal_outcome", ("done",), "Dispose of a child's record"),
    ("conference_role", ("PARENT", "CARER", "CHILD", "OTHER"), "Propose who a copy goes to"),
)


def steps(name: str) -> dict[str, str]:
    """For each code of a set that a step writes by itself: the step, in words."""
    found: dict[str, str] = {}
    for codes, written, step in (*_of_actions(), *_of_fields(), *_OTHER_STEPS):
        if codes == name:
            found |= {code: step for code in written if code not in found}
    return found


def _of_actions() -> Iterator[tuple[str, tuple[str, ...], str]]:
    for action in actions().values():
        yield from ((codes, written, action.title) for codes, written in action.writes.items())
        for name, value in action.fixed.items():
            field = apps.get_model(action.model)._meta.get_field(name)
            if isinstance(field, f.Code) and field.codes:
                yield field.codes, (value,), action.title


def _of_fields() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What stands in a field until something else is chosen."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, f.Code) and field.codes and field.default and isinstance(field.default, str):
                yield field.codes, (field.default,), f"Record a {model._meta.verbose_name}"
