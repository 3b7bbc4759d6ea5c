"""Referrals in the children in need census. An accepted referral is the episode of need, which is the case."""

from __future__ import annotations

from sightline.core.cases.models import Case
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.declarations import Builder, Table, code, day, flag
from sightline.pathways.front_door.models import Referral

TABLES = (
    Table(
        "cin",
        "CINdetails",
        columns=(
            day("CINreferralDate", required=True),
            code("ReferralSource", "cin_referral_source", at="CINreferralDate", required=True),
            code("PrimaryNeedCode", "cin_primary_need", at="CINreferralDate"),
            day("CINclosureDate"),
            code("ReasonForClosure", "cin_closure_reason", at="CINclosureDate"),
            day("DateOfInitialCPC"),
            flag("ReferralNFA", required=True),
        ),
        within="Child",
    ),
)


def referrals(child: Child) -> None:
    """A referral for every block, and a case unless no further action was taken: then there is nothing that opened."""
    for row in child.of("CINdetails"):
        case = None
        if not row["ReferralNFA"]:
            case = child.add(
                Case,
                row,
                f"case/{row['CINreferralDate']}",
                service="social_care",
                start_date=row["CINreferralDate"],
                end_date=row["CINclosureDate"],
                closure_reason=row["ReasonForClosure"],
                primary_need=row["PrimaryNeedCode"],
            )
            child.shared["case", row] = case
        elif row["CINclosureDate"]:
            child.note(
                "referrals with no further action that give a closure: recorded without a case, so without its closure"
            )
        child.add(
            Referral,
            row,
            f"referral/{row['CINreferralDate']}",
            case=case,
            referral_date=row["CINreferralDate"],
            source=row["ReferralSource"],
            primary_need=row["PrimaryNeedCode"],
            no_further_action=row["ReferralNFA"],
        )


BUILDERS = (
    Builder(
        "cin",
        ("CINdetails",),
        {
            Case: ("person", "service", "start_date", "end_date", "closure_reason", "primary_need"),
            Referral: ("person", "case", "referral_date", "source", "primary_need", "no_further_action"),
        },
        referrals,
        order=10,
    ),
)
