"""Limits of clocks: what a partnership chooses holds from its day on, and never re-times what has begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.errors import InputProblem
from sightline.core.options.following import follow
from sightline.core.options.models import RuleChange
from sightline.engine.deadlines import ledger, reference
from sightline.engine.deadlines.models import Deadline
from sightline.engine.local_rules.limits import change_limit
from sightline.engine.measures.store import definitions_hash
from sightline.standards.clocks import clock
from sightline.standards.local_changes import AS_INSTALLED, in_use, use

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def tomorrow() -> date:
    return timezone.localdate() + DAY


@pytest.fixture
def post(browser: Browser, tomorrow: date) -> Callable[..., Any]:
    def send(id: str = "CP-VISIT", **values: str) -> Any:
        given = {"limit": "7", "unit": "calendar_days", "first_day": str(tomorrow), "because": "Agreed by the board."}
        return browser.post(reverse("administration-limit", args=[id]), given | values)

    return send


def test_a_local_limit_holds_from_its_day_on_and_its_history_is_shown(
    browser: Browser, post: Callable[..., Any], tomorrow: date
) -> None:
    before = definitions_hash()
    assert post().status_code == 302
    assert clock("CP-VISIT", tomorrow - DAY).limit_in_words == "10 working days"
    assert clock("CP-VISIT", tomorrow).limit_in_words == "7 calendar days"
    assert clock("CP-VISIT").limit == 10, "what is planned is not told of as if it held"
    with connection.cursor() as cursor:
        asked = [tomorrow - DAY, tomorrow]
        cursor.execute("SELECT (SELECT due FROM deadlines_due('CP-VISIT', d)) FROM unnest(%s::date[]) d", [asked])
        assert [due for (due,) in cursor.fetchall()] == [
            clock("CP-VISIT", tomorrow - DAY).due(tomorrow - DAY),
            tomorrow + 7 * DAY,
        ]
    shown = browser.get(reverse("administration-limit", args=["CP-VISIT"])).content.decode()
    assert "7 calendar days" in shown
    assert "10 working days" in shown
    assert "Agreed by the board." in shown
    assert "7 calendar days from" in browser.get(reverse("administration-limits")).content.decode()
    entry = Entry.objects.get(who="admin", about="clock CP-VISIT")
    assert (entry.what, entry.purpose) == ("settings", "Agreed by the board.")
    row = RuleChange.objects.get()
    assert in_use().editions == {"clock CP-VISIT": row.pk}, "a snapshot says which rules it followed"
    assert definitions_hash() != before, "a figure kept under other rules is not given out"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_what_is_counted_from_a_later_day_moves_and_nothing_else(
    make: Callable[..., Any], post: Callable[..., Any], tomorrow: date
) -> None:
    for start in (tomorrow - 3 * DAY, tomorrow + 30 * DAY):
        person = make("people.Person", birth_date="2016-05-01")
        case = make("cases.Case", person=person, service="social_care", start_date=start)
        make("child_protection.Plan", person=person, case=case, start_date=start)
    ledger.rebuild()
    rows = Deadline.objects.filter(clock="CP-VISIT").order_by("started")
    earlier, later = (row.due for row in rows)
    assert post().status_code == 302
    assert [row.due for row in rows.all()] == [earlier, tomorrow + 37 * DAY]
    assert later != tomorrow + 37 * DAY
    held = sorted(Deadline.objects.values_list("clock", "record_id", "due"))
    ledger.rebuild()
    assert sorted(Deadline.objects.values_list("clock", "record_id", "due")) == held


def test_a_planned_limit_is_replaced_or_taken_back_before_its_day(
    browser: Browser, post: Callable[..., Any], tomorrow: date
) -> None:
    post()
    post(limit="6")
    assert clock("CP-VISIT", tomorrow).limit == 6
    assert "Planned, and replaced" in browser.get(reverse("administration-limit", args=["CP-VISIT"])).content.decode()
    post(limit="10", unit="working_days")
    assert clock("CP-VISIT", tomorrow).limit_in_words == "10 working days"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"limit": "0"}, "a whole number from 1 to 1000"),
        ({"limit": "99999999999999999999"}, "a whole number from 1 to 1000"),
        ({"limit": "²"}, "a whole number"),
        ({"unit": "moons"}, "Choose a unit"),
        ({"first_day": "31/03/2030"}, "This is no day"),
        ({"first_day": "2017-03-31"}, "keeps the rule that it began under"),
        ({"first_day": "9999-12-31"}, "within the next ten years"),
        ({"limit": "10", "unit": "working_days"}, "as it is"),
        ({"because": " "}, "Say why"),
        ({"because": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    post: Callable[..., Any], wrong: dict[str, str], told: str
) -> None:
    answer = post(**wrong)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert RuleChange.objects.count() == 0
    if "because" not in wrong:
        assert "Agreed by the board." in answer.content.decode()


def test_a_statutory_limit_is_refused_and_says_why(post: Callable[..., Any], browser: Browser) -> None:
    answer = post("ASSESS-45")
    assert answer.status_code == 400
    assert "ASSESS-45 is set nationally" in answer.content.decode()
    assert "Set this limit" not in browser.get(reverse("administration-limit", args=["ASSESS-45"])).content.decode()
    assert post("NO-SUCH").status_code == 404


def test_only_an_administrator_sets_a_limit(tomorrow: date) -> None:
    manager = User.objects.create(username="m", role="team_manager")
    with pytest.raises(InputProblem):
        change_limit(manager, "CP-VISIT", "7", "weeks", str(tomorrow), "I want to.")


def test_a_server_that_has_not_asked_yet_never_puts_an_old_limit_back(post: Callable[..., Any], tomorrow: date) -> None:
    post()
    use(AS_INSTALLED)
    follow()
    assert clock("CP-VISIT", tomorrow).limit == 10, "it asked a moment ago, and does not ask again"
    assert reference.is_current() is False
