"""The page of clocks: every limit, its source, and whether it runs."""

from __future__ import annotations

from itertools import groupby

from sightline.engine.deadlines.declarations import RunningClock, running_clocks
from sightline.engine.docs import table
from sightline.standards import clocks
from sightline.standards.clocks import Clock

_INTRODUCTION = """\
# Clocks

Every time limit that is declared, in `data/clocks.csv`, and the records it runs on. The version in force when a clock starts holds for
ever: a new rule never re-times an old case.

A deadline is **met** when what stops it comes on or before the day it is due, and **late** when it comes after; also late when the record
closed after that day without it. It was **not required** when the record closed by then. Otherwise it is **open**, and overdue from the
day after. A clock in a chain starts again at each stop; the turn that is running when the record closes is settled by the day it closed.
Stops outside the record's own days do not count, and of several on a day one counts.

A start that lies outside the versions of a clock, or from which a count of working days leaves the calendar, has no deadline.

What a clock of the kind *threshold* flags is open and past its day. `CP-2Y` counts calendar months; the DfE's indicator of plans over two
years counts 729 days and is a measure of its own.
"""


def markdown() -> str:
    """The page."""
    running = {id: each for each in running_clocks() for id in each.clocks}
    lines = [_INTRODUCTION, "## Running", ""]
    rows = [_running_row(version, running[version.id]) for version in clocks.clocks() if version.id in running]
    lines += table(("Clock", "Starts", "Stops", "Limit", "Runs on", "In force", "Kind", "Source"), rows)
    lines += [
        "",
        "## Declared, not yet running",
        "",
        "No records hold what these clocks need, or they are no deadline of one record.",
    ]
    waiting = [version for version in clocks.clocks() if version.id not in running]
    for process, versions in groupby(
        sorted(waiting, key=lambda version: version.process), key=lambda version: version.process
    ):
        lines += ["", f"### {process[0].upper()}{process[1:]}", ""]
        heads = ("Clock", "Starts", "Stops", "Limit", "In force", "Kind", "Source")
        lines += table(heads, [_row(version) for version in versions])
    return "\n".join(lines)


def _running_row(version: Clock, running: RunningClock) -> tuple[str, ...]:
    row = _row(version)
    return *row[:4], f"`{running.subject}`", *row[4:]


def _row(version: Clock) -> tuple[str, ...]:
    counting = "" if version.counting == "after" else f" ({version.counting})"
    span = f"{version.valid_from or 'always'} to {version.valid_to or 'now'}"
    kind = ("local " if version.local else "") + version.role + (", repeats" if version.repeats else "")
    source = version.source if version.verified else f"{version.source} (from knowledge)"
    return f"`{version.id}`", version.starts, version.stops, version.limit_in_words + counting, span, kind, source
