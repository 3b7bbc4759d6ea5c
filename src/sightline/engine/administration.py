"""Agencies: what an administrator adds and renames. They own records and are none, so their history is in the audit."""

from __future__ import annotations

from django.db import transaction

from sightline.core.access.administrator import require_administrator
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.organisations.models import Organisation
from sightline.standards.codes import codeset


def save_agency(by: User, name: str, kind: str, because: str, found: Organisation | None = None) -> Organisation:
    """Add an agency, or change one. Raises InputProblem, naming the field."""
    require_administrator(by, "name")
    name = " ".join(name.split())
    if not name or len(name) > 200 or "\x00" in name:
        raise InputProblem("Give a name of at most 200 characters.", "name", "write its name")
    if not codeset("organisation_kind").is_valid(kind):
        raise InputProblem("Choose what kind of agency it is.", "kind", "choose one of the list")
    if not because.strip():
        raise InputProblem("Say why.", "because", "say why")
    own = found or Organisation()
    same = Organisation.objects.filter(kind=kind, name__iexact=name, area=own.area).exclude(pk=own.pk)
    if same.exists():
        raise InputProblem("There is an agency of this name and kind.", "name", "choose another name")
    old = {"name": own.name, "kind": own.kind} if found else None
    own.name, own.kind = name, kind
    with transaction.atomic():
        own.save()
        new = {"name": name, "kind": kind}
        note(by.get_username(), What.SETTINGS, f"agency {own.pk}", purpose=because.strip(), old=old, new=new)
    return own
