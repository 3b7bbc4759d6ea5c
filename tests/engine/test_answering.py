"""Which source answers for which period."""

from datetime import date

from sightline.engine.measures.answering import answering
from sightline.engine.snapshot.store import Covered
from sightline.standards.areas import area
from sightline.standards.periods import month, year

COUNTY = "E10000028"


def _covered(source: str, first: date, last: date, stream: str = "looked_after") -> Covered:
    return Covered(COUNTY, source, stream, first, last)


SYSTEM = _covered("system", date(2012, 4, 1), date(2017, 7, 31))
RETURN = _covered("ssda903:E10000028:2017-18", date(2017, 4, 1), date(2018, 3, 31))


def _who(period, *coverage, window=0):
    return [answer.source for answer in answering([period], coverage, ["looked_after"], 0, window)]


def test_two_sources_are_never_added_up() -> None:
    assert _who(month(2017, 4), SYSTEM, RETURN) == ["ssda903:E10000028"]
    assert _who(month(2017, 3), SYSTEM, RETURN) == ["system"]
    assert _who(year(2016), SYSTEM, RETURN) == ["system"]


def test_returns_of_following_years_are_one_source() -> None:
    before = _covered("ssda903:E10000028:2016-17", date(2016, 4, 1), date(2017, 3, 31))
    assert _who(year(2017), RETURN, window=24) == []
    assert _who(year(2017), RETURN, before, window=24) == ["ssda903:E10000028"]


def test_an_authority_in_no_table_can_be_asked_for_by_the_code_it_is_held_under() -> None:
    found = area("la975")
    assert (found.code, found.known) == ("LA975", False)
    assert "975" in found.name
