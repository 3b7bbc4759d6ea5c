"""Figures in words: how a value, its change and what stands in its place are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sightline.engine.measures.declare import Combined, Measure, Polarity, Statistic
from sightline.engine.measures.lists import STANDARD_CODES
from sightline.engine.measures.registry import AnyMeasure, measure
from sightline.engine.measures.results import Result, Status, printed, rounded
from sightline.standards.areas import area
from sightline.standards.codes import codeset
from sightline.standards.periods import Period
from sightline.web.figures import Figures
from sightline.web.protection import about_children, withheld, withheld_parts

BREAKDOWN_TITLES = {
    "sex": "Sex",
    "age": "Age",
    "ethnicity": "Ethnic group",
    "disability": "Disability",
    "district": "District",
}
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


#: One word for all that is withheld: to say which of them are small would help to work the others out.
WITHHELD = Shown("Withheld", "withheld")


@dataclass(frozen=True)
class Parts:
    """A breakdown: code, words and figure of each category."""

    name: str
    title: str
    parts: tuple[tuple[str, str, Shown], ...]


@dataclass(frozen=True)
class ChangeInWords:
    """A change from an earlier value. `verdict` is better, worse or empty."""

    text: str
    direction: str
    verdict: str


def figure(figures: Figures, id: str, period: Period, where: str, *, exact: bool) -> Shown:
    """The total of a measure, exact or as it may be shown to those who may not open every list."""
    what = measure(id)
    result = figures.results.result(id, period, where)
    hidden = not exact and about_children(what) and withheld(figures, id, period, where)
    return WITHHELD if hidden else shown(result, what)


def shown(result: Result, what: AnyMeasure) -> Shown:
    """One result as it is."""
    if result.value is None:
        return Shown(_WORDS[result.status], result.status.value)
    text = printed(result.value, what)
    return Shown(text, Status.VALUE.value, result.value, _count(result.numerator), _count(result.denominator))


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


def parts_of(figures: Figures, what: AnyMeasure, period: Period, where: str, *, exact: bool) -> list[Parts]:
    """The breakdowns of a measure with their categories in order. Roles that may not open every list get those of whole years only."""
    protected = not exact and about_children(what)
    if protected and period.kind != "year":
        return []
    names = tuple(breakdowns(what))
    hidden = withheld_parts(figures, what.id, period, where, names) if protected else frozenset()
    return [found for name in names if (found := _parts(figures, what, period, where, name, hidden)).parts]


def _parts(
    figures: Figures, what: AnyMeasure, period: Period, where: str, name: str, hidden: frozenset[tuple[str, str]]
) -> Parts:
    results = {result.category: result for result in figures.results.breakdown(what.id, period, where, name)}
    if all(result.status is Status.NO_POPULATION for result in results.values()):
        return Parts(name, breakdown_title(name), ())
    return Parts(
        name,
        breakdown_title(name),
        tuple(
            (code, category_label(what, name, code), WITHHELD if (name, code) in hidden else shown(results[code], what))
            for code in in_order(what, name, results)
        ),
    )


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
    return own.codes if own else STANDARD_CODES.get(breakdown, "")


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
