"""Whatever legal sequence of moves, new statuses and absences is recorded, the episodes are those that the SSDA903 guide asks for."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.engine.actions.refusals import Invalid, Refused

_spec = importlib.util.spec_from_file_location("care_checker", Path(__file__).with_name("checker.py"))
assert _spec and _spec.loader
checker: Any = importlib.util.module_from_spec(_spec)
__import__("sys").modules["care_checker"] = checker
_spec.loader.exec_module(checker)

START = date(2017, 4, 3)
CARE = {
    "category_of_need": "N1",
    "legal_status": "V2",
    "placement_type": "U6",
    "provider": "PR1",
    "carer_reference": "carer 1",
    "postcode": "ST17 4LF",
}


def start(does: Any, child: SimpleNamespace, **values: Any) -> Any:
    return does(
        "team_manager", "looked_after.start", **{**child.of, "start_date": START.isoformat(), **CARE, **values}
    ).record


def episodes(child: SimpleNamespace) -> list[Any]:
    rows: list[Any] = checker.rows_of(apps.get_model("looked_after.Episode").objects.filter(person=child.person))
    return rows


ACTS = ("move", "move", "status", "both", "same carer", "away", "back", "cease", "start")
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 40),
        st.sampled_from(["U6", "U4", "K2", "R1", "P1", "A5", "H5"]),
        st.sampled_from(["C1", "C2", "V2", "E1", "J1", "V3"]),
        st.sampled_from(["carer 1", "carer 2", ""]),
    ),
    min_size=4,
    max_size=12,
)


def act(does: Any, child: SimpleNamespace, what: str, day: date, kind: str, status: str, carer: str) -> None:
    period = apps.get_model("looked_after.PeriodOfCare").objects.filter(person=child.person).order_by("id").last()
    place = {"placement_type": kind, "provider": "PR0" if kind == "P1" else "PR4", "carer_reference": carer}
    on = {"start_date": day}
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "move": ("move", {**on, **place, "change_reason": "CARPL"}),
        "both": ("move", {**on, **place, "change_reason": "CREQB", "legal_status": status}),
        "same carer": ("move", {**on, **place, "change_reason": "PLACE", "carer_reference": "carer 1"}),
        "status": ("change_legal_status", {**on, "legal_status": status}),
        "away": ("start_absence", {**on, "placement_type": "T1"}),
        "back": ("end_absence", on),
        "cease": ("cease", {"end_date": day, "end_reason": "E4A"}),
    }
    if what == "start":
        start(does, child, start_date=day, legal_status=status, **place)
        return
    action, values = asked[what]
    does("team_manager", f"looked_after.{action}", period, **values)


@pytest.mark.django_db
# Each example is many acts, and each act a form, its rules, its records and their deadlines.
@settings(
    max_examples=400 if settings.get_current_profile_name() == "long" else 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_every_sequence_that_is_not_refused_makes_a_clean_return(
    does: Any, family: SimpleNamespace, path: list[tuple[str, int, str, str, str]]
) -> None:
    child, day, done = family.middle, START, 0
    with transaction.atomic():
        start(does, child)
        for what, ahead, kind, status, carer in path:
            day += timedelta(days=ahead)
            try:
                with transaction.atomic():
                    act(does, child, what, day, kind, status, carer)
                    done += 1
            except Refused:
                continue
        rows = episodes(child)
        assert len(rows) >= 1 + sum(row.rec == "X1" for row in rows)
        assert checker.faults(rows) == []
        transaction.set_rollback(True)


def test_the_checker_finds_what_is_wrong() -> None:
    row = checker.Row(START, "P", "C1", "U6", ("PR1", "", ""), "a", START, None, None, 1)
    assert {"148", "355", "357"} <= set(checker.faults([row]))


class TestWhereAPlacementIs:
    def test_authority_and_distance_follow_from_the_postcodes(self, does: Any, family: SimpleNamespace) -> None:
        start(does, family.middle)
        placement = apps.get_model("looked_after.Placement").objects.get()
        assert placement.authority == "E10000028"
        assert 0 < placement.distance_miles < 10
        assert placement.period.home_postcode == "ST16 2LH"

    def test_no_distance_for_a_child_who_seeks_asylum_alone(self, does: Any, family: SimpleNamespace) -> None:
        start(does, family.middle, asylum_from="2017-04-03")
        assert apps.get_model("looked_after.Placement").objects.get().distance_miles is None
        assert apps.get_model("looked_after.AsylumStatus").objects.get().person == family.middle.person

    def test_neither_for_short_breaks(self, does: Any, family: SimpleNamespace) -> None:
        start(does, family.middle, legal_status="V3")
        placement = apps.get_model("looked_after.Placement").objects.get()
        assert (placement.authority, placement.distance_miles) == ("", None)


class TestWhatTheReturnWouldRefuse:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"provider": ""}, "rule 526"),
            ({"provider": "PR0"}, "rule 550"),
            ({"placement_type": "R5", "provider": "PR1"}, "rule 527"),
            ({"placement_type": "A3"}, "rule 551"),
            ({"legal_status": "E1"}, "rule 553"),
            ({"postcode": "st162lh"}, "rule 392d"),
            ({"legal_status": "V4", "placement_type": "U4"}, "rules 382 and 384"),
            ({"previous_permanence_date": "zz/zz/2014"}, "rule 635"),
        ],
    )
    def test_at_the_start(self, does: Any, family: SimpleNamespace, change: dict[str, str], rule: str) -> None:
        with pytest.raises(Invalid, match=rule):
            start(does, family.middle, **change)

    @pytest.mark.parametrize(
        ("action", "values", "rule"),
        [
            ("change_legal_status", {"start_date": "2017-05-01", "legal_status": "V2"}, "rule 434"),
            ("change_legal_status", {"start_date": "2017-04-03", "legal_status": "C1"}, "rule 355"),
            ("start_absence", {"start_date": "2017-05-01", "placement_type": "U4"}, "T0 to T4"),
            ("end_absence", {"start_date": "2017-05-01"}, "not away"),
            ("cease", {"end_date": "2017-05-01", "end_reason": "E11"}, "rule 390"),
            ("cease", {"end_date": "2017-05-01", "end_reason": "E17"}, "rule 460"),
            ("cease", {"end_date": "2017-04-03", "end_reason": "E4A"}, "rule 355"),
        ],
    )
    def test_later(self, does: Any, family: SimpleNamespace, action: str, values: dict[str, str], rule: str) -> None:
        period = start(does, family.middle)
        with pytest.raises(Invalid, match=rule):
            does("team_manager", f"looked_after.{action}", period, **values)

    def test_a_short_break_stays_in_one_placement(self, does: Any, family: SimpleNamespace) -> None:
        period = start(does, family.middle, legal_status="V3")
        moved = {"placement_type": "K2", "provider": "PR4", "change_reason": "CARPL"}
        with pytest.raises(Invalid, match="rule 366"):
            does("team_manager", "looked_after.move", period, start_date="2017-04-10", **moved)

    def test_care_neither_moves_nor_ends_while_the_child_is_away(self, does: Any, family: SimpleNamespace) -> None:
        period = start(does, family.middle)
        does("team_manager", "looked_after.start_absence", period, start_date="2017-05-01", placement_type="T1")
        with pytest.raises(Invalid, match="rule 381"):
            does("team_manager", "looked_after.cease", period, end_date="2017-05-10", end_reason="E4A")
        moved = {"placement_type": "K2", "provider": "PR4", "change_reason": "CARPL"}
        with pytest.raises(Invalid, match="rule 383"):
            does("team_manager", "looked_after.move", period, start_date="2017-05-10", **moved)
        does("team_manager", "looked_after.end_absence", period, start_date="2017-05-10")
        usual, _away, back = apps.get_model("looked_after.Placement").objects.order_by("start_date")
        assert back.resumes == usual
        assert checker.faults(episodes(family.middle)) == []

    def test_care_that_ended_today_does_not_start_today(self, does: Any, family: SimpleNamespace) -> None:
        period = start(does, family.middle)
        does("team_manager", "looked_after.cease", period, end_date="2017-05-10", end_reason="E4A")
        with pytest.raises(Invalid, match="rule 431"):
            start(does, family.middle, start_date="2017-05-10")
