"""Requests for one's own record, packs, redactions, rectification, disclosure and breaches, from receipt to answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.rights.disputes import disputes
from sightline.core.rights.models import AccessRequest, Breach
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.rights import packs

Act = Callable[..., Any]
TODAY = timezone.localdate()


@pytest.fixture
def request_(act: Act, officers: tuple[User, User], family: SimpleNamespace) -> Any:
    """A request whose sender has shown who they are."""
    given = {"requester": "Ada Invented, 1 Nowhere Lane", "received_date": TODAY - timedelta(days=3)}
    made = act(officers[0], "rights.receive_request", subject=family.child.pk, requester_kind="subject", **given).record
    shown = {"identity_checked_date": TODAY - timedelta(days=2), "identity_evidence": "Passport"}
    return act(officers[0], "rights.check_identity", made, **shown).record


@pytest.mark.parametrize(
    ("received", "shown", "extended", "due"),
    [
        ("2024-04-15", None, None, "2024-05-15"),
        ("2024-01-31", None, None, "2024-02-29"),
        # The month runs from when identity was shown; 15 June 2024 is a Saturday.
        ("2024-04-15", "2024-05-15", None, "2024-06-17"),
        ("2024-04-15", None, "2024-05-01", "2024-07-15"),
    ],
)
def test_the_answer_is_due_within_a_month_or_three(
    received: str, shown: str | None, extended: str | None, due: str
) -> None:
    day = date.fromisoformat
    asked = AccessRequest(
        received_date=day(received),
        identity_checked_date=day(shown) if shown else None,
        extended_date=day(extended) if extended else None,
    )
    assert asked.due == day(due)


def test_an_extension_is_told_within_the_first_month(act: Act, officers: tuple[User, User], family: Any) -> None:
    received = TODAY - timedelta(days=60)
    made = act(
        *(officers[0], "rights.receive_request"), subject=family.child.pk, requester="Someone", received_date=received
    ).record
    with pytest.raises(Invalid, match="first month is over"):
        act(officers[0], "rights.extend_request", made, extended_date=TODAY, extension_reason="Many files")
    act(
        *(officers[0], "rights.extend_request", made),
        extended_date=received + timedelta(days=5),
        extension_reason="Many files",
    )


def test_the_pack_holds_what_is_held_and_names_third_parties(
    act: Act, officers: tuple[User, User], family: Any, request_: Any
) -> None:
    pack = act(officers[0], "rights.make_pack", access_request=request_.pk).record
    content = json.loads(pack.content)
    tables = {section["table"] for section in content["sections"]}
    assert {
        "people_person",
        "people_personname",
        "people_relationship",
        "cases_case",
        "assessment_assessment",
    } <= tables
    assert not any(table.startswith(("rights_", "restrictions_", "audit_")) for table in tables)
    assert "Ada" in pack.content
    assert "Ben" not in pack.content
    assert [field for (_, _, field), _, _ in packs.items(pack)] == ["other"]
    assert packs.undecided(pack)
    assert content["person"] == family.child.pk
    assert content["made"] == pack.made_date.isoformat()


def test_two_people_decide_what_is_left_out_before_it_is_sent(
    act: Act, officers: tuple[User, User], family: Any, request_: Any
) -> None:
    first, second = officers
    pack = act(first, "rights.make_pack", access_request=request_.pk).record
    answer = {"outcome": "agreed", "sent_date": TODAY}
    with pytest.raises(Invalid, match="nobody has decided"):
        act(first, "rights.answer_request", request_, **answer)
    [((table, id, field), _, _)] = packs.items(pack)
    item = {"pack": pack.pk, "record_table": table, "record_id": id, "record_field": field}
    with pytest.raises(Invalid, match="why it is left out"):
        act(first, "rights.decide_item", **item, withheld=True)
    decided = act(first, "rights.decide_item", **item, withheld=True, reason="third_party").record
    with pytest.raises(Invalid, match="not been checked"):
        act(first, "rights.answer_request", request_, **answer)
    with pytest.raises(Invalid, match="another person"):
        act(first, "rights.check_item", decided)
    act(second, "rights.check_item", decided)
    given = packs.redacted(pack)
    withheld = [
        each
        for part in given["sections"]
        for record in part["records"]
        for each in record["fields"]
        if each.get("withheld")
    ]
    assert [(each["name"], each["value"]) for each in withheld] == [("other", None)]
    assert f"Person {family.brother.pk}" in pack.content
    assert f"Person {family.brother.pk}" not in json.dumps(given)
    done = act(first, "rights.answer_request", request_, **answer).record
    assert done.sent_date == TODAY
    with pytest.raises(Invalid, match="has been sent"):
        act(first, "rights.change_item", decided, withheld=True, reason="crime")


def test_no_pack_before_identity_is_shown(act: Act, officers: tuple[User, User], family: Any) -> None:
    made = act(
        *(officers[0], "rights.receive_request"), subject=family.child.pk, requester="Someone", received_date=TODAY
    ).record
    with pytest.raises(Invalid, match="Identity has not been shown"):
        act(officers[0], "rights.make_pack", access_request=made.pk)
    with pytest.raises(Invalid, match="one of them"):
        act(officers[0], "rights.make_pack")


def test_only_those_who_answer_requests_may(act: Act, make: Act, officers: tuple[User, User], request_: Any) -> None:
    worker = make("organisations.Worker", name="Worker", job="social_worker")
    for role in ("social_worker", "service_manager", "performance_analyst", "administrator"):
        user = User.objects.create(username=role, role=role, worker=worker)
        assert not visible_rows(user, AccessRequest).exists()
        with pytest.raises(NotPermitted):
            act(user, "rights.make_pack", access_request=request_.pk)
    assert visible_rows(officers[0], AccessRequest).exists()


def test_a_record_is_put_right_by_a_correcting_action(
    act: Act, make: Act, officers: tuple[User, User], family: Any
) -> None:
    asked = {"received_date": TODAY, "requester": "Ada", "record_table": "people_person", "record_id": family.child.pk}
    with pytest.raises(Invalid, match="no record of that table"):
        act(
            *(officers[0], "rights.receive_rectification"),
            **{**asked, "record_id": family.brother.pk, "subject": family.child.pk, "wrong": "Birth"},
        )
    made = act(
        officers[0], "rights.receive_rectification", subject=family.child.pk, wrong="Date of birth", **asked
    ).record
    with pytest.raises(Invalid, match="correct it first"):
        act(officers[0], "rights.decide_rectification", made, outcome="agreed")
    worker = make("organisations.Worker", name="Analyst", job="social_worker")
    team = make("organisations.Team", name="Team", service="social_care")
    case = make("cases.Case", person=family.child, service="leaving_care", start_date=TODAY)
    make("cases.Allocation", person=family.child, case=case, team=team, worker=worker, start_date=TODAY)
    social_worker = User.objects.create(username="worker", role="social_worker", worker=worker)
    act(social_worker, "people.correct", family.child, birth_date="1990-01-11")
    decided = act(officers[0], "rights.decide_rectification", made, outcome="agreed").record
    assert decided.change
    assert disputes("people_person", family.child.pk) == []


def test_a_refusal_is_noted_with_the_persons_own_words(act: Act, officers: tuple[User, User], family: Any) -> None:
    asked = {"received_date": TODAY, "requester": "Ada", "record_table": "people_person", "record_id": family.child.pk}
    made = act(officers[0], "rights.receive_rectification", subject=family.child.pk, wrong="Ethnicity", **asked).record
    with pytest.raises(Invalid, match="why it is refused"):
        act(officers[0], "rights.decide_rectification", made, outcome="refused")
    words = {"refusal_reason": "As the source says", "statement": "That was never so."}
    act(officers[0], "rights.decide_rectification", made, outcome="refused", **words)
    assert [one.statement for one in disputes("people_person", family.child.pk)] == ["That was never so."]
    with pytest.raises(NotNow):
        act(officers[0], "rights.decide_rectification", made, outcome="agreed")


def test_a_disclosure_is_approved_by_another_and_keeps_to_its_scope(
    act: Act, officers: tuple[User, User], family: Any
) -> None:
    first, second = officers
    order = {"ordered_by": "Family Court at Nowhere", "reference": "ZZ1", "order_date": TODAY, "scope": "2004 only"}
    made = act(
        *(first, "rights.record_disclosure"),
        subject=family.child.pk,
        from_date="2004-05-02",
        to_date="2004-12-31",
        **order,
    ).record
    with pytest.raises(Invalid, match="not been approved"):
        act(first, "rights.make_pack", disclosure=made.pk)
    with pytest.raises(Invalid, match="another person"):
        act(first, "rights.approve_disclosure", made)
    made = act(second, "rights.approve_disclosure", made).record
    pack = act(first, "rights.make_pack", disclosure=made.pk).record
    tables = {section["table"] for section in json.loads(pack.content)["sections"]}
    assert "assessment_assessment" in tables
    assert "cases_case" not in tables
    for (table, id, field), _, _ in packs.items(pack):
        item = {"pack": pack.pk, "record_table": table, "record_id": id, "record_field": field}
        act(second, "rights.check_item", act(first, "rights.decide_item", **item, reason="outside").record)
    assert (
        act(first, "rights.send_disclosure", made, sent_date=TODAY, sent_to="The court").record.sent_to == "The court"
    )


def test_a_breach_is_told_within_72_hours_or_says_why(act: Act, officers: tuple[User, User]) -> None:
    noticed = timezone.now() - timedelta(hours=100)
    given = {"kind": "lost", "what": "A notebook", "noticed_at": noticed, "people_affected": 3, "risk": "high"}
    breach = act(officers[0], "rights.record_breach", **given).record
    assert breach.ico_due == noticed + timedelta(hours=72)
    with pytest.raises(Invalid, match="72 hours"):
        act(officers[0], "rights.tell_ico", breach, ico_told_at=timezone.now())
    with pytest.raises(Invalid, match="ICO has not been told"):
        act(officers[0], "rights.close_breach", breach, lessons="Lock it", closed_date=TODAY)
    breach = act(officers[0], "rights.tell_ico", breach, ico_told_at=timezone.now(), late_reason="Found late").record
    with pytest.raises(Invalid, match="people have not been told"):
        act(officers[0], "rights.close_breach", breach, lessons="Lock it", closed_date=TODAY)
    breach = act(officers[0], "rights.update_breach", breach, subjects_told_date=TODAY).record
    act(officers[0], "rights.close_breach", breach, lessons="Lock it", closed_date=TODAY)
    assert Breach.objects.get().closed_date == TODAY
