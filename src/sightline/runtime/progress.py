"""Tells the person waiting how long work goes on: live on a terminal, one plain line a step elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console


class Progress:
    """Reports steps, each with its elapsed time, on the error stream, so that data on the output stream stays clean."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._console = Console(file=self._stream, highlight=False)
        self._live = self._console.is_terminal

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Times one step. The value given is a function that tells how far the step is."""
        started = time.monotonic()
        if self._live:
            with self._console.status(title) as status:

                def tell(detail: str) -> None:
                    status.update(f"{title}: {detail}")

                yield from self._guard(title, started, tell)
        else:
            self._say(f"{title} ...")

            def tell_plainly(detail: str) -> None:
                self._say(f"  {title}: {detail}")

            yield from self._guard(title, started, tell_plainly)
        self._say(f"{title}: done in {elapsed(started)}")

    def run(self, steps: Sequence[tuple[str, Callable[[Callable[[str], None]], object]]]) -> None:
        """Runs the steps in order, numbered."""
        started = time.monotonic()
        for number, (title, work) in enumerate(steps, 1):
            with self.step(f"[{number}/{len(steps)}] {title}") as tell:
                work(tell)
        self._say(f"All {len(steps)} steps: done in {elapsed(started)}")

    def note(self, text: str) -> None:
        self._say(text)

    def _guard(self, title: str, started: float, tell: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
        try:
            yield tell
        except BaseException:
            self._say(f"{title}: stopped after {elapsed(started)}")
            raise

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)


def elapsed(started: float) -> str:
    seconds = time.monotonic() - started
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"
