"""Reference pages written from the declarations, so that they cannot fall behind them.

A page is a name and a function that gives Markdown. To add one, add a line to `PAGES`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sightline.standards.data import forget, repository
from sightline.standards.local_changes import AS_INSTALLED, in_use, use


@dataclass(frozen=True)
class Page:
    """One reference page: its file name without the ending, and the function that writes it, named so that it is imported only when asked for."""

    name: str
    module: str
    function: str

    def markdown(self) -> str:
        """The page as it should stand."""
        write: Callable[[], str] = getattr(import_module(self.module), self.function)
        return write().rstrip() + "\n"


PAGES = (
    Page("data-dictionary", "sightline.engine.docs.data_dictionary", "markdown"),
    Page("clocks", "sightline.engine.docs.clocks", "markdown"),
    Page("measures", "sightline.engine.docs.measures", "markdown"),
    Page("roles", "sightline.engine.docs.roles", "markdown"),
    Page("actions", "sightline.engine.docs.actions", "markdown"),
    Page("states", "sightline.engine.docs.states", "markdown"),
    Page("rules-cin", "sightline.engine.docs.rules", "cin"),
    Page("rules-ssda903", "sightline.engine.docs.rules", "ssda903"),
    Page("rules-annexa", "sightline.engine.docs.rules", "annexa"),
    Page("rules-ssd", "sightline.engine.docs.rules", "ssd"),
)


def folder() -> Path:
    """Where the pages are kept."""
    return repository() / "docs" / "reference"


def write(where: Path | None = None) -> list[Path]:
    """Write every page. Gives those that changed."""
    where = where or folder()
    where.mkdir(parents=True, exist_ok=True)
    changed = []
    for path, text in _pages(where):
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def stale(where: Path | None = None) -> list[Path]:
    """Pages that are missing or do not say what the declarations say."""
    return [
        path
        for path, text in _pages(where or folder())
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def _pages(where: Path) -> Iterator[tuple[Path, str]]:
    with _as_shipped():
        for page in PAGES:
            yield where / f"{page.name}.md", page.markdown()


@contextmanager
def _as_shipped() -> Iterator[None]:
    """Leave the operator's own code sets and clocks out: the pages describe the product."""
    given = os.environ.get("SIGHTLINE_LOCAL")
    os.environ["SIGHTLINE_LOCAL"] = os.devnull
    forget()
    followed = in_use()
    use(AS_INSTALLED)
    try:
        yield
    finally:
        use(followed)
        del os.environ["SIGHTLINE_LOCAL"]
        if given is not None:
            os.environ["SIGHTLINE_LOCAL"] = given
        forget()


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A Markdown table, as lines."""
    cells = [" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in [heads, *rows]]
    rule = " | ".join("---" for _ in heads)
    return [f"| {line} |" for line in (cells[0], rule, *cells[1:])]
