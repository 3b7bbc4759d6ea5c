"""Who works with the children of the Standard Safeguarding Dataset, and with whom they live. Written, and not read: a worker is nobody's row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import Team, Worker
from sightline.core.people.models import HouseholdMember
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import NOBODY, TableWriter, Told
from sightline.engine.exchange.mapped import ids, named
from sightline.returns.ssd.tables import OF_CASE, TABLE
from sightline.standards.codes import codeset

ROLE = "Allocated worker"
#: Spells of pathways that name a worker of their own, whom rows of the dataset refer to.
WITH_A_WORKER = ("early_help.Episode",)
INVOLVEMENTS, FAMILIES = TABLE["ssd_involvements"], TABLE["ssd_family"]


def _held(cut: Cut) -> QuerySet[Any]:
    return cut.rows(Allocation).filter(cut.about_children(), start_date__lte=cut.end)


def _involvements(cut: Cut) -> Iterator[Told]:
    """The spells for which a team, and a worker of it, held a case."""
    rows = cut.told(
        _held(cut), "pk", "worker_id", "team_id", "case_id", "start_date", "end_date", order=("start_date",)
    )
    for row in rows:
        values = {
            "invo_professional_id": row["worker_id"],
            "invo_professional_role_id": ROLE,
            "invo_professional_team": row["team_id"],
            "invo_involvement_start_date": row["start_date"],
            "invo_involvement_end_date": cut.by_then(row["end_date"]),
            "invo_referral_id": named(OF_CASE, row["case_id"]),
        }
        yield Told(row["child"], values | ids(INVOLVEMENTS, row))


def _professionals(cut: Cut) -> Iterator[Told]:
    """The workers who hold or held a case of a child of the dataset, or lead other work with one."""
    named = Q(pk__in=_held(cut).values("worker"))
    for label in WITH_A_WORKER:
        spells = cut.rows(apps.get_model(label)).filter(cut.about_children(), start_date__lte=cut.end)
        named |= Q(pk__in=spells.values("worker"))
    workers = Worker.objects.filter(named).order_by("pk")
    for pk, name, job in workers.values_list("pk", "name", "job"):
        title = codeset("worker_job").label(job)
        values = {"prof_professional_id": pk, "prof_professional_name": name, "prof_professional_job_title": title}
        yield Told(NOBODY, values)


def _departments(cut: Cut) -> Iterator[Told]:
    """Their teams."""
    teams = Team.objects.filter(pk__in=_held(cut).values("team")).order_by("pk")
    for pk, name in teams.values_list("pk", "name"):
        yield Told(NOBODY, {"dept_team_id": pk, "dept_team_name": name})


def _families(cut: Cut) -> Iterator[Told]:
    """The household of each child on the last day, where it has a reference."""
    members = cut.rows(HouseholdMember).filter(cut.about_children(), start_date__lte=cut.end)
    for row in cut.told(members.exclude(household__reference=""), "pk", "household__reference", "end_date"):
        if cut.by_then(row["end_date"]) is None:
            yield Told(row["child"], {"fami_family_id": row["household__reference"]} | ids(FAMILIES, row))


WRITERS = (
    TableWriter("ssd", "ssd_professionals", _professionals),
    TableWriter("ssd", "ssd_department", _departments),
    TableWriter("ssd", INVOLVEMENTS.name, _involvements),
    TableWriter("ssd", FAMILIES.name, _families),
)
