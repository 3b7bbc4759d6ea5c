"""What the tests of deadlines share: a way to write records straight, without the checks of actions."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]


@pytest.fixture
def family(make: Make) -> Any:
    """A child with a case open from 3 April 2017."""
    person = make("people.Person", birth_date="2010-05-01")
    case = make("cases.Case", person=person, service="social_care", start_date="2017-04-03")
    return type("Family", (), {"person": person, "case": case, "of": {"person": person, "case": case}})
