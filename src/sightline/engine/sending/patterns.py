"""How an address, a school or a number is found in free text, however it is spaced, cased, abbreviated or broken over lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

_GAP = r"[\W_]*"
_SHORT = {
    "road": "rd",
    "street": "st",
    "avenue": "ave",
    "lane": "ln",
    "close": "cl",
    "drive": "dr",
    "court": "ct",
    "crescent": "cres",
    "gardens": "gdns",
    "place": "pl",
    "terrace": "ter",
    "square": "sq",
    "grove": "gr",
}
_LONG = {short: long for long, short in _SHORT.items()}
#: Words that say no more than which door of a house it is.
_DOORS = frozenset({"flat", "unit", "apartment", "room", "floor", "house", "no", "number", "ground", "first", "second"})
_GENERIC_SCHOOL = frozenset({"school", "academy", "college", "nursery"})
_LEAST_ALONE = 5
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[\W_]*[0-9][A-Za-z]{2}(?![A-Za-z0-9])")
_PHONE = re.compile(r"(?<![0-9])(?:\+[\W_]*44|0)(?:[ \-().\t\n]*[0-9]){9,10}(?![0-9])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
#: What may tell where somebody is although no record says whose it is.
LOOK_ALIKE = (_POSTCODE, _PHONE, _MAIL)

Pattern = re.Pattern[str]


def of_address(line: str, postcode: str) -> Iterator[Pattern]:
    """The whole line, each part of it, the street without its number, and the postcode."""
    yield from _lines(line)
    if postcode.strip():
        yield _flexible([postcode.replace(" ", "")[:-3], postcode.replace(" ", "")[-3:]])


def of_words(text: str) -> Iterator[Pattern]:
    """A name as it stands, and a school's without the word that many have."""
    tokens = re.findall(r"\w+", text)
    if tokens:
        yield _flexible(tokens)
    core = [token for token in tokens if token.lower() not in _GENERIC_SCHOOL]
    if core != tokens and len("".join(core)) >= _LEAST_ALONE:
        yield _flexible(core)


def of_number(text: str) -> Iterator[Pattern]:
    """A telephone number with or without the country, or an e-mail address."""
    digits = re.sub(r"[^0-9]", "", text)
    if "@" in text or not digits:
        yield re.compile(re.escape(text.strip()), re.IGNORECASE)
        return
    national = re.sub(r"^(?:0044|44|0)", "", digits)
    country = rf"(?:(?:\+{_GAP}44|0044|44){_GAP}(?:\(?0\)?{_GAP})?|0{_GAP})?"
    yield re.compile(rf"(?<![0-9]){country}{_GAP.join(national)}(?![0-9])")


def _lines(line: str) -> Iterator[Pattern]:
    whole = re.findall(r"\w+", line)
    if len(whole) > 1:
        yield _flexible(whole)
    for part in line.split(","):
        tokens = re.findall(r"\w+", part)
        street = [token for token in tokens if not any(sign.isdigit() for sign in token)]
        while street and street[0].lower() in _DOORS:
            street = street[1:]
        if len(street) > 1 or len("".join(street)) >= _LEAST_ALONE:
            yield _flexible([token for token in tokens if token in street or any(sign.isdigit() for sign in token)])
            yield _flexible(street)


def _flexible(tokens: list[str]) -> Pattern:
    # No letter before or after: a digit may stand there, since a house number is often written without a space.
    found = _GAP.join(_either(token) for token in tokens)
    return re.compile(rf"(?<![^\W\d_]){found}(?![^\W\d_])", re.IGNORECASE)


def _either(token: str) -> str:
    other = _SHORT.get(token.lower()) or _LONG.get(token.lower())
    return f"(?:{re.escape(token)}|{other})" if other else re.escape(token)
