"""What the pages say, how many questions they ask the database, and how figures are worded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sightline.core.audit.models import Entry
from sightline.engine.measures.declare import Polarity
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Result, Status
from sightline.standards.periods import year
from sightline.web import figures, present, svg
from sightline.web.chapters import chapters
from sightline.web.downloads import as_csv
from sightline.web.present import FEWER, Shown, change, shown, verdict, within_total
from sightline.web.scorecards import trend_periods

from .county import COUNTY

YEAR = year(2016)

#: The most questions a page may ask, session and user included.
CEILINGS = {
    "/": 6,
    "/scorecard": 6,
    "/scorecard/looked_after": 6,
    "/measures/cp.open": 6,
    "/measures/cp.open/csv": 6,
    "/measures/cp.open/list": 10,
    "/measures/lac.reviews.timeliness.pct/list": 10,
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
    with django_assert_max_num_queries(16):
        client.get("/measures/contacts.total/list")


@pytest.mark.parametrize("chapter", list(chapters()))
def test_the_scorecard_prints_every_measure(visit: Callable[[str], Client], chapter: str) -> None:
    text = (
        visit("performance_analyst").get(reverse("scorecard", args=[chapter]), {"period": YEAR.label}).content.decode()
    )
    for what in chapters()[chapter].measures:
        shown_value = present.figure(figures.current().results, what.id, YEAR, COUNTY, exact=True)
        assert reverse("measure", args=[what.id]) in text
        assert shown_value.text in text


@pytest.mark.parametrize("what", measures().values(), ids=lambda what: what.id)
def test_every_measure_has_a_page(visit: Callable[[str], Client], what: present.AnyMeasure) -> None:
    for role in ("performance_analyst", "board_manager"):
        for period in (YEAR.label, "2016-17 Q2", "2016-11"):
            answer = visit(role).get(reverse("measure", args=[what.id]), {"period": period, "by": "month"})
            assert answer.status_code == 200
            assert what.title.replace("'", "&#39;") in answer.content.decode()


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
    for link in set(links):
        assert visit("performance_analyst").get(link.replace("&amp;", "&")).status_code == 200


def test_small_numbers_of_the_report_are_withheld_from_roles_without_children(visit: Callable[[str], Client]) -> None:
    assert "Internal" in visit("performance_analyst").get("/reports/2016-17").content.decode()
    assert "Published" in visit("board_manager").get("/reports/2016-17").content.decode()


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


def _result(value: float, numerator: float, denominator: float, breakdown: str = "sex") -> Result:
    return Result("cp.repeat.pct", COUNTY, YEAR.label, breakdown, "M", Status.VALUE, value, numerator, denominator)


def test_small_counts_read_fewer_than_five() -> None:
    what = measures()["cp.open"]
    for count in range(8):
        text = shown(_result(count, count, 100), what, protected=True).text
        assert (text == FEWER.capitalize()) == (0 < count < 5)


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [(3, 50, True), (48, 50, True), (10, 50, False), (0, 50, False), (50, 50, False)],
)
def test_shares_that_give_away_a_small_count_are_withheld(numerator: int, denominator: int, hidden: bool) -> None:
    what = measures()["cp.repeat.pct"]
    result = _result(100 * numerator / denominator, numerator, denominator)
    assert (shown(result, what, protected=True).value is None) == hidden
    assert shown(result, what, protected=False).value is not None


def test_a_single_withheld_part_takes_another_with_it() -> None:
    parts = [
        Shown("Fewer than 5", present.WITHHELD),
        Shown("30", "value", 30),
        Shown("12", "value", 12),
        Shown("0", "value", 0),
    ]
    assert [part.text for part in within_total(parts)] == ["Fewer than 5", "30", "Withheld", "0"]
    two = [parts[0], parts[0], parts[1]]
    assert within_total(two) == two


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
