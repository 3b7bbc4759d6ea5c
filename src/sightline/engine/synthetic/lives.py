"""The words in which the parts of the simulation tell each other about children's lives.

A pathway decides what happens in it and writes it here; the others read it. Days are numbers; an open end is None. Each pathway makes its own
rows from this and may add detail of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.synthetic.days import Day


@dataclass(slots=True, eq=False)
class Family:
    """People who live together: the children that anybody has heard of, and one or two parents."""

    number: int
    children: list[Child] = field(default_factory=list)
    ethnicity: str = "WBRI"
    home: int = -1
    household_id: int = 0


@dataclass(slots=True, eq=False)
class Child:
    """A child or young person. An unborn child has an expected date and no birth."""

    family: Family
    birth: Day | None
    sex: str
    expected: Day | None = None
    death: Day | None = None
    unaccompanied: bool = False
    id: int = 0
    first_known: Day = 0
    referred: bool = False
    cases: list[Case] = field(default_factory=list)
    care: list[Care] = field(default_factory=list)
    plans: list[Protection] = field(default_factory=list)
    leaving_care: list[Aftercare] = field(default_factory=list)
    disabilities: list[str] = field(default_factory=list)
    disability_service: list[tuple[Day, Day | None]] = field(default_factory=list)

    @property
    def born(self) -> Day:
        """The date of birth, or the expected one."""
        return self.birth if self.birth is not None else self.expected or 0


@dataclass(slots=True, eq=False)
class Case:
    """The spell for which a child is open to a service."""

    child: Child
    start: Day
    end: Day | None = None
    reason: str | None = None
    need: str = "N1"
    service: str = "social_care"
    referral: Referral | None = None
    kind: str = "need"  # what it is mainly for: need, protection, care, leaving_care, disability
    enquiry: tuple[Day, Day] | None = (
        None  # the strategy discussion that began it, and the initial conference it led to
    )
    assessed: list[tuple[Day, Day | None]] = field(default_factory=list)  # without those that were cancelled
    team: int = 0
    worker: int = 0
    held: list[tuple[int, Day, Day | None]] = field(default_factory=list)  # by which worker, from when to when
    id: int = 0

    @property
    def assessed_only(self) -> bool:
        """Whether it closed with its assessment: there was nothing more to it."""
        return self.reason in ("RC8", "RC9")

    def open_on(self, day: Day) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(slots=True, eq=False)
class Referral:
    """A request for services. An accepted one opens a case."""

    child: Child
    on: Day
    case: Case | None = None
    previous: Referral | None = None
    source: str = "6"
    need: str = "N1"
    outcome: str = "ASSESS"
    from_contact: bool = True
    id: int = 0


@dataclass(slots=True, eq=False)
class Adoption:
    """The milestones of a plan for adoption. The same carers when foster carers adopt."""

    decision: Day
    placement_order: Day
    matched: Day | None = None
    placed: Day | None = None
    order: Day | None = None
    by_carer: bool = False


@dataclass(slots=True, eq=False)
class Care:
    """A period of care. `track` is its legal course: voluntary, interim, care_order, adoption, remand, respite."""

    child: Child
    start: Day
    end: Day | None = None
    reason: str | None = None
    need: str = "N1"
    track: str = "voluntary"
    interim: Day | None = None
    final: Day | None = None
    final_order: str | None = None
    adoption: Adoption | None = None
    case: Case | None = None
    last_home: str | None = None  # kind of the last placement, once ended
    issued: Day | None = None
    proceedings: int = 0  # children in one application share the number; 0 is none
    id: int = 0

    def open_on(self, day: Day) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(slots=True, eq=False)
class Protection:
    """A child protection plan."""

    child: Child
    start: Day
    end: Day | None = None
    case: Case | None = None
    id: int = 0

    def open_on(self, day: Day) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(slots=True, eq=False)
class Aftercare:
    """The spell for which leaving care duties are owed."""

    child: Child
    start: Day
    end: Day | None = None
    eligibility: str = "FORMER_RELEVANT"
    staying_put: tuple[Day, Day | None] | None = None
    reported: bool = True  # looked after by this authority, and for so long that it reports on them
    case: Case | None = None
