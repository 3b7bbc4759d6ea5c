"""Every code of a local set that the source writes by itself is declared, so that an administrator cannot end it under a step's feet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

import sightline
from sightline.core.records import fields as f
from sightline.engine.local_rules.code_sets import why_fixed
from sightline.engine.local_rules.written import steps
from sightline.standards.codes import codeset

# What invents records, reads files of others or only computes writes nothing of a worker's.
_LEFT_OUT = {
    "synthetic",
    "migrations",
    "exchange",
    "returns",
    "cin.py",
    "ssda903",
    "ssda903.py",
    "facts.py",
    "measures.py",
}


def _local_fields() -> dict[str, set[str]]:
    """The local code sets that fields of a name hold."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, f.Code) and field.codes and not why_fixed(codeset(field.codes)):
                found.setdefault(field.name, set()).add(field.codes)
    return found


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


def _written(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name, text) of every attribute that is set to a text, and of every text given to a new record."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for left, right in pairs:
                    if isinstance(left, ast.Attribute):
                        yield from ((left.attr, text) for text in _texts(right))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("new", "create"):
            for keyword in node.keywords:
                yield from ((keyword.arg or "", text) for text in _texts(keyword.value))


def test_every_code_that_a_step_writes_is_declared() -> None:
    fields = _local_fields()
    root = Path(sightline.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        if _LEFT_OUT & set(path.relative_to(root).parts):
            continue
        for name, text in _written(ast.parse(path.read_text())):
            found |= {(codes, text) for codes in fields.get(name, ()) if text in codeset(codes)}
    assert ("alert_outcome", "DISPUTE") in found, "the reading of the source finds what is known to be written"
    undeclared = {(codes, text) for codes, text in found if text not in steps(codes)}
    # A code that is spelt like one of another set under a field of the same name.
    assert undeclared == set(), undeclared
