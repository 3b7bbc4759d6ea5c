"""The chain over the audit: every committed entry gets one seal, whatever the order of commits, and no touched row goes unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sightline.core.audit import verify as checking
from sightline.core.audit.models import Entry, Seal
from sightline.core.audit.record import What, note
from sightline.core.audit.seal import GENESIS, seal
from sightline.core.audit.verify import verify

from .conftest import Writer, tamper

# Committed for good; only the audit's own tables are emptied afterwards.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["sightline.core.audit"])

SLOTS = 3
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("write", "commit", "rollback")), st.integers(0, SLOTS - 1)),
        st.just(("seal", 0)),
    ),
    max_size=25,
)


def _sealed() -> list[int]:
    return list(Seal.objects.order_by("sequence").values_list("entry", flat=True))


def test_an_empty_audit_is_whole(empty: None) -> None:
    assert seal() == 0
    verdict = verify()
    assert (verdict.whole, verdict.sealed, verdict.head, verdict.unsealed) == (True, 0, GENESIS, 0)


def test_each_entry_is_linked_to_the_one_before(empty: None) -> None:
    for number in range(3):
        note("someone", What.READ, f"record {number}", people=[number], purpose="visit")
        assert seal() == 1
    links = list(Seal.objects.order_by("sequence"))
    assert [one.previous for one in links] == [GENESIS, links[0].hash, links[1].hash]
    assert seal() == 0
    verdict = verify()
    assert (verdict.whole, verdict.sealed, verdict.head) == (True, 3, links[-1].hash)


def test_an_entry_of_an_open_transaction_waits_and_holds_nobody_up(writer: Callable[[], Writer]) -> None:
    slow, quick = writer(), writer()
    first = slow.write()
    second = quick.write()
    quick.commit()
    seal()
    assert _sealed() == [second]
    slow.commit()
    seal()
    assert _sealed() == [second, first]
    assert verify().whole


def test_the_tail_is_counted_and_aged(writer: Callable[[], Writer]) -> None:
    one = writer()
    one.write()
    one.commit()
    seal()
    one.write()
    one.commit()
    verdict = verify()
    assert verdict.whole
    assert (verdict.sealed, verdict.unsealed) == (1, 1)
    assert verdict.unsealed_since == Entry.objects.latest("id").at


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("write", 0), ("write", 1), ("commit", 1), ("seal", 0), ("write", 2), ("commit", 0), ("commit", 2)])
def test_any_interleaving_of_writers_and_sealer_verifies(empty: None, steps: list[tuple[str, int]]) -> None:
    tamper("TRUNCATE audit_entry, audit_seal")
    writers = [Writer() for _ in range(SLOTS)]
    try:
        for what, slot in steps:
            seal() if what == "seal" else getattr(writers[slot], what)()
            assert verify().whole
        for one in writers:
            one.commit()
        seal()
    finally:
        for one in writers:
            one.close()
    verdict = verify()
    assert verdict.whole and not verdict.unsealed
    assert sorted(_sealed()) == list(Entry.objects.order_by("id").values_list("id", flat=True))


def test_many_writers_and_sealers_at_once(empty: None) -> None:
    def work(number: int) -> None:
        one = Writer()
        for turn in range(20):
            one.write(f"writer {number}")
            one.commit() if turn % 5 else one.rollback()
        one.close()

    def keep() -> None:
        for _ in range(20):
            seal()
        connection.close()

    threads = [Thread(target=work, args=(n,)) for n in range(3)] + [Thread(target=keep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal(wait=True)
    verdict = verify()
    assert verdict.whole and verdict.sealed == Entry.objects.count() == 3 * 16


def _ten() -> list[int]:
    """Ten entries with gaps between their ids, sealed two at a time."""
    ids = []
    for number in range(10):
        ids.append(note(f"worker {number}", What.READ, "people_person", people=[number]).pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
        if number % 2:
            seal()
    assert verify().whole
    return ids


COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "who": "'nobody'",
    "what": "'list'",
    "about": "'elsewhere'",
    "person": "77",
    "purpose": "'another'",
    "where_from": "'here'",
    "session": "'s'",
    "request": "'r'",
    "xid": "xid - 1",
    "details": """'{"people": []}'""",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_entry_is_named(empty: None, column: str) -> None:
    changed = _ten()[4]
    tamper(f"UPDATE audit_entry SET {column} = {COLUMNS[column]} WHERE id = %s", [changed])
    fault = verify().faults[0]
    assert (fault.kind, fault.entry) == ("changed", changed)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 9), other=st.integers(0, 9), how=st.sampled_from(("update", "delete", "insert", "swap")))
@example(place=0, other=1, how="delete")
@example(place=9, other=0, how="delete")
def test_any_single_row_tampered_with_is_named(empty: None, place: int, other: int, how: str) -> None:
    tamper("TRUNCATE audit_entry, audit_seal")
    ids = _ten()
    touched, second = ids[place], ids[other]
    if how == "update":
        tamper("UPDATE audit_entry SET who = who || '.' WHERE id = %s", [touched])
        expected = {("changed", touched)}
    elif how == "delete":
        tamper("DELETE FROM audit_entry WHERE id = %s", [touched])
        expected = {("missing", touched)}
    elif how == "insert":
        copied = "at, who, what, about, person, purpose, where_from, session, request, details, xid"
        tamper(
            f"INSERT INTO audit_entry (id, {copied}) SELECT id + 1, {copied} FROM audit_entry WHERE id = %s",
            [touched],
        )
        expected = {("inserted", touched + 1)}
        seal()
    else:
        tamper(
            "UPDATE audit_entry a SET who = b.who, details = b.details FROM audit_entry b"
            " WHERE a.id IN (%s, %s) AND b.id = CASE a.id WHEN %s THEN %s ELSE %s END",
            [touched, second, touched, second, touched],
        )
        expected = {("changed", touched), ("changed", second)} if touched != second else set()
    verdict = verify()
    assert {(fault.kind, fault.entry) for fault in verdict.faults} == expected


def test_an_entry_put_in_later_under_an_old_id_is_named(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = _ten()
    tamper(
        "INSERT INTO audit_entry (id, at, who, what, about, purpose, where_from, session, request, details)"
        " SELECT id + 1, at, who, what, about, purpose, where_from, session, request, details FROM audit_entry WHERE id = %s",
        [ids[2]],
    )
    seal()
    assert verify().whole, "within a minute it might be a process that stood still"
    monkeypatch.setattr(checking, "STANDSTILL", checking.STANDSTILL * 0)
    faults = verify().faults
    assert [(fault.kind, fault.entry) for fault in faults] == [("inserted", ids[2] + 1)]


def test_seals_taken_out_or_exchanged_are_named(empty: None) -> None:
    _ten()
    tamper("DELETE FROM audit_seal WHERE sequence = 5")
    fault = verify().faults[0]
    assert (fault.kind, fault.sequence) == ("missing", 5)
    tamper("TRUNCATE audit_entry, audit_seal")
    ids = _ten()
    tamper("UPDATE audit_seal SET entry = -entry WHERE sequence IN (3, 4)")
    tamper("UPDATE audit_seal SET entry = %s WHERE sequence = 3", [ids[3]])
    tamper("UPDATE audit_seal SET entry = %s WHERE sequence = 4", [ids[2]])
    assert {fault.entry for fault in verify().faults} == {ids[2], ids[3]}


def test_a_kept_head_shows_that_the_end_was_cut_off(empty: None) -> None:
    ids = _ten()
    kept = verify().head
    note("someone", What.READ)
    seal()
    assert verify(kept).expected_at == 10, "the chain has grown since"
    tamper("DELETE FROM audit_entry WHERE id >= %s", [ids[8]])
    tamper("DELETE FROM audit_seal WHERE sequence >= 9")
    assert verify().whole, "the chain alone cannot tell"
    verdict = verify(kept)
    assert not verdict.whole and verdict.expected_at is None


def test_a_database_restored_on_a_younger_server_goes_on(empty: None) -> None:
    """A server of its own counts transactions anew: entries of the old one seem to come from the future."""
    _ten()
    note("last before the backup", What.READ)
    seal()
    ahead = 1_000_000_000
    tamper("UPDATE audit_entry SET xid = xid + %s", [ahead])
    tamper("TRUNCATE audit_seal")
    # The chain as the older server had it.
    from sightline.core.audit import seal as sealer

    real = sealer._horizon()
    old = sealer.Horizon(real.finished + ahead, real.begun + ahead, real.at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealer, "_horizon", lambda: old)
        assert seal() == 11
    tamper("UPDATE audit_entry SET xid = xid WHERE FALSE")
    note("first after it", What.READ)
    assert verify().whole
    assert verify().unsealed == 1
    assert seal() == 1
    note("second after it", What.READ)
    assert seal() == 1
    verdict = verify()
    assert verdict.whole and not verdict.unsealed and verdict.sealed == 13
