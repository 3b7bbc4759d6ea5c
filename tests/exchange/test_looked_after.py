"""What is recorded from an SSDA903 set."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.engine.exchange.formats import TITLES, format_named
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.registry import measures
from sightline.standards.distance import distance, postcodes_in

from .conftest import Importing
from .test_census import rows, text

HEADER = "7,1,15/06/2010,WBRI,UN3,,"
FOSTERED = "7,01/06/2017,S,C2,N1,U4,PR1,,,,,,123"


def episode(start: str, end: str = "", rec: str = "", **other: str) -> str:
    """A row of episodes for child 7."""
    cells = {
        "RNE": "S",
        "LS": "C2",
        "CIN": "N1",
        "PLACE": "U4",
        "PR": "PR1",
        "CHANGE": "",
        "HOME": "",
        "POST": "",
        "URN": "123",
    }
    cells |= other
    return (
        f"7,{start},{cells['RNE']},{cells['LS']},{cells['CIN']},{cells['PLACE']},{cells['PR']},{end},{rec},"
        f"{cells['CHANGE']},{cells['HOME']},{cells['POST']},{cells['URN']}"
    )


def spells(label: str, *more: str) -> list[str]:
    return text(f"looked_after.{label}", "start_date", "end_date", *more)


def test_a_child_of_the_header_is_a_person(importing_set: Importing) -> None:
    importing_set(header=["7,1,15/06/2010,WBRI,A123456789012,,"], episodes=[FOSTERED])
    assert text("people.Person", "birth_date", "sex", "ethnicity") == ["2010-06-15 M WBRI"]
    assert rows("people.Identifier", "scheme", "value") == [("local", "7"), ("upn", "A123456789012")]


def test_a_change_of_legal_status_ends_the_episode_and_not_the_placement(importing_set: Importing) -> None:
    importing_set(
        header=[HEADER],
        episodes=[episode("01/06/2017", "01/09/2017", "X1", LS="C1"), episode("01/09/2017", RNE="L")],
    )
    assert spells("PeriodOfCare", "category_of_need") == ["2017-06-01 None N1"]
    assert spells("Placement", "placement_type") == ["2017-06-01 None U4"]
    assert spells("Episode", "start_reason", "legal_status", "end_reason") == [
        "2017-06-01 2017-09-01 S C1 X1",
        "2017-09-01 None L C2 None",
    ]


def test_a_temporary_placement_is_a_placement_of_its_own(importing_set: Importing) -> None:
    importing_set(
        header=[HEADER],
        episodes=[
            episode("01/06/2017", "01/09/2017", "X1"),
            episode("01/09/2017", "05/09/2017", "X1", RNE="P", PLACE="T1", PR="", URN=""),
            episode("05/09/2017", RNE="P"),
        ],
    )
    assert spells("PeriodOfCare") == ["2017-06-01 None"]
    assert spells("Placement", "placement_type") == [
        "2017-06-01 2017-09-01 U4",
        "2017-09-01 2017-09-05 T1",
        "2017-09-05 None U4",
    ]


def test_a_placement_that_differs_in_any_particular_is_another_placement(importing_set: Importing) -> None:
    importing_set(
        header=[HEADER],
        episodes=[episode("01/06/2017", "01/09/2017", "X1", CHANGE="LAREQ"), episode("01/09/2017", RNE="L", URN="456")],
    )
    assert spells("Placement", "urn", "change_reason") == [
        "2017-06-01 2017-09-01 123 LAREQ",
        "2017-09-01 None 456 None",
    ]


@pytest.mark.parametrize(
    ("ended", "begun", "rne"),
    [("01/09/2017", "01/09/2017", "S"), ("01/09/2017", "08/09/2017", "L"), ("01/09/2017", "01/09/2017", "P")],
)
def test_care_starts_anew_when_the_return_says_so_after_a_gap_or_after_it_ended(
    importing_set: Importing, ended: str, begun: str, rne: str
) -> None:
    importing_set(header=[HEADER], episodes=[episode("01/06/2017", ended, "E4A"), episode(begun, RNE=rne)])
    assert len(spells("PeriodOfCare")) == 2
    assert rows("looked_after.PeriodOfCare", "end_reason") == ["E4A", None]


def test_distance_and_authority_come_from_the_postcodes(importing_set: Importing) -> None:
    home, away = postcodes_in("E10000028", 1)[0], postcodes_in("E06000021", 1)[0]
    importing_set(header=[HEADER], episodes=[episode("01/06/2017", HOME=home.lower().replace(" ", ""), POST=away)])
    assert rows("looked_after.Placement", "postcode", "authority", "distance_miles") == [
        (away, "E06000021", distance(home, away))
    ]


def test_asylum_status_runs_from_the_start_of_care_and_may_end_in_the_future(importing_set: Importing) -> None:
    home = postcodes_in("E10000028", 1)[0]
    importing_set(
        header=[HEADER], episodes=[episode("01/06/2017", HOME=home, POST=home)], uasc=["7,1,15/06/2010,14/06/2099"]
    )
    assert spells("AsylumStatus") == ["2017-06-01 2099-06-14"]
    assert rows("looked_after.Placement", "distance_miles") == [None]


def test_reviews_belong_to_the_period_they_lie_in(importing_set: Importing) -> None:
    importing_set(
        header=[HEADER],
        episodes=[episode("01/06/2017", "01/09/2017", "E4A"), episode("01/12/2017")],
        reviews=["7,15/06/2010,20/06/2017,PN1", "7,15/06/2010,01/03/2018,PN3"],
    )
    assert rows("looked_after.Review", "period_id", "participation") == list(
        zip(rows("looked_after.PeriodOfCare", "id"), ["PN1", "PN3"], strict=True)
    )


def test_a_care_leaver_may_come_without_a_header(importing_set: Importing) -> None:
    report = importing_set(header=[HEADER], episodes=[FOSTERED], oc3=["9,20/01/1999,YES,F1,B1"])
    assert text("leaving_care.Outcome", "year_end", "in_touch", "activity", "accommodation") == ["2018-03-31 YES F1 B1"]
    assert rows("people.Person", "sex", "ethnicity") == [("M", "WBRI"), ("U", "NOBT")]
    assert set(report.covered) == {"looked_after", "leaving_care_outcomes"}


def test_a_return_claims_only_streams_that_it_can_answer_for() -> None:
    """What it cannot answer for, such as who is owed leaving care duties, stays with the source that can: nought would be a false answer."""
    for format in map(format_named, TITLES):
        written = {model._meta.db_table for model in format.models()}
        claimed = format.streams({table.name for table in format.tables}, 2018)
        for what in measures().values():
            if isinstance(what, Measure) and what.cohort.record not in {*written, "deadlines_deadline"}:
                assert what.cohort.streams[0] not in claimed, what.id


def test_an_adoption_is_put_together_from_its_tables(importing_set: Importing) -> None:
    importing_set(
        header=[HEADER],
        episodes=[
            episode("01/06/2016", "01/02/2017", "X1"),
            episode("01/02/2017", "01/05/2017", "X1", RNE="L", LS="E1"),
            episode("01/05/2017", "01/02/2018", "E12", RNE="B", LS="E1", PLACE="A6", URN=""),
        ],
        placed_for_adoption=["7,15/06/2010,01/12/2016,,"],
        ad1=["7,15/06/2010,01/12/2016,10/03/2017,0,2,MF,L11"],
    )
    fields = ("care_start_date", "decision_date", "placement_order_date", "matched_date", "placed_date", "order_date")
    assert text("adoption.AdoptionPlan", *fields) == [
        "2016-06-01 2016-12-01 2017-02-01 2017-03-10 2017-05-01 2018-02-01"
    ]
    assert rows("adoption.AdoptionPlan", "adopted_by_carer", "adopters", "adopters_sex", "adopters_status") == [
        (False, 2, "MF", "L11")
    ]


def test_streams_whose_tables_did_not_come_are_not_covered(importing_set: Importing) -> None:
    assert importing_set(header=[HEADER], episodes=[FOSTERED]).covered == ["looked_after"]


class TestTheNextYear:
    """A return holds the episodes of its year: what began earlier keeps the start that is on record."""

    def first(self, importing_set: Importing) -> None:
        importing_set(
            "2016-17",
            header=[HEADER],
            episodes=[episode("01/06/2016", "01/12/2016", "X1", LS="C1"), episode("01/12/2016", RNE="L")],
        )

    def second(self, importing_set: Importing) -> Any:
        return importing_set(
            "2017-18",
            header=[HEADER],
            episodes=[episode("01/12/2016", "01/10/2017", "X1", RNE="L"), episode("01/10/2017", RNE="P", URN="9")],
        )

    def test_a_period_and_a_placement_run_on(self, importing_set: Importing) -> None:
        self.first(importing_set)
        report = self.second(importing_set)
        assert report.children_quarantined == 0
        assert spells("PeriodOfCare") == ["2016-06-01 None"]
        assert spells("Placement", "urn") == ["2016-06-01 2017-10-01 123", "2017-10-01 None 9"]
        assert [found[:10] for found in spells("Episode")] == ["2016-06-01", "2016-12-01", "2017-10-01"]

    def test_the_earlier_return_does_not_take_it_back(self, importing_set: Importing) -> None:
        self.first(importing_set)
        self.second(importing_set)
        before = spells("Placement", "urn"), spells("Episode", "end_reason")
        self.first(importing_set)
        assert (spells("Placement", "urn"), spells("Episode", "end_reason")) == before
