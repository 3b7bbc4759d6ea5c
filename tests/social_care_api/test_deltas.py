"""What has changed between two payloads, and what a receiver holds after it: for any two payloads at all."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sightline.engine.social_care_api.configuration import VERSION
from sightline.engine.social_care_api.deltas import applied, changed, only_what_stays
from sightline.engine.social_care_api.schema import Payload, Schema, Shape, schema_of

SCHEMA = schema_of(VERSION)
DAYS = ("2024-05-01", "2025-06-02", "2026-01-31")
IDS = ("1", "2", "3")


class Maker:
    """Makes payloads that the schema takes, with few values, so that two of them have something in common."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def block(self, shape: Shape, id: str = "C1") -> Payload:
        """Any block of a shape; it may say nothing at all."""
        found: Payload = {shape.id: id} if shape.id else {}
        for name in shape.own:
            if name != shape.id and self._random.random() < 0.5:
                found[name] = self._value(shape.properties[name])
        for name, part in shape.parts.items():
            made = self._part(part) if self._random.random() < 0.6 else None
            found |= {name: made} if made else {}
        return shape.in_order(found)

    def _part(self, part: Shape) -> Payload | list[Payload]:
        if not part.many:
            return self.block(part)
        ids = self._random.sample(IDS, self._random.randint(0, 3))
        return [self.block(part, id) for id in ids]

    def _value(self, declared: dict[str, Any]) -> Any:
        kind, choose = declared["type"], self._random.choice
        if kind == "boolean":
            return choose((True, False))
        if kind == "integer":
            return choose((3, 17))
        if kind == "array":
            items = declared["items"]
            if items["type"] == "object":
                return [
                    {name: self._value(one) for name, one in items["properties"].items()} for _ in range(choose((1, 2)))
                ]
            return choose((["A"], ["A", "B"]))
        if declared.get("format") == "date":
            return choose(DAYS)
        return choose("AB") * declared.get("minLength", 1)


payloads = st.integers(0, 2**32 - 1).map(lambda seed: Maker(Random(seed)).block(SCHEMA.child))


def held(payload: Payload) -> Payload | None:
    """What a receiver holds who was sent a payload whole."""
    return applied(SCHEMA.child, None, payload)


@given(payloads, payloads, st.booleans())
def test_whoever_held_the_one_holds_the_other(before: Payload, now: Payload, whole: bool) -> None:
    sent = changed(SCHEMA.child, before, now, whole=whole)
    after = held(before) if sent is None else applied(SCHEMA.child, held(before), sent)
    assert after == held(now)


@given(payloads, payloads)
def test_what_is_sent_follows_the_schema(before: Payload, now: Payload) -> None:
    assert SCHEMA.faults(now) == []
    assert SCHEMA.faults(changed(SCHEMA.child, before, now) or now) == []


@given(payloads)
def test_nothing_is_sent_of_a_child_who_has_not_changed(payload: Payload) -> None:
    assert changed(SCHEMA.child, payload, payload) is None
    assert changed(SCHEMA.child, None, payload) == payload
    assert changed(SCHEMA.child, payload, payload, whole=True) == payload


@given(payloads, payloads)
def test_what_stays_is_old_and_nothing_but_removals_are_sent(before: Payload, now: Payload) -> None:
    after = only_what_stays(SCHEMA.child, before, now)
    sent = changed(SCHEMA.child, before, after)
    assert applied(SCHEMA.child, held(before), sent) == held(after) if sent else after == before
    again = only_what_stays(SCHEMA.child, before, after)
    assert again == after


def test_only_the_records_that_changed_are_sent() -> None:
    plan = {"child_in_need_plan_id": "7", "start_date": "2025-06-01"}
    other = {"child_in_need_plan_id": "8", "start_date": "2025-07-01"}
    episode = {"social_care_episode_id": "case-1", "referral_date": "2025-05-01"}
    details = {"first_name": "Anna"}
    before = {
        "la_child_id": "C1",
        "child_details": details,
        "social_care_episodes": [{**episode, "child_in_need_plans": [plan, other]}],
    }
    now = {**before, "social_care_episodes": [{**episode, "child_in_need_plans": [plan | {"end_date": "2025-08-01"}]}]}
    assert changed(SCHEMA.child, before, now) == {
        "la_child_id": "C1",
        "social_care_episodes": [
            {
                **episode,
                "child_in_need_plans": [
                    plan | {"end_date": "2025-08-01"},
                    {"child_in_need_plan_id": "8", "purge": True},
                ],
            }
        ],
    }


def test_blocks_that_can_be_purged_are_those_of_the_schema() -> None:
    def names(shape: Shape) -> set[str]:
        return {shape.name}.union(*(names(part) for part in shape.parts.values()))

    # One flag each, and the child's own: eleven in all.
    assert names(SCHEMA.child) == {
        "child",
        *("child_details", "health_and_wellbeing", "social_care_episodes"),
        *("child_and_family_assessments", "child_in_need_plans", "section_47_assessments", "child_protection_plans"),
        *("child_looked_after_placements", "adoption", "care_leavers"),
    }
    assert isinstance(SCHEMA, Schema)
    assert (SCHEMA.most, SCHEMA.child.id) == (100, "la_child_id")
