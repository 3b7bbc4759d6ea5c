"""What the checks in memory pass, the database accepts; what they refuse, it refuses too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DataError, IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.core.cases.models import Case
from sightline.core.organisations.models import Organisation, TeamMembership
from sightline.core.people.models import Disability, Identifier, Person, Relationship
from sightline.core.records.models import Record
from sightline.core.records.writing import writing
from sightline.engine.exchange import checks
from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.formats import TITLES, format_named
from sightline.pathways.adoption.models import AdoptionPlan
from sightline.pathways.assessment.models import Assessment, AssessmentFactor
from sightline.pathways.child_protection.models import Conference, ConferenceChild, Plan
from sightline.pathways.front_door.models import Referral
from sightline.pathways.leaving_care.models import Outcome
from sightline.pathways.looked_after.models import AsylumStatus, Episode, PeriodOfCare, Placement

DAY = date(2021, 1, 1)
days = st.one_of(st.none(), st.integers(0, 9).map(lambda n: (DAY + timedelta(days=n)).isoformat()))
codes = st.sampled_from([None, "X1", "NEG", "A" * 24, "A" * 25])
#: Records whose own fields are generated, each with the links that stand ready for it.
SPELLS: list[tuple[type[Record], tuple[str, ...]]] = [
    (Case, ("service",)),
    (Plan, ("case",)),
    (PeriodOfCare, ()),
    (Placement, ("period",)),
    (Episode, ("period", "placement")),
    (AsylumStatus, ()),
    (Referral, ("case",)),
    (Assessment, ("case",)),
    (AssessmentFactor, ("assessment",)),
    (AdoptionPlan, ()),
    (Outcome, ()),
    (Disability, ()),
    (Identifier, ()),
    (ConferenceChild, ("conference",)),
    (Person, ()),
]


def values(model: type[Record], links: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Fields of a record: dates close together, codes right, missing and too long, links given or missing."""

    def one(field: Any) -> st.SearchStrategy[Any]:
        if field.name in links or field.name == "person":
            return (
                st.just("social_care")
                if field.name == "service"
                else st.sampled_from([None, field.name, field.name, field.name])
            )
        if isinstance(field, models.ForeignKey):
            return st.none()
        if isinstance(field, models.DateField):
            return days
        if isinstance(field, models.BooleanField):
            return st.sampled_from([None, True, False])
        if isinstance(field, models.IntegerField | models.FloatField):
            return st.sampled_from([None, 0, 3])
        return codes

    fields = [field for field in model._meta.concrete_fields if field.name not in checks.PROVENANCE]
    return st.fixed_dictionaries({field.name: one(field) for field in fields})


@pytest.fixture
def ready(db: None) -> dict[str, int]:
    """The records that links lead to."""
    agency = Organisation.objects.create(kind="local_authority", name="A county", area="E10000028").pk
    common = {"agency_id": agency}
    with writing("ready", by="a test", because="a test"):
        person = Person.objects.create(**common).pk
        other = Person.objects.create(**common).pk
        case = Case.objects.create(**common, person_id=other, service="social_care", start_date=DAY).pk
        period = PeriodOfCare.objects.create(**common, person_id=other, start_date=DAY, category_of_need="N1").pk
        placement = Placement.objects.create(
            **common, person_id=other, period_id=period, start_date=DAY, placement_type="U4"
        ).pk
        assessment = Assessment.objects.create(**common, person_id=other, case_id=case, start_date=DAY).pk
        conference = Conference.objects.create(**common, kind="ICPC", conference_date=DAY).pk
    return common | {
        "person": person, "case": case, "period": period, "placement": placement, "assessment": assessment, "conference": conference,
    }  # fmt: skip


def accepted(model: type[Record], rows: list[dict[str, Any]], ready: dict[str, int]) -> bool:
    """Whether the database takes the rows, with the defaults that an import would fill in. Nothing of them stays."""
    try:
        with writing("try", by="a test", because="a test"):
            for number, fields in enumerate(rows):
                given_: dict[str, Any] = {
                    "agency_id": ready["agency_id"],
                    "source_system": "t",
                    "source_id": str(number),
                }
                for field in model._meta.concrete_fields:
                    value = fields.get(field.name)
                    if isinstance(field, models.ForeignKey) and isinstance(value, str):
                        given_[field.attname] = ready[value]
                    elif field.name in fields and not (value is None and not field.null and field.has_default()):
                        given_[field.attname] = value
                model(**given_).save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except (IntegrityError, DataError):
        return False
    return True


def passed(rows: list[Draft]) -> bool:
    child = Child("C", 1, [])
    child.drafts.extend(rows)
    checks.check(child)
    return not child.faults


@pytest.mark.parametrize(("model", "links"), SPELLS, ids=[model.__name__ for model, _links in SPELLS])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_checks_and_the_database_agree(
    model: type[Record], links: tuple[str, ...], ready: dict[str, int], data: Any
) -> None:
    rows = data.draw(st.lists(values(model, links), min_size=1, max_size=3))
    stands_for: dict[str, Draft] = {}

    def draft(number: int, fields: dict[str, Any]) -> Draft:
        linked = {
            name: stands_for.setdefault(value, Draft(Person, value, Row("t", 1, {}), {}))
            if isinstance(value, str) and isinstance(model._meta.get_field(name), models.ForeignKey)
            else value
            for name, value in fields.items()
        }
        return Draft(model, str(number), Row("t", number, {}), linked)

    drafts = [draft(number, fields) for number, fields in enumerate(rows)]
    assert passed(drafts) == accepted(model, rows, ready)


@pytest.mark.parametrize("name", TITLES)
def test_every_constraint_of_what_is_imported_is_understood(name: str) -> None:
    for model in format_named(name).models():
        rules = checks.rules_of(model)
        spells = [one for one in model._meta.constraints if isinstance(one, ExclusionConstraint)]
        assert len(rules.overlaps) == len(spells)


def test_a_constraint_that_is_not_understood_stops_at_once() -> None:
    with pytest.raises(TypeError, match="cannot judge"):
        checks.rules_of(Relationship)


def test_spells_that_touch_do_not_overlap_and_a_spell_of_no_day_overlaps_nothing() -> None:
    (overlap,) = checks.rules_of(TeamMembership).overlaps

    def spell(start: str, end: str | None) -> Draft:
        return Draft(
            TeamMembership, start, Row("t", 1, {}), {"worker": 1, "team": 1, "start_date": start, "end_date": end}
        )

    touching = [spell("2021-01-01", "2021-02-01"), spell("2021-02-01", None), spell("2021-01-15", "2021-01-15")]
    assert checks.overlapping(overlap, touching) == []
    assert len(checks.overlapping(overlap, [spell("2021-01-01", None), spell("2021-02-01", "2021-03-01")])) == 1
