"""Why someone sees a child, and what bars them from it whatever reason they have.

The files `access.py` of the apps declare both: `REASONS`, `BARS` and `SEALED`. A reason ends by itself, with the spell it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from django.db.models import Model, Q
from django.utils import timezone

from sightline.core.access.declared import access_modules
from sightline.core.access.models import User
from sightline.core.access.queries import People
from sightline.core.access.roles import PARTNERS
from sightline.standards.dates import add_months

#: Who a child is: what someone must see to whom a part of the record is shown. Where they live is no part of it.
WHO = frozenset({"people.Person", "people.PersonName", "people.Role"})


@dataclass(frozen=True)
class Reason:
    """Why someone sees a child. `people` gives ids of the people for a user on a day; it must end by itself.

    `ends`: where the rows that `people` reads keep their end (a path from them), `months` how long after it the reason holds, `ending` in
    words when it ends where no date is known; `person`: where they keep the person. `roles`: whom it can concern; none means every role.
    `shows`: for a reason that opens a part of the record only: of whom it shows the rows of a type, None for no row. `rows`: rows of a type
    that it shows one by one. `candidates`: workers who may have the reason to see a person, so that not everybody need be asked.
    """

    id: str
    words: str
    people: Callable[[User, date], People]
    roles: frozenset[str] = frozenset()
    ends: str = ""
    months: int = 0
    ending: str = "It ends with the spell it comes from."
    person: str = "person_id"
    shows: Callable[[User, date, type[Model]], People | None] | None = None
    rows: Callable[[User, date, type[Model]], Q | None] | None = None
    candidates: Callable[[int, date], Iterable[int]] | None = None
    #: The app that declares it.
    app: str = ""

    def whole(self, user: User) -> bool:
        """Whether it opens the whole record of a child to the user: never to a partner."""
        return self.shows is None and user.role not in PARTNERS

    def shown(self, user: User, day: date, model: type[Model]) -> People | None:
        """Of whom it shows the user rows of a type, where it does not open the whole record; None for no row.

        To a partner every reason opens who the child is and the part of the record that it comes from: an invitation to a conference
        opens child protection, and not the case.
        """
        if self.whole(user):
            return None
        if self.shows is not None:
            return self.shows(user, day, model)
        own_part = model._meta.label in WHO or model._meta.app_label == self.app
        return self.people(user, day) if own_part else None

    def end_of(self, known: str | None) -> date | datetime | None:
        """The end of the reason, by the end of the row that it comes from as the database wrote it; None where no end is known yet."""
        if known is None:
            return None
        end = datetime.fromisoformat(known) if "T" in known else date.fromisoformat(known)
        return add_months(end, self.months) if self.months else end


@dataclass(frozen=True)
class Bar:
    """Why someone does not see people, whatever reason they have. `people` gives their ids for a user on a day; never an empty one."""

    id: str
    words: str
    people: Callable[[User, date], People]


@dataclass(frozen=True)
class Why:
    """One reason for which a user sees one person: in words, and when it ends."""

    reason: str
    words: str
    until: date | datetime | None = None
    ending: str = ""
    whole: bool = True

    @property
    def ends(self) -> str:
        """When it ends, as a sentence."""
        if self.until is None:
            return self.ending
        if isinstance(self.until, datetime):
            local = timezone.localtime(self.until)
            return f"It ends at {local:%H:%M} on {local.day} {local:%B %Y}."
        return f"It ends on {self.until.day} {self.until:%B %Y}."


def reasons_of(user: User) -> tuple[Reason, ...]:
    """The reasons that can apply to the user's role; none for someone who is not a worker."""
    if user.worker_id is None:
        return ()
    return tuple(reason for reason in declared_reasons() if not reason.roles or user.role in reason.roles)


@cache
def declared_reasons() -> tuple[Reason, ...]:
    """The reasons to see a child, as the apps declare them."""
    return tuple(
        replace(reason, app=module.__name__.split(".")[-2])
        for module in access_modules()
        for reason in getattr(module, "REASONS", ())
    )


@cache
def declared_bars() -> tuple[Bar, ...]:
    """The bars against seeing people, as the apps declare them."""
    return tuple(bar for module in access_modules() for bar in getattr(module, "BARS", ()))


def sealed_records(user: User, day: date) -> dict[str, list[int]]:
    """Single records that are sealed from the user, by table."""
    found: dict[str, list[int]] = {}
    for module in access_modules():
        for table, id in module.SEALED(user, day) if hasattr(module, "SEALED") else ():
            found.setdefault(table, []).append(id)
    return found


def later(one: date | datetime | None, other: date | datetime | None) -> date | datetime | None:
    """The later of two ends; None where one has no end that is known."""
    if one is None or other is None:
        return None
    return max(one, other)
