"""Sets of roles that the tables name."""

from sightline.core.access.roles import ROLES

#: Address: who may open it (None: people who are not signed in, too), what it needs in its path, and whether it is a form's.
Table = dict[str, tuple[frozenset[str] | None, dict[str, str], bool]]

EVERYONE = frozenset(ROLES)
FIGURES = EVERYONE - {"administrator"}
SEES_NO_CHILD = frozenset({"board_manager", "board_member", "independent_chair", "auditor", "administrator"})
READS_ROWS = EVERYONE - SEES_NO_CHILD
