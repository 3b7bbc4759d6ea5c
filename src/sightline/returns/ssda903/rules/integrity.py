"""Rules about how the tables of the return fit together: each child in the header, once, and the same there as elsewhere."""

from sightline.engine.exchange.rules.declarations import Example, Rule, rule


def _in_header(code: str, table: str) -> Rule:
    """Every child of a table is in the header."""
    return rule(
        code,
        table,
        "CHILD",
        select=f'SELECT t.row FROM "{table}" t WHERE NOT EXISTS (SELECT 1 FROM Header h WHERE h.CHILD = t.CHILD)',
        choice="A row that names no child is not in the header either.",
        fails=[{"Header": [{"CHILD": "1"}], table: [{"CHILD": "2"}]}, {"Header": [{"CHILD": "1"}], table: [{}]}],
        passes=[{"Header": [{"CHILD": "1"}, {"CHILD": "2"}], table: [{"CHILD": "2"}]}],
    )


def _same(code: str, table: str, field: str, here: str, there: str) -> Rule:
    """What a table and the header both say of a child is the same; `here` and `there` are two values that differ."""
    return rule(
        code,
        table,
        field,
        select=f'SELECT t.row FROM "{table}" t JOIN Header h ON h.CHILD = t.CHILD WHERE t.{field} <> h.{field}',
        choice="Found in the table, which is held against the header. A value that is missing, or not valid, on either side does not count as"
        " different.",
        fails=[{"Header": [{"CHILD": "1", field: there}], table: [{"CHILD": "1", field: here}]}],
        passes=[
            {"Header": [{"CHILD": "1", field: here}], table: [{"CHILD": "1", field: here}]},
            {"Header": [{"CHILD": "1", field: there}], table: [{"CHILD": "1"}]},
        ],
    )


def _once(code: str, table: str) -> Rule:
    """A table has one row for a child."""
    return rule(
        code,
        table,
        "CHILD",
        select=f'SELECT t.row FROM "{table}" t WHERE t.CHILD IN (SELECT s.CHILD FROM "{table}" s GROUP BY s.CHILD HAVING count(*) > 1)',
        fails=[Example({table: [{"CHILD": "1"}, {"CHILD": "2"}, {"CHILD": "1"}]}, ((table, 0), (table, 2)))],
        passes=[{table: [{"CHILD": "1"}, {"CHILD": "2"}]}],
    )


_IN_HEADER = {
    "INT01": "AD1",
    "INT02": "PlacedAdoption",
    "INT03": "Episodes",
    "INT04": "Missing",
    "INT05": "OC2",
    "INT06": "OC3",
    "INT07": "PrevPerm",
    "INT08": "Reviews",
    "INT09": "UASC",
}
_SAME_BIRTH = {
    "INT11": "AD1",
    "INT12": "PlacedAdoption",
    "INT13": "Missing",
    "INT14": "OC2",
    "INT15": "OC3",
    "INT16": "PrevPerm",
    "INT17": "Reviews",
    "INT18": "UASC",
}
_ONCE = {"INT31": "AD1", "INT32": "Header", "INT33": "OC2", "INT34": "OC3", "INT35": "PrevPerm", "INT36": "UASC"}

RULES = (
    *(_in_header(code, table) for code, table in _IN_HEADER.items()),
    *(_same(code, table, "DOB", "01/05/2010", "05/01/2010") for code, table in _SAME_BIRTH.items()),
    _same("INT21", "UASC", "SEX", "M", "F"),
    *(_once(code, table) for code, table in _ONCE.items()),
)
