"""The data dictionary page."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from sightline.core.records import dictionary
from sightline.core.records import fields as f
from sightline.core.records.dictionary import Entry
from sightline.core.records.models import Record
from sightline.engine.docs import table

_INTRODUCTION = """\
# Data dictionary

Every field of every record type, from its own declaration. Every record also holds whose it is and where it came from:
"""

_SENSITIVITIES = {
    f.Sensitivity.OPEN: "says nothing about a person",
    f.Sensitivity.PERSONAL: "about a person, and does not identify them alone",
    f.Sensitivity.SPECIAL: "special category or criminal offence data (UK GDPR articles 9 and 10)",
    f.Sensitivity.IDENTIFYING: "names a person, an address or a document about them; never in a snapshot",
}


def markdown() -> str:
    """The page."""
    provenance = [entry for entry in dictionary.entries(_any_record()) if not entry.own]
    lines = [_INTRODUCTION, *_fields(provenance), "", "## Sensitivity", ""]
    lines += table(("Class", "Meaning"), list(_SENSITIVITIES.items()))
    lines += ["", "## Retention", "", "An operator sets the periods. The defaults:", ""]
    lines += table(("Class", "Default"), list(dictionary.RETENTION_DEFAULTS.items()))
    for label in dictionary.apps_described():
        lines += ["", f"## {str(apps.get_app_config(label).verbose_name).replace('_', ' ')}"]
        for model in dictionary.described_models():
            if model._meta.app_label == label:
                lines += _model(model)
    return "\n".join(lines)


def _any_record() -> type[models.Model]:
    return next(model for model in dictionary.described_models() if issubclass(model, Record))


def _model(model: type[models.Model]) -> list[str]:
    words = " ".join((model.__doc__ or "").split())
    where = "in the snapshot" if dictionary.in_snapshot(model) else "not in the snapshot"
    retention = getattr(model, "RETENTION", f.Retention.REFERENCE)
    facts = f"Table `{model._meta.db_table}`, stream `{dictionary.stream(model)}`, retention: {retention}, {where}."
    own = [entry for entry in dictionary.entries(model) if entry.own or not issubclass(model, Record)]
    return ["", f"### {model._meta.label}", "", words, "", facts, "", *_fields(own)]


def _fields(entries: list[Entry]) -> list[str]:
    heads = ("Field", "Title", "Type", "Codes", "Sensitivity", "May be empty", "Return items", "Note")
    return table(heads, [_row(entry) for entry in entries])


def _row(entry: Entry) -> tuple[str, ...]:
    codes = f"`{entry.codes}`" if entry.codes else ""
    empty = "yes" if entry.may_be_empty else "no"
    items = "; ".join(entry.items)
    return f"`{entry.name}`", entry.title, entry.kind, codes, str(entry.sensitivity), empty, items, entry.help
