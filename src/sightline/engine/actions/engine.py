"""Performs actions: permission, state, every check, then the records, their history, the deadlines and the audit, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import barred, visible
from sightline.core.audit.record import What, note
from sightline.core.finding.guards import registered_by
from sightline.core.organisations.models import Team, Worker
from sightline.core.people.models import Person
from sightline.core.records.models import Change, Record
from sightline.core.records.writing import writing
from sightline.core.restrictions.family import told_of_family
from sightline.engine.actions.checks import broken, every_fault, missing
from sightline.engine.actions.declarations import Action, Attempt, Group, Input, actions, rules_of
from sightline.engine.actions.refusals import Conflict, Fault, Invalid, NotNow, NotPermitted, Refused, Version
from sightline.engine.deadlines import ledger
from sightline.engine.return_issues import checking


@dataclass(frozen=True)
class System:
    """A part of Sightline that acts by itself, as an import does. It has no role, so its callers answer for what it may do."""

    name: str
    agency_id: int


Actor = User | System


@dataclass(frozen=True)
class Done:
    """What an action wrote: the record it is about, and everything in the order of saving."""

    record: Any
    written: tuple[Any, ...]


def perform(
    action: Action | str,
    *,
    by: Actor,
    because: str,
    values: Mapping[str, Any],
    record: Any = None,
    seen: int | None = None,
    request: str = "",
) -> Done:
    """Do an action, or raise a `Refused` that says why not, with nothing written.

    `values` are dates, codes, ids or records, or their text. An amendment by a user says by `seen` which version they looked at (see `version`);
    when another has come since, `Conflict` holds both. Raises NotPermitted, NotNow, Invalid, Conflict.
    """
    chosen = actions()[action] if isinstance(action, str) else action
    if chosen.amends and record is None:
        raise ValueError(f"{chosen.id} amends a record, and none was given")
    if chosen.amends and isinstance(by, User) and seen is None:
        raise ValueError(f"{chosen.id}: a user's amendment says which version they saw")
    try:
        return _perform(chosen, by, because, values, record, seen, request)
    except NotPermitted as refusal:
        # Outside the writing, which is undone: an attempt beyond one's reach is itself worth knowing of.
        note(_name(by), What.REFUSED, chosen.id, people=people_of(record) if record else (), reason=refusal.what)
        raise


def _name(by: Actor) -> str:
    return by.get_username() if isinstance(by, User) else by.name


def _perform(
    chosen: Action, by: Actor, because: str, values: Mapping[str, Any], record: Any, seen: int | None, request: str
) -> Done:
    name = _name(by)
    with writing(chosen.id, by=name, because=because, request=request) as now:
        record = _hold(chosen, record, values)
        _may(chosen, record, by)
        attempt = _attempt(chosen, by, because, values, record)
        _sees_people(by, attempt)
        if seen is not None:
            _same_version(attempt, seen)
        written = _save(attempt)
        people = _people(written, attempt)
        ledger.rebuild(people, written={each._meta.db_table for each in written})
        checking.recheck(people)
        note(
            name,
            What.WRITE,
            chosen.id,
            people=people,
            records=[each.pk for each in written],
            purpose=because,
            request=now.request,
            tables=sorted({each._meta.db_table for each in written}),
        )
        return Done(_main(chosen, written), tuple(written))


def _people(written: list[Any], attempt: Attempt) -> set[int]:
    """Everybody whom the write concerns, and whom the record concerned before it."""
    before: int | None = attempt.before.get("person_id")
    found = {before} if before else set()
    for each in written:
        found |= people_of(each)
    return found


def refused(action: Action, record: Any = None, by: Actor | None = None) -> Refused | None:
    """The one place that says whether an action may be done: None, or the refusal that would be raised."""
    if isinstance(by, User) and not by.may(action.permission):
        return NotPermitted(
            f"Your role may not {action.permission}.", where=action.title, next="Ask someone whose role allows it."
        )
    if record is not None and action.amends and action.when:
        state = rules_of(type(record)).state(record)
        if state not in action.when:
            what, needed = record._meta.verbose_name, " or ".join(action.when)
            return NotNow(f"The {what} is {state}; this can be done only while it is {needed}.", where=action.title)
    return None


def why_not(action: Action | str, record: Any = None, by: Actor | None = None) -> str:
    """Why an action may not be done, in a sentence; empty when it may."""
    found = refused(actions()[action] if isinstance(action, str) else action, record, by)
    return found.what if found else ""


def may(action: Action | str, record: Any = None, by: Actor | None = None) -> bool:
    """Whether an action may be done."""
    return not why_not(action, record, by)


def available(record: Any, by: Actor | None = None) -> list[Action]:
    """The amendments that may be done to a record now."""
    label = record._meta.label
    return [
        action for action in actions().values() if action.amends and action.model == label and may(action, record, by)
    ]


def version(record: Any) -> int:
    """The number of a record's last change, by which an editor says what they saw."""
    changes = Change.objects.filter(table_name=record._meta.db_table, record_id=record.pk)
    return cast(int, changes.aggregate(last=models.Max("id"))["last"] or 0)


def people_of(record: Any) -> set[int]:
    """The ids of the people whom a record concerns: its own, or for a meeting or an application those who are tied to it."""
    if isinstance(record, Person):
        return {record.pk}
    if hasattr(record, "person_id"):
        return {record.person_id} if record.person_id else set()
    model = type(record)
    found: set[int] = set()
    for other in apps.get_models():
        if not issubclass(other, Record) or "person" not in {field.name for field in other._meta.fields}:
            continue
        for link in other._meta.fields:
            if isinstance(link, models.ForeignKey) and link.related_model is model:
                rows: Any = other._default_manager.filter(**{link.name: record})
                found |= set(rows.values_list("person_id", flat=True))
    if found:
        return found
    parents = [link for link in model._meta.fields if isinstance(link, models.ForeignKey) and link.name != "agency"]
    linked = (getattr(record, link.name) for link in parents)
    # A worker leads to everybody whom they work with: that is nobody whom the record concerns.
    return set().union(
        *(
            people_of(each)
            for each in linked
            if isinstance(each, Record) and each.pk and not isinstance(each, Worker | Team)
        )
    )


def _hold(action: Action, record: Any, values: Mapping[str, Any]) -> Any:
    """Let one action at a time work on a child, so that what the checks read still holds at the end. Gives the record as it is now."""
    people = people_of(record) if record is not None else set()
    for given, value in _everything_given(action, values):
        if given.definition.related_model is Person and value not in (None, ""):
            with suppress(ValidationError):
                people.add(_number(getattr(value, "pk", value)))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    if record is None or not action.amends:
        return record
    return type(record)._default_manager.select_for_update().get(pk=record.pk)


def _everything_given(action: Action, values: Mapping[str, Any]) -> Iterator[tuple[Input, Any]]:
    """Each input with what was given for it, those of groups once for each row."""
    for given in action.inputs:
        yield given, values.get(given.name)
    for group in action.groups:
        for row in values.get(group.name) or ():
            yield from ((given, row.get(given.name)) for given in group.inputs)


def _attempt(action: Action, by: Actor, because: str, values: Mapping[str, Any], record: Any) -> Attempt:
    """What was given, made into values; raises Invalid with every value that makes no sense."""
    groups = {group.name for group in action.groups}
    own = {name: value for name, value in values.items() if name not in groups}
    faults = [] if because.strip() else [Fault("because", "Say why.")]
    clean = _cleaned(action.inputs, own, "", faults)
    for group in action.groups:
        clean[group.name] = _rows(group, values.get(group.name) or (), faults)
    before = {found.attname: getattr(record, found.attname) for found in record._meta.fields} if record else {}
    worker = by.worker if isinstance(by, User) else None
    agency = _agency(by, record) or _administered(action, clean)
    attempt = Attempt(action, clean, record, before, agency, standing().day, worker)
    if attempt.agency_id is None:
        faults.append(Fault("agency", "Your sign-in is tied to no agency: ask an administrator to tie it to a worker."))
    if faults:
        raise Invalid(action.title, faults + _further(attempt, faults))
    return attempt


def _cleaned(asked: Sequence[Input], values: Mapping[str, Any], prefix: str, faults: list[Fault]) -> dict[str, Any]:
    """The values given, each made into what its field holds. Adds to `faults` what makes no sense, is missing or was not asked for."""
    known = {given.name for given in asked}
    faults += [Fault(f"{prefix}{name}", f"{name} is not asked for.") for name in values if name not in known]
    clean: dict[str, Any] = {}
    for given in asked:
        name, wrong = f"{prefix}{given.name}", False
        if given.name in values:
            try:
                clean[given.name] = _clean(given.definition, values[given.name])
            except ValidationError as error:
                wrong = True
                faults += [Fault(name, f"{given.title}: {message}") for message in error.messages]
        if given.required and not wrong and clean.get(given.name) in (None, ""):
            faults.append(Fault(name, f"{given.title} is missing."))
    return clean


def _rows(group: Group, given: Sequence[Mapping[str, Any]], faults: list[Fault]) -> list[dict[str, Any]]:
    """The rows of a group."""
    if len(given) < group.minimum:
        faults.append(Fault(group.name, f"{group.title}: at least {group.minimum} needed."))
    return [_cleaned(group.inputs, row, f"{group.name}.{place}.", faults) for place, row in enumerate(given)]


def _further(attempt: Attempt, faults: list[Fault]) -> list[Fault]:
    """What the checks find beyond values that make no sense or are missing, so that all is told at once."""
    if attempt.action.build is not None or attempt.agency_id is None:
        return []
    told = {fault.input for fault in faults}
    return [fault for fault in every_fault(_one(attempt), attempt) if fault.input not in told]


def _agency(by: Actor, record: Any) -> int | None:
    if isinstance(by, System):
        return by.agency_id
    if by.worker is not None:
        return by.worker.agency_id
    return cast("int | None", getattr(record, "agency_id", None))


def _administered(action: Action, clean: Mapping[str, Any]) -> int | None:
    """An administrator need be no worker of any agency: it is the agency they name, or that of the team or worker they name."""
    if action.permission is not Permission.ADMINISTER:
        return None
    named = clean.get("agency")
    linked = [value.agency_id for value in clean.values() if isinstance(value, Record)]
    return cast("int | None", named.pk if named is not None else linked[-1] if linked else None)


def _clean(definition: models.Field[Any, Any], value: Any) -> Any:
    if value in (None, ""):
        return None if definition.null else definition.get_default() if definition.blank else None
    if isinstance(definition, models.ForeignKey):
        # Read anew even when a record was given: it may have changed since the caller read it.
        found = definition.related_model._default_manager.filter(pk=_number(getattr(value, "pk", value))).first()
        if found is None:
            raise ValidationError("there is no such record.")
        return found
    if isinstance(value, str) and "\0" in value:
        raise ValidationError("this holds a character that cannot be kept. Type it again, without pasting.")
    value = definition.to_python(value)
    definition.run_validators(value)
    return value


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise ValidationError("this names no record.") from error


def _same_version(attempt: Attempt, seen: int) -> None:
    """Raises Conflict, with every field that either side changed, when somebody changed the record after the editor read it."""
    record = attempt.record
    since = list(
        Change.objects.filter(table_name=record._meta.db_table, record_id=record.pk, id__gt=seen).order_by("id")
    )
    if not since:
        return
    first, last = since[0], since[-1]
    versions = []
    for given in attempt.action.inputs:
        name = given.definition.attname
        old, new = (first.old or {}).get(name), (last.new or {}).get(name)
        if given.name in attempt.values or old != new:
            versions.append(Version(given.name, given.title, old, new, attempt.values.get(given.name, new)))
    raise Conflict(attempt.action.title, last.by, timezone.localtime(last.at), versions)


def _may(action: Action, record: Any, by: Actor) -> None:
    """The role, then sight of the record, then its state: somebody who may not see a record learns nothing of it by trying."""
    if refusal := refused(action, by=by):
        raise refusal
    if record is not None and isinstance(by, User) and not _sees_record(action, record, by):
        raise _out_of_sight(action)
    if refusal := refused(action, record, by):
        raise refusal


def _sees_record(action: Action, record: Any, by: User) -> bool:
    """An action that opens the door asks for no reason to see the record, but it stays shut to those who are barred from its child."""
    if action.any_child:
        return not barred(by, people_of(record))
    return record.pk in visible(by, type(record), [record.pk])


def _sees_people(by: Actor, attempt: Attempt) -> None:
    """A user writes only about people whom they may see, save where the action opens the door: what is new may concern anybody."""
    if isinstance(by, System) or attempt.action.any_child:
        return
    given = [
        (asked, value)
        for asked, value in _everything_given(attempt.action, attempt.values)
        if isinstance(value, Person)
    ]
    people = {value.pk for _input, value in given}
    seen = visible(by, Person, people)
    unseen = people - seen
    if unseen and seen:
        unseen -= registered_by(by, {value.pk for asked, value in given if asked.name in attempt.action.newcomers})
    if unseen:
        about = seen | (people_of(attempt.record) if attempt.record is not None else set())
        family = relatives(by, attempt.action, about)
        unseen -= {value.pk for asked, value in given if asked.name in attempt.action.relatives} & family
    if unseen:
        raise _out_of_sight(attempt.action)


def relatives(by: User, action: Action, children: Collection[int]) -> set[int]:
    """The family of these children whom the action may name, as their pages name it: of children seen whole, nobody sealed or closed."""
    if not action.relatives:
        return set()
    day = standing().day
    return set().union(*(told_of_family(by, child, day)[0] for child in Person.objects.filter(pk__in=children)))


def _out_of_sight(action: Action) -> NotPermitted:
    return NotPermitted(
        "You have no reason on record to see this child.",
        where=action.title,
        next="Ask the child's worker or your manager.",
    )


def _one(attempt: Attempt) -> Any:
    """The record of an action that writes one."""
    values = {**attempt.action.fixed, **attempt.values}
    fields = {given.name: given.field for given in attempt.action.inputs}
    model: Any = apps.get_model(attempt.action.model)
    record = attempt.record if attempt.action.amends else model(agency_id=attempt.agency_id)
    for name, value in values.items():
        setattr(record, fields.get(name, name), value)
    return record


def _save(attempt: Attempt) -> list[Any]:
    """Save what the action writes, each record checked against those before it; raises Invalid with every fault."""
    action = attempt.action
    records = list(action.build(attempt)) if action.build else [_one(attempt)]
    main = _main(action, records)
    own = () if missing(main) else action.checks
    faults: list[Fault] = [fault for check in own for fault in check(main, attempt)]
    for record in records:
        faults += every_fault(record, attempt)
        if not faults:
            try:
                with transaction.atomic():
                    record.save()
            except IntegrityError as error:
                faults.append(_from_database(record, error))
    if faults:
        raise Invalid(action.title, list(dict.fromkeys(faults)))
    return records


def _main(action: Action, records: list[Any]) -> Any:
    """Of several records, the one the action is about: the last of its own type, after those it had to end first."""
    return next(record for record in reversed(records) if record._meta.label == action.model)


def _from_database(record: Any, error: IntegrityError) -> Fault:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if not constraint:
        raise error
    return broken(type(record), constraint)
