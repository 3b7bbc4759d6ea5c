"""How a question is read: which part of what was typed is a date, a number, a postcode, a name. Anything may come in any order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sightline.core.finding.words import plain, split
from sightline.standards.dates import add_years

#: What is typed beyond this is not read: nobody types so much to find one person.
LONGEST = 200
MOST_WORDS = 8
OLDEST = 120

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august"),
            *("sep sept september", "oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_IN_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?({_MONTH})\.?,?[\s-]+(\d{{4}}|\d{{2}})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_AGE = re.compile(r"\b(?:aged?\s+(\d{1,3})|(\d{1,3})\s*(?:years?\s+old|years?|yrs?\s+old|yrs?|yo))\b")
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_DISTRICT = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\b")
_PERSON = re.compile(r"(?:\bperson\s*(?:number|no\.?)?\s*#?|(?<!\S)#|\bp)(\d{1,15})\b")
_DIGITS = re.compile(r"(?<![\w])\+?\(?\d[\d\s()\-]{3,}\d(?![\w])")
_CODE = re.compile(r"(?=\S*\d)(?=\S*[a-z])[a-z0-9/_-]{4,40}")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_SMALL = re.compile(r"(?<![\w])(\d{1,3})(?![\w])")
_HOUSE = re.compile(r"\d{1,4}[a-z]?")
_STREETS = frozenset((
    "street", "st", "road", "rd", "lane", "ln", "avenue", "ave", "close", "drive", "way", "court", "gardens", "place", "terrace",
    "crescent", "square", "row", "hill", "grove", "walk", "mews", "park", "rise", "view", "green", "house", "flat", "farm", "cottage",
    "buildings",
))  # fmt: skip


@dataclass
class Asked:
    """A question, read.

    `keys` are exact entries of the index, any of which is an answer by itself. `words` are of names. `born` is the day of birth; `span` narrows to
    births between two days, both included. `district` and `postcode` narrow where something else is asked. `line` is the question as
    the first line of an address. `person` is a record number.
    """

    text: str
    words: list[str] = field(default_factory=list)
    born: date | None = None
    span: tuple[date, date] | None = None
    keys: set[tuple[str, str]] = field(default_factory=set)
    postcode: str = ""
    district: str = ""
    line: str = ""
    person: int | None = None

    @property
    def place(self) -> tuple[str, str] | None:
        """The postcode asked for, as an entry of the index."""
        if self.postcode:
            return "postcode", self.postcode
        return ("district", self.district) if self.district else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be looked for."""
        return not (self.words or self.born or self.span or self.keys or self.place or self.line or self.person)

    @property
    def is_precise(self) -> bool:
        """Whether it names somebody the asker knows already: a number, a full name or a name with its date of birth or postcode."""
        return (
            bool(self.keys or self.person) or len(self.words) >= 2 or bool(self.words and (self.born or self.postcode))
        )


def read(text: str, today: date) -> Asked:
    """Read what was typed. Nothing typed is an error: what cannot be a date or a number is taken for a name."""
    asked = Asked(" ".join(text.replace("\x00", " ").split())[:LONGEST])
    left = plain(asked.text)
    for take in (_emails, _dates, _ages, _postcodes, _person_numbers, _numbers, _codes):
        left = take(asked, left, today)
    # A house number stays part of the line, and may be an age all the same.
    asked.line = _line(left)
    left = _districts(asked, left, today)
    left = _years(asked, left, today)
    asked.words = [word for word in split(left) if not word.isdigit()][:MOST_WORDS]
    if not asked.words and left.strip().isdigit():
        asked.person = int(left)
    return asked


def _taken(pattern: re.Pattern[str], left: str, use: Callable[[re.Match[str]], bool]) -> str:
    """The text without the matches that were of use."""
    return pattern.sub(lambda match: " " if use(match) else match.group(), left)


def _emails(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        asked.keys.add(("email", match.group()[:120]))
        return True

    return _taken(_EMAIL, left, use)


def _dates(asked: Asked, left: str, today: date) -> str:
    def keep(year: str, month: str, day: str) -> bool:
        found = _day(year, month, day, today)
        if found is None or asked.born:
            return False
        asked.born = found
        return True

    left = _taken(_ISO, left, lambda m: keep(m[1], m[2], m[3]))
    left = _taken(_DAY_FIRST, left, lambda m: keep(m[3], m[2], m[1]))
    left = _taken(_IN_WORDS, left, lambda m: keep(m[3], str(_MONTHS[m[2]]), m[1]))
    left = _taken(_MONTH_FIRST, left, lambda m: keep(m[3], str(_MONTHS[m[1]]), m[2]))
    return _taken(_EIGHT, left, lambda m: keep(m[3], m[2], m[1]))


def _day(year: str, month: str, day: str, today: date) -> date | None:
    """A day of birth, or None where there is no such day. Two figures of a year mean the last such year that has begun."""
    number = int(year)
    if len(year) == 2:
        number += today.year // 100 * 100
        number -= 100 if number > today.year else 0
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    # An unborn child has a date in the year to come.
    return found if add_years(today, -OLDEST) <= found <= add_years(today, 1) else None


def _ages(asked: Asked, left: str, today: date) -> str:
    return _taken(_AGE, left, lambda m: _aged(asked, int(m[1] or m[2]), today))


def _aged(asked: Asked, age: int, today: date) -> bool:
    if asked.span or asked.born or age > OLDEST:
        return False
    after = add_years(today, -age - 1)
    asked.span = (date.fromordinal(after.toordinal() + 1), add_years(today, -age))
    return True


def _postcodes(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        if asked.postcode:
            return False
        asked.postcode = (match[1] + match[2]).upper()
        return True

    return _taken(_POSTCODE, left, use)


def _person_numbers(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        if asked.person:
            return False
        asked.person = int(match[1])
        # It may be a reference all the same.
        asked.keys.add(("number", match.group().strip().upper()))
        return True

    return _taken(_PERSON, left, use)


def _numbers(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        digits = re.sub(r"\D", "", match.group())
        if len(digits) < 5 or len(digits) > 30:
            return False
        national = re.sub(r"^(0044|44|0)(?=[0-9]{9,10}$)", "", digits)
        asked.keys |= {("number", digits), ("reference", digits), ("source", digits), ("phone", national[:20])}
        if len(digits) < 10 and match.group().isdigit():
            asked.person = asked.person or int(digits)
        return True

    return _taken(_DIGITS, left, use)


def _codes(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        code = re.sub(r"[^a-z0-9]", "", match.group()).upper()
        if len(code) < 4 or _DISTRICT.fullmatch(match.group()):
            return False
        asked.keys |= {(kind, code) for kind in ("number", "reference", "source")}
        return True

    return re.sub(r"\S+", lambda m: _taken(_CODE, m.group(), use) if _CODE.fullmatch(m.group()) else m.group(), left)


def _line(left: str) -> str:
    """What may be the first line of an address: several words that begin with a house number, or of which one is a kind of street."""
    words = split(left)
    begins = bool(words) and _HOUSE.fullmatch(words[0]) is not None
    named = any(len(word) > 2 and word.isalpha() and word not in _STREETS for word in words)
    return " ".join(words)[:160] if named and (begins or _STREETS & set(words)) else ""


def _districts(asked: Asked, left: str, _today: date) -> str:
    def use(match: re.Match[str]) -> bool:
        if asked.district or asked.postcode:
            return False
        asked.district = match.group().upper()
        return True

    return _taken(_DISTRICT, left, use)


def _years(asked: Asked, left: str, today: date) -> str:
    def year(match: re.Match[str]) -> bool:
        found = int(match[1])
        if asked.span or asked.born or not today.year - OLDEST <= found <= today.year + 1:
            return False
        asked.span = (date(found, 1, 1), date(found, 12, 31))
        return True

    left = _taken(_YEAR, left, year)
    # A small number beside a name is an age.
    if any(not word.isdigit() for word in split(left)):
        left = _taken(_SMALL, left, lambda m: _aged(asked, int(m[1]), today))
    return left
