"""Rules that set episodes beside who the child is: age when care starts and ends, and what the header says of a child who is looked after."""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule
from sightline.returns.ssda903.words import ADOPTED, FEMALE, NOT_SHORT_BREAK, episodes, one_child

_LEFT = f"REC <> 'X1' AND DEC BETWEEN year_start() AND year_end() AND {NOT_SHORT_BREAK}"
_NO_MOTHER = f"{FEMALE} AND MOTHER IS NULL"
_GIRL = {"SEX": "F", "DOB": "01/05/2010"}
_SGO = "('E45', 'E46', 'E47', 'E48')"


def _ends(
    code: str, fields: str, reasons: str, wrong: str, at: int, *, below: bool, valid: str, header: bool = False
) -> Rule:
    """A reason to leave care that asks for an age on the day: below `at`, or that age and over."""
    where = f"REC IN {reasons} AND age_out {'>=' if below else '<'} {at}"
    young, old = f"02/05/{2026 - at}", f"01/05/{2026 - at}"
    too, right = (old, young) if below else (young, old)
    faulty = {"REC": wrong, "DEC": "01/05/2026"}
    return rule(
        code,
        "Episodes",
        fields,
        select=f"SELECT row FROM ep_aged WHERE {where}",
        also=[
            find(
                "Header",
                "DOB",
                select=f"SELECT h.row FROM Header h WHERE h.CHILD IN (SELECT CHILD FROM ep_aged WHERE {where})",
            )
        ]
        if header
        else [],
        choice="The age is that on the day on which the episode ends.",
        fails=[
            Example(
                episodes(faulty, Header=[{"DOB": too}]),
                (("Episodes", 0), ("Header", 0)) if header else (("Episodes", 0),),
            ),
        ],
        passes=[episodes(faulty, Header=[{"DOB": right}]), episodes({**faulty, "REC": valid}, Header=[{"DOB": too}])],
    )


#: Tables that hold nothing of a care leaver without episodes. Header and OC3 do.
_OF_CHILDREN = ("Reviews", "UASC", "OC2", "AD1", "PlacedAdoption", "PrevPerm", "Missing", "SWEpisodes", "DoLo")


def _leavers_only(table: str) -> str:
    return (
        f"SELECT t.row FROM {table} t WHERE t.CHILD IN (SELECT CHILD FROM OC3)"
        " AND t.CHILD NOT IN (SELECT CHILD FROM Episodes WHERE CHILD IS NOT NULL)"
    )


_UN4 = "SELECT c.first_row, c.CHILD FROM care c WHERE c.starts < year_end() - 7 AND (c.is_open OR c.ends > year_end())"
_UNKNOWN = "SELECT CHILD FROM Header WHERE UPN = 'UN4'"
_TOO_LATE = "SELECT l.CHILD FROM last_ep l WHERE l.REC <> 'X1' AND l.DEC < h.MC_DOB AND l.CHILD = h.CHILD"

RULES = (
    rule(
        "210",
        "Header",
        "UPN",
        select=f"SELECT row FROM Header WHERE UPN = 'UN4' AND CHILD IN (SELECT CHILD FROM ({_UN4}))",
        also=[find("Episodes", "DECOM", select=f"SELECT first_row FROM ({_UN4}) WHERE CHILD IN ({_UNKNOWN})")],
        choice="Judges the period of care that goes on at 31 March: it started before 24 March.",
        fails=[
            Example(
                episodes({"DECOM": "23/03/2027", "RNE": "S"}, Header=[{"UPN": "UN4"}]),
                (("Episodes", 0), ("Header", 0)),
            )
        ],
        passes=[
            episodes({"DECOM": "24/03/2027", "RNE": "S"}, Header=[{"UPN": "UN4"}]),
            episodes({"DECOM": "23/03/2027", "RNE": "S"}, Header=[{"UPN": "UN3"}]),
            episodes({"DECOM": "23/03/2027", "RNE": "S", "DEC": "30/03/2027", "REC": "E4A"}, Header=[{"UPN": "UN4"}]),
        ],
    ),
    rule(
        "302",
        "Episodes",
        "DECOM",
        select="SELECT f.row FROM first_ep f JOIN child_dob d ON d.CHILD = f.CHILD WHERE f.DECOM < d.DOB",
        also=[
            find(
                "Header",
                "DOB",
                select="SELECT h.row FROM Header h JOIN first_ep f ON f.CHILD = h.CHILD JOIN child_dob d ON d.CHILD = h.CHILD WHERE f.DECOM < d.DOB",
            )
        ],
        fails=[
            Example(
                episodes({"DECOM": "30/04/2026"}, Header=[{"DOB": "01/05/2026"}]),
                (("Episodes", 0), ("Header", 0)),
            )
        ],
        passes=[episodes({"DECOM": "01/05/2026"}, Header=[{"DOB": "01/05/2026"}])],
    ),
    rule(
        "352",
        "Episodes",
        "DECOM RNE",
        select="SELECT row FROM ep_aged WHERE RNE = 'S' AND age_in >= 18",
        fails=[episodes({"DECOM": "01/05/2026", "RNE": "S"}, Header=[{"DOB": "01/05/2008"}])],
        passes=[
            episodes({"DECOM": "30/04/2026", "RNE": "S"}, Header=[{"DOB": "01/05/2008"}]),
            episodes({"DECOM": "01/05/2026", "RNE": "P"}, Header=[{"DOB": "01/05/2008"}]),
        ],
    ),
    _ends("386", "REC", ADOPTED, "E11", 18, below=True, valid="E17"),
    _ends("387", "REC", "('E5', 'E6')", "E6", 14, below=False, valid="E4A"),
    _ends("389", "REC", "('E7')", "E7", 16, below=False, valid="E8"),
    _ends("407", "DEC REC", _SGO, "E48", 18, below=True, valid="E41", header=True),
    _ends("460", "DEC REC", "('E17')", "E17", 18, below=False, valid="E8"),
    rule(
        "393",
        "Header",
        "MOTHER",
        select=f"SELECT h.row FROM Header h WHERE {_NO_MOTHER} AND h.CHILD IN (SELECT CHILD FROM Episodes WHERE {NOT_SHORT_BREAK})",
        choice="Asked of girls who were looked after at any time in the year other than for short breaks.",
        fails=[episodes({"LS": "C2"}, Header=[_GIRL])],
        passes=[
            episodes({"LS": "C2"}, Header=[{**_GIRL, "MOTHER": "0"}]),
            episodes({"LS": "V3"}, Header=[_GIRL]),
            episodes({"LS": "C2"}, Header=[{**_GIRL, "SEX": "M"}]),
        ],
    ),
    rule(
        "442",
        "Header",
        "UPN",
        select=f"SELECT h.row FROM Header h WHERE h.UPN IS NULL AND h.CHILD IN (SELECT CHILD FROM Episodes WHERE {NOT_SHORT_BREAK})",
        choice="Not asked of children who only have short breaks.",
        fails=[episodes({"LS": "C2"}, Header=[{}])],
        passes=[episodes({"LS": "C2"}, Header=[{"UPN": "UN1"}]), episodes({"LS": "V4"}, Header=[{}])],
    ),
    rule(
        "607",
        "Header",
        "MOTHER SEX",
        select=f"SELECT h.row FROM Header h WHERE {_NO_MOTHER} AND h.CHILD IN (SELECT CHILD FROM Episodes WHERE {_LEFT})",
        also=[
            find(
                "Episodes",
                "DEC REC LS",
                select=f"SELECT row FROM Episodes WHERE {_LEFT} AND CHILD IN (SELECT CHILD FROM Header WHERE {_NO_MOTHER})",
            )
        ],
        fails=[
            Example(
                episodes({"LS": "C2", "DEC": "01/05/2026", "REC": "E4A"}, Header=[_GIRL]),
                (("Episodes", 0), ("Header", 0)),
            )
        ],
        passes=[
            episodes({"LS": "C2", "DEC": "01/05/2026", "REC": "E4A"}, Header=[{**_GIRL, "MOTHER": "1"}]),
            episodes({"LS": "C2", "DEC": "01/05/2026", "REC": "X1"}, Header=[_GIRL]),
            episodes({"LS": "V4", "DEC": "01/05/2026", "REC": "E4A"}, Header=[_GIRL]),
        ],
    ),
    rule(
        "625",
        "Header",
        "MC_DOB",
        select=f"SELECT h.row FROM Header h WHERE h.MC_DOB > year_end() OR h.CHILD IN ({_TOO_LATE})",
        also=[
            find(
                "Episodes",
                "DEC",
                select="SELECT l.row FROM last_ep l JOIN Header h ON h.CHILD = l.CHILD WHERE l.REC <> 'X1' AND l.DEC < h.MC_DOB",
            )
        ],
        choice="The day on which the child ceased to be looked after is the end of the last episode.",
        fails=[
            episodes({"DECOM": "01/05/2026"}, Header=[{"MC_DOB": "01/04/2027"}]),
            Example(
                episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E4A"}, Header=[{"MC_DOB": "02/06/2026"}]),
                (("Episodes", 0), ("Header", 0)),
            ),
        ],
        passes=[
            episodes({"DECOM": "01/05/2026"}, Header=[{"MC_DOB": "31/03/2027"}]),
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E4A"}, Header=[{"MC_DOB": "01/06/2026"}]),
        ],
    ),
    rule(
        "1012",
        _OF_CHILDREN[0],
        "CHILD",
        select=_leavers_only(_OF_CHILDREN[0]),
        also=[find(table, "CHILD", select=_leavers_only(table)) for table in _OF_CHILDREN[1:]],
        choice="What is found is the other data: rows of every table but Header and OC3.",
        fails=[
            Example(
                one_child(OC3=[{}], Episodes=[], Reviews=[{}], AD1=[{}, {}]),
                (("Reviews", 0), ("AD1", 0), ("AD1", 1)),
            )
        ],
        passes=[one_child(OC3=[{}], Episodes=[{}], Reviews=[{}]), one_child(OC3=[], Episodes=[], Reviews=[{}])],
    ),
)
