"""Numbers typed into text are found; years, dates and laws are not numbers of the report."""

from __future__ import annotations

import pytest

from sightline.engine.report.typed import number_of, numbers_in_words, typed_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("There were 706 plans, 13% fewer.", ["706", "13%"]),
        ("There were {cp.started} plans.", []),
        ("There were {cp.started = 706} plans.", []),
        ("In 2016-17 and 2015/16, and on 31 March 2017.", []),
        ("Under section 47 of the Children Act 1989 and regulation 33.", []),
        ("A rise of 1,240 (10.7%), then -3.", ["1,240", "10.7%", "-3"]),
        ("```table\nrows: [1, 2]\n```\nand 3", ["3"]),
        ("Clock `LAC-REVIEW-1` runs.", []),
    ],
)
def test_typed_numbers(text: str, found: list[str]) -> None:
    assert typed_numbers(text) == found


@pytest.mark.parametrize(("text", "number"), [("1,240", 1240), ("-13%", -13), ("31 weeks", 31), ("none", None)])
def test_a_typed_number_is_read(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_numbers_spelt_out_by_a_board_are_found() -> None:
    assert numbers_in_words("Forty-two of them, and three hundred more; two groups met. {cp.started}") == [
        "Forty-two",
        "three hundred",
    ]
