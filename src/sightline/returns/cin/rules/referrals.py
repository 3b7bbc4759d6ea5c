"""Rules about CIN details: the referral, its closing, and what may stand in it.

Source: DfE children in need census guide, section 4.
"""

from sightline.engine.exchange.rules.declarations import Example, Find, across, find, rule
from sightline.returns.cin.parts import (
    block,
    child,
    in_details,
    late_or_missing,
    of_child,
    outside_year,
    running,
    same_block,
    two_of_child,
)

_AFTER_ASSESSMENT = "ReasonForClosure IN ('RC8', 'RC9')"
#: The days of work inside CIN details, by table.
_WORK = {
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "CINplanDates": ("CINPlanStartDate", "CINPlanEndDate"),
    "Section47": ("S47ActualStartDate", "DateOfInitialCPC"),
    "ChildProtectionPlans": ("CPPendDate",),
}
#: The tables whose days speak against a referral with no further action; plans have rules of their own.
_ENQUIRED = ("Assessments", "Section47")


def _details(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"CINdetails": list(rows)}


def _two(first: dict[str, str], second: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return _details({**child(CINdetailsID="1"), **first}, {**child(CINdetailsID="2"), **second})


def _after_closing() -> dict[str, str]:
    """Per table, a query for the rows of `x` with a day after the closing of their `d`."""
    return {
        table: f"FROM {in_details(table)} WHERE {' OR '.join(f'x.{day} > d.CINclosureDate' for day in days)}"
        for table, days in _WORK.items()
    }


def _despite_no_action(table: str) -> str:
    """The rest of a query for the rows of `x` with a day, in a referral `d` with no further action."""
    return f"FROM {in_details(table)} WHERE d.nfa AND ({' OR '.join(f'x.{day} IS NOT NULL' for day in _WORK[table])})"


def _with_work(condition: str, *tables: str) -> str:
    """CIN details (`d`) under a condition that hold work in any of the tables."""
    named = ", ".join(f"'{table}'" for table in tables)
    return (
        f"SELECT d.row FROM referral d WHERE {condition} AND EXISTS"
        f" (SELECT 1 FROM worked w WHERE {same_block('w', 'd')} AND w.of_table IN ({named}))"
    )


def _where_worked(condition: str, *tables: str) -> list[Find]:
    return [
        find(table, _WORK[table][0], select=f"SELECT x.row FROM {in_details(table)} WHERE {condition}")
        for table in tables
    ]


BOTH = (("CINdetails", 0), ("CINdetails", 1))

REFERRAL = (
    rule(
        "8600",
        "CINdetails",
        "CINreferralDate",
        late_or_missing("CINreferralDate"),
        fails=[
            _details(block()),
            _details(block(CINreferralDate="2027-04-01")),
            _details(block(CINreferralDate="2026-04-31")),
        ],
        passes=[_details(block(CINreferralDate="2027-03-31"))],
    ),
    across(
        "8606",
        of_child("CINdetails"),
        {"x": "CINdetails CINreferralDate", "i": "ChildIdentifiers PersonBirthDate ExpectedPersonBirthDate"},
        "x.CINreferralDate < greatest(i.PersonBirthDate, i.ExpectedPersonBirthDate) - 280",
        choice="40 weeks are 280 days, before either of the two dates where both are given.",
        fails=[
            _details(block(CINreferralDate="2026-04-01")) | {"ChildIdentifiers": [child(PersonBirthDate="2027-01-07")]},
            _details(block(CINreferralDate="2026-04-01"))
            | {"ChildIdentifiers": [child(ExpectedPersonBirthDate="2027-01-07")]},
            _details(block(CINreferralDate="2026-04-01"))
            | {"ChildIdentifiers": [child(PersonBirthDate="2026-12-01", ExpectedPersonBirthDate="2027-01-07")]},
        ],
        passes=[
            _details(block(CINreferralDate="2026-04-01")) | {"ChildIdentifiers": [child(PersonBirthDate="2027-01-06")]}
        ],
    ),
    across(
        "8555Q",
        of_child("CINdetails"),
        {"x": "CINdetails CINreferralDate", "i": "ChildIdentifiers PersonDeathDate"},
        "x.CINreferralDate > i.PersonDeathDate",
        fails=[
            _details(block(CINreferralDate="2026-05-02")) | {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}
        ],
        passes=[
            _details(block(CINreferralDate="2026-05-01")) | {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}
        ],
    ),
    rule(
        "8568",
        "CINdetails",
        "ReferralNFA",
        "ReferralNFA IS NULL OR lower(ReferralNFA) NOT IN ('true', 'false', '1', '0')",
        fails=[_details(block()), _details(block(ReferralNFA="no"))],
        passes=[_details(block(ReferralNFA="false")), _details(block(ReferralNFA="1"))],
    ),
    rule(
        "8569Q",
        "CINdetails",
        "ReferralNFA CINreferralDate",
        "lower(ReferralNFA) IN ('true', '1') AND CINreferralDate < working_day(year_start(), -1)",
        choice="The last working day before 1 April is the first day that is allowed.",
        fails=[_details(block(ReferralNFA="true", CINreferralDate="2026-03-30"))],
        passes=[
            _details(block(ReferralNFA="true", CINreferralDate="2026-03-31")),
            _details(block(ReferralNFA="false", CINreferralDate="2026-03-30")),
        ],
    ),
    rule(
        "8866",
        "CINdetails",
        "ReferralSource CINreferralDate",
        "CINreferralDate >= DATE '2013-04-01' AND (ReferralSource IS NULL OR ReferralSource NOT IN {cin_referral_source})",
        choice="The census asks for the source of referrals from 1 April 2013. A referral without a date is left to rule 8600.",
        fails=[
            _details(block(CINreferralDate="2013-04-01")),
            _details(block(CINreferralDate="2026-05-01", ReferralSource="11")),
        ],
        passes=[
            _details(block()),
            _details(block(CINreferralDate="2013-03-31", ReferralSource="11")),
            _details(block(CINreferralDate="2013-03-31")),
            _details(block(CINreferralDate="2026-05-01", ReferralSource="5D")),
        ],
    ),
    rule(
        "8610",
        "CINdetails",
        "PrimaryNeedCode ReferralNFA",
        "lower(ReferralNFA) IN ('false', '0') AND PrimaryNeedCode IS NULL",
        fails=[_details(block(ReferralNFA="false")), _details(block(ReferralNFA="0"))],
        passes=[_details(block(ReferralNFA="true")), _details(block(ReferralNFA="false", PrimaryNeedCode="N1"))],
    ),
    rule(
        "8650",
        "CINdetails",
        "PrimaryNeedCode",
        "PrimaryNeedCode NOT IN {cin_primary_need}",
        fails=[_details(block(PrimaryNeedCode="N10"))],
        passes=[_details(block(PrimaryNeedCode="N0")), _details(block())],
    ),
)

CLOSING = (
    rule(
        "8620",
        "CINdetails",
        "CINclosureDate",
        outside_year("CINclosureDate"),
        fails=[
            _details(block(CINclosureDate="2026-03-31")),
            _details(block(CINclosureDate="2027-04-01")),
        ],
        passes=[
            _details(block(CINclosureDate="31/03/2027")),
            _details(block(CINclosureDate="2027-03-31")),
            _details(block()),
        ],
    ),
    rule(
        "8630",
        "CINdetails",
        "CINclosureDate CINreferralDate",
        "CINclosureDate < CINreferralDate",
        fails=[_details(block(CINreferralDate="2026-05-02", CINclosureDate="2026-05-01"))],
        passes=[_details(block(CINreferralDate="2026-05-01", CINclosureDate="2026-05-01"))],
    ),
    rule(
        "8640",
        "CINdetails",
        "ReasonForClosure",
        "ReasonForClosure NOT IN {cin_closure_reason}",
        fails=[_details(block(ReasonForClosure="RC10"))],
        passes=[_details(block(ReasonForClosure="RC9")), _details(block())],
    ),
    rule(
        "8805",
        "CINdetails",
        "ReasonForClosure CINclosureDate",
        "CINclosureDate IS NOT NULL AND ReasonForClosure IS NULL",
        fails=[_details(block(CINclosureDate="2026-05-01"))],
        passes=[_details(block(CINclosureDate="2026-05-01", ReasonForClosure="RC7")), _details(block())],
    ),
    rule(
        "8810",
        "CINdetails",
        "CINclosureDate ReasonForClosure",
        "CINclosureDate IS NULL AND ReasonForClosure IS NOT NULL",
        fails=[_details(block(ReasonForClosure="RC7"))],
        passes=[_details(block(CINclosureDate="2026-05-01", ReasonForClosure="RC7")), _details(block())],
    ),
    across(
        "8585Q",
        of_child("CINdetails"),
        {"x": "CINdetails ReasonForClosure", "i": "ChildIdentifiers PersonDeathDate"},
        "x.ReasonForClosure = 'RC2' AND i.PersonDeathDate IS NULL",
        fails=[_details(block(ReasonForClosure="RC2")) | {"ChildIdentifiers": [child()]}],
        passes=[_details(block(ReasonForClosure="RC2")) | {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}],
    ),
    rule(
        "8825Q",
        "CINdetails",
        "ReasonForClosure",
        select=f"SELECT d.row FROM CINdetails d WHERE d.{_AFTER_ASSESSMENT}"
        f" AND NOT EXISTS (SELECT 1 FROM Assessments a WHERE {same_block('a', 'd')})",
        fails=[_details(block(ReasonForClosure="RC8")) | {"Assessments": [child(CINdetailsID="2")]}],
        passes=[
            _details(block(ReasonForClosure="RC9")) | {"Assessments": [block()]},
            _details(block(ReasonForClosure="RC7")),
        ],
    ),
    rule(
        "8565",
        "CINdetails",
        "CINclosureDate DateOfInitialCPC",
        select="SELECT row FROM CINdetails WHERE DateOfInitialCPC > CINclosureDate"
        + "".join(f" UNION ALL SELECT d.row {found}" for found in _after_closing().values()),
        also=[
            find(table, " ".join(_WORK[table]), select=f"SELECT x.row {found}")
            for table, found in _after_closing().items()
        ],
        choice="Work on the day of closing is allowed. The start of a child protection plan is not among the fields of the rule.",
        fails=[
            _details(block(CINclosureDate="2026-05-01", DateOfInitialCPC="2026-05-02")),
            *(
                Example(
                    _details(block(CINclosureDate="2026-05-01")) | {table: [block(**{day: "2026-05-02"})]},
                    (("CINdetails", 0), (table, 0)),
                )
                for table, days in _WORK.items()
                for day in days
            ),
        ],
        passes=[
            _details(block(CINclosureDate="2026-05-01", DateOfInitialCPC="2026-05-01"))
            | {table: [block(**dict.fromkeys(days, "2026-05-01"))] for table, days in _WORK.items()},
            _details(block(CINclosureDate="2026-05-01"), child(CINdetailsID="2"))
            | {"Section47": [child(CINdetailsID="2", S47ActualStartDate="2026-05-02")]},
        ],
    ),
    rule(
        "2990",
        "CINdetails",
        "ReasonForClosure DateOfInitialCPC",
        select=f"SELECT row FROM CINdetails WHERE {_AFTER_ASSESSMENT} AND DateOfInitialCPC IS NOT NULL UNION ALL "
        + _with_work(f"d.{_AFTER_ASSESSMENT}", "CINplanDates", "Section47", "ChildProtectionPlans"),
        also=_where_worked(f"d.{_AFTER_ASSESSMENT}", "CINplanDates", "Section47", "ChildProtectionPlans"),
        choice="Activity is an enquiry, an initial conference, a CIN plan or a child protection plan: the assessment itself is allowed.",
        fails=[
            _details(block(ReasonForClosure="RC8", DateOfInitialCPC="2026-05-01")),
            *(
                Example(_details(block(ReasonForClosure="RC9")) | {table: [block()]}, (("CINdetails", 0), (table, 0)))
                for table in ("CINplanDates", "Section47", "ChildProtectionPlans")
            ),
        ],
        passes=[
            _details(block(ReasonForClosure="RC8")) | {"Assessments": [block()]},
            _details(block(ReasonForClosure="RC7")) | {"Section47": [block()]},
        ],
    ),
)

NO_FURTHER_ACTION = (
    rule(
        "8831",
        "CINdetails",
        "ReferralNFA DateOfInitialCPC",
        select="SELECT row FROM referral WHERE nfa AND DateOfInitialCPC IS NOT NULL"
        + "".join(f" UNION ALL SELECT d.row {_despite_no_action(table)}" for table in _ENQUIRED),
        also=[
            find(table, " ".join(_WORK[table]), select=f"SELECT x.row {_despite_no_action(table)}")
            for table in _ENQUIRED
        ],
        choice="An assessment or enquiry is recorded by its days. Plans are left to rules 4000 and 8832.",
        fails=[
            _details(block(ReferralNFA="true", DateOfInitialCPC="2026-05-01")),
            *(
                Example(
                    _details(block(ReferralNFA="1")) | {table: [block(**{day: "2026-05-01"})]},
                    (("CINdetails", 0), (table, 0)),
                )
                for table in _ENQUIRED
                for day in _WORK[table]
            ),
        ],
        passes=[
            _details(block(ReferralNFA="true")) | {table: [block()] for table in _ENQUIRED},
            _details(block(ReferralNFA="false", DateOfInitialCPC="2026-05-01"))
            | {"Assessments": [block(AssessmentActualStartDate="2026-05-01")]},
        ],
    ),
    across(
        "8832",
        in_details("ChildProtectionPlans"),
        {"x": "ChildProtectionPlans CINdetailsID", "d": "CINdetails ReferralNFA"},
        "d.nfa",
        fails=[_details(block(ReferralNFA="true")) | {"ChildProtectionPlans": [block(CPPID="1")]}],
        passes=[_details(block(ReferralNFA="false")) | {"ChildProtectionPlans": [block(CPPID="1")]}],
    ),
    across(
        "4000",
        in_details("CINplanDates"),
        {"x": "CINplanDates CINPlanStartDate", "d": "CINdetails ReferralNFA"},
        "d.nfa",
        fails=[_details(block(ReferralNFA="true")) | {"CINplanDates": [block(CINPlanStartDate="2026-05-01")]}],
        passes=[_details(block(ReferralNFA="false")) | {"CINplanDates": [block(CINPlanStartDate="2026-05-01")]}],
    ),
)

SEVERAL = (
    rule(
        "8815",
        "CINdetails",
        "CINclosureDate ReferralNFA",
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID) AS held FROM referral"
        " WHERE LAchildID IS NOT NULL AND CINclosureDate IS NULL AND NOT nfa) WHERE held > 1",
        fails=[Example(_two({"ReferralNFA": "false"}, {"ReferralNFA": "0"}), BOTH)],
        passes=[
            _two({"ReferralNFA": "false"}, {"ReferralNFA": "true"}),
            _two({"ReferralNFA": "false"}, {"ReferralNFA": "false", "CINclosureDate": "2026-05-01"}),
        ],
    ),
    rule(
        "8816",
        "CINdetails",
        "CINreferralDate ReferralNFA",
        select="SELECT unnest([d.row, latest.row]) AS row FROM referral d"
        " JOIN (SELECT row, LAchildID, CINreferralDate, rank() OVER (PARTITION BY LAchildID ORDER BY CINreferralDate DESC) AS place"
        " FROM CINdetails WHERE CINreferralDate IS NOT NULL) latest ON latest.LAchildID = d.LAchildID AND latest.place = 1"
        " WHERE d.CINclosureDate IS NULL AND NOT d.nfa AND latest.CINreferralDate > d.CINreferralDate",
        choice="Any later referral of the child counts, also one with no further action. The latest is found beside the open one.",
        fails=[
            Example(
                _two(
                    {"ReferralNFA": "false", "CINreferralDate": "2026-05-01"},
                    {"ReferralNFA": "false", "CINreferralDate": "2026-05-02", "CINclosureDate": "2026-05-03"},
                ),
                BOTH,
            )
        ],
        passes=[
            _two(
                {"ReferralNFA": "false", "CINreferralDate": "2026-05-02"},
                {"ReferralNFA": "false", "CINreferralDate": "2026-05-01", "CINclosureDate": "2026-05-02"},
            )
        ],
    ),
    across(
        "8820",
        two_of_child("referral"),
        {"x": "CINdetails CINreferralDate CINclosureDate", "y": "CINdetails CINreferralDate CINclosureDate"},
        f"(x.CINclosureDate IS NOT NULL OR NOT x.nfa) AND ({running('y.CINreferralDate', 'x', 'CINreferralDate', 'CINclosureDate')})",
        choice="A referral on the day the case before closed does not overlap with it. One with no further action and no closing lasts no time,"
        " but may not fall inside another.",
        fails=[
            Example(
                _two(
                    {"CINreferralDate": "2026-05-01", "CINclosureDate": "2026-06-02", "ReferralNFA": "false"},
                    {"CINreferralDate": "2026-06-01", "CINclosureDate": "2026-07-01", "ReferralNFA": "false"},
                ),
                BOTH,
            ),
            Example(
                _two(
                    {"CINreferralDate": "2026-05-01", "ReferralNFA": "false"},
                    {"CINreferralDate": "2026-06-01", "ReferralNFA": "true"},
                ),
                BOTH,
            ),
        ],
        passes=[
            _two(
                {"CINreferralDate": "2026-05-01", "CINclosureDate": "2026-06-01", "ReferralNFA": "false"},
                {"CINreferralDate": "2026-06-01", "ReferralNFA": "false"},
            ),
            _two(
                {"CINreferralDate": "2026-05-01", "ReferralNFA": "true"},
                {"CINreferralDate": "2026-06-01", "ReferralNFA": "false"},
            ),
        ],
    ),
)

RULES = (*REFERRAL, *CLOSING, *NO_FURTHER_ACTION, *SEVERAL)
