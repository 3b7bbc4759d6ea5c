"""Profiles: the numbers that a synthetic partnership must yield, from a YAML file.

A whole number is a count and grows with the scale; a number with a decimal point is a share, a mean or a rate and stays. Three years are
named by where they lie: `year` ends on the profile's `year_end`, `prior` is the one before, `earlier` the one before that; stocks are
`before` (the day before `prior` begins), `prior` and `year` (the last day of each). What must balance is derived and never stated twice:
openings less closures give the next stock, so cases closed follow from cases opened and open.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

from sightline.core.errors import InputProblem
from sightline.standards.data import data_dir

T = TypeVar("T")


@dataclass(frozen=True)
class Contacts:
    """Contacts that ended at the front door, by outcome."""

    prior: dict[str, int]
    year: dict[str, int]


@dataclass(frozen=True)
class ReferralYear:
    """`repeated`: the child had another referral in the 12 months before."""

    received: int
    no_further_action: int
    repeated: int


@dataclass(frozen=True)
class Referrals:
    """Referrals of three years: the first is looked back to by the second."""

    earlier: ReferralYear
    prior: ReferralYear
    year: ReferralYear


@dataclass(frozen=True)
class AssessmentYear:
    """`in_progress`: on the last day. `three_together`: domestic abuse, mental health and alcohol or drugs in one assessment."""

    authorised: int
    in_time: int
    in_progress: int
    three_together: int
    factors: dict[str, int]


@dataclass(frozen=True)
class Assessments:
    """Assessments of two years."""

    prior: AssessmentYear
    year: AssessmentYear


@dataclass(frozen=True)
class CaseStock:
    """Children with an open case on the last day; `in_need`: neither on a plan, looked after nor in leaving care."""

    open: int
    over_two_years: int
    in_need: int
    leaving_care_only: int


@dataclass(frozen=True)
class Cases:
    """`closures_rise_pct`: closures of the year over those of the year before."""

    prior: CaseStock
    year: CaseStock
    closures_rise_pct: float


@dataclass(frozen=True)
class Presented:
    """Children presented at conferences and the meetings at which they were."""

    children: int
    in_time: int
    meetings: int
    meetings_in_time: int


@dataclass(frozen=True)
class Reviewed:
    """Children presented at review conferences; the meetings follow from the families, so their punctuality is a share."""

    children: int
    in_time: int
    meetings_in_time_pct: float


@dataclass(frozen=True)
class ProtectionYear:
    """Plans of one year. `first_month` figures are those of April; repeats are plans of children with any earlier plan."""

    started: int
    ended: int
    first_month_started: int
    first_month_repeats: int
    later_repeats: int
    transfers_in: int
    categories: dict[str, int]
    initial: Presented
    reviews: Reviewed
    disabled: int


@dataclass(frozen=True)
class Protection:
    """`long_first_month`: on a plan over 15 months on 30 April of the year; `long_year`: on its last day."""

    open_before: int
    open_prior: int
    open_year: int
    first_month_ended: int
    long_first_month: int
    long_year: int
    disabled_both: int
    advocates: int
    prior: ProtectionYear
    year: ProtectionYear


@dataclass(frozen=True)
class CareYear:
    """Children by first start and last end in the year; of those ends adopted, special guardianship, home (and planned)."""

    started: int
    ended: int
    adopted: int
    special_guardianship: int
    home: int
    home_planned: int


@dataclass(frozen=True)
class CareEarlier:
    """A year of ends before the two that are told in full."""

    ended: int
    adopted: int


@dataclass(frozen=True)
class CareStock:
    """Looked after on a last day. `lasting`: under 16 and in care for 2.5 years; `settled`: of those two years in the placement."""

    open: int
    ages: dict[str, int]
    unaccompanied: int
    foster: int
    residential: int
    parents: int
    independent: int
    outside: int
    over_20_miles: int
    three_placements: int
    lasting: int
    settled: int


@dataclass(frozen=True)
class Care:
    """Looked after. `month_ends`: twelve stocks of the year as differences from its last day."""

    open_before: int
    earlier: list[CareEarlier]
    prior: CareYear
    year: CareYear
    started_under_5: int
    at_prior: CareStock
    at_year: CareStock
    month_ends: list[int]
    later_started: int
    later_ended: int
    reviews_in_time_prior_pct: float
    reviews_in_time_year_pct: float


@dataclass(frozen=True)
class Court:
    """Orders of two years by kind, and mean weeks from issue to final order."""

    prior: dict[str, int]
    year: dict[str, int]
    weeks_prior: float
    weeks_year: float


@dataclass(frozen=True)
class LeavingCare:
    """Of those whose care ended at 18 from the start of `prior` to four months after `year`: fostered, and of these staying put."""

    fostered_at_18: int
    staying_put: int


@dataclass(frozen=True)
class Disability:
    """Children with the disability service on the last day, and how many of them are looked after."""

    open: int
    looked_after: int


@dataclass(frozen=True)
class Chairs:
    """The independent chairs' service and its questionnaires."""

    chairs: int
    disability_chairs: int
    managers: int
    feedback_returned: int
    felt_listened_to: int
    explained_well: int


@dataclass(frozen=True)
class Profile:
    """Everything a synthetic partnership is made from."""

    name: str
    title: str
    area: str
    year_end: date
    minority_ethnic_pct: float
    adoption_wait_days: float
    contacts: Contacts
    referrals: Referrals
    assessments: Assessments
    cases: Cases
    protection: Protection
    care: Care
    court: Court
    leaving_care: LeavingCare
    disability: Disability
    chairs: Chairs

    def scaled(self, scale: float) -> Profile:
        """The same partnership, so many times the size. Every count is rounded by itself."""
        return self if scale == 1 else grown(self, lambda count: round(count * scale))


def grown(of: T, by: Any) -> T:
    """A copy in which every count went through a function; shares, names and dates stay."""
    if isinstance(of, bool | float | str | date) or of is None:
        return of
    if isinstance(of, int):
        return by(of)  # type: ignore[no-any-return]
    if isinstance(of, dict):
        return {key: grown(value, by) for key, value in of.items()}  # type: ignore[return-value]
    if isinstance(of, list):
        return [grown(value, by) for value in of]  # type: ignore[return-value]
    assert is_dataclass(of) and not isinstance(of, type)
    return replace(of, **{part.name: grown(getattr(of, part.name), by) for part in fields(of)})


def folder() -> Path:
    """Where the profiles that come with Sightline are."""
    return data_dir() / "profiles"


def names() -> list[str]:
    """The profiles that come with Sightline."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def read(which: str | Path) -> Profile:
    """A profile by name, or from a file of one's own. Raises InputProblem."""
    path = Path(which)
    if not path.suffix:
        path = folder() / f"{which}.yaml"
    if not path.is_file():
        raise InputProblem(
            f"There is no profile '{which}'", str(path), f"Give a file, or one of: {', '.join(names())}."
        )
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InputProblem("The profile is not YAML", str(path), str(error)) from error
    return build(Profile, data, path.name)


def build(kind: type[T], data: Any, where: str) -> T:
    """An object of a dataclass from plain data, told exactly where it does not fit. Raises InputProblem."""
    if not isinstance(data, dict):
        raise InputProblem(f"Names and values are expected, not '{data}'", where, "See the profiles in data/profiles.")
    hints = get_type_hints(kind)
    wrong = sorted((hints.keys() - data.keys()) | (data.keys() - hints.keys()))
    if wrong:
        raise InputProblem(
            f"Missing or unknown: {', '.join(map(str, wrong))}", where, "See the profiles in data/profiles."
        )
    return kind(**{name: _value(hint, data[name], f"{where}: {name}") for name, hint in hints.items()})


def _value(hint: Any, data: Any, where: str) -> Any:
    if is_dataclass(hint):
        return build(hint, data, where)  # type: ignore[arg-type]
    if get_origin(hint) is dict and isinstance(data, dict):
        inner = get_args(hint)[1]
        return {str(key): _value(inner, value, f"{where}: {key}") for key, value in data.items()}
    if get_origin(hint) is list and isinstance(data, list):
        return [_value(get_args(hint)[0], value, f"{where}: {place}") for place, value in enumerate(data, 1)]
    if hint is float and isinstance(data, int | float):
        return float(data)
    if isinstance(hint, type) and type(data) is hint:
        return data
    raise InputProblem(f"'{data}' cannot stand here", where, f"Give a {getattr(hint, '__name__', hint)}.")
