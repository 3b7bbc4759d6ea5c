"""The data dictionary: every field of every record, as its own declaration describes it. A field that says too little is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from sightline.core.organisations.models import Organisation
from sightline.core.records import fields as f
from sightline.core.records.history import record_models
from sightline.core.records.models import Record
from sightline.standards.codes import codeset_names

RETENTION_DEFAULTS = {
    f.Retention.CHILD: "Until the child is 25, longer by local policy. No single statute sets it.",
    f.Retention.LOOKED_AFTER: "75 years from birth, or 15 years from a death before 18 (Care Planning Regulations 2010 reg 50).",
    f.Retention.ADOPTION: "100 years from the adoption order (Disclosure of Adoption Information Regulations 2005 reg 6).",
    f.Retention.ANONYMOUS: "6 years by local policy. It names nobody.",
    f.Retention.REFERENCE: "As long as a record refers to it.",
    f.Retention.AUDIT: "As long as the records it tells of.",
}


@dataclass(frozen=True)
class Entry:
    """One field of one record type."""

    name: str
    title: str
    kind: str
    sensitivity: f.Sensitivity | None
    retention: f.Retention
    codes: str
    items: tuple[str, ...]
    help: str
    may_be_empty: bool
    own: bool


def described_models() -> list[type[models.Model]]:
    """Every record type, and the organisations that own records, by app and name."""
    found: list[type[models.Model]] = [*record_models(), Organisation]
    return sorted(found, key=lambda model: model._meta.label)


def entries(model: type[models.Model]) -> list[Entry]:
    """The fields of a record type in their order, the row number left out."""
    return [_entry(model, field) for field in model._meta.concrete_fields if not field.primary_key]


def _entry(model: type[models.Model], field: models.Field[object, object]) -> Entry:
    described = field if isinstance(field, f.Described) else None
    whole: f.Retention = getattr(model, "RETENTION", f.Retention.REFERENCE)
    item = described.item if described else ""
    return Entry(
        name=field.name,
        title=str(field.verbose_name),
        kind=_kind(field),
        sensitivity=described.sensitivity if described else None,
        retention=(described.retention if described else None) or whole,
        codes=described.codes if described else "",
        items=tuple(part.strip() for part in item.split(";") if part.strip()),
        help=str(field.help_text),
        may_be_empty=field.null or field.blank,
        own=field.name not in _provenance(),
    )


def _kind(field: models.Field[object, object]) -> str:
    if isinstance(field, models.ForeignKey):
        return f"link to {field.related_model._meta.label}"
    return type(field).__name__.lower()


@cache
def _provenance() -> frozenset[str]:
    return frozenset(field.name for field in Record._meta.fields)


def faults() -> list[str]:
    """What is wrong with the declarations, one line each; none when every field is classified."""
    return [f"{model._meta.label}{found}" for model in described_models() for found in _faults(model)]


def _faults(model: type[models.Model]) -> Iterator[str]:
    if not (model.__doc__ or "").strip() or (model.__doc__ or "").startswith(f"{model.__name__}("):
        yield ": has no description"
    known = set(codeset_names())
    fields = {field.name: field for field in model._meta.concrete_fields}
    for entry in entries(model):
        where = f".{entry.name}"
        if entry.sensitivity is None:
            yield f"{where}: says nothing of its sensitivity"
        # Django makes a title from the field's name when none is given, and that one begins with a small letter.
        if not entry.title[:1].isupper():
            yield f"{where}: has no title"
        if entry.codes and entry.codes not in known:
            yield f"{where}: names the code set '{entry.codes}', which there is not"
        if not entry.codes and isinstance(fields[entry.name], f.Code) and "code set" in entry.help.lower():
            yield f"{where}: speaks of a code set and names none"


def in_snapshot(model: type[models.Model]) -> bool:
    """Whether rows of the type are copied to the snapshot, without their identifying fields."""
    return issubclass(model, Record) and model.IN_SNAPSHOT


def stream(model: type[models.Model]) -> str:
    """The stream whose coverage answers for the type."""
    return (model.STREAM if issubclass(model, Record) else "") or model._meta.app_label


def apps_described() -> list[str]:
    """Labels of the apps that hold described models, in the order of the pages: what every pathway stands on first."""
    labels = {model._meta.app_label for model in described_models()}
    return sorted(labels, key=lambda label: (".pathways." in apps.get_app_config(label).name, label))
