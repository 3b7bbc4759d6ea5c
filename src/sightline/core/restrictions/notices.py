"""Whom to tell that a record was opened in an emergency: the child's own manager, or past them whoever has no conflict.

A notice holds no word about the child: it leads to the emergency access, which its reader sees or does not see by the usual rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sightline.core.access.models import User
from sightline.core.access.visibility import barred
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import TeamMembership, Worker
from sightline.core.people.models import Person
from sightline.core.records.spells import open_on


def recipients(person: Person, opened_by: Worker, day: date) -> tuple[list[Worker], bool]:
    """The managers to tell, and whether they stand past the child's own.

    First the managers of the teams that hold the child's cases. Where all of them opened the record themselves, have a conflict or are not to
    know of the child, the managers of services. Where there is none either, nobody: the notice then waits for a reviewer.
    """
    held = Allocation.objects.filter(open_on(day), person=person).values("team")
    members = TeamMembership.objects.filter(open_on(day), team__in=held)
    own = Worker.objects.filter(job="team_manager", pk__in=members.values("worker")).order_by("id")
    fit = _fit(own, person, opened_by, day)
    if fit:
        return fit, False
    above = Worker.objects.filter(pk__in=User.objects.filter(role="service_manager", is_active=True).values("worker"))
    return _fit(above.order_by("id"), person, opened_by, day), True


def _fit(workers: Iterable[Worker], person: Person, opened_by: Worker, day: date) -> list[Worker]:
    return [worker for worker in workers if worker.pk != opened_by.pk and not _barred(worker, person, day)]


def _barred(worker: Worker, person: Person, day: date) -> bool:
    """Whether a seal or a conflict keeps the person from the worker, with or without a sign-in of their own."""
    return bool(barred(User(worker=worker), [person.pk], day))
