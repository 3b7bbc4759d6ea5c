"""Who a child is and who works with them, as the API asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q

from sightline.core.cases.models import Allocation
from sightline.core.people.models import Disability, Identifier, Person, PersonAddress, PersonName
from sightline.core.records.spells import open_on
from sightline.engine.exchange.people import NOT_OF_SCHOOL_AGE, SCHOOL_AGE
from sightline.engine.social_care_api.declarations import Coded, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.standards.dates import age_on
from sightline.standards.distance import tidy

UPN, NO_UPN = "unique_pupil_number", "unique_pupil_number_unknown_reason"
NUMBERS = {"upn": UPN, "former_upn": "former_unique_pupil_number", "upn_unknown": NO_UPN}
NO_DISABILITY = "NONE"
LEGAL, HOME = "legal", "home"


def _particulars(telling: Telling) -> Iterator[Told]:
    today = telling.window.end
    people = telling.rows(Person).filter(pk__in=telling.people)
    numbers = _numbers(telling)
    for row in people.values("pk", "birth_date", "expected_birth_date", "sex", "ethnicity"):
        born = telling.window.by_then(row["birth_date"])
        yield Told(
            row["pk"],
            {
                "date_of_birth": born,
                "expected_date_of_birth": None if born else row["expected_birth_date"],
                "sex": row["sex"],
                "ethnicity": row["ethnicity"],
                **_pupil_number(numbers.get(row["pk"], {}), born, today),
            },
        )
    yield from _names(telling)
    homes = telling.about(PersonAddress).filter(open_on(today), kind=HOME)
    for address in homes.order_by("start_date", "pk").values("person", "place__postcode"):
        yield Told(address["person"], {"postcode": tidy(address["place__postcode"])})


def _numbers(telling: Telling) -> dict[int, dict[str, str]]:
    """The children's pupil numbers, of each kind the first on record."""
    found: dict[int, dict[str, str]] = {}
    for number in telling.about(Identifier).filter(scheme__in=NUMBERS).order_by("-pk"):
        found.setdefault(number.person_id, {})[NUMBERS[number.scheme]] = number.value
    return found


def _pupil_number(held: Mapping[str, str], born: date | None, today: date) -> Mapping[str, str]:
    """The numbers, and why there is none: as in the census, what is on record, or that the child is too young."""
    if UPN in held:
        return {name: value for name, value in held.items() if name != NO_UPN}
    young = born is None or age_on(born, today) < SCHOOL_AGE
    return {NO_UPN: NOT_OF_SCHOOL_AGE, **held} if young else held


def _names(telling: Telling) -> Iterator[Told]:
    """The name in use: of several, the legal one, and of these the last."""
    today = telling.window.end
    begun, lasting = Q(start_date=None) | Q(start_date__lte=today), Q(end_date=None) | Q(end_date__gt=today)
    names = telling.about(PersonName).filter(begun & lasting)
    for name in sorted(names, key=lambda one: (one.kind == LEGAL, str(one.start_date or ""), one.pk)):
        yield Told(name.person_id, {"first_name": name.forename, "surname": name.surname})


def _disabilities(telling: Telling) -> Iterator[Told]:
    """What a child has now; of one who is born, `NONE`, as in the census, where nothing is on record."""
    today = telling.window.end
    begun, lasting = Q(start_date=None) | Q(start_date__lte=today), Q(end_date=None) | Q(end_date__gt=today)
    held: dict[int, set[str]] = {}
    for row in telling.about(Disability).filter(begun & lasting):
        held.setdefault(row.person_id, set()).add(row.disability)
    born = telling.rows(Person).filter(pk__in=telling.people, birth_date__lte=today).values_list("pk", flat=True)
    for person in {*born, *held}:
        yield Told(person, {"disabilities": sorted(held.get(person, {NO_DISABILITY}))})


def _workers(telling: Telling) -> Iterator[Told]:
    """Who held the case and when. The record has no Social Work England numbers, so the worker's own number stands for one."""
    begun = telling.about(Allocation).filter(worker__isnull=False, start_date__lte=telling.window.end)
    for row in begun.order_by("start_date", "pk"):
        values = {
            "worker_id": f"W{row.worker_id}",
            "start_date": row.start_date,
            "end_date": telling.window.by_then(row.end_date),
        }
        yield Told(row.person_id, values, within=case_id(row.case_id))


PARTS = (
    Part(
        "child_details",
        _particulars,
        codes={
            "sex": Coded("sex"),
            "ethnicity": Coded("ethnicity"),
            "unique_pupil_number_unknown_reason": Coded("upn_unknown"),
        },
    ),
    Part("child_details", _disabilities, codes={"disabilities": Coded("disability")}),
    Part("social_care_episodes.care_worker_details", _workers),
)
