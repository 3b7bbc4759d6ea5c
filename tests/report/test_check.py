"""The check finds every sort of disagreement, and a signed explanation makes it known instead of wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sightline.engine.measures.results import Results
from sightline.engine.report.check import Checked, Finding, changes, checked, exposed, prose, recomputed, sums
from sightline.engine.report.declared import Chapter
from sightline.engine.report.figures import Figure
from sightline.engine.report.model import Document
from sightline.engine.report.passages import Passage
from sightline.engine.report.settings import Difference, Settings

Make = Callable[..., Document]


def by_id(report: Document) -> dict[str, Figure]:
    return {figure.id: figure for figure in report.figures}


def ids(findings: object) -> list[str]:
    return [finding.id for finding in findings]  # type: ignore[attr-defined]


def test_a_sound_report_passes(make: Make, results_of: Callable[..., Results]) -> None:
    found = checked(make(), make(edition="published"), results_of(), Settings())
    assert isinstance(found, Checked)
    assert [one for one in found.open if not one.id.startswith(("sum:", "breakdown:"))] == []


def test_a_value_that_its_numerator_does_not_bear_out_is_found(
    report: Document, results_of: Callable[..., Results]
) -> None:
    wrong = replace(by_id(report)["referrals.nfa.pct"], numerator=1)
    assert ids(recomputed([wrong], results_of())) == ["value:referrals.nfa.pct"]


def test_a_value_that_the_results_do_not_give_is_found(report: Document, results_of: Callable[..., Results]) -> None:
    wrong = replace(by_id(report)["contacts.total"], value=3, numerator=3)
    assert ids(recomputed([wrong], results_of())) == ["value:contacts.total"]


def test_a_change_that_is_not_the_difference_is_found(report: Document) -> None:
    figures = by_id(report)
    figures["lac.change"] = replace(figures["lac.change"], value=10_000, printed="+10,000")
    assert ids(changes(figures)) == ["change:lac.change"]


def test_parts_that_do_not_add_up_are_found(report: Document) -> None:
    chapter = Chapter("x", 1, "X", "", "x", sums=(("lac.total", ("lac.age.0_4", "lac.age.5_8")),))
    assert ids(sums([chapter], by_id(report))) == ["sum:lac.total"]


def test_numbers_typed_by_an_author_are_found_and_compared(report: Document) -> None:
    figures = by_id(report)
    printed = figures["cp.started"].printed
    right = Passage("child_protection", "cause", 1, f"{{cp.started = {printed}}} plans", "A", "B")
    wrong = Passage("child_protection", "cause", 2, "{cp.started = 1} plans, 12% of them late", "A", "B")
    assert ids(prose([], [right], figures)) == []
    assert ids(prose([], [wrong], figures)) == [
        "typed:child_protection, cause 2:12%",
        "typed:child_protection, cause 2:cp.started",
    ]


def test_a_statement_without_a_signature_holds_the_report_up(make: Make, results_of: Callable[..., Results]) -> None:
    draft = Passage("adoption", "plan", 1, "We will see.", "Panel")
    found = checked(make(passages=(draft,)), make(edition="published"), results_of(), Settings(), [draft])
    assert "unsigned:adoption, plan 1" in ids(found.open)


def test_a_small_number_that_is_shown_is_found(make: Make, results_of: Callable[..., Results]) -> None:
    internal, published = make(scale=0.02), make(edition="published", scale=0.02)
    results = results_of(scale=0.02)
    assert ids(exposed(published.figures, internal.figures, results, 5)) == []
    leaking = [by_id(internal)[f.id] if f.id == "adoption.total" else f for f in published.figures]
    if any(0 < number < 5 for _, number in by_id(internal)["adoption.total"].behind):
        assert "small:adoption.total" in ids(exposed(leaking, internal.figures, results, 5))
    everything = ids(exposed(internal.figures, internal.figures, results, 5))
    assert any(id.startswith("small:") for id in everything)


def test_a_signed_explanation_turns_a_finding_into_a_known_difference(
    make: Make, results_of: Callable[..., Results]
) -> None:
    draft = Passage("adoption", "plan", 1, "We will see.", "Panel")
    signed = Settings(differences=(Difference("unsigned:adoption, plan 1", "Signed on paper.", "Clerk", "2017-09-14"),))
    found = checked(make(passages=(draft,)), make(edition="published"), results_of(), signed, [draft])
    assert "unsigned:adoption, plan 1" not in ids(found.open)
    (known,) = [one for one in found.findings if one.explained]
    assert known.explained == "Signed on paper. (Clerk, 2017-09-14)"
    assert str(known).startswith("known")
    assert str(Finding("a", "b", "c")).startswith("WRONG")
