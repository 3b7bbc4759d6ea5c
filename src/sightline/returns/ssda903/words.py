"""Words that the rules of SSDA903 share: conditions on an episode, and how worked examples are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sightline.engine.exchange.rules.declarations import Given

#: Placements that are temporary, and those that have no provider: temporary ones and those of no listed type.
TEMPORARY = "('T0', 'T1', 'T2', 'T3', 'T4')"
NO_PROVIDER = "('T0', 'T1', 'T2', 'T3', 'T4', 'Z1', 'Z11', 'Z12', 'Z13', 'Z14')"
ADOPTION = "('A3', 'A4', 'A5', 'A6')"
FOSTER = "('U1', 'U2', 'U3', 'U4', 'U5', 'U6')"
#: Episodes under an agreed series of short breaks, which most rules leave out.
SHORT_BREAK = "LS IN ('V3', 'V4')"
NOT_SHORT_BREAK = "coalesce(LS, '') NOT IN ('V3', 'V4')"
#: Of a child whose every episode is a short break.
ONLY_SHORT_BREAKS = (
    "IN (SELECT CHILD FROM Episodes WHERE CHILD IS NOT NULL GROUP BY CHILD"
    " HAVING bool_and(coalesce(LS IN ('V3', 'V4'), false)))"
)
ADOPTED = "('E11', 'E12')"
FEMALE = "SEX IN ('2', 'F')"
#: The last day of an episode in the year: 31 March while it is open. Null for an end that is not a date.
UNTIL = "CASE WHEN DEC_text IS NULL THEN year_end() ELSE DEC END"


def tidy(postcode: str) -> str:
    """The SQL of a postcode as it is compared: capitals without spaces."""
    return f"upper(replace({postcode}, ' ', ''))"


def one_child(**tables: Sequence[Mapping[str, Any]]) -> Given:
    """The tables of a worked example whose rows are all one child's."""
    return {name: [{"CHILD": "1", **row} for row in rows] for name, rows in tables.items()}


def episodes(*rows: Mapping[str, Any], **more: Sequence[Mapping[str, Any]]) -> Given:
    """One child's episodes, and other tables of the same child."""
    return one_child(Episodes=rows, **more)
