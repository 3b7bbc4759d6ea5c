"""Keeping issues: a check writes what is newly found, notes what is found still, and resolves what is not found any more.

Whose issues they are and who sees them is no question here: a check follows from the record alone, as the ledger of deadlines does, and whoever
asks gets the same. Sight decides what is shown of it.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible, visible_rows
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem, Problem
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Identifier, Person
from sightline.core.records.writing import writing
from sightline.engine.exchange.cut import LOCAL_AUTHORITY
from sightline.engine.exchange.export import one_moment
from sightline.engine.exchange.rules.result import Outcome, RuleResult, RunResult
from sightline.engine.exchange.telling import closed
from sightline.engine.return_issues.collections import Collection, under_way
from sightline.engine.return_issues.finding import Findings, Key, child_by_child, find, of_no_child
from sightline.engine.return_issues.models import Check, Issue, LastFound

ACTION = "return_issues.check"


@dataclass(frozen=True)
class Checked:
    """What a check changed: how many issues are new, found still, and resolved."""

    new: int
    still: int
    resolved: int
    result: RunResult

    def with_more(self, more: Checked) -> Checked:
        """Together with what a check of other children changed, and with that one's result."""
        return Checked(self.new + more.new, self.still + more.still, self.resolved + more.resolved, more.result)

    @property
    def not_run(self) -> list[RuleResult]:
        """The rules that could not run, with the cause."""
        return self.result.with_outcome(Outcome.COULD_NOT_RUN)


def check_all(asked: Collection, area: str, by: User, supplied: Mapping[str, Any] | None = None) -> Checked:
    """Check a return of a whole authority. `supplied` are tables that the record does not hold, as Ofsted's list of providers.

    Raises Problem where the user may not.
    """
    may_check_all(by, asked)
    started = timezone.now()
    # Reading takes a while, and children are worked on meanwhile: what is written comes after it, and leaves alone what changed since it began.
    with one_moment():
        found = find(asked, area, supplied=supplied)
    with writing(ACTION, by=by.get_username(), because=f"check of the {asked.declared.title} {asked.label}"):
        held = Issue.objects.filter(return_name=asked.name, year=asked.label, resolved_at=None)
        held = held.filter(agency__area=area).exclude(person__in=closed()[0])
        checked = _keep(asked, area, found, held, started)
        _note_check(asked, area, by, found)
        note(
            by.get_username(),
            What.BULK_WRITE,
            f"check {asked.name}:{area}:{asked.label}",
            new=checked.new,
            resolved=checked.resolved,
        )
    return checked


def may_check_all(by: User, asked: Collection) -> None:
    """Raises Problem unless the user may check, and export, a return of everybody."""
    if not (by.may(Permission.SEE_ALL_CHILDREN) and by.may(Permission.IMPORT)):
        note(by.get_username(), What.REFUSED, f"check {asked.name} {asked.label}")
        raise Problem(
            f"The role of '{by.get_username()}' does not check whole returns",
            "--as",
            "Ask someone whose role sees every child and imports files, such as a performance analyst.",
        )


def known_by(by: User, references: Several[str]) -> set[int]:
    """The children with these local identifiers whom the user may see. Raises InputProblem where one is not among them."""
    rows = visible_rows(by, Identifier).filter(scheme="local", value__in=references)
    held = dict(rows.values_list("value", "person_id"))
    if missing := sorted(set(references) - held.keys()):
        count = len(missing)
        raise InputProblem(
            f"{count} of the references {'is' if count == 1 else 'are'} of no child that '{by.get_username()}' may see",
            "--child",
            "Check the local identifiers.",
        )
    return set(held.values())


def check_children(asked: Collection, people: Several[int], by: User, rules: Several[str] | None = None) -> Checked:
    """Check a return for those of the children whom the user may see. `rules` limits it to those codes."""
    seen = visible(by, Person, people)
    name = by.get_username()
    with writing(ACTION, by=name, because=f"check of the {asked.declared.title} {asked.label}"):
        checked = check_each(asked, seen, rules)
        if checked.new or checked.resolved:
            note(name, What.WRITE, ACTION, people=seen, tables=[Issue._meta.db_table])
    return checked


def check_each(asked: Collection, people: Several[int], rules: Several[str] | None = None) -> Checked:
    """Check a return for children, inside the writing under way. `rules` limits it to those codes."""
    started = timezone.now()
    totals = Checked(0, 0, 0, RunResult(asked.name, asked.label))
    for area, those in by_area(people).items():
        found = find(asked, area, those, rules)
        ran = child_by_child(asked, rules)
        held = Issue.objects.filter(
            return_name=asked.name, year=asked.label, resolved_at=None, person__in=those, rule__in=ran
        )
        totals = totals.with_more(_keep(asked, area, found, held, started))
    return totals


def recheck(people: Several[int]) -> None:
    """After something was written about children: check those rules again of which they have open issues, in returns that are being collected.

    Inside the writing under way, so that the issue is gone with what caused it.
    """
    open_ones = Issue.objects.filter(person__in=people, resolved_at=None).values_list("return_name", "year", "rule")
    by_return: dict[tuple[str, str], set[str]] = {}
    for name, label, rule in open_ones.distinct().order_by() if people else ():
        by_return.setdefault((name, label), set()).add(rule)
    for asked in under_way(standing().day) if by_return else ():
        if rules := by_return.get((asked.name, asked.label)):
            check_each(asked, people, rules)


def by_area(people: Several[int]) -> dict[str, set[int]]:
    """The children by the authority that holds their record."""
    found: dict[str, set[int]] = {}
    held = Person.objects.filter(pk__in=people).exclude(agency__area="").values_list("agency__area", "pk")
    for area, person in held:
        found.setdefault(area, set()).add(person)
    return found


def _keep(asked: Collection, area: str, found: Findings, held: QuerySet[Issue], started: datetime) -> Checked:
    now = timezone.now()
    known = {_key(row): row["pk"] for row in held.values("pk", *Key.__dataclass_fields__)}
    unsure = {one.code for one in found.result.with_outcome(Outcome.COULD_NOT_RUN)}
    fresh = [key for key in sorted(found.found) if key not in known]
    gone = [pk for key, pk in known.items() if key not in found.found and key.rule not in unsure]
    since = Q(resolved_at__gte=started)
    mended = {
        _key(row)
        for row in Issue.objects.filter(since, return_name=asked.name, year=asked.label).values(
            *Key.__dataclass_fields__
        )
    }
    agency = _authority(area)
    new = [
        Issue(
            agency_id=agency,
            person_id=key.person,
            return_name=asked.name,
            year=asked.label,
            rule=key.rule,
            table=key.table,
            fields=" ".join(found.found[key]),
            record_table=key.record_table,
            record_id=key.record_id,
            first_found=now,
        )
        for key in fresh
        if key not in mended
    ]
    # Somebody else's check may have been quicker: then the issue is there, and theirs is as good.
    Issue.objects.bulk_create(new, ignore_conflicts=True)
    late = Q(first_found__gte=started) | Q(last__at__gte=started)
    resolved = Issue.objects.filter(pk__in=Issue.objects.filter(pk__in=gone).exclude(late).values("pk"))
    count = resolved.update(resolved_at=now)
    still = [pk for key, pk in known.items() if key in found.found]
    _found_again(still, now)
    return Checked(len(new), len(still), count, found.result)


def _key(row: dict[str, Any]) -> Key:
    return Key(**{name: row[name] for name in Key.__dataclass_fields__})


def _found_again(issues: list[int], now: datetime) -> None:
    LastFound.objects.bulk_create(
        [LastFound(issue_id=pk, at=now) for pk in issues],
        update_conflicts=True,
        unique_fields=["issue"],
        update_fields=["at"],
    )


def _authority(area: str) -> int:
    held = Organisation.objects.filter(kind=LOCAL_AUTHORITY, area=area).order_by("pk").values_list("pk", flat=True)
    return held[0]


def _note_check(asked: Collection, area: str, by: User, found: Findings) -> None:
    result = found.result
    Check.objects.create(
        return_name=asked.name,
        year=asked.label,
        area=area,
        by=by.get_username(),
        children=len(found.people),
        outcomes={outcome.value: len(result.with_outcome(outcome)) for outcome in Outcome},
        not_run={one.code: one.cause for one in result.with_outcome(Outcome.COULD_NOT_RUN)},
        of_no_child=of_no_child(asked, result),
    )
