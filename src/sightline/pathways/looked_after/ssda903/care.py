"""Episodes, reviews and asylum status in the SSDA903 return.

The return knows episodes only. Periods of care and placements are worked out from them:

- a period of care starts with an episode that says so (RNE S), after a gap, or after an episode whose reason says that care ended;
- a placement runs on while an episode changes the legal status only (RNE L) and every particular of the placement stays the same. A temporary
  placement (T0 to T4) is a placement of its own, since its particulars differ.

A return holds the episodes that were open in its year. Where an earlier return of the area is on record, its episodes are put before these,
so that a period or a placement keeps the start that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import (
    Builder,
    Cohort,
    TableWriter,
    Told,
)
from sightline.pathways.looked_after import stated
from sightline.pathways.looked_after.models import AsylumStatus, Episode, PeriodOfCare, Placement, Review
from sightline.pathways.looked_after.where import authority_at
from sightline.returns.ssda903.people import sex_for_903
from sightline.standards.areas import area
from sightline.standards.distance import distance, tidy

CONTINUES = "X1"
STARTS = "S"
LEGAL_STATUS_ONLY = "L"
EPISODES = "looked_after_episodes"
SHORT_BREAKS = ("V3", "V4")


@dataclass(frozen=True)
class Part:
    """One episode, of this file (with its row) or of an earlier return (without)."""

    start: str
    end: str | None
    rne: str
    rec: str | None
    placement: tuple[str, str, str, str | None]
    need: str
    home: str | None
    change: str | None
    row: Row | None = None
    care_start: str = ""
    placement_start: str = ""


@dataclass
class Run:
    """Episodes that follow each other: a period of care, or a placement in it."""

    start: str
    parts: list[Part] = field(default_factory=list)

    @property
    def end(self) -> str | None:
        return self.parts[-1].end

    @property
    def row(self) -> Row | None:
        return next((part.row for part in self.parts if part.row is not None), None)


def care(child: Child) -> None:
    """Periods of care, placements and episodes; then what lies inside them."""
    parts = sorted(_parts(child), key=lambda part: (part.start, part.end or "9999"))
    asylum = child.only("UASC")
    for period in runs(parts, _starts_care, "care_start"):
        row = period.row
        if row is None:
            continue
        first, last = period.parts[0], period.parts[-1]
        if len({part.need for part in period.parts}) > 1:
            child.note("periods of care whose category of need changes: the first is recorded")
        made = child.add(
            PeriodOfCare,
            row,
            f"care/{period.start}",
            start_date=period.start,
            end_date=period.end,
            end_reason=last.rec if last.end else None,
            category_of_need=first.need,
            home_postcode=first.home,
            previous_permanence=None,
            previous_permanence_authority="",
            previous_permanence_date="",
        )
        child.shared.setdefault("periods", []).append((period, made))
        _placements(child, period, made, asylum=asylum is not None)
    _previous_permanence(child)
    _reviews(child)
    if asylum is not None:
        _asylum(child, asylum)


def runs(parts: Iterable[Part], begins: Any, known: str) -> Iterator[Run]:
    """Splits episodes in order into runs. The first part of an earlier return keeps the start that is on record."""
    run: Run | None = None
    for part in parts:
        if run is None or begins(run.parts[-1], part):
            if run is not None:
                yield run
            run = Run(getattr(part, known) or part.start)
        run.parts.append(part)
    if run is not None:
        yield run


def _starts_care(before: Part, part: Part) -> bool:
    return (
        part.rne == STARTS
        or before.rec not in (CONTINUES, None)
        or (before.end is not None and part.start > before.end)
    )


def _starts_placement(before: Part, part: Part) -> bool:
    return part.rne != LEGAL_STATUS_ONLY or part.placement != before.placement


def _parts(child: Child) -> Iterator[Part]:
    """The child's episodes: those of the file, and those that earlier returns hold and this one does not repeat."""
    rows = list(child.of("Episodes"))
    stated = {row["DECOM"] for row in rows}
    on_record = {part.start: part for part in child.shared.get(EPISODES, ())}
    yield from (part for start, part in on_record.items() if start not in stated)
    for row in rows:
        if row["REC"] and not row["DEC"]:
            child.note("episodes with a reason for ceasing but no date: read as still open, without the reason")
        part = Part(
            start=row["DECOM"],
            end=row["DEC"],
            rne=row["RNE"],
            rec=row["REC"] if row["DEC"] else None,
            placement=(row["PLACE"], row["PLACE_PROVIDER"] or "", row["URN"] or "", _postcode(row["PL_POST"])),
            need=row["CIN"],
            home=_postcode(row["HOME_POST"]),
            change=row["REASON_PLACE_CHANGE"],
            row=row,
        )
        before = on_record.get(part.start)
        yield replace(part, care_start=before.care_start, placement_start=before.placement_start) if before else part


def _placements(child: Child, period: Run, made: Draft, *, asylum: bool) -> None:
    for stay in runs(period.parts, _starts_placement, "placement_start"):
        row, last = stay.row, stay.parts[-1]
        if row is None:
            continue
        kind, provider, urn, postcode = last.placement
        placement = child.add(
            Placement,
            row,
            f"placement/{stay.start}",
            period=made,
            start_date=stay.start,
            end_date=stay.end,
            placement_type=kind,
            provider=provider,
            urn=urn,
            postcode=postcode,
            authority=authority_at(postcode),
            distance_miles=None if asylum else _miles(period.parts[0].home, postcode),
            change_reason=last.change if last.end else None,
        )
        for part in stay.parts:
            if part.row is not None:
                child.add(
                    Episode,
                    part.row,
                    f"episode/{part.start}",
                    period=made,
                    placement=placement,
                    start_date=part.start,
                    start_reason=part.rne,
                    legal_status=part.row["LS"],
                    end_date=part.end,
                    end_reason=part.rec,
                )


def _previous_permanence(child: Child) -> None:
    """It is asked of children who started in the year, so it belongs to the latest period that the file has."""
    row = child.only("PrevPerm")
    if row is None:
        return
    periods = child.shared.get("periods")
    if not periods:
        child.fault(row, "the child has no episode in the episodes table")
        return
    authority = row["LA_PERM"] or ""
    periods[-1][1].fields |= {
        "previous_permanence": row["PREV_PERM"],
        "previous_permanence_authority": area(authority).code or authority if authority else "",
        "previous_permanence_date": row["DATE_PERM"] or "",
    }


def _reviews(child: Child) -> None:
    periods = child.shared.get("periods", [])
    for row in child.of("Reviews"):
        held = row["REVIEW"]
        found = next(
            (made for run, made in periods if run.start <= held and (run.end is None or held <= run.end)), None
        )
        if found is None and periods and held < periods[0][0].start and periods[0][0].parts[0].rne != STARTS:
            # Care began before the file's first episode, so the review may lie in the same period.
            child.note(
                "reviews before the first episode of a child who was in care already: put to that period of care"
            )
            found = periods[0][1]
        if found is None:
            child.fault(row, "the review lies outside every period of care in the episodes table")
            continue
        child.add(Review, row, f"review/{held}", period=found, review_date=held, participation=row["REVIEW_CODE"])


def _asylum(child: Child, row: Row) -> None:
    """The return gives the day the status ended or will end; it began, at the latest, when care did."""
    periods = child.shared.get("periods", [])
    start = periods[0][0].start if periods else child.period_start
    child.add(AsylumStatus, row, "asylum", start_date=start, end_date=row["DUC"])


def earlier_episodes(systems: list[str]) -> Iterator[tuple[str, Part]]:
    """The episodes that earlier returns of the area left on record, each with its child's reference."""
    episodes = Episode.objects.filter(source_system__in=systems).select_related("placement", "period")
    for episode in episodes.order_by("person_id", "start_date").iterator():
        stay, care = episode.placement, episode.period
        yield (
            (episode.source_id or "").partition("/")[0],
            Part(
                start=episode.start_date.isoformat(),
                end=episode.end_date.isoformat() if episode.end_date else None,
                rne=episode.start_reason,
                rec=episode.end_reason,
                placement=(stay.placement_type, stay.provider, stay.urn, stay.postcode),
                need=care.category_of_need,
                home=care.home_postcode,
                change=stay.change_reason,
                care_start=care.start_date.isoformat(),
                placement_start=stay.start_date.isoformat(),
            ),
        )


def _postcode(text: str | None) -> str | None:
    return tidy(text) if text else None


@lru_cache(maxsize=20_000)
def _miles(home: str | None, placement: str | None) -> float | None:
    return distance(home, placement) if home and placement else None


BUILDERS = (
    Builder(
        "ssda903",
        ("Episodes", "PrevPerm"),
        {
            PeriodOfCare: stated.PERIOD,
            Placement: stated.PLACEMENT,
            Episode: stated.EPISODE,
            Review: ("person", "period", "review_date", "participation"),
            AsylumStatus: ("person", "start_date", "end_date"),
        },
        care,
        order=10,
    ),
)
EARLIER_FILES = {EPISODES: earlier_episodes}


def _open_episodes(cut: Cut) -> QuerySet[Any]:
    """Episodes that were open on any day of the year."""
    return cut.rows(Episode).filter(cut.during_year())


def looked_after(cut: Cut) -> QuerySet[Any, Any]:
    """Whoever was looked after on any day of the year."""
    return _open_episodes(cut).values("person")


def _episode_rows(cut: Cut) -> Iterator[Told]:
    stay = ("placement_type", "provider", "postcode", "urn", "end_date", "change_reason")
    care = ("period__category_of_need", "period__home_postcode")
    own = ("start_date", "start_reason", "legal_status", "end_date", "end_reason")
    rows = cut.told(_open_episodes(cut), *own, *care, *(f"placement__{name}" for name in stay), order=("start_date",))
    for row in rows:
        ended = cut.by_then(row["end_date"])
        # Short breaks are not asked where: rules 214, 398 and 420.
        located = row["legal_status"] not in SHORT_BREAKS
        ends_stay = ended is not None and row["placement__end_date"] == ended
        values = {
            "CHILD": row["reference"],
            "DECOM": row["start_date"],
            "RNE": row["start_reason"],
            "LS": row["legal_status"],
            "CIN": row["period__category_of_need"],
            "PLACE": row["placement__placement_type"],
            "PLACE_PROVIDER": row["placement__provider"],
            "DEC": ended,
            "REC": row["end_reason"] if ended else None,
            "REASON_PLACE_CHANGE": row["placement__change_reason"] if ends_stay else None,
            "HOME_POST": row["period__home_postcode"] if located else None,
            "PL_POST": row["placement__postcode"] if located else None,
            "URN": row["placement__urn"] if located else None,
        }
        yield Told(row["child"], values)


def _review_rows(cut: Cut) -> Iterator[Told]:
    """Reviews held in the year, of children looked after in it."""
    held = cut.rows(Review).filter(cut.in_year("review_date"), person__in=looked_after(cut))
    for row in cut.told(held, "review_date", "participation", "person__birth_date", order=("review_date",)):
        yield Told(
            row["child"],
            {
                "CHILD": row["reference"],
                "DOB": row["person__birth_date"],
                "REVIEW": row["review_date"],
                "REVIEW_CODE": row["participation"],
            },
        )


def _asylum_rows(cut: Cut) -> Iterator[Told]:
    """Children who sought asylum alone on any day of the year, once each: with the last spell."""
    spells = cut.rows(AsylumStatus).filter(cut.during_year(), person__in=looked_after(cut))
    rows = cut.told(spells, "end_date", "person__birth_date", "person__sex", order=("start_date",))
    for child, found in groupby(rows, key=lambda row: row["child"]):
        *_earlier, row = found
        sex = sex_for_903(cut, row["person__sex"])
        values = {"CHILD": child[0], "SEX": sex, "DOB": row["person__birth_date"], "DUC": row["end_date"]}
        yield Told(child, values)


def _previous_permanence_rows(cut: Cut) -> Iterator[Told]:
    """The earlier arrangement of children who started to be looked after in the year, as of the last start."""
    periods = cut.rows(PeriodOfCare).filter(cut.in_year("start_date"), previous_permanence__isnull=False)
    stated = ("previous_permanence", "previous_permanence_authority", "previous_permanence_date")
    rows = cut.told(periods, "person__birth_date", *stated, order=("start_date",))
    for child, found in groupby(rows, key=lambda row: row["child"]):
        *_earlier, row = found
        yield Told(
            child,
            {
                "CHILD": child[0],
                "DOB": row["person__birth_date"],
                "PREV_PERM": row["previous_permanence"],
                "LA_PERM": _number_of(row["previous_permanence_authority"]),
                "DATE_PERM": row["previous_permanence_date"],
            },
        )


def _number_of(authority: str) -> str:
    """The authority's number of three digits, as the return wants it; other codes (NIR, NUK) as they are."""
    return (area(authority).old_la_code if authority else "") or authority


def not_for_breaks_only(cut: Cut) -> QuerySet[Any, Any]:
    """Whoever was looked after on any day of the year, short breaks apart: those are asked for little (rules 399 and 630)."""
    return _open_episodes(cut).exclude(legal_status__in=SHORT_BREAKS).values("person")


COHORTS = (Cohort("ssda903", looked_after, in_full=not_for_breaks_only),)
WRITERS = (
    TableWriter("ssda903", "Episodes", _episode_rows),
    TableWriter("ssda903", "Reviews", _review_rows),
    TableWriter("ssda903", "UASC", _asylum_rows),
    TableWriter("ssda903", "PrevPerm", _previous_permanence_rows),
)
