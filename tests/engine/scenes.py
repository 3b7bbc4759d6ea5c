"""Scenes: the records of a few families, each in an area of its own, so that one snapshot of them all proves many figures apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from sightline.engine.measures.compute import compute
from sightline.engine.measures.results import Result, Results
from sightline.engine.measures.store import opened
from sightline.engine.snapshot.store import Snapshot
from sightline.standards import areas, periods
from sightline.standards.periods import Period

from ..recount.world import Rec, World

#: The year of the report, and what is asked for beside it.
YEAR = periods.year(2016)


class Families(World):
    """A world with words for what happens to children. Every word gives the record it wrote."""

    def child(self, born: str = "2010-05-01", **values: Any) -> Rec:
        """A child, with a case that closed long ago to hang records on."""
        child = self.add("people.Person", birth_date=born, sex="F", ethnicity="WBRI", **values)
        closed = {"start_date": "2012-01-03", "end_date": "2012-02-01", "closure_reason": "RC8"}
        child.notes["case"] = self.add("cases.Case", person=child, service="social_care", **closed)
        return child

    def case(self, child: Rec, start: str, end: str | None = None, service: str = "social_care") -> Rec:
        """A case, open unless it ends."""
        reason = "RC1" if end else None
        return self.add(
            "cases.Case", person=child, service=service, start_date=start, end_date=end, closure_reason=reason
        )

    def referral(self, child: Rec, day: str, outcome: str = "ASSESS") -> Rec:
        """A referral."""
        nfa = outcome == "NFA"
        return self.add(
            "front_door.Referral",
            person=child,
            referral_date=day,
            source="1A",
            outcome=outcome,
            no_further_action=nfa,
        )

    def assessment(self, child: Rec, authorised: str | None, *factors: str) -> Rec:
        """An assessment with the factors it found."""
        found = self.add(
            "assessment.Assessment",
            person=child,
            case=child.notes["case"],
            start_date="2016-03-01",
            authorised_date=authorised,
        )
        for factor in factors:
            self.add("assessment.AssessmentFactor", person=child, assessment=found, factor=factor)
        return found

    def plan(self, child: Rec, start: str, end: str | None = None, **values: Any) -> Rec:
        """A child protection plan."""
        values = {"initial_category": "NEG", "latest_category": "NEG"} | values
        of = {"person": child, "case": child.notes["case"]}
        return self.add("child_protection.Plan", **of, start_date=start, end_date=end, **values)

    def conference(self, kind: str, day: str) -> Rec:
        """A conference, at which nobody is presented yet."""
        return self.add("child_protection.Conference", kind=kind, conference_date=day)

    def initial(self, meeting: Rec, strategy: str, *, advocate: bool = False) -> Rec:
        """A child presented at an initial conference after an enquiry that began with the strategy discussion on a day."""
        child = self.child()
        of = {"person": child, "case": child.notes["case"]}
        discussion = self.add("child_protection.StrategyDiscussion", **of, discussion_date=strategy)
        enquiry = self.add(
            "child_protection.Section47",
            **of,
            strategy_discussion=discussion,
            start_date=strategy,
            outcome="SUBST_RISK",
        )
        return self.add(
            "child_protection.ConferenceChild", person=child, conference=meeting, section47=enquiry, advocate=advocate
        )

    def reviewed(self, meeting: Rec, plan: Rec, *, advocate: bool = False) -> Rec:
        """A child presented at a review conference."""
        child = plan.values["person"]
        return self.add(
            "child_protection.ConferenceChild", person=child, conference=meeting, plan=plan, advocate=advocate
        )

    def care(
        self,
        child: Rec,
        start: str,
        end: str | None = None,
        reason: str | None = None,
        *,
        status: str = "C2",
        stays: tuple[tuple[str, ...], ...] = (),
    ) -> Rec:
        """A period of care of one legal status. A stay is (start, carers, placement type); it lasts to the next one's start."""
        values = {"end_reason": reason, "category_of_need": "N1"}
        period = self.add("looked_after.PeriodOfCare", person=child, start_date=start, end_date=end, **values)
        stays = stays or ((start, "A"),)
        ends = [*(stay[0] for stay in stays[1:]), end]
        for (first, carers, *kind), last in zip(stays, ends, strict=True):
            spell: dict[str, Any] = {"person": child, "period": period, "start_date": first, "end_date": last}
            placement = self.add(
                "looked_after.Placement", **spell, placement_type=kind[0] if kind else "U6", carer_reference=carers
            )
            self.add("looked_after.Episode", **spell, placement=placement, start_reason="S", legal_status=status)
        return period

    def place(self, start: str, **values: Any) -> Rec:
        """A child looked after, never ceased, in one foster placement with these values."""
        child = self.child()
        period = self.care(child, start)
        placement = next(
            r for r in self.records if r.label == "looked_after.Placement" and r.values["period"] is period
        )
        placement.values |= values
        return child


Scene = Callable[[Families], None]


class Staged:
    """The scenes, each played in its own area, and the figures of their snapshot."""

    def __init__(self, scenes: list[Scene], folder: Path, asked: list[Period]) -> None:
        world = Families()
        codes = [found.code for found in areas.areas("local_authority")]
        self.areas = dict(zip(scenes, codes, strict=False))
        for scene, area in self.areas.items():
            world.area = area
            scene(world)
            if not any(record.label == "records.Coverage" and record.area == area for record in world.records):
                world.covers("2013-04-01", "2018-03-31")
        self.snapshot: Snapshot = world.snapshot(folder)
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "never empty any other database"
        call_command("flush", interactive=False, verbosity=0)
        self.asked = asked
        self.tables, plans = opened(self.snapshot)
        self.results = Results(compute(self.tables, plans, asked))

    def result(self, scene: Scene, id: str, period: Period = YEAR, **narrowed: str) -> Result:
        """One figure of one scene."""
        return self.results.result(id, period, self.areas[scene], **narrowed)

    def of(self, scene: Scene, id: str, period: Period = YEAR) -> tuple[float | None, float | None]:
        """Numerator and denominator of a share, a rate or a mean."""
        found = self.result(scene, id, period)
        return found.numerator, found.denominator

    def count(self, scene: Scene, id: str, period: Period = YEAR, **narrowed: str) -> float | None:
        """The value of a count."""
        return self.result(scene, id, period, **narrowed).value
