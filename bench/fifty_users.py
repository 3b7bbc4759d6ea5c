"""Fifty people at work at once on a county of 170,000 people: how long their pages take, beside the floor, the sign-in page alone.

The server is the one that `./sightline serve` starts, as it starts it. Each person signs in by name and password, and the children they open, list
and write about are their own: the reasons to see, the seals and the audit are those of any day.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench.county import PROFILE
from bench.ruler import (
    installation,
    load_average,
    middle_and_slow,
    note,
    processors,
    share_of_memory,
    throwaway_installation,
    timed,
)
from bench.search import PEOPLE, load_people, people_drawn, questions
from bench.visitors import MIX, THINKS, Answer, Form, Who, at_once, note_about, visit_on

USERS = 50
#: How many of the users have which role; the rest are social workers. Twelve teams have a manager at work, and four people chair.
ROLES = {"team_manager": 10, "conference_chair": 4}
AIMS = {"search": 0.300, "person": 0.400, "work list": 0.400, "save": 0.500}
PASSWORD = "as-long-as-a-bench-needs"  # noqa: S105 (of invented people, on a server that ends with the measurement)
START_SECONDS = 180
FLOOR_SHARE = 0.2


def main(scale: float, minutes: float, users: int, folder: Path | None) -> None:
    """Prints one line for each kind of request."""
    note(
        f"{users} users at once: profile {PROFILE}, scale {scale:g}, {processors()}, embedded PostgreSQL, {load_average()}"
    )
    with installation(folder) if folder else throwaway_installation() as place:
        _fill(scale)
        _measure(place, users, minutes)


def _fill(scale: float) -> None:
    """The county, further people until there are enough, deadlines and figures. What is there already is kept."""
    from django.db import connection

    from sightline.core.people.models import Person
    from sightline.core.records.models import Coverage
    from sightline.engine.deadlines import ledger
    from sightline.engine.snapshot.fresh import chosen
    from sightline.engine.synthetic.load import load
    from sightline.web import figures

    if not Coverage.objects.exists():
        timed("generate and load the county", lambda: load(PROFILE, scale=scale))
        timed("work out the deadlines", ledger.rebuild)
    missing = int(PEOPLE * scale) - Person.objects.count()
    if missing > 0:
        timed("further people", lambda: load_people(missing), size=f"{missing:,} people")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    timed("snapshot", chosen)
    timed("figures", figures.current)


def _measure(folder: Path, users: int, minutes: float) -> None:
    from sightline.core.people.models import Person
    from sightline.core.records.models import Change

    people, _ = timed("people who work", lambda: _people_at_work(users))
    note(f"{Person.objects.count():,} people, {Change.objects.count():,} changes of records")
    with _server(folder / "bench-server.log") as (address, process):
        floor, answers = asyncio.run(at_once(address, people, minutes, minutes * FLOOR_SHARE))
        note(f"memory: application {share_of_memory(process):.0f} MB, database {share_of_memory(_postmaster()):.0f} MB")
    note(
        f"time to think {THINKS[0]:g} to {THINKS[1]:g} s; the mix {', '.join(f'{kind} {share}' for kind, share in MIX.items())}"
    )
    note(f"{len(answers) / minutes / 60:.1f} requests a second, {load_average()}")
    _print(floor, answers)
    written = (folder / "bench-server.log").read_text().splitlines()[1:]
    note(f"the server's log: {len(written)} lines" + "".join(f"\n  {line}" for line in written[:20]))


def _postmaster() -> int:
    from sightline.runtime import postgres

    return int((postgres.embedded().data / "postmaster.pid").read_text().splitlines()[0])


def _print(floor: list[Answer], answers: list[Answer]) -> None:
    _, lowest = middle_and_slow([each.seconds for each in floor])
    kinds = [*MIX, "open a form", "keep a draft", "page after saving"]
    for kind in ("sign-in page", *kinds):
        found = [each for each in (*floor, *answers) if each.kind == kind]
        times = [each.seconds for each in found]
        p50, p95 = middle_and_slow(times)
        wrong = sum(bool(each.wrong) for each in found)
        aim = AIMS.get(kind)
        said = "" if aim is None else f"   aim {aim * 1000:.0f}: {'met' if p95 < aim else 'MISSED'}"
        note(
            f"{kind:<18} {len(found):5} requests {wrong:3} errors   p50 {p50 * 1000:6.0f} ms   p95 {p95 * 1000:6.0f} ms"
            f"   max {max(times, default=0) * 1000:6.0f} ms   {p95 / lowest if lowest else 0:5.1f} x the floor{said}"
        )
    for what, count in Counter(f"{each.kind}: {each.wrong}" for each in (*floor, *answers) if each.wrong).most_common(
        10
    ):
        note(f"  {count} x {what}")


# The server


@contextmanager
def _server(log: Path) -> Iterator[tuple[str, int]]:
    """The application as `serve` runs it, on a free port; gives its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "sightline.cli", "serve", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ,
        )
        try:
            _wait_for(f"{address}/health", server)
            yield address, server.pid
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(address, timeout=10)
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the server did not start: see bench-server.log")


# The people


def _people_at_work(users: int) -> list[Who]:
    """Users for those with most to do: social workers by their cases, managers by those of their teams, chairs by their meetings."""
    from django.contrib.auth.hashers import make_password

    from sightline.core.access.standing import standing

    day, drawn = standing().day, people_drawn()
    secret = make_password(PASSWORD)
    wanted = {role: max(1, users * count // USERS) for role, count in ROLES.items()}
    chosen = [("team_manager", one) for one in _managers(day)[: wanted["team_manager"]]]
    chosen += [("conference_chair", one) for one in _chairs()[: wanted["conference_chair"]]]
    chosen += [("social_worker", one) for one in _holders(day)[: users - len(chosen)]]
    return [_who(role, worker, secret, day, number, drawn) for number, (role, worker) in enumerate(chosen)]


def _holders(day: date) -> list[int]:
    from django.db.models import Count

    from sightline.engine.work.scope import open_allocations

    held = open_allocations(day).filter(case__service="social_care").exclude(worker=None)
    return list(
        held.values("worker").annotate(cases=Count("id")).order_by("-cases", "worker").values_list("worker", flat=True)
    )


def _managers(day: date) -> list[int]:
    from sightline.core.organisations.models import TeamMembership, Worker
    from sightline.engine.work.scope import open_allocations

    teams = set(open_allocations(day).filter(case__service="social_care").values_list("team", flat=True))
    members = TeamMembership.objects.filter(team__in=teams, end_date=None).values("worker")
    return list(Worker.objects.filter(job="team_manager", pk__in=members).order_by("pk").values_list("pk", flat=True))


def _chairs() -> list[int]:
    from sightline.core.organisations.models import Worker

    return list(Worker.objects.filter(job="independent_chair").order_by("pk").values_list("pk", flat=True))


def _who(role: str, worker: int, secret: str, day: date, number: int, drawn: list[dict[str, Any]]) -> Who:
    from sightline.core.access.models import User
    from sightline.core.access.visibility import own_children

    user, _ = User.objects.update_or_create(
        username=f"bench-{number}", defaults={"role": role, "worker_id": worker, "password": secret}
    )
    children = tuple(own_children(user, day).order_by("pk").values_list("pk", flat=True)[:200])
    manages = role == "team_manager"
    return Who(
        username=user.username,
        password=PASSWORD,
        searches=tuple(ask(one) for one in drawn[number::USERS] for ask in questions().values()),
        children=children,
        work_lists=("/work", "/work/team") if manages else ("/work",),
        dashboards=("/", "/glance", "/work/board") if manages else ("/", "/glance"),
        forms=_forms(role, children, day),
    )


def _forms(role: str, children: tuple[int, ...], day: date) -> tuple[Form, ...]:
    """A note on each child, and a visit to each who is on a child protection plan."""
    from django.apps import apps

    if role == "conference_chair":
        return tuple(note_about(child, day, "notes.add_note_as_chair") for child in children)
    plans: Any = apps.get_model("child_protection.Plan")._default_manager
    open_now = plans.filter(person__in=children, end_date=None).values_list("pk", "person")
    latest = day - timedelta(days=1)
    return tuple(note_about(child, latest) for child in children) + tuple(
        visit_on(plan, child, latest) for plan, child in open_now
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("scale", nargs="?", type=float, default=1.0, help="1 is the county with 170,000 people")
    asked.add_argument("--minutes", type=float, default=6.0, help="how long the fifty work")
    asked.add_argument("--users", type=int, default=USERS)
    asked.add_argument("--at", type=Path, help="an installation to fill and keep, or one that is filled already")
    given = asked.parse_args()
    main(given.scale, given.minutes, given.users, given.at)
