"""What the pages say, how many questions they ask the database, and how figures are worded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sightline.core.audit.models import Entry
from sightline.engine.measures.declare import Kind, Measure, Polarity
from sightline.engine.measures.registry import measures
from sightline.engine.snapshot import place
from sightline.standards.periods import parse, year
from sightline.web import figures, present, svg
from sightline.web.chapters import chapters
from sightline.web.downloads import as_csv
from sightline.web.present import WITHHELD, Shown, change, verdict
from sightline.web.scorecards import trend_periods

from .conftest import Partnership
from .county import COUNTY

YEAR = year(2016)
pytestmark = pytest.mark.django_db

#: The most questions a page may ask, session and user included.
CEILINGS = {
    "/": 6,
    "/scorecard": 6,
    "/scorecard/looked_after": 6,
    "/measures/cp.open": 6,
    "/measures/cp.open/csv": 6,
    "/measures/cp.open/list": 12,
    "/measures/lac.reviews.timeliness.pct/list": 12,
    "/reports": 6,
    "/reports/2016-17": 6,
    "/reports/2016-17/chapters/looked_after": 6,
    "/coverage": 8,
    "/reference/dictionary": 6,
    "/reference/codes": 6,
    "/reference/roles": 6,
}


@pytest.mark.parametrize("address", CEILINGS)
def test_pages_ask_few_questions(
    visit: Callable[[str], Client], address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit("performance_analyst")
    client.get(address)
    with django_assert_max_num_queries(CEILINGS[address]):
        assert client.get(address).status_code == 200


def test_own_lists_ask_few_questions(
    visit: Callable[[str], Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit("team_manager")
    # Each reason to see a child is asked when it ends.
    with django_assert_max_num_queries(34):
        client.get("/measures/contacts.total/list")


@pytest.mark.parametrize("chapter", list(chapters()))
def test_the_scorecard_prints_every_measure(visit: Callable[[str], Client], chapter: str) -> None:
    text = (
        visit("performance_analyst").get(reverse("scorecard", args=[chapter]), {"period": YEAR.label}).content.decode()
    )
    for what in chapters()[chapter].measures:
        shown_value = present.figure(figures.current(), what.id, YEAR, COUNTY, exact=True)
        assert reverse("measure", args=[what.id]) in text
        assert shown_value.text in text


@pytest.mark.parametrize("what", measures().values(), ids=lambda what: what.id)
def test_every_measure_has_a_page(visit: Callable[[str], Client], what: present.AnyMeasure) -> None:
    client = visit("performance_analyst")
    for period in (YEAR.label, "2016-17 Q2", "2016-11"):
        answer = client.get(reverse("measure", args=[what.id]), {"period": period, "by": "month"})
        assert answer.status_code == 200
        assert what.title.replace("'", "&#39;") in answer.content.decode()


@pytest.mark.parametrize("chapter", list(chapters()))
def test_protected_pages_of_every_chapter(visit: Callable[[str], Client], chapter: str) -> None:
    what = chapters()[chapter].measures[0]
    client = visit("board_manager")
    for period in (YEAR.label, "2016-17 Q2"):
        answer = client.get(reverse("measure", args=[what.id]), {"period": period})
        assert answer.status_code == 200
        assert "The list behind it" not in answer.content.decode()


def test_a_period_that_is_not_covered_says_so(visit: Callable[[str], Client]) -> None:
    text = (
        visit("performance_analyst").get("/measures/referrals.rereferral.pct", {"period": "2014-15"}).content.decode()
    )
    assert "The records do not cover" in text
    assert "not the same as nought" in text


def test_the_files_say_what_the_page_says(visit: Callable[[str], Client]) -> None:
    client = visit("performance_analyst")
    content = json.loads(client.get("/measures/cp.open/json", {"period": YEAR.label}).content)
    totals = {line["period"]: line["value"] for line in content["figures"] if line["breakdown"] == "total"}
    result = figures.current().results.result("cp.open", YEAR, COUNTY)
    assert totals[YEAR.label] == result.value
    assert content["snapshot"] == figures.current().snapshot.id
    assert (
        len(client.get("/measures/cp.open/csv", {"period": YEAR.label}).content.decode().splitlines())
        == len(content["figures"]) + 1
    )


def test_protected_files_hold_no_small_count(visit: Callable[[str], Client]) -> None:
    for id in ("cp.open", "uasc.total", "adoption.total"):
        content = json.loads(visit("board_manager").get(f"/measures/{id}/json", {"period": YEAR.label}).content)
        assert content["protected"]
        assert all(line["value"] not in (1, 2, 3, 4) for line in content["figures"])


def test_report_figures_lead_to_their_measures(visit: Callable[[str], Client]) -> None:
    text = visit("performance_analyst").get("/reports/2016-17/chapters/child_protection").content.decode()
    links = re.findall(r'class="figure" href="([^"]+)"', text)
    assert len(links) > 10
    client = visit("performance_analyst")
    for link in set(links):
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_small_numbers_of_the_report_are_withheld_from_roles_without_children(visit: Callable[[str], Client]) -> None:
    assert "Internal" in visit("performance_analyst").get("/reports/2016-17").content.decode()
    assert "Published" in visit("board_manager").get("/reports/2016-17").content.decode()


def test_each_role_takes_the_files_of_its_edition(
    visit: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    snapshots = place.folder()
    settings.VAR_DIR = tmp_path
    (tmp_path / "snapshots").symlink_to(snapshots)
    for folder, text in (
        (tmp_path / "reports/2016-17", "exact"),
        (tmp_path / "reports/2016-17/published", "protected"),
    ):
        folder.mkdir(parents=True)
        (folder / "figures.json").write_text(json.dumps([{"area": COUNTY}]))
        (folder / "figures.csv").write_text(text)
    for role, text in (
        ("performance_analyst", b"exact"),
        ("board_manager", b"protected"),
        ("social_worker", b"protected"),
    ):
        answer = visit(role).get("/reports/2016-17/files/figures.csv")
        assert b"".join(answer) == text
        assert Entry.objects.latest("id").what == "export"
        assert visit(role).get("/reports/2016-17/files/..%2F..%2Fsecret-key").status_code == 404
    (tmp_path / "reports/2016-17/figures.json").write_text(json.dumps([{"area": "E06000021"}]))
    assert visit("performance_analyst").get("/reports/2016-17/files/figures.csv").status_code == 404


def test_the_auditor_reads_the_audit_and_is_audited(visit: Callable[[str], Client]) -> None:
    visit("performance_analyst").get("/measures/cp.open/list")
    seen = Entry.objects.latest("id").details["people"][0]
    client = visit("auditor")
    text = client.get("/audit", {"person": str(seen)}).content.decode()
    assert "performance-analyst" in text
    assert Entry.objects.latest("id").what == "audit read"
    assert client.get("/audit", {"person": "x"}).status_code == 404
    assert client.get("/audit", {"page": "99999"}).status_code == 404
    assert "No entry is like that" in client.get("/audit", {"who": "nobody"}).content.decode()


def test_before_there_is_a_snapshot_pages_say_what_to_do(
    visit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("sightline.engine.snapshot.place.folder", lambda: tmp_path)
    for address in ("/", "/scorecard"):
        answer = visit("board_manager").get(address)
        assert "No figures yet" in answer.content.decode()
        assert "./sightline snapshot" in answer.content.decode()


# Words


def _totals(id: str) -> dict[str, Shown]:
    parts = [YEAR, *YEAR.quarters(), *YEAR.months()]
    return {part.label: present.figure(figures.current(), id, part, COUNTY, exact=False) for part in parts}


def test_roles_without_children_see_no_small_count(partnership: Partnership) -> None:
    hidden = 0
    for id, what in measures().items():
        if isinstance(what, Measure) and what.is_count and what.cohort.protected:
            for label, one in _totals(id).items():
                exact = figures.current().results.result(id, parse(label), COUNTY).value
                assert one.value is None or one.value not in (1, 2, 3, 4), (id, label)
                assert one.value in (None, exact)
                hidden += one == WITHHELD
    assert hidden > 20


def test_what_is_withheld_cannot_be_taken_from_the_rest(partnership: Partnership) -> None:
    """Of parts that add up to what is shown, one alone is never withheld."""
    for id in ("cp.started", "cp.ceased", "lac.started", "uasc.total", "contacts.total", "adoption.total"):
        shown_totals = _totals(id)
        if measures()[id].kind is not Kind.OPEN_AT and shown_totals[YEAR.label] != WITHHELD:
            for parts in (YEAR.quarters(), YEAR.months()):
                assert sum(shown_totals[part.label] == WITHHELD for part in parts) != 1, id
        for breakdown in present.parts_of(figures.current(), measures()[id], YEAR, COUNTY, exact=False):
            assert all(one.value not in (1, 2, 3, 4) for _, _, one in breakdown.parts), (id, breakdown.name)
            withheld = [one for _, _, one in breakdown.parts if one == WITHHELD]
            if shown_totals[YEAR.label] == WITHHELD:
                assert len(withheld) == len(breakdown.parts)
            else:
                assert len(withheld) != 1, (id, breakdown.name)


def test_breakdowns_of_part_of_a_year_are_not_given_to_roles_without_children(partnership: Partnership) -> None:
    what, quarter = measures()["cp.open"], YEAR.quarters()[1]
    assert present.parts_of(figures.current(), what, quarter, COUNTY, exact=False) == []
    assert present.parts_of(figures.current(), what, quarter, COUNTY, exact=True)


def test_staff_are_not_protected(partnership: Partnership) -> None:
    assert present.figure(figures.current(), "ic.staff.chairs", YEAR, COUNTY, exact=False).value == 3


def test_a_change_agrees_with_the_printed_values() -> None:
    share, count = measures()["cp.repeat.pct"], measures()["cp.open"]
    moved = change(Shown("", "value", 21.04), Shown("", "value", 18.96), share)
    assert moved is not None
    assert (moved.text, moved.verdict) == ("Up 2.0 points", "worse")
    moved = change(Shown("", "value", 90), Shown("", "value", 100), count)
    assert moved is not None
    assert (moved.text, moved.verdict) == ("Down 10 (10.0%)", "")
    assert change(Shown("", "value", 5), Shown("Not covered", "not covered"), count) is None
    same = change(Shown("", "value", 21.04), Shown("", "value", 21.01), share)
    assert same is not None
    assert same.text == "No change"


def test_better_and_worse_follow_the_measure() -> None:
    assert verdict("up", Polarity.HIGH) == verdict("down", Polarity.LOW) == "better"
    assert verdict("down", Polarity.HIGH) == verdict("up", Polarity.LOW) == "worse"
    assert verdict("up", Polarity.NEITHER) == ""


def test_categories_come_in_the_order_of_their_codes() -> None:
    found = present.in_order(measures()["cp.open"], "age", ["unknown", "16+", "under 1", "5-9", "unborn", "10-15"])
    assert found == ["unborn", "under 1", "5-9", "10-15", "16+", "unknown"]


def test_a_trend_ends_with_its_period() -> None:
    assert [part.label for part in trend_periods(YEAR)][::7] == ["2015-16 Q1", "2016-17 Q4"]


def test_charts_are_broken_where_nothing_is_known() -> None:
    drawn = svg.line_chart([("a", 1), ("b", None), ("c", 3), ("d", 4)], svg.WIDE, 'A "title" <b>', str)
    assert drawn.count("polyline") == 1
    assert "<b>" not in drawn
    assert svg.sparkline([None, 2]) == ""


def test_text_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    text = as_csv("x", ["a"], [["=1+1"], ["-5"], [-5], ["plain"]]).content.decode()
    assert text.splitlines() == ["a", "'=1+1", "'-5", "-5", "plain"]
