"""Which chapters there are: those of the pathways, of the board, and the report's own, in order."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from sightline.core.errors import InputProblem
from sightline.engine.report.declared import Chapter, Spec, read_chapters
from sightline.engine.report.periods import relative, standard_periods, with_earlier
from sightline.standards.periods import Period

FOLDERS = ("sightline.pathways", "sightline.board")
FILE = "chapter.md"


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every chapter in the order of the report. Raises InputProblem when two share an id or give one figure two meanings."""
    found = sorted((chapter for path in _files() for chapter in read_chapters(path)), key=lambda c: (c.order, c.id))
    ids = [chapter.id for chapter in found]
    if doubles := sorted({id for id in ids if ids.count(id) > 1}):
        raise InputProblem(f"two chapters are called {', '.join(doubles)}", next="rename one")
    declared_figures(tuple(found))
    return tuple(found)


def _files() -> list[Path]:
    own = sorted((Path(str(files("sightline.engine.report"))) / "chapters").glob("*.md"))
    roots = [Path(str(files(package))) for package in FOLDERS]
    return [*own, *(path for root in roots for path in sorted(root.glob(f"*/{FILE}")))]


def declared_figures(of: tuple[Chapter, ...]) -> dict[str, Spec]:
    """Every declared figure by id. An id may be declared again only in the same way."""
    found: dict[str, Spec] = {}
    for chapter in of:
        for name, spec in chapter.figures.items():
            if name in found and found[name] != spec:
                raise InputProblem(f"the figure '{name}' is declared twice with different meanings", chapter.where)
            found.setdefault(name, spec)
    return found


def periods_needed(of: Period) -> list[Period]:
    """Every period that the report of a year reads: the standard ones, and those that chapters name, each with its year before."""
    named = [
        relative(expression, of)
        for spec in declared_figures(chapters()).values()
        for expression in (spec.period, spec.against)
        if expression
    ]
    # A year's own parts and the years come once; a special range brings the same range a year earlier, for its change.
    special = with_earlier(period for period in named if period.kind == "range")
    return list(dict.fromkeys([*standard_periods(of), *named, *special]))
