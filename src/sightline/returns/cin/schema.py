"""Holds a census file against the Department's schema, a child at a time.

What is found is told beside the rules and never stands in their way: the schemas held are looser than the Department's in places, and one year's
may not be held yet. A message names elements and never quotes a value. Source of the schemas: data/NOTICE.md.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from sightline.core.errors import InputProblem
from sightline.engine.exchange.xml_elements import CHILD, ROOT, elements, name_of
from sightline.standards.data import data_path

Fault = tuple[int, str]
_ELEMENT = re.compile(r"Element '([^']{1,60})")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( ([A-Za-z0-9, ]{1,600}) \)")
_KIND = re.compile(r"'xs:(\w+)'")
#: Blocks that came in after the latest schema that is held.
_NEWER = ("PreProceedingsandFGDM",)
_KINDS = {
    "date": "is not a date such as 2026-03-31",
    "integer": "is not a whole number",
    "gYear": "is not a year such as 2026",
    "dateTime": "is not a date and time such as 2026-03-31T09:00:00",
}
#: What libxml2 finds, by its own name for it, and what is said of the element.
_SAID = {
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "has text between its elements",
    "SCHEMAV_CVC_ENUMERATION_VALID": "does not hold one of the codes of the schema",
    "SCHEMAV_CVC_PATTERN_VALID": "does not have the shape that the schema asks for",
    "SCHEMAV_CVC_MINLENGTH_VALID": "is empty",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "is less than the schema allows",
    "SCHEMAV_CVC_TYPE_3_1_2": "has elements inside it, where only a value may be",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "has an attribute that the schema does not know",
    "SCHEMAV_CVC_TYPE_3_1_1": "has an attribute that the schema does not know",
    "SCHEMAV_CVC_ELT_1": "is not where a census file begins",
}


def schema_faults(path: Path, ends: int) -> list[Fault]:
    """Where a file departs from the schema of a collection year (by the year in which it ends), as (line, message), in the order of the file.

    Where the year's schema is not held, the latest before it is used, and the first message (line 0) says so. Raises InputProblem for a file
    that cannot be read and for a year before the first schema.
    """
    used = _schema_for(ends)
    schema = _schema(used)
    found: dict[Fault, None] = {}
    for element in elements(path, path.name, (CHILD, ROOT)):
        whole = name_of(element) == ROOT
        # The parser has read on: what follows the child stands in the tree half made. So the child is looked at apart from it.
        if schema.validate(element if whole else _alone(element)):
            continue
        for error in schema.error_log:
            # What holds the copy stands on no line, and is looked at with the whole.
            if error.line and not _of_no_matter(error, at_end=whole, stands_in=used != ends):
                found[(error.line, _message(error))] = None
    told = sorted(found)
    return [(0, _instead(ends, used)), *told] if used != ends else told


def _held() -> list[int]:
    return sorted(
        int(file.stem[-4:]) for file in data_path("returns", "cin", "rules.csv").parent.glob("CIN_schema_*.xsd")
    )


def _schema_for(ends: int) -> int:
    held = [year for year in _held() if year <= ends]
    if not held:
        raise InputProblem(
            f"No schema is held for the census of {_label(ends)}", "year", f"The first is that of {_label(_held()[0])}."
        )
    return held[-1]


@cache
def _schema(ends: int) -> Any:
    return etree.XMLSchema(etree.parse(str(data_path("returns", "cin", f"CIN_schema_{ends}.xsd"))))


def _alone(child: Any) -> Any:
    """A census that holds a copy of one child, and of what stands before it but for other children."""
    inner, place = deepcopy(child), child
    while (parent := place.getparent()) is not None:
        holder = parent.makeelement(parent.tag, dict(parent.attrib), parent.nsmap)
        holder.text = parent.text
        before = [deepcopy(one) for one in place.itersiblings(preceding=True) if name_of(one) != CHILD]
        holder.extend([*reversed(before), inner])
        inner, place = holder, parent
    return inner


def _of_no_matter(error: Any, *, at_end: bool, stands_in: bool) -> bool:
    """What follows only from how the file is looked at: the last child is gone at the end, and an older schema lacks what came since."""
    if error.type_name != "SCHEMAV_ELEMENT_CONTENT":
        return False
    element = _element(error)
    gone = at_end and element in (CHILD, "Children") and "Missing child" in error.message
    return gone or (stands_in and element in _NEWER)


def _message(error: Any) -> str:
    element = _element(error)
    if error.type_name == "SCHEMAV_ELEMENT_CONTENT":
        expected = _EXPECTED.search(error.message)
        named = f"; expected: {expected[1].strip()}" if expected else ""
        problem = "lacks an element" if "Missing child" in error.message else "is not expected here"
        return f"<{element}> {problem}{named}"
    if error.type_name.startswith("SCHEMAV_CVC_DATATYPE_VALID") and (kind := _KIND.search(error.message)):
        return f"<{element}> {_KINDS.get(kind[1], 'is not of the kind that the schema asks for')}"
    return f"<{element}> {_SAID.get(error.type_name, 'is not as the schema asks')}"


def _element(error: Any) -> str:
    found = _ELEMENT.search(error.message)
    return found[1].rpartition("}")[2] if found else "?"


def _instead(ends: int, used: int) -> str:
    return (
        f"The schema of {_label(ends)} is not published yet, so the file was held against that of {_label(used)};"
        f" {', '.join(_NEWER)}, which came in since, was passed over"
    )


def _label(ends: int) -> str:
    return f"{ends - 1}-{ends % 100:02d}"
