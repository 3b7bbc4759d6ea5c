"""Whatever an address, a school or a number looks like in free text, it is found; and what only resembles it is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.engine.sending import patterns
from sightline.engine.sending.content import plain

gaps = st.sampled_from(["", " ", "  ", "\n", "-", ", ", ".", "\t", " – ", "_"])
cases = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])


def hidden(found: Iterable[re.Pattern[str]], text: str) -> str:
    """The text without what is found."""
    for pattern in found:
        text = pattern.sub("#", text)
    return text


@given(gap=gaps, case=cases, road=st.sampled_from(["Road", "Rd"]), before=st.sampled_from(["", "at ", "(", "to:"]))
def test_an_address_is_found_however_it_is_written(gap: str, case: object, road: str, before: str) -> None:
    written = case(gap.join(["14", "Elm", road]))  # type: ignore[operator]
    left = hidden(patterns.of_address("14 Elm Road", "ST16 3AA"), f"She lives {before}{written}, they say.")
    assert "elm" not in left.casefold()


@given(gap=gaps, case=cases)
def test_a_postcode_is_found_however_it_is_written(gap: str, case: object) -> None:
    left = hidden(patterns.of_address("14 Elm Road", "ST163AA"), f"in {case('ST16' + gap + '3AA')}")  # type: ignore[operator]
    assert "3aa" not in left.casefold()


@given(
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", ") "]), min_size=10, max_size=10),
    country=st.sampled_from(["0", "+44 ", "+44 (0)", "0044", "44"]),
)
def test_a_number_is_found_however_it_is_written(gaps: list[str], country: str) -> None:
    written = country + "".join(digit + gap for digit, gap in zip("1632960123", gaps, strict=True))
    left = hidden(patterns.of_number("01632 960123"), f"Ring {written} at night")
    assert not any(sign.isdigit() for sign in left)
    assert left.startswith("Ring #")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Flat 2, 14 Elm Road", "She is at 14 Elm Road now"),
        ("Flat 2, 14 Elm Road", "in flat 2 14 elm rd"),
        ("Rosewood", "The children call it ROSEWOOD."),
        ("The Old Mill, Birch Lane", "past Birch Ln"),
        ("The Old Mill, Birch Lane", "at the old mill"),
    ],
)
def test_parts_of_an_address_are_found(line: str, text: str) -> None:
    assert "#" in hidden(patterns.of_address(line, ""), text)


@pytest.mark.parametrize("text", ["Elmer rode home", "Helm Road", "elms", "a felm roader", "room 14"])
def test_what_only_resembles_it_is_left_alone(text: str) -> None:
    assert hidden(patterns.of_address("14 Elm Road", ""), text) == text


def test_a_school_is_found_without_the_word_that_many_have() -> None:
    found = list(patterns.of_words("Oak Primary School"))
    assert hidden(found, "She goes to oak-primary.") == "She goes to #."
    assert hidden(found, "An oak stands there.") == "An oak stands there."


@pytest.mark.parametrize(
    "text", ["AB1 2CD", "sw1a1aa", "01632 960999", "+44 7700 900123", "(01632) 960 999", "m.b@example.org"]
)
def test_what_looks_like_a_place_or_a_number_is_found(text: str) -> None:
    assert hidden(patterns.LOOK_ALIKE, f"It is {text}, she said") == "It is #, she said".replace(
        "#, ", "#, " if not text.startswith("(") else "(#, "
    )


@pytest.mark.parametrize("text", ["on 12 March 2024", "case 12345", "at 10:30", "aged 7 or 8"])
def test_dates_and_counts_are_left_alone(text: str) -> None:
    assert hidden(patterns.LOOK_ALIKE, text) == text


def test_look_alike_letters_and_invisible_signs_hide_nothing() -> None:
    written = plain("14 E\u200blm \uff32oad, \u2060ST16\u00a03AA")
    assert hidden(patterns.of_address("14 Elm Road", "ST16 3AA"), written) == "#, #"
