"""The page of roles: what each may do, who sees which records, and where a safeguarding lead signs that it is so agreed."""

from __future__ import annotations

from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import declared_bars, declared_reasons, declared_rules, rule_for
from sightline.core.records.history import record_models
from sightline.engine.docs import table

_INTRODUCTION = """\
# Roles

Three questions are asked of everything a person does: may this role do this, does the state of the record allow it, and may this person
see the record? This page answers the first and the third; the page of actions answers the second.
"""

_SIGN_OFF = """
## Sign-off

The matrix above is agreed by the partnership's safeguarding lead and its information governance lead before the system is used, and again
whenever this page changes.

| | Name | Post | Date | Signature |
| --- | --- | --- | --- | --- |
| Safeguarding lead | | | | |
| Information governance lead | | | | |
"""


def markdown() -> str:
    """The page."""
    lines = [_INTRODUCTION]
    lines += _numbered()
    lines += [
        "",
        "## What each role may do",
        "",
        "The numbers are those of the roles above.",
        "",
        *_matrix(),
        _SIGN_OFF,
    ]
    lines += ["## Reasons to see a child", "", "Each ends by itself.", "", *_reasons()]
    lines += ["", "## What closes a record whatever the reason", "", *(f"- {bar.words}" for bar in declared_bars())]
    return "\n".join([*lines, "", "## Who sees which records", "", *_rules()])


def _numbered() -> list[str]:
    rows = [(str(number), role.name, role.description) for number, role in enumerate(ROLES.values(), start=1)]
    return table(("No.", "Role", "What it is"), rows)


def _matrix() -> list[str]:
    heads = ("May", *(str(number) for number in range(1, len(ROLES) + 1)))
    rows = [
        (str(permission).capitalize(), *("yes" if permission in role.permissions else "" for role in ROLES.values()))
        for permission in Permission
    ]
    return table(heads, rows)


def _reasons() -> list[str]:
    """Each reason, for whom, and its end."""
    rows = []
    for reason in declared_reasons():
        whose = (
            ", ".join(role.name for role in ROLES.values() if role.id in reason.roles)
            or "Every role that sees children"
        )
        end = "On the day recorded as its end." if reason.ends and not reason.months else reason.ending
        if reason.months:
            end = f"{reason.months} months after the day it comes from."
        rows.append((reason.words, whose, end))
    return table(("Reason", "Roles", "Ends"), rows)


def _rules() -> list[str]:
    models = {model._meta.label: model for model in record_models()}
    labels = sorted({*declared_rules(), *models})
    told = [
        (f"`{label}`", rule_for(models[label]).words if label in models else declared_rules()[label].words)
        for label in labels
    ]
    return table(("Record", "Seen by"), told)
