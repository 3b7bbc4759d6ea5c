"""Rules about section 47 enquiries and initial child protection conferences.

Source: DfE children in need census guide, sections 4.8 and 4.11 to 4.12.
"""

from sightline.engine.exchange.rules.declarations import Example, across, find, rule
from sightline.returns.cin.parts import block, child, in_details, outside_year, running_beside, same_block

_STARTED, _HELD = "S47ActualStartDate", "DateOfInitialCPC"
_WEEKEND = "isodow(DateOfInitialCPC) > 5"
_IN_YEAR = "BETWEEN year_start() AND year_end()"
#: Two enquiries (`x`, `y`) of one CIN details block.
_TWO = f"enquiry x JOIN enquiry y ON {same_block('y', 'x')} AND y.row <> x.row"
_BOTH = (("Section47", 0), ("Section47", 1))
#: Plans that start in the census year. The conference of one that started before stood in an earlier census.
_NEW_PLANS = f"ChildProtectionPlans x WHERE x.CPPstartDate {_IN_YEAR}"
_HELD_THERE = f"FROM conference c WHERE {same_block('c', 'x')} AND c.held {_IN_YEAR}"


def _enquiries(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"Section47": list(rows)}


def _plans(*starts: str) -> dict[str, list[dict[str, str]]]:
    return {"ChildProtectionPlans": [block(CPPID=str(n), CPPstartDate=start) for n, start in enumerate(starts)]}


def _details(**cells: str) -> dict[str, list[dict[str, str]]]:
    return {"CINdetails": [block(**cells)]}


ENQUIRIES = (
    across(
        "2889",
        in_details("Section47"),
        {"x": f"Section47 {_STARTED}", "d": "CINdetails CINreferralDate"},
        "x.S47ActualStartDate < d.CINreferralDate",
        fails=[_enquiries(block(S47ActualStartDate="2026-04-30")) | _details(CINreferralDate="2026-05-01")],
        passes=[_enquiries(block(S47ActualStartDate="2026-05-01")) | _details(CINreferralDate="2026-05-01")],
    ),
    rule(
        "2991Q",
        "Section47",
        "CINdetailsID",
        select=f"SELECT x.row FROM Section47 x WHERE NOT EXISTS (SELECT 1 FROM Assessments a WHERE {same_block('a', 'x')})",
        fails=[
            _enquiries(block()) | _details(),
            _enquiries(block()) | _details() | {"Assessments": [{"LAchildID": "1", "CINdetailsID": "2"}]},
        ],
        passes=[_enquiries(block()) | _details() | {"Assessments": [block()]}],
    ),
    rule(
        "8615",
        "Section47",
        f"{_STARTED} {_HELD}",
        "S47ActualStartDate IS NULL OR S47ActualStartDate > DateOfInitialCPC",
        fails=[_enquiries(block()), _enquiries(block(S47ActualStartDate="2026-05-02", DateOfInitialCPC="2026-05-01"))],
        passes=[_enquiries(block(S47ActualStartDate="2026-05-01", DateOfInitialCPC="2026-05-01"))],
    ),
    rule(
        "8675Q",
        "Section47",
        f"{_STARTED} {_HELD} ICPCnotRequired",
        select="SELECT row FROM enquiry WHERE awaited AND S47ActualStartDate < year_end()"
        " AND coalesce(working_days(S47ActualStartDate - 1, year_end()), 16) > 15",
        choice="The day of the start and 31 March are both counted. Only enquiries that are said to need a conference.",
        fails=[_enquiries(block(S47ActualStartDate="2027-03-08", ICPCnotRequired="false"))],
        passes=[
            _enquiries(block(S47ActualStartDate="2027-03-09", ICPCnotRequired="false")),
            _enquiries(block(S47ActualStartDate="2027-03-08")),
            _enquiries(block(S47ActualStartDate="2027-03-05", ICPCnotRequired="true")),
            _enquiries(block(S47ActualStartDate="2027-03-05", DateOfInitialCPC="2027-03-24", ICPCnotRequired="0")),
        ],
    ),
    rule(
        "8740",
        "Section47",
        f"{_STARTED} {_HELD} ICPCnotRequired",
        select=f"SELECT row FROM enquiry WHERE awaited AND {outside_year(_STARTED)}",
        choice="Only enquiries that are said to need a conference. A start that is missing is left to rule 8615.",
        fails=[_enquiries(block(S47ActualStartDate="2026-03-31", ICPCnotRequired="0"))],
        passes=[
            _enquiries(block(S47ActualStartDate="2026-04-01", ICPCnotRequired="0")),
            _enquiries(block(S47ActualStartDate="2026-03-31", ICPCnotRequired="1")),
            _enquiries(block(S47ActualStartDate="2026-03-31")),
        ],
    ),
    rule(
        "8839",
        "Section47",
        f"{_HELD} ICPCnotRequired",
        select=f"SELECT x.row FROM {_TWO} WHERE x.pending AND y.pending",
        fails=[Example(_enquiries(block(ICPCnotRequired="false"), block()), _BOTH)],
        passes=[
            _enquiries(block(ICPCnotRequired="false"), block(ICPCnotRequired="true")),
            _enquiries(block(), block(DateOfInitialCPC="2026-05-01")),
        ],
    ),
    rule(
        "8890",
        "Section47",
        _STARTED,
        select=f"SELECT unnest([x.row, y.row]) AS row FROM {_TWO}"
        f" WHERE (x.pending OR x.DateOfInitialCPC IS NOT NULL) AND {running_beside('x', 'y', _STARTED, _HELD)}",
        choice="Within one referral. An enquiry lasts to the day of its conference, and does not start during one of the same days. One without need"
        " of a conference gives no end, and so never runs on.",
        fails=[
            Example(
                _enquiries(
                    block(S47ActualStartDate="2026-05-01", DateOfInitialCPC="2026-05-20"),
                    block(S47ActualStartDate="2026-05-20", ICPCnotRequired="true"),
                ),
                _BOTH,
            ),
            Example(_enquiries(block(S47ActualStartDate="2026-05-01"), block(S47ActualStartDate="2026-05-19")), _BOTH),
            Example(
                _enquiries(
                    block(S47ActualStartDate="2026-05-01", DateOfInitialCPC="2026-05-20"),
                    block(S47ActualStartDate="2026-05-01"),
                ),
                _BOTH,
            ),
        ],
        passes=[
            _enquiries(
                block(S47ActualStartDate="2026-05-01", DateOfInitialCPC="2026-05-20"),
                block(S47ActualStartDate="2026-05-21"),
            ),
            _enquiries(block(S47ActualStartDate="2026-05-01"), block(S47ActualStartDate="2026-05-01")),
            _enquiries(
                block(S47ActualStartDate="2026-05-01", ICPCnotRequired="true"),
                block(S47ActualStartDate="2026-05-19"),
            ),
        ],
    ),
    across(
        "8868",
        f"enquiry x JOIN CINdetails d ON {same_block('d', 'x')}",
        {"d": "CINdetails CINclosureDate", "x": f"Section47 {_HELD} ICPCnotRequired"},
        "d.CINclosureDate IS NOT NULL AND x.pending",
        fails=[_enquiries(block(ICPCnotRequired="false")) | _details(CINclosureDate="2026-05-01")],
        passes=[
            _enquiries(block(ICPCnotRequired="true")) | _details(CINclosureDate="2026-05-01"),
            _enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(CINclosureDate="2026-05-01"),
            _enquiries(block()) | _details(),
        ],
    ),
)

CONFERENCES = (
    across(
        "1104",
        in_details("Section47"),
        {"x": f"Section47 {_HELD}", "d": "CINdetails CINreferralDate"},
        "x.DateOfInitialCPC < d.CINreferralDate",
        choice="Only the conference of an enquiry, whose table the list names: that of a transfer, which stands with the CIN details, may be older.",
        fails=[_enquiries(block(DateOfInitialCPC="2026-04-30")) | _details(CINreferralDate="2026-05-01")],
        passes=[
            _enquiries(block(DateOfInitialCPC="2026-05-01"))
            | _details(CINreferralDate="2026-05-01", DateOfInitialCPC="2026-04-30")
        ],
    ),
    rule(
        "8715",
        "Section47",
        _HELD,
        outside_year(_HELD),
        choice="Only the conferences of enquiries, whose table the list names: not that of a transfer.",
        fails=[
            _enquiries(block(DateOfInitialCPC="2026-03-31")),
            _enquiries(block(DateOfInitialCPC="2027-04-01")),
        ],
        passes=[_enquiries(block(DateOfInitialCPC="2026-04-01"), block()) | _details(DateOfInitialCPC="2027-04-01")],
    ),
    rule(
        "8870Q",
        "Section47",
        "InitialCPCtarget",
        "isodow(InitialCPCtarget) > 5",
        fails=[_enquiries(block(InitialCPCtarget="2026-05-02"))],
        passes=[_enquiries(block(InitialCPCtarget="2026-05-01"))],
    ),
    rule(
        "8875",
        "Section47",
        _HELD,
        _WEEKEND,
        choice="Only the conferences of enquiries, whose table the list names: not that of a transfer.",
        fails=[
            _enquiries(block(DateOfInitialCPC="2026-05-02")),
            _enquiries(block(DateOfInitialCPC="2026-05-03")),
        ],
        passes=[_enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(DateOfInitialCPC="2026-05-03")],
    ),
    across(
        "2884",
        "Section47 x JOIN CINdetails d ON d.LAchildID = x.LAchildID",
        {"x": f"Section47 {_HELD}", "d": f"CINdetails {_HELD}"},
        "x.DateOfInitialCPC = d.DateOfInitialCPC",
        choice="One conference is recorded at both when the days are the same, also where the two stand in different referrals of the child."
        " An enquiry after a transfer may have a conference of its own.",
        fails=[
            _enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(DateOfInitialCPC="2026-05-01"),
            _enquiries(child(CINdetailsID="2", DateOfInitialCPC="2026-05-01"))
            | _details(DateOfInitialCPC="2026-05-01"),
        ],
        passes=[
            _enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(DateOfInitialCPC="2026-05-05"),
            _enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(),
        ],
    ),
    rule(
        "2883",
        "ChildProtectionPlans",
        "CPPstartDate",
        select=f"SELECT x.row FROM {_NEW_PLANS} AND (SELECT count(*) {_HELD_THERE})"
        f" < (SELECT count(*) FROM ChildProtectionPlans p WHERE {same_block('p', 'x')} AND p.CPPstartDate {_IN_YEAR})"
        f" AND (SELECT count(*) FROM conference WHERE held {_IN_YEAR}) < (SELECT count(*) FROM ChildProtectionPlans WHERE CPPstartDate {_IN_YEAR})",
        whole=True,
        choice="Counted over the return, and then within each referral, so that the plans without a conference can be found; only what falls in"
        " the census year, since the conference of an older plan stood in an earlier census.",
        fails=[
            Example(
                _plans("2026-05-01", "2026-08-03") | _enquiries(block(DateOfInitialCPC="2026-05-01")),
                (("ChildProtectionPlans", 0), ("ChildProtectionPlans", 1)),
            ),
            _plans("2026-05-01"),
        ],
        passes=[
            _plans("2026-05-01", "2026-08-03")
            | _enquiries(block(DateOfInitialCPC="2026-05-01"))
            | _details(DateOfInitialCPC="2026-08-03"),
            _plans("2026-05-01")
            | {"CINdetails": [{"LAchildID": "2", "CINdetailsID": "1", "DateOfInitialCPC": "2026-05-01"}]},
            _plans("2026-03-31"),
        ],
    ),
    rule(
        "2885",
        "ChildProtectionPlans",
        "CPPstartDate",
        select=f"SELECT x.row FROM {_NEW_PLANS} AND NOT EXISTS (SELECT 1 {_HELD_THERE} AND c.held = x.CPPstartDate)",
        also=[
            find(
                table,
                _HELD,
                select=f"SELECT h.row FROM {table} h JOIN ChildProtectionPlans x ON {same_block('h', 'x')} WHERE h.DateOfInitialCPC {_IN_YEAR}"
                f" AND x.CPPstartDate {_IN_YEAR} AND NOT EXISTS (SELECT 1 {_HELD_THERE} AND c.held = x.CPPstartDate)",
            )
            for table in ("Section47", "CINdetails")
        ],
        choice="For plans that start in the census year. A plan without any conference starts on a different day, too.",
        fails=[
            Example(
                _plans("2026-05-02") | _enquiries(block(DateOfInitialCPC="2026-05-01")),
                (("ChildProtectionPlans", 0), ("Section47", 0)),
            ),
            _plans("2026-05-02") | _enquiries(block()),
            Example(
                _plans("2026-05-02") | _details(DateOfInitialCPC="2026-05-01"),
                (("CINdetails", 0), ("ChildProtectionPlans", 0)),
            ),
        ],
        passes=[
            _plans("2026-05-01") | _enquiries(block(DateOfInitialCPC="2026-05-01")) | _details(),
            _plans("2026-05-01") | _details(DateOfInitialCPC="2026-05-01"),
            _plans("2026-03-31") | _details(DateOfInitialCPC="2026-05-01"),
        ],
    ),
)

RULES = (*ENQUIRIES, *CONFERENCES)
