"""The part of the record that a return is made from: one authority, one collection year, as far as one user may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Collate, Concat

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.people.models import Identifier, Person
from sightline.engine.exchange.declarations import Cohort
from sightline.standards.dates import add_years

LOCAL = "local"
#: How prospective adopters go by: a reference of theirs may be that of a child as well.
ADOPTER_SCHEME = "adopter"
LOCAL_AUTHORITY = "local_authority"
#: Records of who a child is.
IDENTITY = ("people",)
#: Starts the reference of a child who has no local identifier: followed by the number of the record.
UNNAMED = "P"
AT_A_TIME = 2_000


def told_by(area: str, model: type[Model]) -> Q:
    """Which records of a type an authority's returns tell: its own, and who a child is from whoever of its partners wrote it down."""
    if model is Person:
        return Q()
    if not any(field.name == "agency" for field in model._meta.fields):
        return Q(area=area)
    own = Q(agency__area=area)
    return own | ~Q(agency__kind=LOCAL_AUTHORITY) if model._meta.app_label in IDENTITY else own


class Subject(tuple[str, int]):
    """The child a row is about, reference and id of the person, and the record that the row was told from, its table and id.

    Rows about one child are of one child whatever record they come from: two subjects are equal by the child alone.
    """

    record: tuple[str, int]

    def __new__(cls, reference: str, person: int, record: tuple[str, int]) -> Subject:
        """Like the pair of reference and person, with the record beside it."""
        made = super().__new__(cls, (reference, person))
        made.record = record
        return made


@dataclass
class Cut:
    """What a return may tell. It speaks as on the last day of its year: what happened later has not happened yet.

    There is no `user` where the rows are not told to anybody (see `telling.Untold`).
    """

    user: User | None
    area: str
    start: date
    end: date
    cohorts: tuple[Cohort, ...]
    notes: Counter[str] = field(default_factory=Counter)

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """The authority's records of a type."""
        assert self.user is not None
        return visible_rows(self.user, model).filter(told_by(self.area, model))

    def in_year(self, day: str) -> Q:
        """Whether something happened in the year."""
        return Q(**{f"{day}__gte": self.start, f"{day}__lte": self.end})

    def during_year(self, prefix: str = "", *, start: str = "start_date", end: str = "end_date") -> Q:
        """Whether a spell was open on any day of the year."""
        ended = Q(**{f"{prefix}{end}": None}) | Q(**{f"{prefix}{end}__gte": self.start})
        return Q(**{f"{prefix}{start}__lte": self.end}) & ended

    def for_year(self, year_end: str) -> Q:
        """Whether something is recorded for the year, which it names by its last day: that lies ahead while the year is not over."""
        return Q(**{year_end: add_years(self.start, 1) - timedelta(days=1)})

    def by_then(self, day: date | None) -> date | None:
        """A day that has come by the end of the year."""
        return day if day is not None and day <= self.end else None

    def note(self, about: str) -> None:
        """Say what the file could not say as the record does. Notes are counted, and shown without the child."""
        self.notes[about] += 1

    def about_children(self, person: str = "person") -> Q:
        """Whether a row is about a child of the return."""
        found = Q(pk__in=[])
        for cohort in self.cohorts:
            found |= Q(**{f"{person}__in": cohort.people(self)})
        return found

    def asked_in_full(self, person: str = "person") -> Q:
        """Whether a row is about a child of the return who is asked everything."""
        found = Q(pk__in=[])
        for cohort in self.cohorts:
            if cohort.in_full is not None:
                found |= Q(**{f"{person}__in": cohort.in_full(self)})
        return found

    def told(
        self, rows: QuerySet[Any], *fields: str, order: tuple[str, ...] = (), person: str = "person_id"
    ) -> Iterator[dict[str, Any]]:
        """The rows with their `child`, of whom they are about: streamed, child by child in the order of the references."""
        found = rows.annotate(reference=self._reference(person), about=F(person))
        names = tuple(dict.fromkeys(("reference", "about", "pk", *fields)))
        ordered = found.order_by(Collate("reference", "C"), "about", *order, "pk")
        table = rows.model._meta.db_table
        for row in ordered.values_list(*names).iterator(chunk_size=AT_A_TIME):
            values = dict(zip(names, row, strict=True))
            yield values | {"child": Subject(values["reference"], values["about"], (table, values["pk"]))}

    def identifier(self, scheme: str, person: str = "person_id") -> Subquery:
        """The child's identifier of a scheme: the first one, where a merge brought a second."""
        held = self.rows(Identifier).filter(scheme=scheme, person=OuterRef(person)).order_by("pk")
        if scheme == LOCAL:
            held = held.filter(
                agency__area=self.area
            )  # A partner's own number for the child says nothing to the Department.
        return Subquery(held.values("value")[:1], output_field=CharField())

    def _reference(self, person: str) -> Coalesce:
        unnamed = Concat(Value(UNNAMED), Cast(F(person), CharField()), output_field=CharField())
        return Coalesce(self.identifier(LOCAL, person), unnamed, output_field=CharField())
