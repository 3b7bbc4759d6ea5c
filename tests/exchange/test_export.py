"""From the record to a return and back: the same record, but for what the return cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from lxml import etree

from sightline.core.access.models import User
from sightline.core.people.models import Identifier
from sightline.engine.exchange.export import Exported, Request, export_return
from sightline.engine.synthetic.load import load
from sightline.standards.data import data_dir

from .conftest import Importing, emptied

PROFILE = "staffordshire-2016-17"
YEAR, AREA = "2016-17", "E10000028"
START, END = date(2016, 4, 1), date(2017, 3, 31)
Exporting = Callable[..., Exported]
Content = Counter[tuple[Any, ...]]


@pytest.fixture
def analyst(db: None) -> User:
    return User.objects.create(username="analyst", role="performance_analyst")


@pytest.fixture
def exporting(analyst: User) -> Exporting:
    """Exports a return of the county."""

    def run(kind: str, out: Path, year: str = YEAR, **more: Any) -> Exported:
        return export_return(Request(kind, year, out, more.pop("user", analyst), **more))

    return run


@pytest.fixture
def county(db: None) -> None:
    """A small invented county."""
    load(PROFILE, scale=0.02, seed=5)


class Held:
    """What the record holds, by the children's references."""

    def __init__(self) -> None:
        local = Identifier.objects.filter(scheme="local")
        self.references = dict(local.values_list("person_id", "value"))

    def rows(self, label: str, *fields: str | Q, **which: Any) -> Content:
        """The rows of a record type, each with its child's reference."""
        chosen = [one for one in fields if isinstance(one, Q)]
        fields = tuple(one for one in fields if isinstance(one, str))
        found = apps.get_model(label)._default_manager.filter(*chosen, **which)
        person = "pk" if label == "people.Person" else "person_id"
        return Counter((self.references.get(row[0], ""), *row[1:]) for row in found.values_list(person, *fields))

    def of(self, rows: Content, children: set[str]) -> Content:
        """The rows about some of the children."""
        return Counter({row: count for row, count in rows.items() if row[0] in children})


def children(rows: Content) -> set[str]:
    return {row[0] for row in rows}


def open_in_year(rows: Content, *, of_the_end: int = 0) -> Content:
    """Spells (end, start and more) that were open on any day of the year, as on its last day.

    What is said `of_the_end`, in so many last values, goes with an end that has not come yet.
    """
    found: Content = Counter()
    for (who, end, start, *more), count in rows.items():
        if start > END or (end is not None and end < START):
            continue
        still_open = end is not None and end > END
        if still_open:
            more[len(more) - of_the_end :] = [None] * of_the_end
        found[who, None if still_open else end, start, *more] += count
    return found


class TestLookedAfter:
    """An SSDA903 set says who is looked after, and nothing of what was before the first episode that it holds."""

    def test_the_set_read_again_is_the_same_record(
        self, county: None, make: Any, exporting: Exporting, importing: Importing, tmp_path: Path
    ) -> None:
        make("people.Motherhood", person=girl_in_care(), child_birth_date=date(2016, 11, 5))
        before = cared_for()
        done = exporting("ssda903", tmp_path / "first")
        emptied()
        report = importing(tmp_path / "first", YEAR, AREA)
        assert report.children == done.children
        assert report.children_quarantined == 0, report.reasons()
        assert report.sha256 == done.sha256
        assert min(len(rows) for rows in before.values()) > 0
        after = cared_for()
        for name, rows in before.items():
            assert rows == after[name], name
        assert exporting("ssda903", tmp_path / "second").sha256 == done.sha256


class TestInNeed:
    """A census says who was in need in the year, and what was done in it."""

    def test_the_file_read_again_is_the_same_record(
        self, county: None, exporting: Exporting, importing: Importing, tmp_path: Path
    ) -> None:
        out, again = tmp_path / "first.xml", tmp_path / "second.xml"
        before = in_need()
        done = exporting("cin", out)
        assert faults(out, 2017) == []
        assert not [note for note in done.notes if "left out" in note or "asks for" in note or "in force" in note]
        emptied()
        report = importing(out, YEAR)
        assert report.children == done.children
        assert report.children_quarantined == 0, report.reasons()
        assert min(len(rows) for rows in before.values()) > 0
        after = in_need()
        for name, rows in before.items():
            assert rows == after[name], name
        exporting("cin", again)
        assert body(again) == body(out)


def faults(path: Path, year: int) -> list[str]:
    """What the published schema of the year finds in a census."""
    schema = etree.XMLSchema(etree.parse(str(data_dir() / "returns" / "cin" / f"CIN_schema_{year}.xsd")))
    schema.validate(etree.parse(str(path)))
    return [f"line {one.line}: {one.message}" for one in schema.error_log]


def body(path: Path) -> bytes:
    """A census without its header, which says when the file was made."""
    return path.read_bytes().partition(b"</Header>")[2]


def in_need() -> dict[str, Content]:
    """What a census of the year can say, read from the record without the export's help."""
    held = Held()
    whole_year = (START, END)
    need = {"service": "social_care"}
    cases = open_in_year(
        held.rows("cases.Case", "end_date", "start_date", "primary_need", "closure_reason", **need), of_the_end=1
    )
    stated = ("referral_date", "source", "primary_need", "no_further_action")
    turned_away = held.rows("front_door.Referral", *stated, no_further_action=True, referral_date__range=whole_year)
    open_cases = Q(case__end_date=None) | Q(case__end_date__gte=START)
    accepted = held.rows("front_door.Referral", *stated, open_cases, case__start_date__lte=END)
    known = children(cases) | children(turned_away)
    numbers = held.rows("people.Identifier", "scheme", "value", scheme__in=("local", "upn"))
    under_way = Q(authorised_date=None) | Q(authorised_date__gt=END)
    of_year = (under_way | Q(authorised_date__range=whole_year)) & Q(start_date__lte=END, cancelled_date=None)
    assessments = held.rows("assessment.Assessment", "start_date", "review_point_date", "authorised_date", of_year)
    factors = held.rows(
        "assessment.AssessmentFactor", "assessment__start_date", "factor", assessment__authorised_date__range=whole_year
    )
    presented = ("conference__kind", "conference__conference_date", "section47__start_date")
    met = {"conference__conference_date__range": whole_year}
    presentations = apps.get_model("child_protection.ConferenceChild").objects.filter(**met, section47__isnull=False)
    begun_or_met = Q(start_date__range=whole_year) | Q(pk__in=presentations.values("section47"))
    enquiries = held.rows("child_protection.Section47", "start_date", "conference_not_required", begun_or_met)
    categories = ("initial_category", "latest_category")
    plans = open_in_year(held.rows("child_protection.Plan", "end_date", "start_date", *categories))
    return {
        "people": held.of(
            held.rows("people.Person", "birth_date", "expected_birth_date", "death_date", "sex", "ethnicity"), known
        ),
        "numbers": held.of(numbers, known),
        "disabilities": held.of(held.rows("people.Disability", "disability", known_by_then), known),
        "cases": cases,
        "referrals": turned_away + accepted,
        "assessments": Counter(
            {(*row[:3], row[3] and (row[3] if row[3] <= END else None)): n for row, n in assessments.items()}
        ),
        "factors": factors,
        "enquiries": enquiries,
        "plans": plans,
        "conferences": held.rows("child_protection.ConferenceChild", *presented, **met),
    }


#: A census gives a disability no dates: what is read from one is there with neither.
known_by_then = Q(start_date=None) | Q(start_date__lte=END)


def girl_in_care() -> Any:
    """One of those who were looked after at the end of the year, by name of nothing but her sex."""
    held = apps.get_model("looked_after.Episode").objects.filter(end_date=None, person__sex="F", legal_status="C2")
    return held.order_by("start_date")[0].person


def cared_for() -> dict[str, Content]:
    """What an SSDA903 set of the year can say, read from the record without the export's help."""
    held = Held()
    whole_year = (START, END)
    legal = ("end_date", "start_date", "start_reason", "legal_status", "end_reason")
    episodes = open_in_year(held.rows("looked_after.Episode", *legal), of_the_end=1)
    cared = children(episodes)
    leavers = held.rows("leaving_care.Outcome", "in_touch", "activity", "accommodation", year_end=END)
    everyone = cared | children(leavers)
    numbers = held.rows("people.Identifier", "scheme", "value", scheme__in=("local", "upn"))
    reviews = held.rows("looked_after.Review", "review_date", "participation", review_date__range=whole_year)
    asylum = held.rows("looked_after.AsylumStatus", "end_date", "start_date")
    adopters = ("adopted_by_carer", "adopters", "adopters_sex", "adopters_status")
    adopted = ("decision_date", "matched_date", "order_date", *adopters)
    adoptions = held.rows("adoption.AdoptionPlan", *adopted, order_date__range=whole_year)
    place = ("placement_type", "provider", "change_reason")
    where = ("urn", "postcode", "authority")
    fared = (
        *("sdq_score", "sdq_reason", "convicted", "health_check", "immunisations", "teeth_check", "health_assessment"),
        *("substance_misuse", "intervention_received", "intervention_offered"),
    )
    before = ("previous_permanence", "previous_permanence_authority", "previous_permanence_date")
    gone = open_in_year(held.rows("missing.MissingEpisode", "end_date", "start_date", "kind"))
    mothers = held.rows("people.Motherhood", "child_birth_date")
    return {
        "people": held.of(held.rows("people.Person", "birth_date", "sex", "ethnicity"), everyone),
        "numbers": held.of(numbers, everyone),
        "episodes": episodes,
        "periods": from_first_episode("period", "category_of_need", "end_reason"),
        "placements": from_first_episode("placement", *place),
        # Short breaks are not asked where.
        "homes": from_first_episode("period", "home_postcode", "end_reason", breaks=False),
        "locations": from_first_episode("placement", *where, "change_reason", breaks=False),
        # Told once of a child, however often they came into care in the year.
        "permanence": Counter(
            set(held.rows("looked_after.PeriodOfCare", *before, start_date__range=whole_year, **asked_before))
        ),
        "years": held.rows("looked_after.YearInCare", *fared, year_end=END),
        "missing": held.of(gone, cared),
        "mothers": held.of(mothers, cared),
        "reviews": held.of(reviews, cared),
        # The set says when the status ends, also where that lies ahead, and not when it began.
        "asylum": Counter(row[:2] for row in held.of(asylum, cared) if row[2] <= END and row[1] >= START),
        "adoptions": held.of(adoptions, cared),
        "leavers": leavers,
    }


asked_before = {"previous_permanence__isnull": False}


def from_first_episode(link: str, *fields: str, breaks: bool = True) -> Content:
    """Periods of care or placements, each from its first episode that was open in the year: the set does not say what was before."""
    held, found = Held(), {}
    of = (f"{link}__end_date", "start_date", *(f"{link}__{name}" for name in fields))
    episodes = apps.get_model("looked_after.Episode").objects
    rows = (episodes.all() if breaks else episodes.exclude(legal_status__in=("V3", "V4"))).order_by("start_date")
    for row in rows.filter(Q(end_date=None) | Q(end_date__gte=START)).values_list(f"{link}_id", "person_id", *of):
        found.setdefault(row[0], (held.references[row[1]], *row[2:]))
    return open_in_year(Counter(found.values()), of_the_end=1)
