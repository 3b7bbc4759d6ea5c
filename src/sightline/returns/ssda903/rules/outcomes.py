"""Rules about health, convictions and the Strengths and Difficulties Questionnaire (SDQ) of children looked after for a year (OC2).

Ages and the cohort follow the DfE SSDA903 guide, "outcomes of children looked after for at least 12 months": continuously looked after for the
12 months to 31 March, series of short breaks apart (the fact `continuous`).
"""

from typing import Any

from sightline.engine.exchange.rules.declarations import find, rule

_NEEDED = "IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT SUBSTANCE_MISUSE"
_EVERY = f"CONVICTED HEALTH_CHECK {_NEEDED} INTERVENTION_RECEIVED INTERVENTION_OFFERED"
_LACKS_ONE = "(" + " OR ".join(f"{field} IS NULL" for field in _NEEDED.split()) + ")"
_SAYS_ANY = f"coalesce({', '.join(_EVERY.split())}) IS NOT NULL"
_FULL_YEAR = "EXISTS (SELECT 1 FROM continuous c WHERE c.CHILD = OC2.CHILD)"
_NOT_FULL_YEAR = f"CHILD IS NOT NULL AND NOT {_FULL_YEAR}"
_OF_AGE = "age_on(DOB, year_start()) >= 4 AND age_on(DOB, year_end()) < 17"
_BECAME_4_OR_17 = (
    "(birthday(DOB, 4) BETWEEN year_start() AND year_end() OR birthday(DOB, 17) BETWEEN year_start() AND year_end())"
)
_SCORE_OR_REASON = "(SDQ_SCORE_text IS NOT NULL OR SDQ_REASON IS NOT NULL)"

_ALL_YEAR: dict[str, Any] = {"Episodes": [{"CHILD": "1", "DECOM": "01/04/2026", "RNE": "S", "LS": "C2"}]}
_PART_YEAR: dict[str, Any] = {"Episodes": [{"CHILD": "1", "DECOM": "02/04/2026", "RNE": "S", "LS": "C2"}]}
#: A period of care that ends X1, and another that starts (S) on the same day.
_BROKEN: dict[str, Any] = {
    "Episodes": [
        {**_ALL_YEAR["Episodes"][0], "DEC": "01/06/2026", "REC": "X1"},
        {**_ALL_YEAR["Episodes"][0], "DECOM": "01/06/2026"},
    ]
}
_HEALTHY = dict.fromkeys(_NEEDED.split(), "1")


def _oc2(**says: str) -> dict[str, Any]:
    return {"OC2": [{"CHILD": "1", **says}]}


RULES = (
    rule(
        "157",
        "OC2",
        "SDQ_REASON DOB",
        f"SDQ_REASON = 'SDQ1' AND {_OF_AGE} AND {_FULL_YEAR}",
        choice="Both ages are asked ('or' would take in every child), of children looked after for the whole year: 198 finds the others.",
        fails=[
            _ALL_YEAR | _oc2(DOB="01/04/2022", SDQ_REASON="SDQ1"),
            _ALL_YEAR | _oc2(DOB="01/04/2010", SDQ_REASON="SDQ1"),
        ],
        passes=[
            _ALL_YEAR | _oc2(DOB="02/04/2022", SDQ_REASON="SDQ1"),
            _ALL_YEAR | _oc2(DOB="31/03/2010", SDQ_REASON="SDQ1"),
            _ALL_YEAR | _oc2(DOB="01/04/2022", SDQ_REASON="SDQ2"),
        ],
    ),
    rule(
        "158",
        "OC2",
        "INTERVENTION_RECEIVED INTERVENTION_OFFERED",
        "INTERVENTION_RECEIVED = '1' AND INTERVENTION_OFFERED IS NOT NULL",
        fails=[_oc2(INTERVENTION_RECEIVED="1", INTERVENTION_OFFERED="0")],
        passes=[_oc2(INTERVENTION_RECEIVED="1"), _oc2(INTERVENTION_RECEIVED="0", INTERVENTION_OFFERED="0")],
    ),
    rule(
        "159",
        "OC2",
        "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
        "SUBSTANCE_MISUSE = '1' AND INTERVENTION_RECEIVED = '0' AND INTERVENTION_OFFERED IS NULL",
        fails=[_oc2(SUBSTANCE_MISUSE="1", INTERVENTION_RECEIVED="0")],
        passes=[
            _oc2(SUBSTANCE_MISUSE="1", INTERVENTION_RECEIVED="0", INTERVENTION_OFFERED="1"),
            _oc2(SUBSTANCE_MISUSE="1", INTERVENTION_RECEIVED="1"),
        ],
    ),
    rule(
        "180",
        "OC2",
        "SDQ_SCORE",
        r"SDQ_SCORE_text IS NOT NULL AND (NOT regexp_matches(SDQ_SCORE_text, '^\d{1,2}$') OR SDQ_SCORE > 40)",
        fails=[_oc2(SDQ_SCORE="41"), _oc2(SDQ_SCORE="12.5"), _oc2(SDQ_SCORE="high")],
        passes=[_oc2(SDQ_SCORE="40"), _oc2(SDQ_SCORE="0"), _oc2()],
    ),
    rule(
        "181",
        "OC2",
        _EVERY,
        " OR ".join(f"{field} NOT IN ('0', '1')" for field in _EVERY.split()),
        fails=[_oc2(CONVICTED="2"), _oc2(TEETH_CHECK="Y", HEALTH_ASSESSMENT="1")],
        passes=[_oc2(CONVICTED="0", TEETH_CHECK="1")],
    ),
    rule(
        "182",
        "OC2",
        _EVERY,
        f"{_LACKS_ONE} AND {_SAYS_ANY}",
        fails=[_oc2(IMMUNISATIONS="1", TEETH_CHECK="1", HEALTH_ASSESSMENT="1"), _oc2(CONVICTED="0")],
        passes=[_oc2(**_HEALTHY), _oc2(SDQ_SCORE="12")],
    ),
    rule(
        "185",
        "OC2",
        "SDQ_SCORE",
        f"SDQ_SCORE_text IS NOT NULL AND {_NOT_FULL_YEAR}",
        fails=[
            _PART_YEAR | _oc2(SDQ_SCORE="10"),
            {"Episodes": [{**_ALL_YEAR["Episodes"][0], "LS": "V4"}]} | _oc2(SDQ_SCORE="10"),
        ],
        passes=[_ALL_YEAR | _oc2(SDQ_SCORE="10"), _PART_YEAR | _oc2(SDQ_REASON="SDQ2")],
    ),
    rule(
        "186",
        "OC2",
        "SDQ_SCORE",
        f"NOT {_SCORE_OR_REASON} AND {_OF_AGE} AND {_FULL_YEAR}",
        choice="A reason for having no score answers it. A child without any row is left to 191.",
        fails=[_ALL_YEAR | _oc2(DOB="01/04/2022"), _ALL_YEAR | _oc2(DOB="01/04/2010")],
        passes=[
            _ALL_YEAR | _oc2(DOB="01/04/2022", SDQ_SCORE="0"),
            _ALL_YEAR | _oc2(DOB="01/04/2022", SDQ_REASON="SDQ2"),
            _ALL_YEAR | _oc2(DOB="02/04/2022"),
            _ALL_YEAR | _oc2(DOB="31/03/2010"),
            _PART_YEAR | _oc2(DOB="01/04/2022"),
        ],
    ),
    rule(
        "188",
        "OC2",
        "SDQ_SCORE SDQ_REASON",
        f"age_on(DOB, year_end()) < 4 AND {_SCORE_OR_REASON}",
        fails=[_oc2(DOB="01/04/2023", SDQ_SCORE="5"), _oc2(DOB="01/04/2023", SDQ_REASON="SDQ1")],
        passes=[_oc2(DOB="31/03/2023", SDQ_SCORE="5"), _oc2(DOB="01/04/2023")],
    ),
    rule(
        "189",
        "OC2",
        "DOB SDQ_SCORE SDQ_REASON",
        f"age_on(DOB, last_year_end()) >= 17 AND {_SCORE_OR_REASON}",
        choice="Who becomes 17 on the first day of the year becomes it in the year, for rule 197B.",
        fails=[_oc2(DOB="31/03/2009", SDQ_SCORE="5"), _oc2(DOB="31/03/2009", SDQ_REASON="SDQ1")],
        passes=[_oc2(DOB="01/04/2009", SDQ_SCORE="5"), _oc2(DOB="31/03/2009")],
    ),
    rule(
        "190",
        "OC2",
        _EVERY,
        f"{_SAYS_ANY} AND {_NOT_FULL_YEAR}",
        fails=[
            _PART_YEAR | _oc2(CONVICTED="0"),
            {"Episodes": [{**_ALL_YEAR["Episodes"][0], "DEC": "30/03/2027", "REC": "E4A"}]} | _oc2(**_HEALTHY),
            _BROKEN | _oc2(CONVICTED="0"),
        ],
        passes=[
            {"Episodes": [{**_ALL_YEAR["Episodes"][0], "DEC": "31/03/2027", "REC": "E4A"}]} | _oc2(**_HEALTHY),
            {"Episodes": [{**_PART_YEAR["Episodes"][0], "RNE": "P"}]} | _oc2(CONVICTED="0"),
            {"Episodes": [{**_ALL_YEAR["Episodes"][0], "DEC": "01/03/2027", "REC": "X1"}]} | _oc2(CONVICTED="0"),
            _ALL_YEAR | _oc2(CONVICTED="0"),
            _PART_YEAR | _oc2(),
        ],
    ),
    rule(
        "191",
        "OC2",
        f"{_NEEDED} CHILD",
        f"{_LACKS_ONE} AND {_FULL_YEAR}",
        also=[
            find(
                "Episodes",
                "CHILD",
                select="SELECT l.row FROM last_ep l JOIN continuous USING (CHILD)"
                " WHERE l.CHILD NOT IN (SELECT CHILD FROM OC2 WHERE CHILD IS NOT NULL)",
            )
        ],
        choice="A child without any OC2 row is found at the latest episode.",
        fails=[
            _ALL_YEAR | _oc2(IMMUNISATIONS="1", TEETH_CHECK="1", HEALTH_ASSESSMENT="1"),
            _ALL_YEAR | _oc2(),
        ],
        passes=[_ALL_YEAR | _oc2(**_HEALTHY), _PART_YEAR | _oc2(), _PART_YEAR],
    ),
    rule(
        "192",
        "OC2",
        "SUBSTANCE_MISUSE INTERVENTION_RECEIVED",
        "SUBSTANCE_MISUSE = '1' AND INTERVENTION_RECEIVED IS NULL",
        fails=[_oc2(SUBSTANCE_MISUSE="1")],
        passes=[_oc2(SUBSTANCE_MISUSE="1", INTERVENTION_RECEIVED="0"), _oc2(SUBSTANCE_MISUSE="0")],
    ),
    rule(
        "193",
        "OC2",
        "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
        "SUBSTANCE_MISUSE IS DISTINCT FROM '1' AND coalesce(INTERVENTION_RECEIVED, INTERVENTION_OFFERED) IS NOT NULL",
        choice="A problem that is left blank has not been identified either.",
        fails=[_oc2(SUBSTANCE_MISUSE="0", INTERVENTION_OFFERED="0"), _oc2(INTERVENTION_RECEIVED="1")],
        passes=[_oc2(SUBSTANCE_MISUSE="0"), _oc2(SUBSTANCE_MISUSE="1", INTERVENTION_RECEIVED="1")],
    ),
    rule(
        "196",
        "OC2",
        "SDQ_REASON",
        "SDQ_REASON NOT IN {sdq_reason}",
        fails=[_oc2(SDQ_REASON="SDQ6")],
        passes=[_oc2(SDQ_REASON="SDQ5"), _oc2()],
    ),
    rule(
        "197a",
        "OC2",
        "SDQ_SCORE SDQ_REASON",
        "SDQ_SCORE_text IS NOT NULL AND SDQ_REASON IS NOT NULL",
        fails=[_oc2(SDQ_SCORE="0", SDQ_REASON="SDQ2")],
        passes=[_oc2(SDQ_SCORE="0"), _oc2(SDQ_REASON="SDQ2")],
    ),
    rule(
        "197B",
        "OC2",
        "SDQ_REASON DOB",
        f"NOT {_SCORE_OR_REASON} AND {_BECAME_4_OR_17} AND {_FULL_YEAR}",
        choice="Children who become 4 or 17 in the year, its first and last day among them.",
        fails=[
            _ALL_YEAR | _oc2(DOB="01/04/2022"),
            _ALL_YEAR | _oc2(DOB="31/03/2023"),
            _ALL_YEAR | _oc2(DOB="01/04/2009"),
            _ALL_YEAR | _oc2(DOB="31/03/2010"),
        ],
        passes=[
            _ALL_YEAR | _oc2(DOB="02/04/2022", SDQ_REASON="SDQ1"),
            _ALL_YEAR | _oc2(DOB="31/03/2010", SDQ_SCORE="3"),
            _ALL_YEAR | _oc2(DOB="31/03/2022"),
            _ALL_YEAR | _oc2(DOB="31/03/2009"),
            _PART_YEAR | _oc2(DOB="02/04/2022"),
        ],
    ),
    rule(
        "198",
        "OC2",
        "SDQ_REASON",
        f"SDQ_REASON IS NOT NULL AND {_NOT_FULL_YEAR}",
        fails=[_PART_YEAR | _oc2(SDQ_REASON="SDQ2")],
        passes=[_ALL_YEAR | _oc2(SDQ_REASON="SDQ2"), _PART_YEAR | _oc2()],
    ),
    rule(
        "542",
        "OC2",
        "CONVICTED",
        "age_on(DOB, year_end()) < 10 AND CONVICTED IS NOT NULL",
        fails=[_oc2(DOB="01/04/2017", CONVICTED="0")],
        passes=[_oc2(DOB="31/03/2017", CONVICTED="0"), _oc2(DOB="01/04/2017")],
    ),
    rule(
        "543",
        "OC2",
        "DOB CONVICTED",
        f"age_on(DOB, year_end()) >= 10 AND CONVICTED IS NULL AND {_FULL_YEAR}",
        fails=[_ALL_YEAR | _oc2(DOB="31/03/2017")],
        passes=[
            _ALL_YEAR | _oc2(DOB="01/04/2017"),
            _ALL_YEAR | _oc2(DOB="31/03/2017", CONVICTED="0"),
            _PART_YEAR | _oc2(DOB="31/03/2017"),
        ],
    ),
    rule(
        "544",
        "OC2",
        f"CONVICTED {_NEEDED}",
        f"CONVICTED IS NOT NULL AND {_LACKS_ONE}",
        fails=[_oc2(**{**_HEALTHY, "CONVICTED": "0", "TEETH_CHECK": ""})],
        passes=[_oc2(**_HEALTHY, CONVICTED="0"), _oc2(TEETH_CHECK="1")],
    ),
    rule(
        "545",
        "OC2",
        "DOB HEALTH_CHECK",
        f"age_on(DOB, year_end()) < 5 AND HEALTH_CHECK IS NULL AND {_FULL_YEAR}",
        fails=[_ALL_YEAR | _oc2(DOB="01/04/2022")],
        passes=[
            _ALL_YEAR | _oc2(DOB="31/03/2022"),
            _ALL_YEAR | _oc2(DOB="01/04/2022", HEALTH_CHECK="1"),
            _PART_YEAR | _oc2(DOB="01/04/2022"),
        ],
    ),
    rule(
        "546",
        "OC2",
        "DOB HEALTH_CHECK",
        "age_on(DOB, year_end()) >= 5 AND HEALTH_CHECK IS NOT NULL",
        fails=[_oc2(DOB="31/03/2022", HEALTH_CHECK="1")],
        passes=[_oc2(DOB="01/04/2022", HEALTH_CHECK="1"), _oc2(DOB="31/03/2022")],
    ),
    rule(
        "547",
        "OC2",
        f"HEALTH_CHECK {_NEEDED}",
        f"HEALTH_CHECK IS NOT NULL AND {_LACKS_ONE}",
        fails=[_oc2(**{**_HEALTHY, "HEALTH_CHECK": "1", "SUBSTANCE_MISUSE": ""})],
        passes=[_oc2(**_HEALTHY, HEALTH_CHECK="1"), _oc2(SUBSTANCE_MISUSE="0")],
    ),
)
