"""Check characters of national identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.standards.identifiers import is_nhs_number, is_test_nhs_number, is_upn


@pytest.mark.parametrize("value", ["9434765919", "4010232137", "9990000018"])
def test_nhs_numbers_that_hold(value: str) -> None:
    assert is_nhs_number(value)


@pytest.mark.parametrize("value", ["9434765918", "943476591", "94347659190", "943 476 5919", "١٢٣٤٥٦٧٨٩٠", ""])
def test_nhs_numbers_that_do_not(value: str) -> None:
    assert not is_nhs_number(value)


@given(st.integers(0, 8), st.integers(1, 9))
def test_any_one_wrong_digit_of_an_nhs_number_is_found(place: int, by: int) -> None:
    digits = list("9434765919")
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not is_nhs_number("".join(digits))


def test_the_test_range() -> None:
    assert is_test_nhs_number("9990000018")
    assert not is_test_nhs_number("9434765919")


def test_a_upn_has_the_letter_that_follows_from_its_digits() -> None:
    # 8*2 + 0*3 + 1*4 + 2*5 + 0*6 + 0*7 + 0*8 + 0*9 + 1*10 + 0*11 + 0*12 + 1*13 = 53, and 53 = 2*23 + 7: the letter at place 7 is H.
    assert is_upn("H801200001001")
    assert not is_upn("A801200001001")
    assert not is_upn("H80120000100")
    assert not is_upn("H8012000010O1")
