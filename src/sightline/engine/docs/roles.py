"""The page of roles: what each may do, and which records are seen by whom."""

from __future__ import annotations

from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import declared_reasons, declared_rules, rule_for
from sightline.core.records.history import record_models
from sightline.engine.docs import table

_INTRODUCTION = """\
# Roles

Three questions are asked of everything a person does: may this role do this, does the state of the record allow it, and may this person
see the record? This page answers the first and the third; the page of actions answers the second.
"""


def markdown() -> str:
    """The page."""
    lines = [_INTRODUCTION]
    lines += table(("Role", "What it is"), [(role.name, role.description) for role in ROLES.values()])
    lines += ["", "## What each role may do", ""]
    heads = ("Permission", *(role.name for role in ROLES.values()))
    rows = [
        (str(permission), *("yes" if permission in role.permissions else "" for role in ROLES.values()))
        for permission in Permission
    ]
    lines += table(heads, rows)
    lines += ["", "## Reasons to see a child", "", "Each ends by itself, with the spell it comes from.", ""]
    lines += [f"- {reason.words}" for reason in declared_reasons()]
    lines += ["", "## Who sees which records", ""]
    labels = sorted({*declared_rules(), *(model._meta.label for model in record_models())})
    models = {model._meta.label: model for model in record_models()}
    told = [
        (f"`{label}`", rule_for(models[label]).words if label in models else declared_rules()[label].words)
        for label in labels
    ]
    return "\n".join(lines + table(("Record", "Seen by"), told))
