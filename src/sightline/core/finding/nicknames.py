"""Names that stand for each other: short forms, and the spellings of one name in Latin letters. From our own list, `data/local/nicknames.csv`."""

from __future__ import annotations

from sightline.standards.data import data_path, read_csv, remembered


@remembered
def _families() -> dict[str, frozenset[str]]:
    """Each name with all that it may stand for."""
    found: dict[str, set[str]] = {}
    for row in read_csv(data_path("local", "nicknames.csv"), ("family", "tradition", "names", "source")):
        names = row["names"].split()
        for name in names:
            found.setdefault(name, set()).update(names)
    return {name: frozenset(family - {name}) for name, family in found.items()}


def stands_for(name: str) -> frozenset[str]:
    """The names that a name may stand for, itself left out; none for a name that the list does not know."""
    return _families().get(name, frozenset())
