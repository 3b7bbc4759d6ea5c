"""One act inside another: an order of the court changes a child's legal status, and an adoption order ends their time in care.

Pathways do not import each other, so the act is named by its id. Its records are saved, checked and audited with those of the action that borrows
it, all or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps

from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Attempt, actions
from sightline.engine.actions.engine import refused
from sightline.engine.actions.refusals import Invalid


def borrowed(attempt: Attempt, action: str, record: Any, **values: Any) -> Sequence[Record]:
    """The records of another action on a record, for a `build` to save with its own.

    `values` are given under that action's names and are already of their fields' types. The role is judged by the action that borrows. Raises the
    other action's own refusal where the record's state or the action's checks do not allow it.
    """
    chosen = actions()[action]
    assert chosen.amends, f"{action} amends nothing, and cannot be borrowed"
    if refusal := refused(chosen, record):
        raise refusal
    before = {found.attname: getattr(record, found.attname) for found in record._meta.fields}
    inner = Attempt(chosen, values, record, before, attempt.agency_id, attempt.today)
    written = list(chosen.build(inner)) if chosen.build else [_amended(record, values)]
    model = apps.get_model(chosen.model)
    main = next(each for each in reversed(written) if isinstance(each, model))
    if faults := [fault for check in chosen.checks for fault in check(main, inner)]:
        raise Invalid(chosen.title, faults)
    return written


def _amended(record: Any, values: dict[str, Any]) -> Record:
    for name, value in values.items():
        setattr(record, name, value)
    amended: Record = record
    return amended
