"""Rules about assessments and the factors found at them. An assessment stands in a row for each factor: a fault of it is found in all of them.

Source: DfE children in need census guide, sections 4.9 and 4.10.
"""

from sightline.engine.exchange.rules.declarations import Example, across, rule
from sightline.returns.cin.parts import block, in_details, outside_year, running_beside, same_block

_STARTED, _AUTHORISED = "AssessmentActualStartDate", "AssessmentAuthorisationDate"
_SAME = f"{same_block('y', 'x')} AND y.AssessmentID = x.AssessmentID"
#: Each row (`x`) of each assessment (`y`).
_ROWS = f"Assessments x JOIN assessment y ON {_SAME}"
_PENDING = "AssessmentAuthorisationDate IS NULL"
_BOTH = (("Assessments", 0), ("Assessments", 1))


def _assessment(number: str = "1", /, **cells: str) -> dict[str, str]:
    return block(AssessmentID=number, **cells)


def _assessments(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"Assessments": list(rows)}


def _factors(*codes: str, **cells: str) -> dict[str, list[dict[str, str]]]:
    return _assessments(*(_assessment(AssessmentFactors=code, **cells) for code in codes))


DATES = (
    across(
        "1103",
        in_details("Assessments"),
        {"x": f"Assessments {_STARTED}", "d": "CINdetails CINreferralDate"},
        "x.AssessmentActualStartDate < d.CINreferralDate",
        fails=[
            _assessments(_assessment(AssessmentActualStartDate="2026-04-30"))
            | {"CINdetails": [block(CINreferralDate="2026-05-01")]}
        ],
        passes=[
            _assessments(_assessment(AssessmentActualStartDate="2026-05-01"))
            | {"CINdetails": [block(CINreferralDate="2026-05-01")]}
        ],
    ),
    rule(
        "8608",
        "Assessments",
        f"{_STARTED} {_AUTHORISED}",
        "AssessmentActualStartDate > AssessmentAuthorisationDate",
        fails=[
            _assessments(_assessment(AssessmentActualStartDate="2026-05-02", AssessmentAuthorisationDate="2026-05-01"))
        ],
        passes=[
            _assessments(_assessment(AssessmentActualStartDate="2026-05-01", AssessmentAuthorisationDate="2026-05-01"))
        ],
    ),
    rule(
        "8696",
        "Assessments",
        _AUTHORISED,
        outside_year(_AUTHORISED),
        fails=[
            _assessments(_assessment(AssessmentAuthorisationDate="2026-03-31")),
            _assessments(_assessment(AssessmentAuthorisationDate="2027-04-01")),
        ],
        passes=[_assessments(_assessment(AssessmentAuthorisationDate="2027-03-31")), _assessments(_assessment())],
    ),
    rule(
        "8736",
        "Assessments",
        f"{_STARTED} {_AUTHORISED}",
        f"{_PENDING} AND (AssessmentActualStartDate IS NULL OR {outside_year(_STARTED)})",
        choice="A start that is missing is not within the census year.",
        fails=[_assessments(_assessment(AssessmentActualStartDate="2026-03-31")), _assessments(_assessment())],
        passes=[
            _assessments(_assessment(AssessmentActualStartDate="2026-04-01")),
            _assessments(_assessment(AssessmentActualStartDate="2026-03-31", AssessmentAuthorisationDate="2026-05-01")),
        ],
    ),
    rule(
        "8670Q",
        "Assessments",
        f"{_STARTED} {_AUTHORISED}",
        f"{_PENDING} AND AssessmentActualStartDate < year_end() AND coalesce(working_days(AssessmentActualStartDate - 1, year_end()), 46) > 45",
        choice="The day of the start and 31 March are both counted.",
        fails=[
            _assessments(_assessment(AssessmentActualStartDate="2027-01-25")),
            _assessments(_assessment(AssessmentActualStartDate="1985-01-22")),
        ],
        passes=[
            _assessments(_assessment(AssessmentActualStartDate="2027-01-26")),
            _assessments(_assessment(AssessmentActualStartDate="2027-01-22", AssessmentAuthorisationDate="2027-03-01")),
        ],
    ),
    across(
        "8867",
        in_details("Assessments"),
        {"d": "CINdetails CINclosureDate", "x": f"Assessments {_AUTHORISED}"},
        f"d.CINclosureDate IS NOT NULL AND x.{_PENDING}",
        fails=[_assessments(_assessment()) | {"CINdetails": [block(CINclosureDate="2026-05-01")]}],
        passes=[
            _assessments(_assessment(AssessmentAuthorisationDate="2026-05-01"))
            | {"CINdetails": [block(CINclosureDate="2026-05-01")]},
            _assessments(_assessment()) | {"CINdetails": [block()]},
        ],
    ),
)

SEVERAL = (
    rule(
        "8863Q",
        "Assessments",
        f"{_STARTED} {_AUTHORISED}",
        select="SELECT unnest([x.row, y.row]) AS row FROM Assessments x"
        f" JOIN Assessments y ON {same_block('y', 'x')} AND y.AssessmentID <> x.AssessmentID"
        f" WHERE {running_beside('x', 'y', _STARTED, _AUTHORISED)}",
        choice="Within one referral. An assessment that starts on the day another is authorised starts during it; two of the same days do not.",
        fails=[
            Example(
                _assessments(
                    _assessment("1", AssessmentActualStartDate="2026-05-01", AssessmentAuthorisationDate="2026-06-01"),
                    _assessment("2", AssessmentActualStartDate="2026-06-01", AssessmentAuthorisationDate="2026-06-30"),
                ),
                _BOTH,
            ),
            Example(
                _assessments(
                    _assessment("1", AssessmentActualStartDate="2026-05-01", AssessmentAuthorisationDate="2026-06-01"),
                    _assessment("2", AssessmentActualStartDate="2026-05-01"),
                ),
                _BOTH,
            ),
        ],
        passes=[
            _assessments(
                _assessment("1", AssessmentActualStartDate="2026-05-01", AssessmentAuthorisationDate="2026-06-01"),
                _assessment("2", AssessmentActualStartDate="2026-06-02", AssessmentAuthorisationDate="2026-06-30"),
            ),
            _assessments(
                _assessment("1", AssessmentActualStartDate="2026-05-01"),
                _assessment("2", AssessmentActualStartDate="2026-05-01"),
            ),
            _assessments(
                _assessment("1", AssessmentActualStartDate="2026-05-01", AssessmentFactors="1A"),
                _assessment("1", AssessmentActualStartDate="2026-05-01", AssessmentFactors="1B"),
            ),
        ],
    ),
    rule(
        "8896",
        "Assessments",
        _AUTHORISED,
        select=f"SELECT x.row FROM Assessments x JOIN Assessments y ON {same_block('y', 'x')} AND y.AssessmentID <> x.AssessmentID"
        f" WHERE x.{_PENDING} AND y.{_PENDING}",
        fails=[Example(_assessments(_assessment("1"), _assessment("2")), _BOTH)],
        passes=[
            _assessments(_assessment("1"), _assessment("2", AssessmentAuthorisationDate="2026-05-01")),
            _assessments(_assessment(AssessmentFactors="1A"), _assessment(AssessmentFactors="1B")),
        ],
    ),
)

FACTORS = (
    rule(
        "8614",
        "Assessments",
        f"AssessmentFactors {_AUTHORISED}",
        f"AssessmentFactors IS NOT NULL AND {_PENDING}",
        fails=[_factors("1A")],
        passes=[_factors("1A", AssessmentAuthorisationDate="2026-05-01"), _assessments(_assessment())],
    ),
    rule(
        "8897Q",
        "Assessments",
        f"AssessmentFactors {_AUTHORISED}",
        select="SELECT x.row FROM Assessments x WHERE x.AssessmentAuthorisationDate IS NOT NULL AND NOT EXISTS (SELECT 1 FROM Assessments f"
        " WHERE f.LAchildID = x.LAchildID AND f.CINdetailsID = x.CINdetailsID AND f.AssessmentID = x.AssessmentID"
        " AND (f.AssessmentFactors IN {cin_assessment_factors} OR f.AssessmentFactors IN ('18A', '19A')))",
        choice="A code that is not in the census's list is no factor. 18A and 19A, no longer in it, are: rules 8945Q and 8950Q ask about them.",
        fails=[
            _assessments(_assessment(AssessmentAuthorisationDate="2026-05-01")),
            _factors("99", AssessmentAuthorisationDate="2026-05-01"),
        ],
        passes=[
            _factors("1A", AssessmentAuthorisationDate="2026-05-01"),
            _factors("18A", AssessmentAuthorisationDate="2026-05-01"),
            _assessments(_assessment()),
        ],
    ),
    rule(
        "8869",
        "Assessments",
        "AssessmentFactors",
        select=f"SELECT x.row FROM {_ROWS} WHERE list_contains(y.factors, '21') AND x.AssessmentFactors <> '21'",
        choice="The factors beside code 21 are found.",
        fails=[Example(_factors("21", "1A"), (("Assessments", 1),))],
        passes=[
            _factors("21"),
            _assessments(_assessment("1", AssessmentFactors="21"), _assessment("2", AssessmentFactors="1A")),
        ],
    ),
    rule(
        "8898",
        "Assessments",
        "AssessmentFactors",
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID, CINdetailsID, AssessmentID, AssessmentFactors) AS held"
        " FROM Assessments WHERE LAchildID IS NOT NULL AND AssessmentFactors IS NOT NULL) WHERE held > 1",
        fails=[Example(_factors("1A", "1B", "1A"), (("Assessments", 0), ("Assessments", 2)))],
        passes=[
            _factors("1A", "1B"),
            _assessments(_assessment("1", AssessmentFactors="1A"), _assessment("2", AssessmentFactors="1A")),
        ],
    ),
    across(
        "8873Q",
        f"{_ROWS} JOIN CINdetails d ON {same_block('d', 'x')}",
        {"x": "Assessments AssessmentFactors", "d": "CINdetails ReasonForClosure"},
        "list_contains(y.factors, '21') AND y.AssessmentAuthorisationDate IS NOT NULL"
        " AND coalesce(d.ReasonForClosure, '') NOT IN ('RC8', 'RC9')"
        f" AND NOT EXISTS (SELECT 1 FROM Assessments o WHERE {same_block('o', 'x')} AND o.AssessmentID <> x.AssessmentID)",
        choice="A case that is not closed fails too: code 21 says that no further action is taken.",
        fails=[
            _factors("21", AssessmentAuthorisationDate="2026-05-01") | {"CINdetails": [block(ReasonForClosure="RC7")]},
            _factors("21", AssessmentAuthorisationDate="2026-05-01") | {"CINdetails": [block()]},
        ],
        passes=[
            _factors("21", AssessmentAuthorisationDate="2026-05-01") | {"CINdetails": [block(ReasonForClosure="RC8")]},
            _factors("20", AssessmentAuthorisationDate="2026-05-01") | {"CINdetails": [block(ReasonForClosure="RC7")]},
            _factors("21") | {"CINdetails": [block(ReasonForClosure="RC7")]},
            {
                "Assessments": [
                    _assessment("1", AssessmentFactors="21", AssessmentAuthorisationDate="2026-05-01"),
                    _assessment("2", AssessmentFactors="1A", AssessmentAuthorisationDate="2026-05-01"),
                ],
                "CINdetails": [block(ReasonForClosure="RC7")],
            },
        ],
    ),
    *(
        rule(
            code,
            "Assessments",
            "AssessmentFactors",
            f"AssessmentFactors = '{old}'",
            fails=[_factors(old)],
            passes=[_factors(new)],
        )
        for code, old, new in (("8945Q", "18A", "18B"), ("8950Q", "19A", "19C"))
    ),
)  # fmt: skip

RULES = (*DATES, *SEVERAL, *FACTORS)
