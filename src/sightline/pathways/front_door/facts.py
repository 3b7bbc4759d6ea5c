"""Derived facts of the front door."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive import dates
from sightline.engine.derive.facts import Tables, fact


@fact("front_door.contacts", source="SSD contacts")
def contacts(t: Tables) -> ir.Table:
    """One row for each contact about one child, with its source, presenting issue and outcome."""
    rows = t.table("front_door_contact")
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "contact_date",
        "source",
        "presenting_issue",
        "outcome",
        record_id=rows.id,
    )


@fact("front_door.referrals", source="CIN census guide 2023-24 s4.1; DfE LAIT data dictionary (ReReferral)")
def referrals(t: Tables) -> ir.Table:
    """One row for each referral of one child, and whether the child had another in the twelve months before.

    The earlier referral counts whatever came of it. Twelve calendar months to the day count as within twelve months; another referral on the same day
    does not count as earlier.
    """
    rows = t.table("front_door_referral")
    earlier = rows.select(earlier_person=rows.person_id, earlier_date=rows.referral_date)
    within_a_year = [
        rows.person_id == earlier.earlier_person,
        earlier.earlier_date < rows.referral_date,
        earlier.earlier_date >= dates.add_months(rows.referral_date, -12),
    ]
    again = rows.semi_join(earlier, within_a_year).select(again_id="id")
    joined = rows.left_join(again, rows.id == again.again_id)
    return joined.select(
        "agency_id",
        "source_system",
        "person_id",
        "referral_date",
        "source",
        "primary_need",
        "no_further_action",
        record_id=joined.id,
        re_referral=joined.again_id.notnull(),
    )
