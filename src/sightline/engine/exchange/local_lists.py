"""Columns for which nobody publishes a list: the record has codes of the authority's own, and a file says what it likes."""

from __future__ import annotations

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.choices import folded
from sightline.standards.codes import codeset


def code_of(child: Child, name: str, told: str | None) -> str | None:
    """The code of a local set that a file gives or words as the set does; nothing, and a note, where the set has no such entry."""
    if not told:
        return None
    known = codeset(name)
    if told in known:
        return told
    words = folded(told)
    found = next((row.code for row in known if words in (folded(row.label), folded(row.code))), None)
    if found is None:
        child.note(f"values are not in the authority's own list ‘{known.title}’: kept with the file")
    return found
