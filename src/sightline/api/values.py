"""Kinds of value that messages are made of. Whatever does not fit is refused by name before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function, str_schema

from sightline.standards.codes import UnknownCode, codeset
from sightline.standards.identifiers import is_nhs_number

#: The day on which a message is judged: set for each call.
_day: ContextVar[date | None] = ContextVar("day", default=None)
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
OLDEST = date(1900, 1, 1)


@contextmanager
def judged_on(day: date) -> Iterator[None]:
    """Days and codes are judged on this day: today, and where the partnership is an invented one the last day of its records."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)


def the_day() -> date:
    """The day on which days and codes are judged."""
    return _day.get() or timezone.localdate()


class Strict(BaseModel):
    """A message in which nothing stands that is not asked for."""

    model_config = ConfigDict(extra="forbid")


def _written(text: str) -> str:
    if _UNWRITTEN.search(text):
        raise PydanticCustomError("unwritten", "It has characters that cannot be kept.")
    return text


def _not_ahead(day: date) -> date:
    if day > the_day():
        raise PydanticCustomError("future", "This day lies in the future.")
    return _sensible(day)


def _sensible(day: date) -> date:
    if day < OLDEST:
        raise PydanticCustomError("ancient", "This day is before 1900.")
    return day


def _plain_day(given: Any) -> Any:
    """Days come as text: a number is no day, whatever a computer can make of it."""
    if not isinstance(given, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise PydanticCustomError("day", "Write the day as YYYY-MM-DD.")
    return given


def _nhs(given: str) -> str:
    number = given.replace(" ", "")
    if not is_nhs_number(number):
        raise PydanticCustomError("nhs", "This is no NHS number: its check digit does not hold.")
    return number


@dataclass(frozen=True)
class Code:
    """A code of a set, in force today. The description of the API lists those in force when it is read."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        del source, handler
        return no_info_after_validator_function(self._in_force, str_schema(max_length=40))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        del schema, handler
        held = codeset(self.name)
        choices = held.choices(the_day())
        words = "; ".join(f"`{code}` {label}" for code, label in choices)
        return {"type": "string", "enum": [code for code, _ in choices], "description": f"{held.title}: {words}."}

    def _in_force(self, given: str) -> str:
        try:
            return codeset(self.name).find(given, on=the_day()).code
        except UnknownCode as unknown:
            raise PydanticCustomError("code", "{words}", {"words": str(unknown)}) from unknown


@dataclass(frozen=True)
class Text:
    """Words of a length, without characters that are not written."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        del source, handler
        held = str_schema(min_length=1, max_length=self.most, strip_whitespace=True)
        return no_info_after_validator_function(_written, held)


Short = Annotated[str, Text(120)]
Long = Annotated[str, Text(20_000)]
PastDay = Annotated[
    date,
    BeforeValidator(_plain_day),
    AfterValidator(_not_ahead),
    Field(description="A day, today or before.", examples=["2016-05-31"]),
]
AnyDay = Annotated[date, BeforeValidator(_plain_day), AfterValidator(_sensible)]
NhsNumber = Annotated[
    str,
    Text(20),
    AfterValidator(_nhs),
    Field(description="Ten figures whose check digit holds.", examples=["9990000018"]),
]
