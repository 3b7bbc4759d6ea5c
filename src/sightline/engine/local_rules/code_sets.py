"""New versions of local code sets: which sets a partnership may choose, what a version would do to the records, and putting it in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, Q

from sightline.core.access.administrator import require_administrator
from sightline.core.access.models import User
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.options.following import follow
from sightline.core.options.models import RuleChange
from sightline.core.records import fields as f
from sightline.engine.local_rules.given import later_day, reason
from sightline.engine.local_rules.written import steps
from sightline.standards.codes import Code, CodeSet, codeset, codeset_names, installed_codeset, with_rows
from sightline.standards.data import DataError, data_path, read_csv
from sightline.standards.new_codes import Version, read_version

_LOCK = 20_002_026


@dataclass(frozen=True)
class Held:
    """How many records hold a code, and how many of those are spells that run on. Counts say nothing about anybody."""

    records: int
    open: int


@dataclass(frozen=True)
class Plan:
    """A version as it was checked: what it does, from when, and which of the codes it ends stand on record."""

    version: Version
    first_day: date
    because: str
    held: dict[str, Held]


def why_fixed(found: CodeSet) -> str:
    """Why nobody may change a code set here, or nothing."""
    if not found.replaceable:
        return f"This set is fixed ({found.source}). A partnership cannot choose its codes."
    if found.name in _grouping():
        return "Figures are grouped by this set, and every code has its place in a map. Both are changed together, in the operator's folder."
    return ""


def _grouping() -> set[str]:
    maps = {row["to_set"] for row in read_csv(data_path("codesets", "_maps.csv"), ("to_set",))}
    return maps | {name for name in codeset_names() if name.startswith("age_band")}


def changes(name: str) -> list[RuleChange]:
    """The versions put in force here, the newest first."""
    return list(RuleChange.objects.filter(kind=RuleChange.CODE_SET, name=name).order_by("-id"))


def latest(name: str, before: date = date.max) -> CodeSet:
    """The set with the newest version that begins before a day, planned ones too. Raises UnknownCodeSet."""
    rows = RuleChange.objects.filter(kind=RuleChange.CODE_SET, name=name, first_day__lt=before)
    newest = rows.order_by("-first_day", "-id").first()
    installed = installed_codeset(name)
    return with_rows(installed, newest.content["rows"], newest.pk) if newest else installed


def planned(by: User, name: str, content: bytes, first_day: str, because: str) -> Plan:
    """What a file would do, without doing it. Raises InputProblem, naming the field; UnknownCodeSet."""
    require_administrator(by, "file")
    if fixed := why_fixed(codeset(name)):
        raise InputProblem(fixed, "file", "leave it as it is")
    day, because = later_day(first_day), reason(because)
    last = RuleChange.objects.filter(kind=RuleChange.CODE_SET, name=name).order_by("-first_day").first()
    if last is not None and last.first_day > day:
        raise InputProblem(f"A version is planned from {last.first_day}: choose that day or a later one.", "first_day")
    try:
        version = read_version(content, latest(name, day), day)
    except DataError as error:
        raise InputProblem(str(error), "file", "correct the file and choose it again") from error
    if version.codes == latest(name).codes:
        raise InputProblem("The file changes nothing: the set is like this as it is.", "file", "choose another file")
    if faults := _needed(name, version):
        raise InputProblem(faults, "file", "keep them")
    held = in_use(name, [row.code for row in version.ended])
    if lost := [row.code for row in version.left_out if row.code in held]:
        named = ", ".join(f"{code} ({held[code].records})" for code in lost)
        what = f"Codes that records hold are missing from the file: {named}. List each with its last day instead."
        raise InputProblem(what, "file", "list them")
    return Plan(version, day, because, held)


def _needed(name: str, version: Version) -> str:
    """Why the codes that the version ends cannot end: a built-in step writes them."""
    by_code = steps(name)
    named = [f"{row.code} ({row.label}): {by_code[row.code]}" for row in version.ended if row.code in by_code]
    several = "these codes" if len(named) > 1 else "this code"
    return f"A step of Sightline writes {several} by itself, so it cannot end. {'; '.join(named)}." if named else ""


def put_in_force(by: User, name: str, content: bytes, first_day: str, because: str) -> Plan:
    """Put a version in force from its day on; it is checked again, whatever was shown before. Raises InputProblem; UnknownCodeSet."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two administrators at once: the second is checked against what the first put in force.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        plan = planned(by, name, content, first_day, because)
        who, day = by.get_username(), plan.first_day
        rows = [list(_as_text(row)) for row in plan.version.codes]
        made = RuleChange.objects.create(
            kind=RuleChange.CODE_SET,
            name=name,
            first_day=day,
            content={"rows": rows, "what": summary(plan.version)},
            made_by=who,
            because=plan.because,
        )
        told = {"version": made.pk, "first_day": day.isoformat(), "what": summary(plan.version)}
        note(
            who,
            What.SETTINGS,
            f"code set {name}",
            purpose=plan.because,
            old={"version": latest(name, day).changed},
            new=told,
        )
    follow(at_once=True)
    return plan


def summary(version: Version) -> str:
    """What a version changes, in a line."""
    parts = (
        ("added", [row.code for row in version.added]),
        ("relabelled", [new.code for _, new in version.relabelled]),
        ("ended", [row.code for row in version.ended]),
    )
    return "; ".join(f"{what}: {', '.join(codes)}" for what, codes in parts if codes) or "order or later days only"


def in_use(name: str, codes: Iterable[str]) -> dict[str, Held]:
    """For each of the codes that any record holds: how many hold it."""
    wanted = sorted(set(codes))
    records: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for model in apps.get_models() if wanted else ():
        spell = any(field.name == "end_date" for field in model._meta.concrete_fields)
        for field in model._meta.concrete_fields:
            if not isinstance(field, f.Code) or field.codes != name:
                continue
            is_open = Q(end_date=None) if spell else Q(pk=None)
            rows = model._default_manager.order_by().filter(**{f"{field.name}__in": wanted}).values_list(field.name)
            for code, many, still in rows.annotate(many=Count("pk"), still=Count("pk", filter=is_open)):
                records[code] += many
                running[code] += still
    return {code: Held(many, running[code]) for code, many in records.items()}


def _as_text(row: Code) -> tuple[str, str, str, str]:
    first, last = (day.isoformat() if day else "" for day in (row.valid_from, row.valid_to))
    return row.code, row.label, first, last


def as_rows(found: CodeSet) -> list[tuple[str, str, str, str]]:
    """The rows of a set as its file has them."""
    return [_as_text(row) for row in found]
