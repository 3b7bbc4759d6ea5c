"""Finds what the folders declare, so that adding a pathway adds a folder and edits no list."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

PACKAGE = "sightline"
STOREYS = ("core", "engine", "pathways", "board")
DECLARING_STOREYS = ("pathways", "board")


def _folders(storey: str) -> list[str]:
    """The sub-packages of a storey, by name, in alphabetical order; none when the storey is not there."""
    spec = find_spec(f"{PACKAGE}.{storey}")
    if spec is None or spec.submodule_search_locations is None:
        return []
    return sorted(
        folder.name
        for location in spec.submodule_search_locations
        for folder in Path(location).iterdir()
        if (folder / "__init__.py").is_file()
    )


@cache
def django_apps() -> list[str]:
    """The Django apps: every sub-package of a storey that has models. The folder's name is the app's label."""
    return [
        f"{PACKAGE}.{storey}.{folder}"
        for storey in STOREYS
        for folder in _folders(storey)
        if find_spec(f"{PACKAGE}.{storey}.{folder}.models") is not None
    ]


@cache
def pathway_modules(name: str) -> list[ModuleType]:
    """The module `name` of every pathway and board folder that has one: `pathway_modules("facts")`."""
    dotted = [f"{PACKAGE}.{storey}.{folder}.{name}" for storey in DECLARING_STOREYS for folder in _folders(storey)]
    return [import_module(module) for module in dotted if find_spec(module) is not None]


@cache
def return_modules() -> list[ModuleType]:
    """The folders of `returns`: one for each statutory return."""
    return [import_module(f"{PACKAGE}.returns.{folder}") for folder in _folders("returns")]


def modules_in(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, in alphabetical order."""
    return [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
