"""Who people are, for breakdowns: sex, ethnic group, birth, disability, and where they live."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive import spells
from sightline.engine.derive.facts import Tables, fact
from sightline.standards.groups import codemap


@fact("people.person", source="CIN census guide 2023-24 s2 and s3; DfE statistics' groups of ethnicity")
def person(t: Tables) -> ir.Table:
    """One row for each person: sex (M, F, U), ethnic group, date of birth (expected date for the unborn), whether any disability is recorded."""
    people = t.table("people_person")
    disabled = t.table("people_disability").filter(lambda d: d.disability != "NONE").select("person_id").distinct()
    groups = codemap("ethnicity_group_map").groups
    return people.left_join(disabled, people.id == disabled.person_id).select(
        person_id=people.id,
        sex=people.sex,
        ethnicity=people.ethnicity.cases(*groups.items(), else_="UNKNOWN"),
        born=ibis.coalesce(people.birth_date, people.expected_birth_date),
        disability=disabled.person_id.notnull().ifelse("yes", "no"),
    )


@fact("people.home", source="SSD address list")
def home(t: Tables) -> ir.Table:
    """One row for each spell a person lived at a home address: the district it lies in. Spells of one person do not overlap.

    `until` is the end, far off while the spell is open.
    """
    addresses, places = t.table("people_personaddress"), t.table("places_place")
    joined = addresses.filter(addresses.kind == "home").join(places, addresses.place_id == places.id)
    return joined.select(
        "person_id",
        district=places.district.nullif(""),
        start=addresses.start_date,
        until=spells.end_or_far_off(addresses.end_date),
    )


@fact("people.agency", source="the agency each record belongs to")
def agency(t: Tables) -> ir.Table:
    """One row for each agency, with the area it serves."""
    return t.table("organisations_organisation").select(agency_id="id", area="area")
