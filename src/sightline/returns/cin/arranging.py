"""Puts the rows of the record into the tables of the census's rules, as `reading` does with those of a file.

What the census could not hold is left out here as it is there: a child without an episode of need, a block without the block that holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sightline.engine.exchange.rules.declarations import Piece, Pieces
from sightline.returns.cin.tables import CHILD, DETAILS, NUMBERED, PLAN, RULE_TABLES, TABLES, TOLD_AS

_EPISODE = "CINdetails"
#: Blocks that stand in an episode.
_BLOCKS = tuple(table.name for table in TABLES if table.within == _EPISODE)

#: The numbers of a block and of those that hold it, by the key that the blocks inside it name.
Numbers = dict[tuple[str, Any], dict[str, str]]


def arrange(told: Pieces) -> Pieces:
    """The tables of the rules."""
    tables: dict[str, list[Piece]] = {table.name: [] for table in RULE_TABLES}
    tables["Header"] = list(told.get("Header", ()))
    episodes, numbers = _episodes(told.get(_EPISODE, ()))
    tables[_EPISODE] = episodes
    inside = {piece.child for piece in episodes}
    for block in ("Child", "Disability"):
        for piece in told.get(block, ()):
            if piece.child in inside:
                for table in TOLD_AS[block]:
                    tables[table].append(_row(piece, {}))
    for block in _BLOCKS:
        (table,) = TOLD_AS.get(block, (block,))
        tables[table] += _blocks(block, told.get(block, ()), numbers)
    _factors(tables["Assessments"], told.get("AssessmentFactors", ()))
    plans = {(piece.child, piece.key): piece for piece in tables["ChildProtectionPlans"]}
    for piece in told.get("CPPreviewDate", ()):
        plan = plans.get((piece.child, piece.within))
        if plan is not None:
            tables["Reviews"].append(_row(piece, {column: plan.texts[column] for column in (DETAILS, PLAN)}))
    return tables


def _row(piece: Piece, numbers: dict[str, str]) -> Piece:
    return replace(piece, texts={CHILD: piece.child, **piece.texts, **numbers})


def _episodes(pieces: Any) -> tuple[list[Piece], Numbers]:
    """The episodes of need, numbered within their child from 1."""
    counted: dict[str, int] = defaultdict(int)
    numbers: Numbers = {}
    found = []
    for piece in pieces:
        counted[piece.child] += 1
        own = {DETAILS: str(counted[piece.child])}
        if piece.key is not None:
            numbers[piece.child, piece.key] = own
        found.append(_row(piece, own))
    return found, numbers


def _blocks(name: str, pieces: Any, numbers: Numbers) -> Iterator[Piece]:
    """The blocks of an episode, those that hold others numbered within their child."""
    counted: dict[str, int] = defaultdict(int)
    for piece in pieces:
        above = numbers.get((piece.child, piece.within))
        if above is None:
            continue
        own = dict(above)
        if name in NUMBERED:
            counted[piece.child] += 1
            own[NUMBERED[name]] = str(counted[piece.child])
        yield _row(piece, own)


def _factors(assessments: list[Piece], factors: Any) -> None:
    """An assessment has a row for each of its factors, and one row when it has none."""
    by_assessment: dict[tuple[str, Any], list[str]] = defaultdict(list)
    for piece in factors:
        by_assessment[piece.child, piece.within].append(piece.texts["AssessmentFactors"])
    assessments[:] = [
        replace(piece, texts={**piece.texts, **more})
        for piece in assessments
        for more in (
            [{"AssessmentFactors": factor} for factor in by_assessment.get((piece.child, piece.key), ())] or [{}]
        )
    ]
