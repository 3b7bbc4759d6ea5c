"""Profiles made by code: one with random numbers, for tests, and one from published statistics for any authority and year.

Both begin from the shape of a profile that comes with Sightline. What is published takes the place of its numbers; what is not keeps its
proportion to something that is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.profile import (
    CareStock,
    CareYear,
    CaseStock,
    Profile,
    ProtectionYear,
    ReferralYear,
    grown,
    read,
)
from sightline.standards import benchmarks
from sightline.standards.areas import Area, area
from sightline.standards.populations import PopulationNotHeld, population

SHAPE = "staffordshire-2016-17"
RANDOM_SCALE = 0.03
RANDOM_AREAS = ("E10000028", "E10000007", "E06000019", "E08000025", "E09000007")


def random_profile(seed: int, scale: float = RANDOM_SCALE) -> Profile:
    """A small partnership whose every count was drawn at random: nothing can be right about it by being familiar."""
    chance = Chance(f"profile {seed}")

    def drawn(count: int) -> int:
        if count == 0 or chance.random() < 0.03:
            return 0
        return round(count * chance.uniform(0.45, 1.7))

    made = grown(read(SHAPE).scaled(scale), drawn)
    year_end = date(chance.between(2014, 2026), 3, 31)
    return replace(
        made, name=f"random-{seed}", title=f"Random numbers {seed}", area=chance.choice(RANDOM_AREAS), year_end=year_end
    )


def profile_from_benchmarks(where: str, year: int | str) -> Profile:
    """A partnership like an authority in the year that ends in `year`, as far as published statistics tell.

    Raises InputProblem when the area is not an authority or the tables hold nothing of it for the year.
    """
    place = area(where)
    ends = benchmarks.period_end(year)
    if place.level != "local_authority":
        raise InputProblem(
            f"'{where}' is not an authority", "area", "Give its name or code, such as Derbyshire or E10000007."
        )
    published = _Published(place, ends)
    if not published.any():
        raise InputProblem(
            f"No statistics of {place.name} are held for {ends - 1}-{ends % 100:02d}",
            "year",
            "Choose a year from 2015 on.",
        )
    return published.profile()


@dataclass
class _Published:
    """What is published of one authority for the year that ends on 31 March of `ends`, and the year before."""

    place: Area
    ends: int

    def __post_init__(self) -> None:
        self.shape = read(SHAPE)
        self.children = self._population()
        self.size = self.children / 168_824

    def _population(self) -> int:
        try:
            return population(self.place, date(self.ends, 3, 31)).number
        except PopulationNotHeld:
            return 100_000

    def any(self) -> bool:
        return self._held("cla_n", self.ends) is not None or self._held("cp_n", self.ends) is not None

    def _held(self, key: str, ends: int) -> float | None:
        return benchmarks.value(key, self.place, ends).value

    def number(self, key: str, back: int, otherwise: float) -> int:
        """A published count (a rate in 10,000 when the key says so) for the year, or the one before; else the shape's, for the population."""
        for ends in (self.ends - back, self.ends):
            found = self._held(key, ends)
            if found is not None:
                return round(found * self.children / 10_000 if key.endswith("_rate") else found)
        return round(otherwise * self.size)

    def share(self, key: str, back: int, of: int, otherwise: float) -> int:
        """A published percentage of a count; else the shape's share."""
        for ends in (self.ends - back, self.ends):
            found = self._held(key, ends)
            if found is not None:
                return round(of * found / 100)
        return round(of * otherwise)

    def profile(self) -> Profile:
        shape = self.shape
        made = grown(shape, lambda count: round(count * self.size))
        referrals = replace(
            made.referrals,
            earlier=self._referrals(2, shape.referrals.earlier),
            prior=self._referrals(1, shape.referrals.prior),
            year=self._referrals(0, shape.referrals.year),
        )
        made = self._protection(replace(made, referrals=referrals))
        made = self._care(made)
        made = self._assessments(made)
        made = self._cases(made)
        return replace(
            made,
            name=f"{self.place.name.lower().replace(' ', '-')}-{self.ends - 1}-{self.ends % 100:02d}",
            title=f"{self.place.name}, year to 31 March {self.ends}, from published statistics",
            area=self.place.code,
            year_end=date(self.ends, 3, 31),
        )

    def _referrals(self, back: int, shape: ReferralYear) -> ReferralYear:
        received = self.number("referrals_n", back, shape.received)
        return ReferralYear(
            received,
            self.share("referral_nfa_pct", back, received, shape.no_further_action / shape.received),
            self.share("rereferral_pct", back, received, shape.repeated / shape.received),
        )

    def _assessments(self, made: Profile) -> Profile:
        years: dict[str, Any] = {}
        for name, back in (("prior", 1), ("year", 0)):
            shape = getattr(self.shape.assessments, name)
            received, shaped = getattr(made.referrals, name).received, getattr(self.shape.referrals, name).received
            year = grown(shape, lambda count, r=received, s=shaped: round(count * r / s))
            in_time = self.share("assessments_45d_pct", back, year.authorised, shape.in_time / shape.authorised)
            years[name] = replace(year, in_time=in_time)
        return replace(made, assessments=replace(made.assessments, **years))

    def _protection(self, made: Profile) -> Profile:
        shape = self.shape.protection
        open_year = self.number("cp_n", 0, shape.open_year)
        open_prior = self.number("cp_n", 1, shape.open_prior)
        prior = self._protection_year(1, shape.prior)
        year = self._protection_year(0, shape.year)
        # Plans that ended balance the stocks.
        year = replace(year, ended=max(0, open_prior + year.started - open_year))
        before = max(0, open_prior + prior.ended - prior.started)
        size = year.started / shape.year.started
        return replace(
            made,
            protection=replace(
                grown(shape, lambda count: round(count * size)),
                open_before=before,
                open_prior=open_prior,
                open_year=open_year,
                prior=prior,
                year=year,
            ),
        )

    def _protection_year(self, back: int, shape: ProtectionYear) -> ProtectionYear:
        started = self.number("cp_starts_n", back, shape.started)
        size = started / shape.started
        year = grown(shape, lambda count: round(count * size))
        conferences = (
            self.number("icpc_rate", back, shape.initial.children / self.size)
            if self._held("icpc_rate", self.ends - back)
            else year.initial.children
        )
        conferences = max(conferences, started - year.transfers_in)
        in_time = self.share("icpc_15d_pct", back, conferences, shape.initial.in_time / shape.initial.children)
        meetings = round(conferences * shape.initial.meetings / shape.initial.children)
        initial = replace(
            year.initial,
            children=conferences,
            in_time=in_time,
            meetings=meetings,
            meetings_in_time=round(meetings * in_time / conferences) if conferences else 0,
        )
        repeats = self.share("cp_second_pct", back, started, 0.18)
        early = round(repeats * year.first_month_started / started) if started else 0
        ended = round(self._held("cp_cease_rate", self.ends - back) or 0)
        ended = round(ended * self.children / 10_000) if ended else year.ended
        return replace(
            year,
            started=started,
            ended=ended,
            initial=initial,
            first_month_repeats=early,
            later_repeats=repeats - early,
        )

    def _care(self, made: Profile) -> Profile:
        shape = self.shape.care
        at_prior, at_year = self._care_stock(1, shape.at_prior), self._care_stock(0, shape.at_year)
        prior, year = self._care_year(1, shape.prior), self._care_year(0, shape.year)
        year = replace(year, ended=max(0, year.started - (at_year.open - at_prior.open)))
        size = at_year.open / shape.at_year.open
        return replace(
            made,
            care=replace(
                grown(shape, lambda count: round(count * size)),
                open_before=max(0, at_prior.open - prior.started + prior.ended),
                prior=prior,
                year=year,
                at_prior=at_prior,
                at_year=at_year,
                month_ends=[round((at_prior.open - at_year.open) * (11 - month) / 12) for month in range(12)],
            ),
        )

    def _care_year(self, back: int, shape: CareYear) -> CareYear:
        started = self.number("cla_starts_n", back, shape.started)
        ended = self.number("cla_ceases_n", back, shape.ended)
        size = ended / shape.ended
        year = grown(shape, lambda count: round(count * size))
        return replace(
            year,
            started=started,
            ended=ended,
            adopted=self.share("cla_adopted_pct", back, ended, 0.1),
            special_guardianship=self.share("cla_sgo_pct", back, ended, 0.12),
        )

    def _care_stock(self, back: int, shape: CareStock) -> CareStock:
        open_now = self.number("cla_n", back, shape.open)
        size = open_now / shape.open
        stock = grown(shape, lambda count: round(count * size))
        ages = dict(stock.ages)
        ages["12-16"] += open_now - sum(ages.values())
        lasting = stock.lasting
        foster = self.share("cla_foster_pct", back, open_now, shape.foster / shape.open)
        residential = self.share("cla_childrens_home_pct", back, open_now, shape.residential / shape.open)
        rest = max(
            0, open_now - foster - residential - round(0.07 * open_now)
        )  # less those placed for adoption and elsewhere
        independent = round(rest * shape.independent / (shape.independent + shape.parents))
        return replace(
            stock,
            open=open_now,
            ages=ages,
            unaccompanied=self.number("uasc_n", back, shape.unaccompanied),
            foster=foster,
            residential=residential,
            independent=independent,
            parents=rest - independent,
            three_placements=self.share("cla_3_placements_pct", back, open_now, shape.three_placements / shape.open),
            settled=self.share("cla_long_stability_pct", back, lasting, shape.settled / shape.lasting),
        )

    def _cases(self, made: Profile) -> Profile:
        cases = replace(
            made.cases,
            prior=self._stock(1, self.shape.cases.prior, made.care.at_prior.open + made.protection.open_prior),
            year=self._stock(0, self.shape.cases.year, made.care.at_year.open + made.protection.open_year),
        )
        # Closures are not published: they are taken to have changed as referrals did.
        now, was = made.referrals.year.received, made.referrals.prior.received
        return replace(made, cases=replace(cases, closures_rise_pct=round(100 * (now / was - 1), 1) if was else 0.0))

    def _stock(self, back: int, shape: CaseStock, others: int) -> CaseStock:
        """Children with an open case: those published as in need, and those in leaving care with a case of that alone."""
        rest = shape.open - shape.in_need
        alone = round(shape.leaving_care_only * others / rest)
        in_census = self.number("cin_rate", back, shape.open - shape.leaving_care_only)
        aftercare = round(0.3 * others)
        in_need = max(0, in_census - others - aftercare + alone)
        open_all = in_need + others + aftercare
        return CaseStock(open_all, self.share("cin_open_2y_pct", back, open_all, 0.33), in_need, min(alone, aftercare))
