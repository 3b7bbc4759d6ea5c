"""What a page was asked for: its period and its area, from the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from sightline.standards.areas import Area
from sightline.standards.periods import Period, asked_for
from sightline.web.figures import Figures


@dataclass(frozen=True)
class Asked:
    """The period and area of a page, and those that could be chosen instead."""

    period: Period
    area: Area
    years: tuple[Period, ...]
    areas: tuple[Area, ...]

    @property
    def query(self) -> str:
        """The address part that asks for the same again."""
        return urlencode({"period": self.period.label, "area": self.area.code})

    def with_period(self, period: Period) -> str:
        """The address part for another period of the same area."""
        return urlencode({"period": period.label, "area": self.area.code})

    @property
    def year(self) -> Period:
        """The year that the period lies in."""
        return next(year for year in self.years if year.start <= self.period.start <= year.end)


def asked(request: HttpRequest, figures: Figures) -> Asked:
    """Read the address. Raises Http404 for a period or an area that there is not."""
    wanted = request.GET.get("area", "")
    if not figures.areas:
        raise Http404("There are no figures for any area.")
    where = next((one for one in figures.areas if one.code == wanted), None) if wanted else figures.default_area
    if where is None:
        raise Http404("There are no figures for that area.")
    period = _period(request.GET.get("period", ""), figures, where)
    return Asked(period, where, figures.years, figures.areas)


def _period(text: str, figures: Figures, where: Area) -> Period:
    if not text:
        return figures.latest_year_of(where.code)
    try:
        period = asked_for(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    inside = any(year.start <= period.start and period.end <= year.end for year in figures.years)
    if period.kind == "range" or not inside:
        raise Http404(f"There are no figures for {period.title}.")
    return period
