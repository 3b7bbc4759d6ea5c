"""A figure in a sentence stays true whichever way it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.report.figures import Figure, print_value
from sightline.engine.report.words import in_words, spoken


def figure(value: float | None, unit: str = "children", places: int = 0) -> Figure:
    printed = "not covered" if value is None else print_value(value, places, unit, signed=True)
    return Figure("f", "F", "measure", value, "value", printed, places, unit, "2016-17", "2017-03-31", "E1", "", "")


@pytest.mark.parametrize(
    ("value", "how", "words"),
    [
        (417, "increase", "an increase of 417"),
        (-417, "increase", "a decrease of 417"),
        (0, "increase", "no change"),
        (-1204, "rose", "fell by 1,204"),
        (0.4, "rose", "did not change"),
        (11, "more than", "11 more than"),
        (-11, "more than", "11 fewer than"),
        (0, "more than", "as many as"),
        (-11, "size", "11"),
        (-1, "higher", "lower"),
        (3, "", "+3"),
    ],
)
def test_a_change_chooses_its_words(value: float, how: str, words: str) -> None:
    assert in_words(figure(value), how) == words


def test_two_figures_are_compared_as_they_are_printed() -> None:
    low, high = figure(84.41, "percent", 1), figure(84.44, "percent", 1)
    assert in_words(low, "against other", high) == "the same as"
    assert in_words(low, "against other", figure(85.0, "percent", 1)) == "below"
    assert in_words(low, "against other", figure(None)) == "not compared with"


def test_a_withheld_change_does_not_say_which_way_it_went() -> None:
    withheld = figure(-3).withheld()
    texts = [in_words(withheld, how) for how in ("", "increase", "rose", "more than", "higher", "size")]
    assert texts == ["c", "a change of c", "changed by c", "c more or fewer than", "c", "c"]
    assert in_words(withheld, "against other", figure(4)) == "not compared with"


def test_a_way_to_write_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputProblem, match="rose"):
        in_words(figure(1), "doubled")


@pytest.mark.parametrize(
    ("value", "places", "unit", "printed"),
    [
        (11585, 0, "contacts", "+11,585"),
        (2.5, 0, "percent", "+3%"),
        (-2.5, 0, "percent", "-3%"),
        (-0.04, 1, "percentage points", "0.0 points"),
        (0.0, 0, "children", "0"),
    ],
)
def test_numbers_are_rounded_half_up_and_carry_their_sign_once(
    value: float, places: int, unit: str, printed: str
) -> None:
    assert print_value(value, places, unit, signed=True) == printed


def test_the_eye_gets_a_true_minus_and_curly_quotation_marks() -> None:
    assert spoken('-13% in "2016-17" of the board\'s') == "\N{MINUS SIGN}13% in \u201c2016-17\u201d of the board\u2019s"
    assert spoken("5 (-3%)") == "5 (\N{MINUS SIGN}3%)"


def test_what_is_withheld_is_gone_from_the_figure() -> None:
    withheld = replace(figure(3), numerator=3, denominator=9, rows=3).withheld()
    assert (withheld.value, withheld.numerator, withheld.denominator, withheld.rows, withheld.printed) == (
        None,
        None,
        None,
        None,
        "c",
    )
