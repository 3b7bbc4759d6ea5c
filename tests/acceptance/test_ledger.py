"""Every printed figure of these chapters is answered by a declared figure, or left out for a reason that is written down."""

from __future__ import annotations

from collections import Counter

from sightline.engine.report.chapters import chapters, declared_figures

from .ledger import Printed, differs, ledger


def test_each_printed_figure_is_answered_or_left_out_with_a_reason() -> None:
    for row in ledger():
        assert row.outcome in ("figure", "contradiction", "left out"), row
        assert bool(row.reason) == (row.outcome != "figure"), row


def test_the_chapters_declare_what_the_ledger_says() -> None:
    specs = declared_figures(chapters()).values()
    declared = {id: spec for spec in specs for id in (*spec.ledger, *spec.differs)}
    contradicted = {row.ledger_id for row in ledger() if row.outcome == "contradiction"}
    assert {id for spec in specs for id in spec.differs} == contradicted
    for row in ledger():
        if row.outcome == "left out":
            assert row.ledger_id not in declared
            continue
        spec = declared.pop(row.ledger_id)
        sort = spec.measure or next(
            f"{name} {held}" for name in ("fact", "people", "clock") if (held := getattr(spec, name))
        )
        said = (sort, spec.period, spec.aspect.value, spec.of.value, spec.breakdown, spec.category)
        assert said == (row.measure, row.period, row.aspect, row.of, row.breakdown, row.category), row.ledger_id
    assert not declared, "declared, and not in the ledger"


def test_enough_of_the_records_own_figures_are_answered() -> None:
    answered = Counter((row.kind, row.derivable) for row in ledger() if row.outcome == "figure")
    assert answered["published", "yes"] + answered["prior_year", "yes"] >= 125


def test_a_figure_is_compared_as_it_was_printed() -> None:
    row = next(one for one in ledger() if one.ledger_id == "cin.open.change")
    right = {"value": -417, "status": "value", "as_at": "2016-03-31/2017-03-31", "denominator": None}
    assert differs(row, right) == ""
    assert "decrease" in differs(row, right | {"value": 417})
    assert "416" in differs(row, right | {"value": -416})
    assert "as at" in differs(row, right | {"as_at": "2017-03-31"})
    assert "no value" in differs(row, right | {"value": None})
    rate = next(one for one in ledger() if one.ledger_id == "cp.rate")
    assert "168824 children" in differs(
        rate, {"value": 32.0, "status": "value", "as_at": "2017-03-31", "denominator": 169201}
    )
    share = next(one for one in ledger() if one.relation == "gt")
    assert (
        isinstance(share, Printed)
        and differs(share, {"value": 50.4, "status": "value", "as_at": share.as_at, "denominator": 1}) == ""
    )
