"""What the SSDA903 return asks of children looked after beside their episodes: health and conduct of a whole year (OC2), the social workers
who had them, and orders that they may be deprived of liberty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.looked_after.models import DeprivationOfLiberty, Episode, SocialWorkerSpell, YearInCare
from sightline.pathways.looked_after.ssda903.care import SHORT_BREAKS, looked_after

#: The items of OC2 as the record names them.
ITEMS = {
    "SDQ_SCORE": "sdq_score",
    "SDQ_REASON": "sdq_reason",
    "CONVICTED": "convicted",
    "HEALTH_CHECK": "health_check",
    "IMMUNISATIONS": "immunisations",
    "TEETH_CHECK": "teeth_check",
    "HEALTH_ASSESSMENT": "health_assessment",
    "SUBSTANCE_MISUSE": "substance_misuse",
    "INTERVENTION_RECEIVED": "intervention_received",
    "INTERVENTION_OFFERED": "intervention_offered",
}


def year_in_care(child: Child) -> None:
    """One row for each child."""
    row = child.only("OC2")
    if row is not None:
        stated = {name: row[column] for column, name in ITEMS.items()}
        child.add(YearInCare, row, f"year/{child.period_end}", year_end=child.period_end, **stated)


def social_workers(child: Child) -> None:
    """Spells of the social workers, each with the reason for the change that began it."""
    for row in child.of("SWEpisodes"):
        child.add(
            SocialWorkerSpell,
            row,
            f"social-worker/{row['SW_DECOM']}/{row['SW_ID']}",
            worker_number=row["SW_ID"],
            start_date=row["SW_DECOM"],
            end_date=row["SW_DEC"],
            reason=row["SW_REASON"],
        )


def liberty(child: Child) -> None:
    """Orders, which may end in the future."""
    for row in child.of("DoLo"):
        start = row["DOLO_START"]
        child.add(DeprivationOfLiberty, row, f"liberty/{start}", start_date=start, end_date=row["DOLO_END"])


BUILDERS = (
    Builder("ssda903", ("OC2",), {YearInCare: ("person", "year_end", *ITEMS.values())}, year_in_care),
    Builder(
        "ssda903",
        ("SWEpisodes",),
        {SocialWorkerSpell: ("person", "worker_number", "start_date", "end_date", "reason")},
        social_workers,
    ),
    Builder("ssda903", ("DoLo",), {DeprivationOfLiberty: ("person", "start_date", "end_date")}, liberty),
)


def _rows(cut: Cut, rows: QuerySet[Any], columns: dict[str, str], *order: str) -> Iterator[dict[str, Any]]:
    """The rows with what every table begins with."""
    for row in cut.told(rows, "person__birth_date", *columns.values(), order=order):
        stated = {column: row[name] for column, name in columns.items()}
        yield {"child": row["child"], "values": {"CHILD": row["reference"], "DOB": row["person__birth_date"]} | stated}


def _years(cut: Cut) -> Iterator[Told]:
    """What is on record for the year of children looked after in it."""
    for row in _rows(cut, cut.rows(YearInCare).filter(cut.for_year("year_end"), person__in=looked_after(cut)), ITEMS):
        yield Told(**row)


def _social_workers(cut: Cut) -> Iterator[Told]:
    """Whoever had, on any day of the year, a child who is looked after on its last day, short breaks apart (rules SW11b and SW12)."""
    still = cut.rows(Episode).filter(Q(end_date=None) | Q(end_date__gt=cut.end), start_date__lte=cut.end)
    spells = cut.rows(SocialWorkerSpell).filter(
        cut.during_year(), person__in=still.exclude(legal_status__in=SHORT_BREAKS).values("person")
    )
    columns = {"SW_ID": "worker_number", "SW_DECOM": "start_date", "SW_DEC": "end_date", "SW_REASON": "reason"}
    for row in _rows(cut, spells, columns, "start_date"):
        row["values"]["SW_DEC"] = cut.by_then(row["values"]["SW_DEC"])
        yield Told(**row)


def _orders(cut: Cut) -> Iterator[Told]:
    """Orders that ran on any day of the year. Their end may lie ahead: it is known when they are made."""
    columns = {"DOLO_START": "start_date", "DOLO_END": "end_date"}
    orders = cut.rows(DeprivationOfLiberty).filter(cut.during_year(), person__in=looked_after(cut))
    for row in _rows(cut, orders, columns, "start_date"):
        yield Told(**row)


WRITERS = (
    TableWriter("ssda903", "OC2", _years),
    TableWriter("ssda903", "SWEpisodes", _social_workers),
    TableWriter("ssda903", "DoLo", _orders),
)
