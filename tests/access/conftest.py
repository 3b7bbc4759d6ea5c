"""A child with a case, its worker, a partner agency and a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation

from . import build


@dataclass
class World:
    """Who there is."""

    child: Any
    other: Any
    team: Any
    allocation: Any
    worker: User
    manager: User
    service_manager: User
    second_manager: User
    partner: User
    stranger: User
    analyst: User
    auditor: User
    police: Organisation


@pytest.fixture
def world(db: None) -> World:
    """Three people are what a test of sight needs at least: the allocated worker, a partner it may be shared with, a stranger."""
    child = build.make("people.Person", birth_date=date(2015, 5, 5))
    other = build.make("people.Person", birth_date=date(2016, 6, 6))
    team = build.make("organisations.Team", name="Team 1", service="social_care")
    police = build.agency("Police", "police")
    people = {name: build.worker(name) for name in ("worker", "service", "second", "stranger")}
    manager = build.worker("manager", "team_manager")
    build.make("organisations.TeamMembership", worker=manager, team=team, start_date=build.DAY)
    case = build.make("cases.Case", person=child, service="social_care", start_date=build.DAY)
    allocation = build.make(
        *("cases.Allocation",), person=child, case=case, team=team, worker=people["worker"], start_date=build.DAY
    )
    return World(
        child,
        other,
        team,
        allocation,
        build.user("social_worker", people["worker"], "allocated"),
        build.user("team_manager", manager, "manager"),
        build.user("service_manager", people["service"], "service"),
        build.user("service_manager", people["second"], "second"),
        build.user("mash_partner", build.worker("officer", of=police), "partner"),
        build.user("social_worker", people["stranger"], "stranger"),
        build.user("performance_analyst", name="analyst"),
        build.user("auditor", name="auditor"),
        police,
    )
