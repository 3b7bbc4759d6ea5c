"""Missing episodes of looked-after children in the SSDA903 return."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.missing.models import MissingEpisode


def episodes(child: Child) -> None:
    """One record for each row."""
    for row in child.of("Missing"):
        start = row["MIS_START"]
        child.add(
            MissingEpisode, row, f"missing/{start}", kind=row["MISSING"], start_date=start, end_date=row["MIS_END"]
        )


BUILDERS = (
    Builder(
        "ssda903",
        ("Missing",),
        {MissingEpisode: ("person", "kind", "start_date", "end_date")},
        episodes,
        # It says which looked-after children were missing, and nothing of others.
        covers=("missing_from_care",),
    ),
)


def _rows(cut: Cut) -> Iterator[Told]:
    """Episodes that ran on any day of the year and began while the child was looked after."""
    care = cut.rows(apps.get_model("looked_after.Episode")).filter(
        Q(end_date=None) | Q(end_date__gt=OuterRef("start_date")),
        person=OuterRef("person"),
        start_date__lte=OuterRef("start_date"),
    )
    found = cut.rows(MissingEpisode).filter(Exists(care), cut.during_year(), cut.about_children())
    stated = ("kind", "start_date", "end_date")
    for row in cut.told(found.annotate(born=F("person__birth_date")), "born", *stated, order=("start_date",)):
        yield Told(
            row["child"],
            {
                "CHILD": row["reference"],
                "DOB": row["born"],
                "MISSING": row["kind"],
                "MIS_START": row["start_date"],
                "MIS_END": cut.by_then(row["end_date"]),
            },
        )


WRITERS = (TableWriter("ssda903", "Missing", _rows),)
