"""Roles as readable declarations: a name, a plain description, permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a role may do; which records it sees is the visibility rule's question."""

    SEE_FIGURES = "see figures"
    SEE_ALL_CHILDREN = "see every child in a list"
    SEE_OWN_CHILDREN = "see the children of own cases, meetings and team in a list"
    SEARCH = "search for people"
    RECORD_CONTACT = "record contacts and referrals"
    RECORD = "record work with children"
    RECORD_EARLY_HELP = "record early help"
    DECIDE = "decide, authorise and close"
    CHAIR = "record conferences and reviews"
    SHARE = "share a record with another agency"
    SEND = "prepare, check and send packs and copies of plans"
    RESTRICT = "seal a record and declare conflicts of interest"
    BREAK_GLASS = "open a record in an emergency, with a reason and for a limited time"
    DISCLOSE_IDENTITY = "link an adopted child's two identities, and disclose one to a second person"
    MERGE = "merge and un-merge records of one person"
    MANAGE_TEAM = "see the work of own teams"
    RECORD_FEEDBACK = "record anonymous feedback"
    CORRECT_FEEDBACK = "correct anonymous feedback that was entered wrongly"
    ANSWER_ISSUES = "answer issues that the rules of returns find"
    IMPORT = "import files"
    SEE_AUDIT = "see the audit"
    REVIEW_ACCESS = "review emergency access and unusual access"
    INFORMATION_RIGHTS = "answer subject access, rectification, disclosure and disposal"
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
_SEARCH = Permission.SEARCH
_CONTACT = Permission.RECORD_CONTACT
_RECORD = Permission.RECORD
_EARLY_HELP = Permission.RECORD_EARLY_HELP
_SHARE = Permission.SHARE
_SEND = Permission.SEND
_BREAK_GLASS = Permission.BREAK_GLASS
_FEEDBACK = Permission.RECORD_FEEDBACK
_ANSWER = Permission.ANSWER_ISSUES

#: Roles of partner agencies: they see what is shared with their agency or recorded by it, and of what is theirs to work on, their own part.
PARTNERS = frozenset({"mash_partner", "early_help_worker", "lado"})

ROLES: dict[str, RoleDeclaration] = {
    role.id: role
    for role in (
        _role(
            *("contact_officer", "Contact officer", "Takes contacts at the front door and passes them on."),
            *(_FIGURES, _OWN, _SEARCH, _CONTACT, _SHARE, _BREAK_GLASS),
        ),
        _role(
            "mash_partner",
            "MASH partner",
            "Police, health, education or probation in the multi-agency hub: tells what their agency knows and reads what is shared with it.",
            *(_FIGURES, _OWN, _SEARCH, _CONTACT),
        ),
        _role(
            *("social_worker", "Social worker", "Works with the children of the cases allocated to them."),
            *(_FIGURES, _OWN, _SEARCH, _CONTACT, _RECORD, _EARLY_HELP, _SHARE, _SEND, _BREAK_GLASS, _ANSWER),
        ),
        _role(
            *("team_manager", "Team manager", "Answers for the cases of a team."),
            *(_FIGURES, _OWN, _SEARCH, _CONTACT, _RECORD, Permission.DECIDE, _SHARE, _SEND, Permission.RESTRICT),
            *(_EARLY_HELP, _BREAK_GLASS, Permission.MERGE, Permission.MANAGE_TEAM, _ANSWER),
        ),
        _role(
            *(
                "service_manager",
                "Service manager",
                "Answers for several teams, and reviews emergency access to their records.",
            ),
            *(_FIGURES, _OWN, _SEARCH, _CONTACT, _RECORD, Permission.DECIDE, _SHARE, _SEND, Permission.RESTRICT),
            *(_EARLY_HELP, _BREAK_GLASS, Permission.MERGE, Permission.MANAGE_TEAM, Permission.REVIEW_ACCESS),
            *(Permission.DISCLOSE_IDENTITY, _ANSWER),
        ),
        _role(
            *("conference_chair", "Conference chair and reviewing officer", "Chairs conferences and reviews."),
            *(_FIGURES, _OWN, _SEARCH, Permission.CHAIR, _SEND, _FEEDBACK, _BREAK_GLASS, _ANSWER),
        ),
        _role(
            *(
                "early_help_worker",
                "Early help worker",
                "Works with families below the threshold of children's social care.",
            ),
            *(_FIGURES, _OWN, _SEARCH, _CONTACT, _EARLY_HELP),
        ),
        _role(
            "lado",
            "Designated officer for allegations (LADO)",
            "Manages allegations against people who work with children.",
            *(_FIGURES, _OWN, _SEARCH, _CONTACT),
        ),
        _role(
            *("performance_analyst", "Performance analyst", "Answers for the figures and opens every list."),
            *(_FIGURES, _ALL, Permission.IMPORT, Permission.CORRECT_FEEDBACK, _ANSWER),
        ),
        _role(
            *("board_manager", "Board business manager", "Runs the board and its annual report; sees no child."),
            *(_FIGURES, _FEEDBACK),
        ),
        _role("board_member", "Board member", "Sits on the board for an agency; sees no child.", _FIGURES),
        _role(
            "independent_chair", "Independent chair of the board", "Holds partners to account; sees no child.", _FIGURES
        ),
        _role(
            "auditor",
            "Information governance auditor",
            "Checks who looked at what, and why, and answers people's requests about their records.",
            *(_FIGURES, Permission.SEE_AUDIT, Permission.REVIEW_ACCESS, Permission.INFORMATION_RIGHTS),
        ),
        _role(
            "administrator", "System administrator", "Keeps the system running; sees no child.", Permission.ADMINISTER
        ),
    )
}
