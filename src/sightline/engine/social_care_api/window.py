"""Whom the Department is told about, as far as dates and ages go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sightline.standards.dates import add_years

YEAR_STARTS = (4, 1)


@dataclass(frozen=True)
class Window:
    """The time that counts, both days included, and the age up to which a young person is told about."""

    start: date
    end: date
    oldest: int

    @classmethod
    def until(cls, day: date, years: int, oldest: int) -> Window:
        """From the 1 April on or before the day so many years ago."""
        back = add_years(day, -years)
        this = date(back.year, *YEAR_STARTS)
        return cls(this if this <= back else date(back.year - 1, *YEAR_STARTS), day, oldest)

    def during(self, *, start: str = "start_date", end: str = "end_date") -> Q:
        """Whether a spell was open on any day of it."""
        return Q(**{f"{start}__lte": self.end}) & (Q(**{end: None}) | Q(**{f"{end}__gte": self.start}))

    def on(self, day: str) -> Q:
        """Whether something happened in it."""
        return Q(**{f"{day}__gte": self.start, f"{day}__lte": self.end})

    def of_age(self) -> Q:
        """People young enough on some day of it: born or, as far as is known, still to be born."""
        born_after = add_years(self.start, -(self.oldest + 1))
        unborn = Q(expected_birth_date=None) | Q(expected_birth_date__gte=self.start)
        return Q(birth_date__gt=born_after) | (Q(birth_date=None) & unborn)

    def by_then(self, day: date | None) -> date | None:
        """A day that has come by its end."""
        return day if day is not None and day <= self.end else None

    def years_before_end(self, years: int) -> date:
        """The birth date of who reaches an age on the last day."""
        return add_years(self.end, -years)
