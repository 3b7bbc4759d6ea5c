"""Information rights: requests, packs, disposals."""

from .rights import Table

ANSWERS = frozenset({"auditor"})

TABLE: Table = {
    "rights": (ANSWERS, {}, False),
    "pack": (ANSWERS, {}, False),
    "pack-decide": (ANSWERS, {}, True),
    "pack-check": (ANSWERS, {}, True),
    "pack-file": (ANSWERS, {}, True),
    "disposals": (ANSWERS, {}, False),
}
