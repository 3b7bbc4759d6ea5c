"""Lists of names from which a return's column is filled, with the code that the record has for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sightline.engine.exchange.values import Unreadable

_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Choices:
    """One list: pairs of the record's code and a name, the name that is written for a code first.

    A name whose code is empty is known, and says less than the record wants.
    """

    name: str
    pairs: Sequence[tuple[str, str]]
    _codes: dict[str, str] = field(init=False, repr=False)
    _names: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_codes", {folded(name): code for code, name in reversed(self.pairs)})
        object.__setattr__(self, "_names", dict(reversed(self.pairs)))

    def read(self, text: str) -> str | None:
        """The record's code for a name; None where the name says less. Raises Unreadable."""
        found = self._codes.get(folded(text))
        if found is None:
            raise Unreadable("is not a name of its list")
        return found or None

    def text(self, code: str) -> str:
        """The name that is written for a code of the record; empty where the list has none."""
        return self._names.get(code, "") if code else ""

    def names(self) -> list[str]:
        """Every name, folded."""
        return list(self._codes)


def folded(name: str) -> str:
    """A name as it is compared: small letters and digits, with one space for whatever stands between them."""
    return _BETWEEN.sub(" ", name.lower()).strip()
