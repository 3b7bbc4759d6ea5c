"""Roles as readable declarations: a name, a plain description, permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a role may do; which records it sees is the visibility rule's question."""

    SEE_FIGURES = "see figures"
    SEE_ALL_CHILDREN = "see every child in a list"
    SEE_OWN_CHILDREN = "see the children of own cases, meetings and team in a list"
    RECORD = "record work with children"
    DECIDE = "decide, authorise and close"
    CHAIR = "record conferences and reviews"
    RECORD_FEEDBACK = "record anonymous feedback"
    IMPORT = "import files"
    SEE_AUDIT = "see the audit"
    ADMINISTER = "administer the system"


@dataclass(frozen=True)
class RoleDeclaration:
    """A role as a safeguarding lead would read it."""

    id: str
    name: str
    description: str
    permissions: frozenset[Permission]


def _role(id: str, name: str, description: str, *permissions: Permission) -> RoleDeclaration:
    return RoleDeclaration(id, name, description, frozenset(permissions))


_FIGURES = Permission.SEE_FIGURES
_OWN = Permission.SEE_OWN_CHILDREN
_ALL = Permission.SEE_ALL_CHILDREN
_RECORD = Permission.RECORD
_FEEDBACK = Permission.RECORD_FEEDBACK

ROLES: dict[str, RoleDeclaration] = {
    role.id: role
    for role in (
        _role(
            "social_worker",
            "Social worker",
            "Works with the children of the cases allocated to them.",
            _FIGURES,
            _OWN,
            _RECORD,
        ),
        _role(
            *("team_manager", "Team manager", "Answers for the cases of a team."),
            *(_FIGURES, _OWN, _RECORD, Permission.DECIDE),
        ),
        _role(
            "conference_chair",
            "Conference chair and reviewing officer",
            "Chairs conferences and reviews.",
            _FIGURES,
            _OWN,
            Permission.CHAIR,
            _FEEDBACK,
        ),
        _role(
            "performance_analyst",
            "Performance analyst",
            "Answers for the figures and opens every list.",
            _FIGURES,
            _ALL,
            Permission.IMPORT,
        ),
        _role(
            "board_manager",
            "Board business manager",
            "Runs the board and its annual report; sees no child.",
            _FIGURES,
            _FEEDBACK,
        ),
        _role(
            "independent_chair", "Independent chair of the board", "Holds partners to account; sees no child.", _FIGURES
        ),
        _role(
            "auditor",
            "Information governance auditor",
            "Checks who looked at what, and why.",
            _FIGURES,
            Permission.SEE_AUDIT,
        ),
        _role(
            "administrator", "System administrator", "Keeps the system running; sees no child.", Permission.ADMINISTER
        ),
    )
}
