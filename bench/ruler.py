"""Timing, memory, and a county to measure on."""

import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def timed(title: str, work: Callable[[], T], *, size: str = "") -> tuple[T, float]:
    """Does the work, prints its time, its size and the process's peak memory so far, and gives its result and seconds."""
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    note(f"{title:<52} {seconds:8.2f} s   peak {peak_megabytes():6.0f} MB   {size}")
    return result, seconds


def note(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


def peak_megabytes() -> float:
    """The most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processors() -> str:
    """How many processors this process may use."""
    return f"{len(os.sched_getaffinity(0))} processors"


def load_average() -> str:
    """How busy the machine is, ourselves included: processes that run or wait to, over one minute and over five."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} over 1 minute, {five:.1f} over 5"


def share_of_memory(process: int) -> float:
    """The memory of a process and those it started, in megabytes; what several share is counted once."""
    return sum(_proportional(each) for each in _family(process)) / 1024


def _family(process: int) -> list[int]:
    children = [
        int(child)
        for thread in Path(f"/proc/{process}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]
    return [process, *(each for child in children for each in _family(child))]


def _proportional(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def middle_and_slow(seconds: Sequence[float]) -> tuple[float, float]:
    """The p50 and the p95."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (0.0, 0.0)
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


@contextmanager
def throwaway_installation() -> Iterator[Path]:
    """An installation of its own, migrated and empty, in a temporary folder; Django is set up on it. Gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
    try:
        with installation(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def installation(folder: Path) -> Iterator[Path]:
    """The installation of a folder, with its database running and migrated; Django is set up on it. The database is stopped afterwards."""
    os.environ["SIGHTLINE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    from sightline.runtime import database, postgres

    try:
        database.ensure_running()
        database.set_up_django()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        yield folder
    finally:
        postgres.embedded().stop()
