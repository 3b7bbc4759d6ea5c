"""The list behind a figure has the figure's rows, is shown only as far as its reader may see, and is audited."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.audit.record import about_person
from sightline.engine.measures.declare import Measure, Statistic
from sightline.engine.measures.registry import measure, measures
from sightline.standards.periods import year
from sightline.web import figures, lists, reading
from sightline.web.present import breakdowns
from sightline.web.views import listing

from .conftest import Partnership
from .county import COUNTY
from .test_visibility import own

pytestmark = pytest.mark.django_db

YEAR = year(2016)
COUNTS = [what for what in measures().values() if isinstance(what, Measure) and what.is_count]
SHARES = [what for what in measures().values() if isinstance(what, Measure) and what.statistic is Statistic.SHARE]


def _shown(client: Client, id: str, **asked: str) -> int:
    """How many records a list page says there are."""
    text = client.get(reverse("list", args=[id]), {"period": YEAR.label, **asked}).content.decode()
    found = re.search(r"([\d,]+) records?</p>", text)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("what", COUNTS, ids=lambda what: what.id)
def test_a_count_is_the_number_of_rows(visit: Callable[[str], Client], what: Measure) -> None:
    result = figures.current().results.result(what.id, YEAR, COUNTY)
    assert result.value, "the county has none of these: the comparison would say nothing"
    assert _shown(visit("performance_analyst"), what.id) == result.value


@pytest.mark.parametrize("what", SHARES, ids=lambda what: what.id)
def test_a_share_has_the_rows_of_both_its_parts(visit: Callable[[str], Client], what: Measure) -> None:
    result = figures.current().results.result(what.id, YEAR, COUNTY)
    client = visit("performance_analyst")
    assert result.denominator, "the county has none of these: the comparison would say nothing"
    assert (_shown(client, what.id), _shown(client, what.id, base="1")) == (result.numerator, result.denominator)


def test_each_category_has_its_rows(visit: Callable[[str], Client]) -> None:
    client, results = visit("performance_analyst"), figures.current().results
    what = measures()["cp.open"]
    for breakdown in breakdowns(what):
        parts = results.breakdown(what.id, YEAR, COUNTY, breakdown)
        assert sum(part.value or 0 for part in parts) == results.result(what.id, YEAR, COUNTY).value
        for part in parts:
            assert _shown(client, what.id, breakdown=breakdown, category=part.category) == part.value


@pytest.mark.parametrize("role", ["social_worker", "team_manager", "conference_chair"])
def test_own_lists_hold_only_own_children(visit: Callable[[str], Client], partnership: Partnership, role: str) -> None:
    people, user = own(partnership, role), User.objects.get(role=role)
    one_of_each_record = {what.cohort.record: what for what in COUNTS if what.cohort.person}
    for what in one_of_each_record.values():
        ids = figures.current().listing(what, YEAR, COUNTY).ids
        everything = lists.rows(User.objects.get(role="performance_analyst"), what.cohort.record, ids).read()
        mine = lists.rows(user, what.cohort.record, ids).read()
        assert {row.id for row in mine} == {row.id for row in everything if row.person in people}
        assert all(row.why for row in mine)
        assert _shown(visit(role), what.id) == len(mine)


def test_no_total_of_hidden_rows_is_given(visit: Callable[[str], Client]) -> None:
    total = figures.current().results.result("contacts.total", YEAR, COUNTY).value
    text = visit("social_worker").get(reverse("list", args=["contacts.total"]), {"period": YEAR.label}).content.decode()
    assert "You see the records of children you have a reason to see" in text
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(rf"\b{total:.0f}\b(?!</td>|</th>)", re.sub(r"<option.*?</option>", "", main))


@pytest.mark.parametrize("role", ["board_manager", "independent_chair", "auditor"])
def test_roles_without_children_get_protected_counts(visit: Callable[[str], Client], role: str) -> None:
    text = visit(role).get(reverse("list", args=["cp.open"]), {"period": YEAR.label}).content.decode()
    assert "Your role sees no child" in text
    assert "Invented-" not in text
    assert "Withheld" in text
    for cell in re.findall(r'<span class="sl-number">([\d,]+)</span>', text):
        assert int(cell.replace(",", "")) not in range(1, 5)


def test_staff_are_not_children(visit: Callable[[str], Client]) -> None:
    assert _shown(visit("board_manager"), "ic.staff.chairs") == 3


def test_a_list_is_audited_with_whom_it_showed(visit: Callable[[str], Client]) -> None:
    before = Entry.objects.count()
    visit("performance_analyst").get(reverse("list", args=["cp.open"]), {"period": YEAR.label})
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.latest("id")
    assert (entry.who, entry.what) == ("performance-analyst", "list")
    assert entry.about == f"cp.open {YEAR.label} {COUNTY}"
    assert entry.details["table"] == "child_protection_plan"
    assert set(entry.details["records"]) <= set(figures.current().listing(measure("cp.open"), YEAR, COUNTY).ids)
    assert len(entry.details["records"]) == len(entry.details["people"]) == len(set(entry.details["records"]))
    person = entry.details["people"][0]
    assert entry in about_person(person)
    assert entry not in about_person(10**9)


def test_without_its_audit_entry_a_list_is_not_shown(
    visit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("the audit cannot be written")

    monkeypatch.setattr(reading, "note", broken)
    client = visit("performance_analyst")
    client.raise_request_exception = False
    answer = client.get(reverse("list", args=["cp.open"]))
    assert answer.status_code == 500
    assert "Invented-" not in answer.content.decode()


def test_an_export_has_every_row_no_name_and_a_purpose(visit: Callable[[str], Client]) -> None:
    client = visit("performance_analyst")
    address = f"{reverse('list-csv', args=['contacts.total'])}?period={YEAR.label}"
    answer = client.post(address, {"purpose": "monthly return"})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert len(rows) - 1 == figures.current().results.result("contacts.total", YEAR, COUNTY).value
    assert rows[0][:3] == ["record", "person", "Received"]
    assert "Invented-" not in answer.content.decode()
    entry = Entry.objects.latest("id")
    assert (entry.what, entry.purpose) == ("export", "monthly return")
    assert len(entry.details["records"]) == len(rows) - 1


def test_an_export_is_asked_for_by_a_form(visit: Callable[[str], Client]) -> None:
    assert visit("performance_analyst").get(reverse("list-csv", args=["cp.open"])).status_code == 405


def test_rows_are_sorted_and_paged(visit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 20)
    client, address = visit("performance_analyst"), reverse("list", args=["contacts.total"])
    first = client.get(address, {"sort": "contact_date"}).content.decode()
    days = re.findall(r'data-label="Received">\s*(\d+ \w+ \d+)', first)
    assert len(days) == listing.PAGE
    assert 'aria-sort="ascending"' in first
    last = client.get(address, {"sort": "-contact_date"}).content.decode()
    assert re.findall(r'data-label="Received">\s*(\d+ \w+ \d+)', last)[0] != days[0]
    assert client.get(address, {"page": "2"}).status_code == 200
    assert client.get(address, {"page": "9999"}).status_code == 404
    assert client.get(address, {"page": "x"}).status_code == 404
    assert client.get(address, {"sort": "person__personname"}).status_code == 200


def test_a_category_that_there_is_not_is_not_found(visit: Callable[[str], Client]) -> None:
    client, address = visit("performance_analyst"), reverse("list", args=["cp.open"])
    assert client.get(address, {"breakdown": "sex", "category": "M"}).status_code == 200
    assert client.get(address, {"breakdown": "age", "category": "unknown"}).status_code == 200
    for category in ("X", ""):
        answer = client.get(address, {"breakdown": "sex", "category": category})
        assert answer.status_code == 404
        assert "The breakdown has no such category." in answer.content.decode()
        assert "Page not found" in answer.content.decode()


def test_a_combination_leads_to_what_it_is_made_from(visit: Callable[[str], Client]) -> None:
    answer = visit("performance_analyst").get(reverse("list", args=["ic.lac.max"]), {"period": YEAR.label})
    assert answer["Location"].startswith(reverse("list", args=["lac.total"]))


def test_direct_identifiers_are_never_columns() -> None:
    for what in COUNTS + SHARES:
        model = lists.model_of(what.cohort.record)
        for column in lists.columns_of(model):
            assert not re.search(r"postcode|source_id|line_1|forename|surname", column.path), (what.id, column)
