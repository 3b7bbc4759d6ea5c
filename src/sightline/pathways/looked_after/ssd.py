"""Care episodes, placements, legal statuses, reviews, visits and health in the Standard Safeguarding Dataset.

A period of care is the episodes of one `clae_cla_id`. The legal status of an episode is the one in force on the day when it started. The home that
the child left is the address of that day; of an address no more than this postcode has a record here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.mapped import Mapped, ids, key_of, linked, named, parts_of
from sightline.pathways.looked_after import conduct_told, stated
from sightline.pathways.looked_after.models import (
    AsylumStatus,
    CarePlan,
    CareVisit,
    Episode,
    HealthCheck,
    PeriodOfCare,
    Placement,
    Review,
)
from sightline.pathways.looked_after.where import authority_at
from sightline.returns.ssd.tables import OF_CASE, TABLE
from sightline.standards.distance import tidy

EPISODES, PLACEMENTS, STATUSES = TABLE["ssd_cla_episodes"], TABLE["ssd_cla_placement"], TABLE["ssd_legal_status"]
ADDRESSES, EARLIER = TABLE["ssd_address"], TABLE["ssd_cla_previous_permanence"]
PERIODS = "periods of care"
CONTINUES = "X1"
ALWAYS, NEVER = "", "9999"
UNACCOMPANIED = "Unaccompanied asylum seeking child"
#: Words by which the kind of a health check is known, and the words written for it.
CHECKS = {
    "DENTAL": ("dent", "Dental check"),
    "IHA": ("initial", "Initial health assessment"),
    "RHA": ("health", "Review health assessment"),
}


def _day(row: Row, column: str, otherwise: str) -> str:
    return str(row[column] or otherwise)


def care(child: Child) -> None:
    """Periods of care with their placements and episodes."""
    starts = sorted(child.of(EPISODES.name), key=lambda row: _day(row, "clae_cla_episode_start_date", ALWAYS))
    for _reference, held in groupby(sorted(starts, key=_period_of), key=_period_of):
        _period(child, list(held))
    child.shared[PERIODS] = sorted(child.shared.get(PERIODS, ()), key=lambda draft: draft.fields["start_date"])
    _earlier(child)


def _period_of(row: Row) -> str:
    return str(row["clae_cla_id"] or row["clae_entered_care_date"] or "")


def _period(child: Child, rows: list[Row]) -> None:
    first, last = rows[0], rows[-1]
    start = min(_day(first, "clae_entered_care_date", NEVER), _day(first, "clae_cla_episode_start_date", NEVER))
    over = last["clae_cla_episode_ceased_reason"] not in (None, CONTINUES)
    period = child.add(
        PeriodOfCare,
        first,
        f"care/{_period_of(first) or start}",
        start_date=start,
        end_date=last["clae_cla_episode_ceased_date"] if over else None,
        end_reason=last["clae_cla_episode_ceased_reason"] if over else None,
        category_of_need=first["clae_cla_primary_need_code"],
        home_postcode=_home(child, start),
    )
    child.shared.setdefault(PERIODS, []).append(period)
    for row in rows:
        status = _status(child, row)
        placement = _placement(child, row, period)
        if status is not None and placement is not None:
            child.add(
                Episode,
                row,
                parts_of(row, EPISODES),
                period=period,
                placement=placement,
                start_date=row["clae_cla_episode_start_date"],
                start_reason=row["clae_cla_episode_start_reason"],
                legal_status=status,
                end_date=row["clae_cla_episode_ceased_date"],
                end_reason=row["clae_cla_episode_ceased_reason"],
            )


def _home(child: Child, day: str) -> str | None:
    """The postcode of the last address that the child had by a day."""
    known = [
        row
        for row in child.of(ADDRESSES.name)
        if _day(row, "addr_address_start_date", ALWAYS) <= day <= _day(row, "addr_address_end_date", NEVER)
    ]
    known.sort(key=lambda row: _day(row, "addr_address_start_date", ALWAYS))
    postcode = known[-1]["addr_address_postcode"] if known else None
    return tidy(postcode) if postcode else None


def _status(child: Child, episode: Row) -> str | None:
    day = _day(episode, "clae_cla_episode_start_date", ALWAYS)
    found = [
        row
        for row in child.of(STATUSES.name)
        if _day(row, "lega_legal_status_start_date", NEVER) <= day < _day(row, "lega_legal_status_end_date", NEVER)
    ]
    if not found:
        child.fault(episode, "no legal status is given for the day on which the episode started")
        return None
    return str(max(found, key=lambda row: row["lega_legal_status_start_date"])["lega_legal_status"])


def _placement(child: Child, episode: Row, period: Draft) -> Draft | None:
    reference = episode["clae_cla_placement_id"]
    made = linked(child, PLACEMENTS, reference)
    if made is not None:
        return made
    row = next((one for one in child.of(PLACEMENTS.name) if one["clap_cla_placement_id"] == reference), None)
    if row is None:
        child.fault(episode, "the episode names no placement of the child")
        return None
    postcode = tidy(row["clap_cla_placement_postcode"]) if row["clap_cla_placement_postcode"] else None
    placement = child.add(
        Placement,
        row,
        parts_of(row, PLACEMENTS),
        period=period,
        start_date=row["clap_cla_placement_start_date"] or episode["clae_cla_episode_start_date"],
        end_date=row["clap_cla_placement_end_date"],
        placement_type=row["clap_cla_placement_type"],
        provider=row["clap_cla_placement_provider"],
        urn=row["clap_cla_placement_urn"],
        postcode=postcode,
        authority=authority_at(postcode),
        distance_miles=row["clap_cla_placement_distance"],
        change_reason=row["clap_cla_placement_change_reason"],
    )
    child.shared[key_of(row, PLACEMENTS)] = placement
    return placement


def _earlier(child: Child) -> None:
    """The dataset does not say which period of care an earlier arrangement belongs to: the last one asks for it."""
    for row in child.of(EARLIER.name):
        periods = child.shared[PERIODS]
        if not periods:
            child.fault(row, "the child has no period of care for the earlier arrangement")
            return
        periods[-1].fields |= {
            "previous_permanence": row["lapp_previous_permanence_option"],
            "previous_permanence_date": row["lapp_previous_permanence_order_date"],
            "previous_permanence_authority": row["lapp_previous_permanence_la"],
        }


def _in_care(day: str, what: str) -> Callable[[Child, Row], dict[str, Any] | None]:
    """Finds the period of care in which a day lies."""

    def find(child: Child, row: Row) -> dict[str, Any] | None:
        if row[day] is None:
            child.note(f"{what} without a date, still to come: kept with the file")
            return None
        for period in child.shared.get(PERIODS, ()):
            if period.fields["start_date"] <= row[day] <= (period.fields["end_date"] or NEVER):
                return {"period": period}
        child.note(f"{what} outside every period of care of the child: kept with the file")
        return None

    return find


def _review(child: Child, row: Row) -> dict[str, Any] | None:
    return None if row["clar_cla_review_cancelled"] else _in_care("clar_cla_review_date", "reviews")(child, row)


def _visit(child: Child, row: Row) -> dict[str, Any] | None:
    found = _in_care("clav_cla_visit_date", "visits")(child, row)
    day = row["clav_cla_visit_date"]
    stays = [one for one in child.drafts if one.model is Placement and one.fields["start_date"] <= (day or "")]
    if found is None or not stays:
        return None
    return found | {"placement": max(stays, key=lambda one: one.fields["start_date"])}


def _check(child: Child, row: Row) -> dict[str, Any] | None:
    told = str(row["clah_health_check_type"] or "").lower()
    kind = next((code for code, (word, _name) in CHECKS.items() if word in told), None)
    if kind is None:
        child.note("health checks of a kind that has no record: kept with the file")
        return None
    found = _in_care("clah_health_check_date", "health checks")(child, row)
    return None if found is None else found | {"kind": kind}


def _up_to_date(child: Child, row: Row) -> dict[str, Any] | None:
    found = _in_care("clai_immunisations_status_date", "immunisations")
    return found(child, row) if row["clai_immunisations_status"] else None


def _permanence(child: Child, row: Row) -> dict[str, Any] | None:
    found = _in_care("lacp_cla_care_plan_start_date", "care plans")(child, row)
    if found is None:
        return None
    try:
        told = json.loads(row["lacp_cla_care_plan_json"] or "{}")
    except json.JSONDecodeError:
        told = {}
    permanence = told.get("permanence", "") if isinstance(told, dict) else ""
    return found | {"permanence": permanence if isinstance(permanence, str) else ""}


def _asylum(child: Child, row: Row) -> dict[str, Any] | None:
    told = str(row["immi_immigration_status"] or "").lower()
    if "unaccompanied" not in told and "uasc" not in told:
        child.note("immigration statuses other than that of an unaccompanied child: kept with the file")
        return None
    periods = child.shared.get(PERIODS, ())
    start = row["immi_immigration_status_start_date"] or (periods[0].fields["start_date"] if periods else None)
    return {"start_date": start}


REVIEWS = Mapped(
    TABLE["ssd_cla_reviews"],
    Review,
    fields={"review_date": "clar_cla_review_date", "participation": "clar_cla_review_participation"},
    states=("period",),
    finds=_review,
    tells={"clar_cla_id": ("period_id", "")},
    start="review_date",
)
VISITS = Mapped(
    TABLE["ssd_cla_visits"],
    CareVisit,
    fields={
        "visit_date": "clav_cla_visit_date",
        "seen": "clav_cla_visit_seen",
        "seen_alone": "clav_cla_visit_seen_alone",
    },
    states=("period", "placement"),
    finds=_visit,
    tells={"clav_cla_id": ("period_id", "")},
    start="visit_date",
)
SCORES = Mapped(
    TABLE["ssd_sdq_scores"],
    HealthCheck,
    fields={"check_date": "csdq_sdq_completed_date", "score": "csdq_sdq_score"},
    fixed={"kind": "SDQ"},
    states=("period",),
    finds=_in_care("csdq_sdq_completed_date", "questionnaires"),
    start="check_date",
)
HEALTH = Mapped(
    TABLE["ssd_cla_health"],
    HealthCheck,
    fields={"check_date": "clah_health_check_date"},
    states=("kind", "period"),
    finds=_check,
    start="check_date",
    unlike=Q(kind="SDQ"),
)
IMMUNISED = Mapped(
    TABLE["ssd_cla_immunisations"],
    HealthCheck,
    fields={"check_date": "clai_immunisations_status_date"},
    fixed={"kind": "IMMUN"},
    states=("period",),
    finds=_up_to_date,
    start="check_date",
)
CARE_PLANS = Mapped(
    TABLE["ssd_cla_care_plan"],
    CarePlan,
    fields={"plan_date": "lacp_cla_care_plan_start_date"},
    states=("period", "permanence"),
    finds=_permanence,
    start="plan_date",
)
ASYLUM = Mapped(
    TABLE["ssd_immigration_status"],
    AsylumStatus,
    fields={"end_date": "immi_immigration_status_end_date"},
    states=("start_date",),
    finds=_asylum,
    tells={"immi_immigration_status_start_date": "start_date"},
    start="start_date",
)

BUILDERS = (
    Builder(
        "ssd",
        (EPISODES.name, PLACEMENTS.name, STATUSES.name, ADDRESSES.name, EARLIER.name),
        {
            PeriodOfCare: stated.PERIOD,
            Placement: stated.PLACEMENT,
            Episode: stated.EPISODE,
        },
        care,
        order=10,
    ),
    REVIEWS.builder(),
    VISITS.builder(),
    SCORES.builder(),
    HEALTH.builder(),
    IMMUNISED.builder(),
    CARE_PLANS.builder(),
    ASYLUM.builder(),
    *(one.builder() for one in conduct_told.EVERY),
)


def _held(cut: Cut) -> QuerySet[Any]:
    return cut.rows(Episode).filter(cut.about_children(), start_date__lte=cut.end)


def _episodes(cut: Cut) -> Iterator[Told]:
    own = ("pk", "start_date", "start_reason", "end_date", "end_reason", "period_id", "placement_id")
    care = ("period__category_of_need", "period__start_date", "period__case_id")
    for row in cut.told(_held(cut), *own, *care, order=("start_date",)):
        ended = cut.by_then(row["end_date"])
        values = {
            "clae_cla_episode_start_date": row["start_date"],
            "clae_cla_episode_start_reason": row["start_reason"],
            "clae_cla_primary_need_code": row["period__category_of_need"],
            "clae_cla_episode_ceased_date": ended,
            "clae_cla_episode_ceased_reason": row["end_reason"] if ended else None,
            "clae_cla_id": row["period_id"],
            "clae_referral_id": named(OF_CASE, row["period__case_id"]),
            "clae_cla_placement_id": row["placement_id"],
            "clae_entered_care_date": row["period__start_date"],
        }
        yield Told(row["child"], values | ids(EPISODES, row))


def _placements(cut: Cut) -> Iterator[Told]:
    rows = cut.rows(Placement).filter(cut.about_children(), start_date__lte=cut.end)
    stated = ("pk", "period_id", "start_date", "end_date", "placement_type", "provider", "urn", "postcode")
    for row in cut.told(rows, *stated, "distance_miles", "change_reason", order=("start_date",)):
        ended = cut.by_then(row["end_date"])
        values = {
            "clap_cla_placement_start_date": row["start_date"],
            "clap_cla_placement_type": row["placement_type"],
            "clap_cla_placement_urn": row["urn"],
            "clap_cla_placement_distance": row["distance_miles"],
            "clap_cla_id": row["period_id"],
            "clap_cla_placement_provider": row["provider"],
            "clap_cla_placement_postcode": row["postcode"],
            "clap_cla_placement_end_date": ended,
            "clap_cla_placement_change_reason": row["change_reason"] if ended else None,
        }
        yield Told(row["child"], values | ids(PLACEMENTS, row))


def _statuses(cut: Cut) -> Iterator[Told]:
    """A row for each run of episodes of one status that follow each other."""
    rows = cut.told(_held(cut), "pk", "start_date", "end_date", "legal_status", order=("start_date",))
    for child, held in groupby(rows, key=lambda row: row["child"]):
        run: dict[str, Any] = {}
        for row in held:
            if run and (run["legal_status"], run["end_date"]) == (row["legal_status"], row["start_date"]):
                run["end_date"] = row["end_date"]
                continue
            if run:
                yield _told_status(cut, child, run)
            run = row
        yield _told_status(cut, child, run)


def _told_status(cut: Cut, child: tuple[str, int], run: dict[str, Any]) -> Told:
    values = {
        "lega_legal_status": run["legal_status"],
        "lega_legal_status_start_date": run["start_date"],
        "lega_legal_status_end_date": cut.by_then(run["end_date"]),
    }
    return Told(child, values | ids(STATUSES, run))


def _periods(cut: Cut, **which: Any) -> QuerySet[Any]:
    return cut.rows(PeriodOfCare).filter(cut.about_children(), start_date__lte=cut.end, **which)


def _homes(cut: Cut) -> Iterator[Told]:
    """The home that a child left for care, until the day on which care started."""
    held = _periods(cut, home_postcode__isnull=False)
    for row in cut.told(held, "pk", "home_postcode", "start_date", order=("start_date",)):
        values = {"addr_address_postcode": row["home_postcode"], "addr_address_end_date": row["start_date"]}
        yield Told(row["child"], values | ids(ADDRESSES, row))


def _arrangements(cut: Cut) -> Iterator[Told]:
    stated = ("previous_permanence", "previous_permanence_date", "previous_permanence_authority")
    for row in cut.told(_periods(cut, previous_permanence__isnull=False), "pk", *stated, order=("start_date",)):
        values = {
            "lapp_previous_permanence_option": row["previous_permanence"],
            "lapp_previous_permanence_order_date": row["previous_permanence_date"],
            "lapp_previous_permanence_la": row["previous_permanence_authority"],
        }
        yield Told(row["child"], values | ids(EARLIER, row))


def _checks(cut: Cut) -> Iterator[Told]:
    table = HEALTH.table
    held = cut.rows(HealthCheck).filter(cut.about_children(), kind__in=CHECKS, check_date__lte=cut.end)
    for row in cut.told(held, "pk", "kind", "check_date", order=("check_date",)):
        values = {"clah_health_check_type": CHECKS[row["kind"]][1], "clah_health_check_date": row["check_date"]}
        yield Told(row["child"], values | ids(table, row))


def _immunised(cut: Cut) -> Iterator[Told]:
    """The last day on which a child's immunisations were brought up to date."""
    held = cut.rows(HealthCheck).filter(cut.about_children(), kind="IMMUN", check_date__lte=cut.end)
    for child, rows in groupby(cut.told(held, "check_date", order=("check_date",)), key=lambda row: row["child"]):
        *_earlier, row = rows
        values = {
            "clai_person_id": row["reference"],
            "clai_immunisations_status": True,
            "clai_immunisations_status_date": row["check_date"],
        }
        yield Told(child, values)


def _care_plans(cut: Cut) -> Iterator[Told]:
    held = cut.rows(CarePlan).filter(cut.about_children(), plan_date__lte=cut.end)
    for row in cut.told(held, "pk", "plan_date", "permanence", order=("plan_date",)):
        told = json.dumps({"permanence": row["permanence"]}) if row["permanence"] else None
        values = {"lacp_cla_care_plan_start_date": row["plan_date"], "lacp_cla_care_plan_json": told}
        yield Told(row["child"], values | ids(CARE_PLANS.table, row))


def _seekers(cut: Cut) -> Iterator[Told]:
    held = cut.rows(AsylumStatus).filter(cut.about_children(), start_date__lte=cut.end)
    for row in cut.told(held, "pk", "start_date", "end_date", order=("start_date",)):
        values = {
            "immi_immigration_status": UNACCOMPANIED,
            "immi_immigration_status_start_date": row["start_date"],
            "immi_immigration_status_end_date": row["end_date"],
        }
        yield Told(row["child"], values | ids(ASYLUM.table, row))


WRITERS = (
    TableWriter("ssd", EPISODES.name, _episodes),
    TableWriter("ssd", PLACEMENTS.name, _placements),
    TableWriter("ssd", STATUSES.name, _statuses),
    TableWriter("ssd", ADDRESSES.name, _homes),
    TableWriter("ssd", EARLIER.name, _arrangements),
    REVIEWS.writer(),
    VISITS.writer(),
    SCORES.writer(),
    TableWriter("ssd", HEALTH.table.name, _checks),
    TableWriter("ssd", IMMUNISED.table.name, _immunised),
    TableWriter("ssd", CARE_PLANS.table.name, _care_plans),
    TableWriter("ssd", ASYLUM.table.name, _seekers),
    *(one.writer() for one in conduct_told.EVERY),
)
