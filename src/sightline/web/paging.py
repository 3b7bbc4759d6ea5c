"""One page of a list: which was asked for, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest


@dataclass(frozen=True)
class Leaf:
    """One page of a list of `total` rows, `size` to a page."""

    number: int
    last: int
    total: int
    size: int

    @property
    def first(self) -> int:
        """The place of its first row, from nought."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """The place after its last row."""
        return self.first + self.size


def leaf(request: HttpRequest, total: int, size: int) -> Leaf:
    """The page that the address asks for, else the first. Raises Http404 when there is no such page."""
    last = max(1, -(-total // size))
    number = whole_number(request.GET.get("page", "1"))
    if number is None or not 1 <= number <= last:
        raise Http404("The list has no such page.")
    return Leaf(number, last, total, size)


def whole_number(text: str) -> int | None:
    """A number as people type it; None for anything else, and for what is too large to be the number of a row."""
    cleaned = text.strip()
    return int(cleaned) if cleaned.isascii() and cleaned.isdecimal() and len(cleaned) < 19 else None
