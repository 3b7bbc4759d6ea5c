"""Check characters of national identifiers, and the ranges that never belong to a real person."""

from __future__ import annotations

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
NHS_TEST_RANGE = "999"


def is_nhs_number(value: str) -> bool:
    """Whether ten digits end in their check digit: weights 10 to 2, modulus 11 (NHS Data Dictionary)."""
    if len(value) != 10 or not value.isascii() or not value.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(value[-1])


def is_test_nhs_number(value: str) -> bool:
    """Whether the number is of the range kept for tests, which no patient has."""
    return value.startswith(NHS_TEST_RANGE)


def is_upn(value: str) -> bool:
    """Whether a unique pupil number is well formed: a check letter and twelve digits, of which the last may be a letter when temporary.

    The letter follows from the digits with weights 2 to 13, modulus 23 (DfE UPN guide).
    """
    if len(value) != 13 or not value.isascii() or not value[1:12].isdigit():
        return False
    last = value[12]
    if not last.isdigit() and last not in UPN_LETTERS:
        return False
    return upn_letter(value[1:]) == value[0]


def upn_letter(rest: str) -> str:
    """The check letter of a pupil number, from its other twelve characters."""
    last = rest[11]
    digits = [*map(int, rest[:11]), int(last) if last.isdigit() else UPN_LETTERS.index(last)]
    total = sum(digit * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23]
