"""What was looked at by hand: refusals that are a rule's fault and name none of its columns, and near misses that are none once they are filled."""

from __future__ import annotations

_NO_CASE = "on a referral with no further action: there is no case to hold it"

#: Why the record does not take a fault, and the rules whose fault that is. Other refusals count only where they name a column that the rule looks at.
REFUSED_AS = {
    "cin": {
        "‘Authorised’ is before ‘Started’": "8608",
        "‘Plan ended’ is before ‘Plan started’": "8925 4011",
        "‘Closed’ is before ‘Opened’": "8630",
        "‘Closed’ and ‘Reason for closure’ are given together or not at all": "8805 8810",
        "‘Date of death’ is before ‘Date of birth’": "8535Q",
        "the same disability appears twice": "8794",
        "the same assessment factor appears twice": "8898",
        "overlaps another child protection plan": "8935",
        "overlaps another child in need plan": "4004",
        "overlaps another case": "8815 8816",
        f"an assessment {_NO_CASE}": "8831",
        f"an enquiry {_NO_CASE}": "8831",
        f"a child protection plan {_NO_CASE}": "8832",
        f"a child in need plan {_NO_CASE}": "4000",
    },
    "ssda903": {
        "the child is not in the header table": "INT01 INT02 INT03 INT04 INT05 INT07 INT08 INT09",
        "DOB differs from the child's first row": "INT11 INT12 INT13 INT14 INT15 INT16 INT17 INT18",
        "the child appears twice in this table": "INT31 INT32 INT33 INT35 INT36",
        "the same care leaver outcome appears twice": "INT34",
        "overlaps another episode": "142 501",
        "overlaps or repeats a episode on record from another source": "502",
        "‘Ceased’ is before ‘Started’": "356",
        "‘Found or came back’ is before ‘Gone’": "567",
        "overlaps another missing episode": "574",
        "‘Order ends’ is before ‘Order made’": "702",
        "overlaps another deprivation of liberty order": "705",
        "overlaps or repeats a deprivation of liberty order on record from another source": "706",
        "‘Decision reversed or placement ceased’ and ‘Reason for reversal’ are given together or not at all": "119",
        "‘To’ is before ‘From’": "SW18STG2",
    },
}

#: Near misses that are none in the record. Each has another in its place.
SPOILT = {
    "cin": {
        "the record asks for a known source and a day of every referral": "8866N0 8866N1 8866N2",
        "filled up, the two overlap": "8815N1 8935N0",
        "filled up, the plans meet": "4001N0",
        "filled up, the assessment is authorised": "8873QN2",
    },
    "ssda903": {
        "the record takes ethnicities in capitals": "103N0",
        "the record takes the order from the day on which it came into force": "446N0",
        "the record asks for the kind of every missing episode": "565N1 566N1",
        "the record asks for the day of every decision": "563N0",
        "filled up, the child was adopted in the year": "601N3",
        "filled up, the review has a day": "167N2",
    },
}

#: Rules whose fault no file makes, since an import writes one record where acts make two: `test_recorded` has their faults and near misses.
RECORDED = {"cin": {"2884", "8790"}, "ssda903": {"561", "602"}}
