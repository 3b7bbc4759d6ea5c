"""Statutory returns: checking files, where a return stands, and the issues of returns."""

from .rights import Table
from .sending import SENDS
from .work import MANAGES

_ANALYST = frozenset({"performance_analyst"})
_ANSWERS = SENDS | _ANALYST
_CENSUS = {"name": "cin", "year": "2023-24"}

TABLE: Table = {
    "check-return": (_ANALYST, {}, False),
    "kept-check": (_ANALYST, {"id": "1"}, False),
    "kept-check-discard": (_ANALYST, {"id": "1"}, True),
    "returns": (_ANALYST, {}, False),
    "return": (_ANALYST, _CENSUS, False),
    "return-check-all": (_ANALYST, _CENSUS, True),
    "return-file": (_ANALYST, _CENSUS, True),
    "return-issues": (_ANSWERS, {}, False),
    "return-issues-team": (MANAGES, {}, False),
    "return-issues-csv": (_ANSWERS, {}, True),
    "return-issues-team-csv": (MANAGES, {}, True),
    "return-issue": (_ANSWERS, {"id": "1"}, False),
    "return-issue-check": (_ANSWERS, {"id": "1"}, True),
}
