"""Figures in words: how a value, its change and what stands in its place are printed.

Roles that may not open every list get counts of children protected: from 1 to 4 reads "fewer than 5". Shares of the
whole area are shown to all who see figures; within a breakdown a share is withheld where it would give away such a count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sightline.engine.measures.compute import TOTAL
from sightline.engine.measures.declare import Combined, Measure, Polarity, Statistic
from sightline.engine.measures.registry import AnyMeasure, measure, measures
from sightline.engine.measures.results import Result, Results, Status, printed, rounded
from sightline.standards.areas import area
from sightline.standards.codes import codeset
from sightline.standards.periods import Period

SMALL = 5
FEWER = f"fewer than {SMALL}"
WITHHELD = "withheld"

BREAKDOWN_TITLES = {
    "sex": "Sex",
    "age": "Age",
    "ethnicity": "Ethnic group",
    "disability": "Disability",
    "district": "District",
}
_CODES = {"sex": "sex_m_f_u", "age": "age_band_dfe", "ethnicity": "ethnicity_group"}
_WORDS = {
    Status.NOT_COVERED: "Not covered",
    Status.NO_BASE: "None to measure",
    Status.NO_POPULATION: "No population held",
}


@dataclass(frozen=True)
class Shown:
    """One figure as it is shown. `value` is None unless the number itself may be shown; `status` says why not."""

    text: str
    status: str
    value: float | None = None
    number: str = ""
    of: str = ""

    @property
    def has_value(self) -> bool:
        """Whether a number is shown."""
        return self.value is not None


@dataclass(frozen=True)
class ChangeInWords:
    """A change from an earlier value. `verdict` is better, worse or empty."""

    text: str
    direction: str
    verdict: str


def figure(results: Results, id: str, period: Period, where: str, *, exact: bool) -> Shown:
    """The total of a measure."""
    what = measure(id)
    return shown(results.result(id, period, where), what, protected=not exact and about_children(what))


def about_children(what: AnyMeasure) -> bool:
    """Whether the measure counts people, so that a small count may point at one."""
    if isinstance(what, Combined):
        return about_children(measures()[what.over])
    return what.cohort.person


def shown(result: Result, what: AnyMeasure, *, protected: bool) -> Shown:
    """One result, protected or exact."""
    if result.value is None:
        return Shown(_WORDS[result.status], result.status.value)
    whole = Shown(
        printed(result.value, what),
        Status.VALUE.value,
        result.value,
        _count(result.numerator),
        _count(result.denominator),
    )
    if not protected:
        return whole
    if what.statistic is Statistic.COUNT and is_small(result.value):
        return Shown(FEWER.capitalize(), WITHHELD)
    if isinstance(what, Measure) and what.value and is_small(result.denominator):
        return Shown("Withheld", WITHHELD)
    if gives_away(result, what):
        whole = replace(whole, number="", of="")
        return whole if result.breakdown == TOTAL else Shown("Withheld", WITHHELD)
    return whole


def gives_away(result: Result, what: AnyMeasure) -> bool:
    """Whether a share or rate lets a small count be worked out."""
    if what.statistic is Statistic.SHARE and result.numerator is not None and result.denominator is not None:
        return is_small(result.numerator) or is_small(result.denominator - result.numerator)
    return what.statistic is Statistic.RATE and is_small(result.numerator)


def is_small(count: float | None) -> bool:
    """A count of people that could point at one of them."""
    return count is not None and 0 < count < SMALL


def within_total(parts: Sequence[Shown]) -> list[Shown]:
    """Parts of a shown total: a single withheld count could be worked out from the rest, so the next smallest is withheld too."""
    found = list(parts)
    hidden = [i for i, part in enumerate(found) if part.status == WITHHELD]
    others = [(part.value, i) for i, part in enumerate(found) if part.value]
    if len(hidden) == 1 and others:
        found[min(others)[1]] = Shown("Withheld", WITHHELD)
    return found


def change(now: Shown, then: Shown, what: AnyMeasure) -> ChangeInWords | None:
    """The difference between two values as they are printed, so that it agrees with a reader's own subtraction."""
    if now.value is None or then.value is None:
        return None
    difference = rounded(now.value, what.places) - rounded(then.value, what.places)
    if not difference:
        return ChangeInWords("No change", "same", "")
    direction = "up" if difference > 0 else "down"
    amount = f"{abs(difference):,}"
    if what.statistic is Statistic.SHARE:
        amount += " point" if abs(difference) == 1 else " points"
    elif what.statistic is Statistic.COUNT and then.value:
        amount += f" ({abs(rounded(100 * float(difference) / then.value, 1))}%)"
    return ChangeInWords(f"{direction.capitalize()} {amount}", direction, verdict(direction, what.polarity))


def verdict(direction: str, polarity: Polarity) -> str:
    """Better or worse, where the measure says which way is better."""
    good = {Polarity.HIGH: "up", Polarity.LOW: "down"}.get(polarity)
    return "" if good is None else "better" if direction == good else "worse"


def parts_of(
    results: Results, what: AnyMeasure, period: Period, where: str, breakdown: str, *, protected: bool
) -> list[tuple[str, str, Shown]]:
    """The categories of a breakdown in order: code, words, figure. Empty where the breakdown has nothing to say."""
    found = {result.category: result for result in results.breakdown(what.id, period, where, breakdown)}
    codes = in_order(what, breakdown, found)
    values = [shown(found[code], what, protected=protected) for code in codes]
    if all(value.status == Status.NO_POPULATION for value in values):
        return []
    values = within_total(values) if protected else values
    return [(code, category_label(what, breakdown, code), value) for code, value in zip(codes, values, strict=True)]


def category_label(what: AnyMeasure, breakdown: str, category: str) -> str:
    """The words for one category of a breakdown."""
    if category == "unknown":
        return "Not known"
    if breakdown == "disability":
        return {"yes": "Recorded disability", "no": "None recorded"}.get(category, category)
    if breakdown == "district":
        return area(category).name
    if breakdown == "age" and category in ("unborn", "18+"):
        return {"unborn": "Unborn", "18+": "18 and over"}[category]
    codes = _codes_of(what, breakdown)
    return codeset(codes).display(category) if codes else category


def in_order(what: AnyMeasure, breakdown: str, categories: Iterable[str]) -> list[str]:
    """Categories in the order of their code set, districts by name, what is not known last."""
    codes = _codes_of(what, breakdown)
    order = [row.code for row in codeset(codes)] if codes else []
    place = {code: number for number, code in enumerate(["unborn", *order, "18+"])}
    return sorted(
        categories, key=lambda one: (one == "unknown", place.get(one, len(place)), category_label(what, breakdown, one))
    )


def _codes_of(what: AnyMeasure, breakdown: str) -> str:
    own = what.categories.get(breakdown) if isinstance(what, Measure) else None
    return own.codes if own else _CODES.get(breakdown, "")


def breakdown_title(name: str) -> str:
    """The words for a breakdown."""
    return BREAKDOWN_TITLES.get(name, name.replace("_", " ").capitalize())


def breakdowns(what: AnyMeasure) -> list[str]:
    """The breakdowns a measure has."""
    if isinstance(what, Combined):
        return []
    return [*(BREAKDOWN_TITLES if what.cohort.person else ()), *what.categories]


def unit_of(what: AnyMeasure) -> str:
    """What the value counts, in words."""
    if what.statistic is Statistic.SHARE:
        return f"per cent of {what.unit}"
    if what.statistic is Statistic.RATE:
        return "per 10,000 children"
    return what.unit


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
