"""The published schema of the API: what may be sent, how blocks stand in each other, and which of them can be purged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from jsonschema_rs import Draft7Validator, ValidationError

from sightline.core.errors import InputProblem
from sightline.standards.data import data_dir

Payload = dict[str, Any]

PURGE = "purge"
MASKED = "(the value is not shown)"


@dataclass(frozen=True)
class Shape:
    """A block: its own properties, and the blocks in it that can be purged by themselves.

    `id` names the property that tells one record from another, where there are several (`many`).
    """

    name: str
    id: str
    many: bool
    properties: Mapping[str, Any]
    own: tuple[str, ...]
    parts: Mapping[str, Shape]

    def at(self, path: str) -> Shape:
        """The block of a path like `social_care_episodes.adoption`, whether it can be purged by itself or not."""
        found = self
        for name in path.split("."):
            found = found.parts[name] if name in found.parts else _shape(name, found.properties[name])
        return found

    def in_order(self, values: Mapping[str, Any]) -> Payload:
        """The values in the order of the schema."""
        return {name: values[name] for name in self.properties if name in values}


@dataclass(frozen=True)
class Schema:
    """The schema of one version."""

    version: str
    child: Shape
    most: int
    _item: Mapping[str, Any]

    @cached_property
    def _validator(self) -> Draft7Validator:
        # The schema is OpenAPI 3.0's dialect; it uses nothing in which that differs from this draft.
        return Draft7Validator(dict(self._item), validate_formats=True, mask=MASKED)

    def faults(self, child: Payload) -> list[str]:
        """What the schema finds in one child's payload: where and which requirement, never a value."""
        return sorted({_fault(error) for error in self._validator.iter_errors(child)})


def _fault(error: ValidationError) -> str:
    where = ".".join(str(step) for step in error.instance_path if isinstance(step, str))
    requirement = str(error.schema_path[-1]) if error.schema_path else "schema"
    return f"{where or 'child'}: {requirement}"


def versions() -> list[str]:
    """The versions that are held, oldest first."""
    return sorted(path.stem.removeprefix("csc_api_") for path in _folder().glob("csc_api_*.json"))


@cache
def schema_of(version: str) -> Schema:
    """The schema of a version. Raises InputProblem."""
    path = _folder() / f"csc_api_{version}.json"
    if version not in versions():
        held = ", ".join(versions())
        raise InputProblem(f"The schema of version '{version}' is not held", "SIGHTLINE_CSC_SCHEMA", f"Held: {held}.")
    published = json.loads(path.read_text(encoding="utf-8"))["components"]["schemas"]["CSC"]
    return Schema(version, _shape("child", published["items"]), published["maxItems"], published["items"])


def _folder() -> Any:
    return data_dir() / "returns" / "csc"


def _shape(name: str, declared: Mapping[str, Any]) -> Shape:
    many = declared["type"] == "array"
    block = declared["items"] if many else declared
    properties = {one: what for one, what in block.get("properties", {}).items() if one != PURGE}
    parts = {one: _shape(one, what) for one, what in properties.items() if _can_be_purged(what)}
    own = tuple(one for one in properties if one not in parts)
    return Shape(name, next(iter(block.get("required", ())), ""), many, properties, own, parts)


def _can_be_purged(declared: Mapping[str, Any]) -> bool:
    block = declared.get("items", declared)
    return PURGE in block.get("properties", {})
