"""Rules about where a child is placed: postcodes, distance, and the authority of the placement."""

from sightline.engine.exchange.rules.declarations import rule
from sightline.returns.ssda903.words import NOT_SHORT_BREAK, SHORT_BREAK, episodes, tidy

#: Who was an asylum seeker before this year is known from the return of the year before, where that is given.
_FORMERLY = ("Header_last", "UASC_last")
_NOT_ASYLUM = "CHILD NOT IN (SELECT CHILD FROM uasc_child)"
_MILES = "TRY_CAST(PL_DISTANCE AS DOUBLE)"
_HOME = {"LS": "C2", "HOME_POST": "ST16 3AA", "PL_POST": "B1 1AA"}

RULES = (
    rule(
        "164",
        "Episodes",
        "PL_DISTANCE",
        f"PL_DISTANCE IS NOT NULL AND coalesce({_MILES} NOT BETWEEN 0 AND 999.9, true) AND {_NOT_ASYLUM}",
        choice="A distance is a number from 0 to 999.9; one that is missing is left to rule 392a, one of an asylum-seeking child to rule 406.",
        helped_by=_FORMERLY,
        fails=[
            episodes({"LS": "C2", "PL_DISTANCE": "1000"}, Header=[{"UASC": "0"}]),
            episodes({"LS": "V3", "PL_DISTANCE": "near"}, Header=[{"UASC": "0"}]),
        ],
        passes=[
            episodes({"LS": "C2", "PL_DISTANCE": "999.9"}, Header=[{"UASC": "0"}]),
            episodes({"LS": "C2", "PL_DISTANCE": "1000"}, Header=[{"UASC": "1"}]),
            episodes(_HOME, Header=[{"UASC": "0"}]),
        ],
    ),
    rule(
        "169",
        "Episodes",
        "PL_LA",
        f"{NOT_SHORT_BREAK} AND (PL_LA IS NULL OR PL_LA_known = '0')",
        choice="Valid are codes of authorities of the United Kingdom, past or present, and of places without one. Short breaks have none.",
        fails=[
            episodes({"LS": "C2", "PL_LA": "E10999999"}),
            episodes({"LS": "C2"}),
            episodes({**_HOME, "PL_POST": "ZZ1 1ZZ"}),
        ],
        passes=[episodes({"LS": "C2", "PL_LA": "W06000015"}), episodes({"LS": "V3"}), episodes(_HOME)],
    ),
    rule(
        "392a",
        "Episodes",
        "PL_DISTANCE",
        select=f"SELECT row FROM Episodes WHERE PL_DISTANCE IS NULL AND {NOT_SHORT_BREAK} AND {_NOT_ASYLUM}",
        choice="Short breaks and unaccompanied asylum-seeking children have no distance.",
        helped_by=_FORMERLY,
        fails=[episodes({**_HOME, "HOME_POST": ""}, Header=[{"UASC": "0"}])],
        passes=[
            episodes(_HOME, Header=[{"UASC": "0"}]),
            episodes({**_HOME, "HOME_POST": ""}, Header=[{"UASC": "1"}]),
            episodes({"LS": "V3"}, Header=[{"UASC": "0"}]),
        ],
    ),
    rule(
        "392b",
        "Episodes",
        "HOME_POST PL_POST",
        select=f"SELECT row FROM Episodes WHERE (HOME_POST IS NULL OR PL_POST IS NULL) AND {NOT_SHORT_BREAK} AND {_NOT_ASYLUM}",
        choice="Either postcode missing is enough. Short breaks and unaccompanied asylum-seeking children are left out, as in rule 392a.",
        helped_by=_FORMERLY,
        fails=[
            episodes({**_HOME, "HOME_POST": ""}, Header=[{"UASC": "0"}]),
            episodes({**_HOME, "PL_POST": ""}, Header=[{"UASC": "0"}]),
        ],
        passes=[
            episodes(_HOME, Header=[{"UASC": "0"}]),
            episodes({**_HOME, "HOME_POST": ""}, Header=[{"UASC": "0"}], UASC=[{"SEX": "F"}]),
        ],
    ),
    rule(
        "392c",
        "Episodes",
        "HOME_POST PL_POST",
        "HOME_POST_known = '0' OR PL_POST_known = '0'",
        choice="A postcode is valid when it is in the table of postcodes, in any spacing or case.",
        fails=[episodes({**_HOME, "HOME_POST": "ZZ1 1ZZ"}), episodes({**_HOME, "PL_POST": "B1"})],
        passes=[episodes(_HOME), episodes({**_HOME, "HOME_POST": "st163aa", "PL_POST": ""})],
    ),
    rule(
        "392d",
        "Episodes",
        "HOME_POST PL_POST PLACE",
        f"{tidy('HOME_POST')} = {tidy('PL_POST')} AND PLACE IS DISTINCT FROM 'P1'",
        choice="Postcodes are compared without spaces and case. A type that is left blank is not P1.",
        fails=[
            episodes({"PLACE": "U6", "HOME_POST": "ST16 3AA", "PL_POST": "st163aa"}),
            episodes({"HOME_POST": "ST16 3AA", "PL_POST": "ST16 3AA"}),
        ],
        passes=[
            episodes({"PLACE": "P1", "HOME_POST": "ST16 3AA", "PL_POST": "ST16 3AA"}),
            episodes({"PLACE": "U6", "HOME_POST": "ST16 3AA", "PL_POST": "B1 1AA"}),
        ],
    ),
    rule(
        "398",
        "Episodes",
        "LS HOME_POST PL_POST",
        f"{SHORT_BREAK} AND (HOME_POST IS NOT NULL OR PL_POST IS NOT NULL)",
        choice="The distance is worked out from the postcodes, so either of them counts.",
        fails=[episodes({"LS": "V3", "HOME_POST": "ST16 3AA"})],
        passes=[episodes({"LS": "V3"}), episodes({"LS": "V2", "HOME_POST": "ST16 3AA"})],
    ),
    rule(
        "406",
        "Episodes",
        "PL_DISTANCE",
        select="SELECT row FROM Episodes WHERE PL_DISTANCE IS NOT NULL AND CHILD IN (SELECT CHILD FROM uasc_child)",
        helped_by=_FORMERLY,
        fails=[
            episodes({"PL_DISTANCE": "4.0"}, Header=[{"UASC": "1"}]),
            episodes(_HOME, Header=[{}], UASC=[{"SEX": "F"}]),
            episodes(
                {"PL_DISTANCE": "4.0"}, Header=[{"UASC": "0"}], Header_last=[{"UASC": "1"}], UASC_last=[{"SEX": "F"}]
            ),
        ],
        passes=[
            episodes({"PL_DISTANCE": "4.0"}, Header=[{"UASC": "0"}]),
            episodes({**_HOME, "HOME_POST": ""}, Header=[{"UASC": "1"}]),
        ],
    ),
    rule(
        "411",
        "Episodes",
        "PL_LOCATION",
        "PL_LOCATION = 'IN' AND PL_LA IS DISTINCT FROM authority() OR PL_LOCATION = 'OUT' AND PL_LA = authority()",
        choice="Inside needs the authority of the placement to be known, outside does not.",
        of_authority=True,
        fails=[
            episodes({"LS": "C2", "PL_LA": "E10000028", "PL_LOCATION": "OUT"}),
            episodes({"LS": "C2", "PL_LA": "E08000025", "PL_LOCATION": "IN"}),
            episodes({"LS": "C2", "PL_LOCATION": "IN"}),
        ],
        passes=[
            episodes({"LS": "C2", "PL_LA": "E10000028", "PL_LOCATION": "IN"}),
            episodes({"LS": "C2", "PL_LOCATION": "OUT"}),
            episodes(_HOME),
        ],
    ),
    rule(
        "420",
        "Episodes",
        "PL_LA",
        f"{SHORT_BREAK} AND PL_LA IS NOT NULL",
        fails=[episodes({"LS": "V4", "PL_LA": "E10000028"})],
        passes=[episodes({"LS": "V4"}), episodes({"LS": "V2", "PL_LA": "E10000028"})],
    ),
    rule(
        "454",
        "Episodes",
        "PL_DISTANCE",
        f"{_MILES} > 350",
        fails=[episodes({"PL_DISTANCE": "350.1"})],
        passes=[episodes({"PL_DISTANCE": "350"})],
    ),
)
