"""The elements of a children in need census, one after another, parsed so that no file can do harm.

The parser reads no document type, no entity, nothing from elsewhere, and keeps its limits on depth and size of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from sightline.core.errors import InputProblem

ROOT, CHILD, HEADER = "Message", "Child", "Header"
COLLECTION = "CIN"
#: What the parser says, and what is said to the reader.
COMPLAINTS = {
    "premature end": "it ends too early",
    "find end of": "a tag does not end, as where the file is cut off",
    "document is empty": "it holds no XML",
    "no element found": "it holds no XML",
    "start tag expected": "it holds no XML",
    "extra content": "something follows its end",
    "mismatch": "its tags do not match",
    "encoding": "its text is not in the encoding it declares (UTF-8 where it declares none)",
    "entity": "it refers to an entity",
    "depth": "it is nested too deeply",
}
LONGEST_TEXT = 1000
#: Stands for what no value may be: an element given twice, or with elements inside it, or without end.
UNREADABLE = "\x01"


def elements(path: Path, shown_as: str, names: Sequence[str]) -> Iterator[Any]:
    """Each element of those names as it ends, dropped from memory when the next is asked for. Raises InputProblem for what is no census."""
    try:
        with path.open("rb") as source:
            events = etree.iterparse(
                source,
                events=("end",),
                tag=tuple("{*}" + name for name in names),
                resolve_entities=False,
                load_dtd=False,
                dtd_validation=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            looked = False
            for _event, element in events:
                if not looked:
                    _look_at_root(element.getroottree().getroot(), shown_as)
                    looked = True
                yield element
                _drop(element)
            if not looked:
                _look_at_root(events.root, shown_as)
    except etree.XMLSyntaxError as error:
        raise InputProblem(
            f"The file is not whole, well-formed XML: {_plainly(error)}",
            f"{shown_as}, line {error.lineno}",
            "Export it again; if it was sent, check that all of it arrived.",
        ) from None
    except OSError as error:
        raise InputProblem(f"Cannot be read: {error.strerror}", shown_as, "Check the file.") from error


def check_collection(collection: str, header: Any, shown_as: str) -> None:
    """Raises InputProblem for a header that names another collection."""
    if collection != COLLECTION:
        raise InputProblem(
            f"The header names another collection than {COLLECTION}",
            f"{shown_as}, line {header.sourceline}",
            "Check that it is the file you mean, and the return you named.",
        )


def header_texts(header: Any) -> dict[str, str]:
    """The texts of what a header holds, by name."""
    return {name_of(item): text_of(item) for item in header.iter() if isinstance(item.tag, str)}


def tag_of(item: Any, shown_as: str) -> str:
    """The name of an element. Raises InputProblem for an entity that was left standing, since none is ever resolved."""
    if not isinstance(item.tag, str):
        raise InputProblem(
            "The file refers to an entity", f"{shown_as}, line {item.sourceline}", "Ask for a plain export."
        )
    return name_of(item) if "}" in item.tag else item.tag


def text_of(item: Any) -> str:
    """The text of an element; one with elements inside it, or without end, reads as text that no kind of value allows."""
    text = (item.text or "").strip()
    return UNREADABLE if len(item) or len(text) > LONGEST_TEXT else text


def name_of(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _look_at_root(root: Any, shown_as: str) -> None:
    if root is None or name_of(root) != ROOT:
        found = f"it begins with <{name_of(root)[:40]}>" if root is not None else "it holds nothing"
        raise InputProblem(
            f"This is not a children in need census: {found}, not <{ROOT}>",
            shown_as,
            "Check that it is the file you mean, and the return you named.",
        )


def _drop(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _plainly(error: etree.XMLSyntaxError) -> str:
    """The parser's complaint without quoting the file, which may hold a child's details."""
    text = str(error.msg or "").lower()
    return next((words for part, words in COMPLAINTS.items() if part in text), "it cannot be parsed")
