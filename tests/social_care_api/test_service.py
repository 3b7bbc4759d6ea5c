"""The way to the service: batches, receipts, tokens, new tries; and that nothing about a child stands anywhere it should not."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.db import connections

from sightline import cli
from sightline.cli.commands import receive
from sightline.cli.commands import send as command
from sightline.core.alone import alone
from sightline.core.audit.models import Entry
from sightline.core.audit.record import about_person
from sightline.core.errors import InputProblem, Problem, SetUpProblem
from sightline.engine.social_care_api import configuration
from sightline.engine.social_care_api import send as sends
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.receiver import TOKEN, Receiver
from sightline.engine.social_care_api.schema import Schema
from sightline.engine.social_care_api.send import Request, send, write

from .conftest import Sending, client_of
from .county import AREA, LA_CODE, TODAY, County


@pytest.fixture
def five(county: County) -> list[Any]:
    """Five children, C1 to C5."""
    people = [county.child() for _ in range(5)]
    for person in people:
        county.case(person)
    return people


@pytest.fixture
def batches_of_two(monkeypatch: pytest.MonkeyPatch, schema: Schema) -> None:
    """As if the schema took two records at a time."""
    monkeypatch.setattr(sends, "schema_of", lambda _version: replace(schema, most=2))


def accepted() -> set[str]:
    """The children who have their receipt."""
    return set(SentChild.objects.exclude(receipt="").values_list("la_child_id", flat=True))


ALL = {"C1", "C2", "C3", "C4", "C5"}


class TestBatches:
    """At most a hundred records at a time, each with its own receipt."""

    def test_no_batch_is_larger_than_the_schema_allows(
        self, five: Any, batches_of_two: None, sending: Sending, receiver: Receiver
    ) -> None:
        done = sending()
        assert (done.batches, done.receipts, receiver.calls) == (3, 5, 3)
        assert len(set(SentChild.objects.values_list("receipt", flat=True))) == 5

    def test_a_batch_that_fails_leaves_its_children_pending_and_those_before_it_sent(
        self, five: Any, batches_of_two: None, sending: Sending, receiver: Receiver
    ) -> None:
        good = receiver._receive
        calls = []

        def third_fails(la_code: str, body: bytes) -> list[str]:
            calls.append(body)
            if len(calls) == 2:
                receiver.failures.extend([(503, {})] * 20)
            return good(la_code, body)

        receiver._receive = third_fails  # type: ignore[method-assign]
        done = sending()
        assert (done.receipts, done.batches) == (4, 2)
        assert "503" in done.stopped
        assert not done.complete
        assert accepted() == {"C1", "C2", "C3", "C4"}
        receiver.failures.clear()
        again = sending()
        assert (again.receipts, again.unchanged) == (1, 4)
        assert accepted() == ALL

    def test_records_that_the_answer_names_are_set_aside_and_the_rest_is_sent_again(
        self, five: Any, sending: Sending, receiver: Receiver
    ) -> None:
        receiver.refused = {"C2", "C4"}
        done = sending()
        assert (done.receipts, done.refused, receiver.calls) == (3, 2, 4)
        assert done.reasons == {"refused by the Department": 2}
        assert accepted() == set(receiver.children[LA_CODE]) == {"C1", "C3", "C5"}
        receiver.refused = set()
        assert sending().receipts == 2
        assert accepted() == ALL
        assert not SentChild.objects.exclude(held_back="").exists()

    def test_where_none_is_named_the_records_at_fault_are_found_all_the_same(
        self, five: Any, sending: Sending, receiver: Receiver
    ) -> None:
        receiver.refused, receiver.names_places = {"C3"}, False
        done = sending()
        assert (done.receipts, done.refused) == (4, 1)
        assert accepted() == ALL - {"C3"}

    def test_a_batch_that_is_refused_whole_stops_the_send(
        self, five: Any, batches_of_two: None, sending: Sending, receiver: Receiver
    ) -> None:
        receiver.refused = ALL
        done = sending()
        assert "Every record of a batch was refused" in done.stopped
        assert (done.receipts, done.refused) == (0, 2)

    @pytest.mark.parametrize("receipts", [["one"], [], {"receipt": "x"}, "one-for-all", None, ["a", "b", "c", "d", ""]])
    def test_without_a_receipt_for_each_record_none_counts_as_sent(
        self, five: Any, sending: Sending, receiver: Receiver, receipts: Any
    ) -> None:
        receiver._receive = lambda _la_code, _body: receipts  # type: ignore[method-assign, assignment, return-value]
        assert "receipt" in sending().stopped
        assert accepted() == set()

    def test_one_receipt_for_a_batch_counts_where_the_setting_says_so(
        self, five: Any, service: Any, sending: Sending
    ) -> None:
        receiver, address = service
        receiver._receive = lambda _la_code, _body: "one-for-all"
        assert sending(client_of(address, receipts="batch")).receipts == 5
        assert accepted() == ALL


class TestTheWayIn:
    """Tokens, the supplier's key, and a service that is busy."""

    def test_a_token_serves_many_batches(
        self, five: Any, batches_of_two: None, sending: Sending, receiver: Receiver
    ) -> None:
        assert sending().receipts == 5
        assert (receiver.calls, receiver.tokens_given) == (3, 1)

    def test_a_token_is_renewed_before_it_ends(
        self,
        five: Any,
        batches_of_two: None,
        sending: Sending,
        receiver: Receiver,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Of a token that holds 100 seconds half is used: batches 40 seconds apart have two."""
        clock = count(step=40)
        monkeypatch.setattr(
            "sightline.engine.social_care_api.client.time", SimpleNamespace(monotonic=lambda: next(clock))
        )
        receiver.token_seconds = 100
        assert sending().receipts == 5
        assert (receiver.calls, receiver.tokens_given) == (3, 2)

    def test_a_token_that_never_holds_stops_the_send(self, five: Any, sending: Sending, receiver: Receiver) -> None:
        receiver.token_seconds = 0
        assert "401" in sending().stopped
        assert receiver.calls == 2

    def test_a_token_that_ends_within_a_run_is_asked_for_anew(
        self, five: Any, batches_of_two: None, sending: Sending, receiver: Receiver
    ) -> None:
        good = receiver._receive

        def then_forgets(la_code: str, body: bytes) -> list[str]:
            receiver.forget_tokens()
            return good(la_code, body)

        receiver._receive = then_forgets  # type: ignore[method-assign]
        done = sending()
        assert (done.receipts, done.stopped, receiver.tokens_given) == (5, "", 3)

    @pytest.mark.parametrize("wrong", [{"client_secret": "other"}, {"client_id": "other"}, {"supplier_key": "other"}])
    def test_who_is_not_let_in_sends_nothing_and_names_no_secret(
        self, five: Any, service: Any, sending: Sending, wrong: dict[str, str]
    ) -> None:
        receiver, address = service
        done = sending(client_of(address, **wrong))
        assert done.receipts == 0
        assert "other" not in done.stopped
        assert done.stopped
        assert receiver.children == {}

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_a_busy_service_is_tried_again(self, five: Any, sending: Sending, receiver: Receiver, status: int) -> None:
        receiver.failures.extend([(status, {"Retry-After": "0"}), (status, {})])
        assert sending().receipts == 5
        assert receiver.calls == 3

    def test_the_pause_that_the_service_asks_for_is_kept(
        self, five: Any, sending: Sending, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pauses: list[float] = []
        monkeypatch.setattr("urllib3.util.retry.time.sleep", pauses.append)
        receiver.failures.append((429, {"Retry-After": "17"}))
        assert sending().receipts == 5
        assert pauses == [17]

    @pytest.mark.parametrize("status", [204, 301, 403, 404])
    def test_any_other_answer_is_no_receipt(self, five: Any, sending: Sending, receiver: Receiver, status: int) -> None:
        receiver.failures.append((status, {"Location": "http://127.0.0.1:9/"}))
        done = sending()
        assert str(status) in done.stopped
        assert (done.receipts, receiver.calls) == (0, 1)

    def test_a_service_that_is_not_there_is_said_without_a_traceback(self, five: Any, sending: Sending) -> None:
        assert "No answer" in sending(client_of("http://127.0.0.1:9")).stopped

    def test_two_sends_at_a_time_are_refused(self, five: Any, sending: Sending) -> None:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [sends._LOCK])
            with pytest.raises(Problem, match="Another send"):
                sending()
            with other.cursor() as cursor:
                # By word, since the server lets go of a closed connection's locks only when it has noticed.
                cursor.execute("SELECT pg_advisory_unlock(%s)", [sends._LOCK])
        finally:
            other.close()
        with alone(sends._LOCK) as only_one:
            assert only_one


class TestSettings:
    """What reaches the service stands in the environment, secrets in files where that is wished."""

    NAMES = ("ADDRESS", "TOKEN_ADDRESS", "CLIENT_ID", "CLIENT_SECRET", "SUPPLIER_KEY")

    @pytest.fixture(autouse=True)
    def given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in self.NAMES:
            value = "https://example.test" if name.endswith("ADDRESS") else f"hush-{name}"
            monkeypatch.setenv(f"SIGHTLINE_CSC_{name}", value)

    @pytest.mark.parametrize("name", NAMES)
    def test_a_missing_one_is_named(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.delenv(f"SIGHTLINE_CSC_{name}")
        with pytest.raises(SetUpProblem, match="missing") as said:
            configuration.connection()
        assert said.value.where == f"SIGHTLINE_CSC_{name}"

    def test_secrets_are_read_from_files_and_never_printed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_text("from a file\n")
        monkeypatch.setenv("SIGHTLINE_CSC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
        found = configuration.connection()
        assert found.client_secret == "from a file"
        assert "from a file" not in repr(found)
        assert "hush-SUPPLIER" not in repr(found)
        monkeypatch.setenv("SIGHTLINE_CSC_CLIENT_SECRET_FILE", str(tmp_path / "none"))
        with pytest.raises(SetUpProblem, match="cannot be read"):
            configuration.connection()

    @pytest.mark.parametrize(
        ("name", "value"),
        [("ADDRESS", "http://example.test"), ("TOKEN_ADDRESS", "ftp://example.test"), ("RECEIPTS", "some")],
    )
    def test_what_cannot_be_meant_is_refused(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        monkeypatch.setenv(f"SIGHTLINE_CSC_{name}", value)
        with pytest.raises(SetUpProblem) as said:
            configuration.connection()
        assert value not in str(said.value)

    def test_the_window_and_the_age_can_be_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SIGHTLINE_CSC_WINDOW_YEARS", "6")
        monkeypatch.setenv("SIGHTLINE_CSC_OLDEST", "17")
        assert (configuration.window_years(), configuration.oldest()) == (6, 17)
        monkeypatch.setenv("SIGHTLINE_CSC_OLDEST", "old")
        with pytest.raises(SetUpProblem, match="whole number"):
            configuration.oldest()


class TestPrivacy:
    """Who sent what about whom is in the audit, and no word about a child in a log or in what is printed."""

    def test_each_childs_entry_is_found(self, five: Any, sending: Sending) -> None:
        sending(purpose="daily send")
        entry = Entry.objects.get(what="export")
        assert (entry.who, entry.about, entry.purpose) == ("analyst", f"csc:{AREA}:delta", "daily send")
        assert entry.details["people"] == sorted(person.pk for person in five)
        assert entry.details["children"] == 5
        kinds = about_person(five[0].pk).values_list("what", flat=True).order_by("id")
        assert list(kinds) == ["export", "sent"]

    def test_there_is_an_entry_before_anything_leaves_the_house(
        self, five: Any, sending: Sending, receiver: Receiver
    ) -> None:
        receiver.failures.append((403, {}))
        sending()
        assert list(Entry.objects.values_list("what", flat=True)) == ["export"]

    def test_nothing_about_a_child_is_logged_or_printed(
        self, five: Any, sending: Sending, receiver: Receiver, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        receiver.refused = {"C2"}
        receiver.failures.append((503, {}))
        done = sending()
        said = f"{done}{command._as_text(done)}{caplog.text}"
        for word in ("O'Invented", "Child1", "ST16", "2014-02-01", "C2", "secret", "Bearer ey"):
            assert word not in said, word

    def test_a_name_is_sent_as_it_is_written(self, five: Any, sending: Sending, receiver: Receiver) -> None:
        sending()
        assert receiver.children[LA_CODE]["C1"]["child_details"]["surname"] == "O'Invented"


class TestDryRun:
    """What would be sent, for people to look at."""

    def test_it_writes_what_would_be_sent_and_sends_nothing(
        self,
        five: Any,
        county: County,
        analyst: Any,
        sending: Sending,
        receiver: Receiver,
        tmp_path: Path,
        schema: Schema,
    ) -> None:
        county.change(five[4], sex="Q")
        request = Request(analyst, whole=False, area=AREA, as_at=TODAY)
        done = write(request, tmp_path / "out")
        assert receiver.calls == 0
        assert accepted() == set()
        (payload,) = (tmp_path / "out").glob("payload-*.json")
        records = json.loads(payload.read_text())
        assert [record["la_child_id"] for record in records] == ["C1", "C2", "C3", "C4"]
        assert [schema.faults(record) for record in records] == [[]] * 4
        held_back = json.loads((tmp_path / "out" / "held-back.json").read_text())
        assert held_back == {"C5": ["child_details.sex: is not a known code"]}
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
        assert (done.changed, done.held_back, done.receipts) == (4, 1, 0)
        assert Entry.objects.get(what="export").details["children"] == 4
        assert sending().receipts == 4
        assert receiver.children[LA_CODE]["C1"] == records[0]

    def test_the_command_writes_and_counts(
        self, five: Any, analyst: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["send", "csc", "--full", "--as", "analyst", "--as-at", TODAY.isoformat()]
        out = ["--dry-run", "--out", str(tmp_path / "out")]
        assert command.run(cli.build_parser().parse_args([*given, *out])) == 0
        said = capsys.readouterr().out
        assert "nothing was sent" in said
        assert "5 new or changed, in 1 batch" in said
        with pytest.raises(InputProblem, match="already"):
            command.run(cli.build_parser().parse_args([*given, *out]))
        with pytest.raises(InputProblem, match="go together"):
            command.run(cli.build_parser().parse_args([*given, "--dry-run"]))

    def test_the_command_sends_and_says_whether_everything_arrived(
        self,
        five: Any,
        analyst: Any,
        service: tuple[Receiver, str],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        receiver, address = service
        settings = {
            "ADDRESS": address,
            "TOKEN_ADDRESS": f"{address}{TOKEN}",
            "CLIENT_ID": "client",
            "CLIENT_SECRET": "secret",
            "SUPPLIER_KEY": "key",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"SIGHTLINE_CSC_{name}", value)
        receiver.refused = {"C3"}
        given = ["send", "csc", "--delta", "--as", "analyst", "--as-at", TODAY.isoformat(), "--format", "json"]
        assert command.run(cli.build_parser().parse_args(given)) == 1
        said = json.loads(capsys.readouterr().out)
        assert (said["receipts"], said["refused"], said["la_code"]) == (4, 1, LA_CODE)
        receiver.refused = set()
        assert command.run(cli.build_parser().parse_args(given)) == 0


def test_the_stand_in_checks_what_comes_and_takes_all_of_a_batch_or_nothing(
    service: tuple[Receiver, str], schema: Schema
) -> None:
    receiver, address = service
    client = client_of(address)
    wrong = {"la_child_id": "C 2"}
    answer = client.post([{"la_child_id": "C1"}, wrong, {"la_child_id": "C3"}, wrong])
    assert answer.positions == {1, 3}
    assert receiver.children == {}
    assert client.post([{"la_child_id": "C1"}] * (schema.most + 1)).receipts == ()
    assert len(client.post([{"la_child_id": "C1"}] * schema.most).receipts) == schema.most


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/children_social_care_data/860/children", b"", 405),
        ("POST", "/children_social_care_data/86/children", b"[]", 404),
        ("POST", "/children_social_care_data/860/children", b"[]", 401),
        ("POST", "/token", b"grant_type=password&client_id=client&client_secret=secret", 401),
        ("POST", "/token", b"\xff\xfe", 401),
    ],
)
def test_the_stand_in_lets_nobody_in_who_is_not_known(
    service: tuple[Receiver, str], method: str, path: str, body: bytes, status: int
) -> None:
    receiver, address = service
    assert requests.request(method, f"{address}{path}", data=body, timeout=5).status_code == status
    assert receiver.children == {}


@pytest.mark.parametrize("body", [b"", b"{}", b"nonsense", b'"C1"', b"[1]", b'[{"la_child_id": 1}]', b"\xff", b"[{}]"])
def test_the_stand_in_refuses_what_is_no_payload(service: tuple[Receiver, str], body: bytes) -> None:
    receiver, address = service
    given = {"grant_type": "client_credentials", "client_id": "client", "client_secret": "secret"}
    token = requests.post(f"{address}{TOKEN}", data=given, timeout=5).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "SupplierKey": "key"}
    answer = requests.post(f"{address}/children_social_care_data/860/children", data=body, headers=headers, timeout=5)
    assert answer.status_code == 400
    assert receiver.children == {}


def test_the_command_that_stands_in_says_when_its_port_is_taken(service: tuple[Receiver, str]) -> None:
    port = service[1].rpartition(":")[2]
    with pytest.raises(SetUpProblem, match="cannot be listened on"):
        receive.run(cli.build_parser().parse_args(["receive", "csc", "--port", port]))


def test_sending_needs_settings(five: Any, analyst: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGHTLINE_CSC_ADDRESS", raising=False)
    with pytest.raises(SetUpProblem, match="missing"):
        send(Request(analyst, whole=False, area=AREA))
