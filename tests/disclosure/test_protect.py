"""Results shown side by side to someone who may not see the records are protected together."""

from __future__ import annotations

import pyarrow as pa

from sightline.engine.disclosure.protect import protect, protected_change
from sightline.engine.measures.compute import RESULTS
from sightline.engine.measures.results import Result, Results
from sightline.standards.periods import Period, year

AREA, OF = "E10000028", year(2016)


def made(*lines: tuple[str, Period, str, str, int, int]) -> Results:
    names = ("measure", "period", "breakdown", "category", "base", "number")
    rows = [
        dict(zip(names, (m, p.label, *rest), strict=True)) | {"area": AREA, "amount": None} for m, p, *rest in lines
    ]
    return Results(pa.Table.from_pylist(rows, schema=RESULTS))


def shown(results: Results, asked: list[Result]) -> list[str]:
    return [one.printed for one in protect(asked, results)]


def test_a_small_category_takes_another_with_it_and_the_total_stays() -> None:
    parts = [("cp.started", OF, "category", code, n, n) for code, n in (("NEG", 40), ("EMO", 17), ("SAB", 3))]
    results = made(("cp.started", OF, "total", "", 60, 60), *parts)
    asked = [results.result("cp.started", OF, AREA), *results.breakdown("cp.started", OF, AREA, "category")]
    assert shown(results, asked) == ["60", "c", "40", "c"]


def test_a_total_that_is_not_shown_is_taken_to_be_known() -> None:
    parts = [("cp.started", OF, "category", code, n, n) for code, n in (("NEG", 40), ("SAB", 3))]
    results = made(("cp.started", OF, "total", "", 43, 43), *parts)
    assert shown(results, results.breakdown("cp.started", OF, AREA, "category")) == ["c", "c"]


def test_a_share_is_withheld_for_a_few_and_for_all_but_a_few() -> None:
    for number in (2, 98):
        results = made(("referrals.nfa.pct", OF, "total", "", 100, number))
        assert shown(results, [results.result("referrals.nfa.pct", OF, AREA)]) == ["c"]
    results = made(("referrals.nfa.pct", OF, "total", "", 100, 40))
    assert shown(results, [results.result("referrals.nfa.pct", OF, AREA)]) == ["40.0%"]


def test_a_small_month_cannot_be_had_from_the_year() -> None:
    numbers = [3, *[50] * 11]
    months = [("referrals.total", m, "total", "", n, n) for m, n in zip(OF.months(), numbers, strict=True)]
    results = made(("referrals.total", OF, "total", "", sum(numbers), sum(numbers)), *months)
    asked = [results.result("referrals.total", period, AREA) for period in (OF, *OF.months())]
    assert [one == "c" for one in shown(results, asked)].count(True) == 2
    assert shown(results, asked)[0] == "553"


def test_a_count_is_withheld_wherever_the_same_children_are_counted() -> None:
    """The share of adoptions among those who left care would give the number adopted away."""
    results = made(
        ("adoption.total", OF, "total", "", 3, 3),
        ("lac.ceased.adoption.pct", OF, "total", "", 40, 3),
        ("lac.ceased", OF, "total", "", 40, 40),
    )
    asked = [results.result(id, OF, AREA) for id in ("adoption.total", "lac.ceased.adoption.pct", "lac.ceased")]
    assert shown(results, asked) == ["c", "c", "40"]


def test_a_change_is_shown_only_with_both_its_values() -> None:
    results = made(("adoption.total", OF, "total", "", 3, 3), ("adoption.total", OF.prior(), "total", "", 30, 30))
    now, then = protect([results.result("adoption.total", period, AREA) for period in (OF, OF.prior())], results)
    change = results.change("adoption.total", OF, AREA)
    assert change is not None and now.withheld and not then.withheld
    assert protected_change(change, now, then) is None
    assert protected_change(change, then, then) is change


def test_staff_are_not_withheld() -> None:
    results = made(("ic.staff.managers", OF, "total", "", 2, 2))
    assert shown(results, [results.result("ic.staff.managers", OF, AREA)]) == ["2"]


def test_what_is_not_covered_says_so() -> None:
    results = made(("adoption.total", OF.prior(), "total", "", 30, 30))
    assert shown(results, [results.result("adoption.total", OF, AREA)]) == ["not covered"]
