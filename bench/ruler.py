"""Timing, memory, and a county to measure on."""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
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


@contextmanager
def throwaway_installation() -> Iterator[Path]:
    """An installation of its own, migrated and empty, in a temporary folder; Django is set up on it. Gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
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
        shutil.rmtree(folder, ignore_errors=True)
