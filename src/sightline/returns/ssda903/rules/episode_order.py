"""Rules about how a child's episodes follow each other. The order is that of `ep`: by start, never by where rows stand."""

from sightline.engine.exchange.rules.declarations import Example, Rule, rule
from sightline.returns.ssda903.words import ADOPTED, episodes, tidy

_BEFORE = {"DECOM": "01/02/2026", "DEC": "01/06/2026", "REC": "X1", "LS": "C1", "PLACE": "U6", "PL_POST": "ST16 3AA"}
_SECOND = (("Episodes", 1),)

_SAME_STATUS = "LS IS NOT DISTINCT FROM prev_LS"
_SAME_PLACE = (
    "PLACE IS NOT DISTINCT FROM prev_PLACE AND PLACE_PROVIDER IS NOT DISTINCT FROM prev_PLACE_PROVIDER"
    f" AND URN IS NOT DISTINCT FROM prev_URN AND {tidy('PL_POST')} IS NOT DISTINCT FROM {tidy('prev_PL_POST')}"
)


def _then(*, before: dict[str, str] | None = None, **after: str) -> Example:
    """An episode and the one that follows it on the same day, in which the fault is."""
    return Example(
        episodes({**_BEFORE, **(before or {})}, {**_BEFORE, "DECOM": "01/06/2026", "DEC": "", "REC": "", **after}),
        _SECOND,
    )


def _changed(code: str, reasons: str, fields: str, unlike: str, fails: list[Example], passes: list[Example]) -> Rule:
    """What the reason for a new episode says has changed is what has changed."""
    return rule(
        code,
        "Episodes",
        fields,
        select=f"SELECT row FROM ep WHERE RNE IN {reasons} AND prev_row IS NOT NULL AND {unlike}",
        choice="A placement is the same when its type, provider, URN and postcode are. A first episode has nothing to be compared with here.",
        fails=fails,
        passes=passes,
    )


RULES = (
    rule(
        "142",
        "Episodes",
        "DEC REC",
        select="SELECT row FROM ep WHERE next_row IS NOT NULL AND (DEC IS NULL OR REC IS NULL)",
        choice="Ended: with a day that is one, and a reason. An episode whose start is not known comes after the others.",
        fails=[
            episodes({"DECOM": "01/05/2026"}, {"DECOM": "01/06/2026"}),
            episodes({"DECOM": "01/05/2026", "DEC": "31/06/2026", "REC": "X1"}, {"DECOM": "01/06/2026"}),
            episodes({"DECOM": "01/05/2026"}, {"RNE": "P"}),
        ],
        passes=[episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "X1"}, {"DECOM": "01/06/2026"})],
    ),
    rule(
        "199",
        "Episodes",
        "CHILD",
        select=f"SELECT row FROM ep e WHERE EXISTS (FROM ep b WHERE b.CHILD = e.CHILD AND b.n < e.n AND b.REC IN {ADOPTED})",
        choice="Looks for an adoption earlier in this return, as only its episodes are named; the later episodes are the ones found.",
        fails=[
            Example(
                episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E11"}, {"DECOM": "01/07/2026"}), _SECOND
            )
        ],
        passes=[episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E48"}, {"DECOM": "01/07/2026"})],
    ),
    rule(
        "357",
        "Episodes",
        "RNE",
        select="SELECT row FROM first_ep WHERE DECOM >= year_start() AND RNE IS DISTINCT FROM 'S'",
        choice="A first episode begun before the year may carry on from episodes outside this return: only those begun in it are judged.",
        fails=[episodes({"DECOM": "01/04/2026", "RNE": "P"}), episodes({"DECOM": "01/04/2026"})],
        passes=[episodes({"DECOM": "31/03/2026", "RNE": "P"}), episodes({"DECOM": "01/04/2026", "RNE": "S"})],
    ),
    rule(
        "388",
        "Episodes",
        "REC",
        select="SELECT row FROM ep WHERE REC = 'X1' AND (DEC IS NOT NULL AND next_DECOM IS DISTINCT FROM DEC OR next_row IS NULL)",
        choice="The continuation must start on the day on which this episode ends, where that is given. An episode that ends for another reason"
        " and is followed on that day is not one coded as a new episode beginning: rules 431 to 433 judge the one that follows.",
        fails=[
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "X1"}),
            episodes({"DECOM": "01/05/2026", "REC": "X1"}),
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "X1"}, {"DECOM": "02/06/2026"}),
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "X1"}, {"DECOM": "31/06/2026"}),
        ],
        passes=[
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "X1"}, {"DECOM": "01/06/2026"}),
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E4A"}, {"DECOM": "01/06/2026"}),
        ],
    ),
    rule(
        "431",
        "Episodes",
        "RNE DECOM",
        select="SELECT row FROM ep WHERE RNE = 'S' AND prev_DEC = DECOM",
        choice="On the same day, and no other: episodes that overlap are found by rule 501.",
        fails=[_then(RNE="S")],
        passes=[_then(RNE="P"), _then(RNE="S", DECOM="02/06/2026")],
    ),
    rule(
        "432",
        "Episodes",
        "RNE",
        select="SELECT row FROM ep WHERE prev_REC <> 'X1' AND prev_REC IN {cla_reason_episode_ceased} AND RNE IS DISTINCT FROM 'S'",
        choice="A reason that is no code does not say that care ceased: rule 149 finds it.",
        fails=[_then(RNE="P", before={"REC": "E4A"}), _then(before={"REC": "E4A"})],
        passes=[_then(RNE="S", before={"REC": "E4A"}), _then(RNE="P"), _then(RNE="P", before={"REC": "E99"})],
    ),
    rule(
        "433",
        "Episodes",
        "RNE DECOM",
        select="SELECT row FROM ep WHERE RNE IN ('L', 'P', 'T', 'B', 'U') AND prev_row IS NOT NULL AND NOT coalesce(prev_DEC = DECOM, false)",
        choice="A day that is missing, or is none, is not the same day.",
        fails=[
            _then(RNE="P", DECOM="02/06/2026"),
            _then(RNE="P", before={"DEC": ""}),
            _then(RNE="P", before={"DEC": "31/06/2026"}),
            _then(RNE="P", DECOM=""),
        ],
        passes=[_then(RNE="P"), _then(RNE="S", DECOM="02/06/2026")],
    ),
    _changed(
        "434",
        "('L')",
        "RNE LS PLACE PL_POST URN PLACE_PROVIDER",
        f"({_SAME_STATUS} OR NOT ({_SAME_PLACE}))",
        fails=[_then(RNE="L"), _then(RNE="L", LS="C2", PLACE="U4")],
        passes=[_then(RNE="L", LS="C2"), _then(RNE="L", LS="C2", PL_POST="st163aa")],
    ),
    _changed(
        "435",
        "('P', 'T')",
        "LS PLACE PL_POST URN PLACE_PROVIDER",
        f"(NOT ({_SAME_STATUS}) OR ({_SAME_PLACE}))",
        fails=[_then(RNE="P"), _then(RNE="P", LS="C2", PLACE="K2")],
        passes=[_then(RNE="P", PLACE="K2"), _then(RNE="T", PL_POST="ST17 4AA")],
    ),
    _changed(
        "436",
        "('B', 'U')",
        "RNE LS PLACE PL_POST URN PLACE_PROVIDER",
        f"({_SAME_STATUS} OR ({_SAME_PLACE}))",
        fails=[_then(RNE="B", LS="C2"), _then(RNE="U", PLACE="U4")],
        passes=[_then(RNE="B", LS="C2", PLACE="K2")],
    ),
    rule(
        "437",
        "Episodes",
        "REC",
        select="SELECT row FROM ep WHERE REC IN ('E2', 'E15') AND next_row IS NOT NULL",
        choice="Of the reasons, E2 says that the child died and E15 that the child was found to be 18 or over; E17 has its own rule, 460.",
        fails=[episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E15"}, {"DECOM": "01/07/2026"})],
        passes=[
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E14"}, {"DECOM": "01/07/2026"}),
            episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026", "REC": "E2"}),
        ],
    ),
    rule(
        "501",
        "Episodes",
        "DECOM DEC",
        select="SELECT row FROM ep WHERE DECOM < prev_DEC",
        fails=[Example(episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026"}, {"DECOM": "31/05/2026"}), _SECOND)],
        passes=[episodes({"DECOM": "01/05/2026", "DEC": "01/06/2026"}, {"DECOM": "01/06/2026"})],
    ),
    rule(
        "504",
        "Episodes",
        "CIN",
        select="SELECT row FROM ep_in_care WHERE CIN IS DISTINCT FROM start_CIN",
        choice="A period of care goes on while an episode ends X1 and the next starts on that day. Every episode of it is compared with its first,"
        " and a code that is missing in one of them differs.",
        fails=[
            _then(RNE="P", before={"CIN": "N1"}, CIN="N2"),
            _then(RNE="P", CIN="N2"),
            _then(RNE="P", before={"CIN": "N1"}),
        ],
        passes=[
            _then(RNE="P", before={"CIN": "N1"}, CIN="N1"),
            _then(RNE="S", before={"CIN": "N1", "REC": "E4A"}, CIN="N2", DECOM="01/07/2026"),
        ],
    ),
)
