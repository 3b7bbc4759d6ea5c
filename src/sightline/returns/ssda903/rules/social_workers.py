"""Rules about the social workers a child has had, collected from 2023/24. Source: DfE SSDA903 guide, social worker episodes.

"Latest" and "earlier" go by the days the rows give. Episodes that give the same days are all of them the latest, so that the order of rows in the
file decides nothing.
"""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, rule

_FAR = "DATE '9999-12-31'"


def _other(condition: str) -> str:
    """Another episode `o` of the same child, such that."""
    return f"EXISTS (SELECT 1 FROM SWEpisodes o WHERE o.CHILD = SWEpisodes.CHILD AND o.row <> SWEpisodes.row AND {condition})"


_LATER = _other(
    "(o.SW_DECOM > SWEpisodes.SW_DECOM OR o.SW_DECOM = SWEpisodes.SW_DECOM"
    f" AND coalesce(o.SW_DEC, {_FAR}) > coalesce(SWEpisodes.SW_DEC, {_FAR}))"
)
_NEXT = "(o.SW_DECOM > SWEpisodes.SW_DECOM OR o.SW_DECOM = SWEpisodes.SW_DECOM AND o.SW_DEC_text IS NULL)"
_EARLIER = "o.SW_DECOM < SWEpisodes.SW_DECOM"
_ENDED_NEAR = _other(f"{_EARLIER} AND (o.SW_DEC IS NULL OR abs(o.SW_DEC - SWEpisodes.SW_DECOM) <= 7)")
_OPEN_AT_END = "SW_DECOM <= year_end() AND (SW_DEC_text IS NULL OR SW_DEC > year_end())"
_ENDED_FOR_GOOD = f"SW_DEC < year_end() AND NOT {_LATER}"
_SAME_DAYS = (
    "The Department's list gives SW11a and SW11b the same words and field, so both ask the same:"
    " the child's latest episode ended before 31 March."
)


def _sw(
    decom: str = "01/06/2026", dec: str = "", reason: str = "OTHERS", identity: str = "SW123", **more: str
) -> dict[str, str]:
    return {"CHILD": "1", "SW_ID": identity, "SW_DECOM": decom, "SW_DEC": dec, "SW_REASON": reason, **more}


def _given(*episodes: dict[str, str]) -> dict[str, Any]:
    return {"SWEpisodes": list(episodes)}


def _in_care(decom: str = "01/05/2026", dec: str = "", ls: str = "C2") -> dict[str, Any]:
    return {"Episodes": [{"CHILD": "1", "DECOM": decom, "DEC": dec, "LS": ls, "RNE": "S"}]}


def _second(*episodes: dict[str, str]) -> Example:
    """The second row is the faulty one."""
    return Example(_given(*episodes), (("SWEpisodes", 1),))


RULES = (
    rule(
        "SW01STG1",
        "Episodes",
        "DEC",
        select="SELECT e.row FROM on_31_march e WHERE e.CHILD NOT IN (SELECT CHILD FROM SWEpisodes WHERE CHILD IS NOT NULL)",
        choice="Children looked after under short breaks (V3, V4) are not asked about.",
        fails=[{"Episodes": [{"CHILD": "1", "DECOM": "01/05/2023", "LS": "C2"}], "SWEpisodes": []}],
        passes=[
            {"Episodes": [{"CHILD": "1", "DECOM": "01/05/2023", "LS": "C2"}]} | _given(_sw()),
            {"Episodes": [{"CHILD": "1", "DECOM": "01/05/2023", "LS": "V4"}], "SWEpisodes": []},
            {"Episodes": [{"CHILD": "1", "DECOM": "01/05/2023", "DEC": "31/03/2024", "LS": "C2"}], "SWEpisodes": []},
        ],
    ),
    rule(
        "SW01aSTG1",
        "SWEpisodes",
        "SW_DECOM SW_ID",
        "SW_DECOM_text IS NULL OR SW_DECOM < year_start() AND SW_ID IS NULL",
        choice="SW01a is about episodes that began before the year, whose reason is not asked, and SW01b about those that began in it.",
        fails=[_given(_sw("")), _given(_sw("31/03/2024", identity=""))],
        passes=[_given(_sw("31/03/2024", reason="")), _given(_sw("01/04/2024", identity=""))],
    ),
    rule(
        "SW01bSTG1",
        "SWEpisodes",
        "SW_DECOM SW_ID SW_REASON",
        "SW_DECOM >= year_start() AND (SW_ID IS NULL OR SW_REASON IS NULL)",
        choice="See SW01a, which finds an episode without a start.",
        fails=[_given(_sw("01/04/2024", reason="")), _given(_sw("01/04/2024", identity=""))],
        passes=[_given(_sw("01/04/2024")), _given(_sw("31/03/2024", reason=""))],
    ),
    rule(
        "SW02STG1",
        "SWEpisodes",
        "SW_ID",
        "coalesce(SW_ID, '') NOT LIKE 'SW%' AND coalesce(SW_ID, '') NOT LIKE 'XX%'",
        choice="A blank begins with neither.",
        fails=[_given(_sw(identity="AB123")), _given(_sw(identity="1SW")), _given(_sw(identity=""))],
        passes=[_given(_sw(identity="SW123")), _given(_sw(identity="XX123"))],
    ),
    rule(
        "SW03STG1",
        "SWEpisodes",
        "SW_ID SW_DECOM SW_REASON",
        "SW_ID IS NULL OR SW_DECOM_text IS NULL OR SW_REASON IS NULL",
        fails=[_given(_sw("")), _given(_sw(identity="")), _given(_sw(reason=""))],
        passes=[_given(_sw())],
    ),
    rule(
        "SW04STG1",
        "SWEpisodes",
        "SW_DECOM",
        "SW_DECOM_text IS NOT NULL AND SW_DECOM IS NULL",
        choice="A blank is no date, so it is not an invalid one.",
        fails=[_given(_sw("31/06/2026"))],
        passes=[_given(_sw("30/06/2026")), _given(_sw(""))],
    ),
    rule(
        "SW05STG1",
        "SWEpisodes",
        "SW_DEC",
        "SW_DEC_text IS NOT NULL AND SW_DEC IS NULL",
        choice="The message speaks of the start, the field is the end: the end is asked.",
        fails=[_given(_sw(dec="31/06/2026"))],
        passes=[_given(_sw(dec="30/06/2026")), _given(_sw())],
    ),
    rule(
        "SW06STG2",
        "SWEpisodes",
        "SW_DECOM",
        "SW_DECOM > year_end()",
        choice="An episode may have begun before the year, as one that was open at its start; SW07 finds those that were over by then.",
        fails=[_given(_sw("01/04/2027"))],
        passes=[_given(_sw("31/03/2027")), _given(_sw("31/03/2026"))],
    ),
    rule(
        "SW07STG2",
        "SWEpisodes",
        "SW_DEC",
        "SW_DEC < year_start() OR SW_DEC > year_end()",
        fails=[_given(_sw("01/02/2026", "31/03/2026")), _given(_sw(dec="01/04/2027"))],
        passes=[_given(_sw("01/02/2026", "01/04/2026")), _given(_sw(dec="31/03/2027"))],
    ),
    rule(
        "SW08STG2",
        "SWEpisodes",
        "SW_DEC",
        f"SW_DEC_text IS NULL AND {_other(_NEXT)}",
        choice="Of two that start on one day and have no end, each is the previous.",
        fails=[
            _given(_sw("01/06/2026"), _sw("01/07/2026")),
            _second(_sw("01/07/2026", "01/08/2026"), _sw("01/06/2026")),
            Example(_given(_sw("01/06/2026"), _sw("01/06/2026")), (("SWEpisodes", 0), ("SWEpisodes", 1))),
        ],
        passes=[
            _given(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026")),
            _given(_sw(), _sw("01/07/2026", CHILD="2")),
            _given(_sw("01/06/2026"), _sw("01/06/2026", "01/07/2026")),
        ],
    ),
    rule(
        "SW09STG2",
        "SWEpisodes",
        "SW_DECOM SW_DEC",
        "SW_DEC <= SW_DECOM",
        until=2025,
        fails=[_given(_sw("01/06/2024", "01/06/2024")), _given(_sw("01/06/2024", "31/05/2024"))],
        passes=[_given(_sw("01/06/2024", "02/06/2024"))],
    ),
    rule(
        "SW09STG2",
        "SWEpisodes",
        "SW_DECOM SW_DEC",
        "SW_DEC = SW_DECOM",
        choice="From 2025/26 an end before the start is left to SW18.",
        since=2026,
        fails=[_given(_sw("01/06/2026", "01/06/2026"))],
        passes=[_given(_sw("01/06/2026", "02/06/2026")), _given(_sw("01/06/2026", "31/05/2026"))],
    ),
    rule(
        "SW10STG2",
        "SWEpisodes",
        "SW_DECOM",
        _other(f"{_EARLIER} AND o.SW_DEC > SWEpisodes.SW_DECOM"),
        fails=[_second(_sw("01/06/2026", "02/07/2026"), _sw("01/07/2026"))],
        passes=[
            _given(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026")),
            _given(_sw("01/06/2026"), _sw("01/07/2026")),
        ],
    ),
    rule(
        "SW10aSTG2",
        "SWEpisodes",
        "SW_DECOM",
        f"{_other(_EARLIER)} AND NOT {_ENDED_NEAR}",
        choice="It is enough that one of the child's earlier episodes ended within 7 days; one that has not ended is left to SW08.",
        fails=[
            _second(_sw("01/05/2026", "01/06/2026"), _sw("09/06/2026")),
            _second(_sw("01/05/2026", "09/06/2026"), _sw("01/06/2026")),
        ],
        passes=[
            _given(_sw("01/05/2026", "01/06/2026"), _sw("08/06/2026")),
            _given(_sw("01/05/2026", "08/06/2026"), _sw("01/06/2026")),
            _given(_sw("01/05/2026"), _sw("09/06/2026")),
            _given(_sw("01/05/2026")),
        ],
    ),
    rule(
        "SW10bSTG2",
        "SWEpisodes",
        "SW_DECOM SW_REASON",
        f"SW_REASON = 'FCONTA' AND {_other(f'{_EARLIER} AND (o.SW_DEC_text IS NULL OR o.SW_DEC > SWEpisodes.SW_DECOM)')}",
        fails=[
            _second(_sw("01/05/2026", "02/06/2026"), _sw("01/06/2026", reason="FCONTA")),
            _second(_sw("01/05/2026"), _sw("01/06/2026", reason="FCONTA")),
        ],
        passes=[
            _given(_sw("01/05/2026", "01/06/2026"), _sw("01/06/2026", reason="FCONTA")),
            _given(_sw("01/05/2026", "02/06/2026"), _sw("01/06/2026")),
        ],
    ),
    rule(
        "SW11aSTG2",
        "SWEpisodes",
        "SW_DEC",
        _ENDED_FOR_GOOD,
        choice=_SAME_DAYS,
        fails=[_given(_sw("01/06/2023", "30/03/2024"))],
        passes=[_given(_sw("01/06/2023", "31/03/2024")), _given(_sw("01/06/2023", "01/07/2023"), _sw("01/07/2023"))],
    ),
    rule(
        "SW11bSTG2",
        "SWEpisodes",
        "SW_DEC",
        _ENDED_FOR_GOOD,
        choice=_SAME_DAYS,
        fails=[
            _given(_sw(dec="30/03/2027")),
            _second(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026", "01/08/2026")),
        ],
        passes=[_given(_sw(dec="31/03/2027")), _given(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026"))],
    ),
    rule(
        "SW12STG2",
        "SWEpisodes",
        "SW_DECOM",
        f"SW_DECOM > year_start() AND SW_REASON IS DISTINCT FROM 'FCONTA' AND NOT {_other(_EARLIER)}"
        " AND CHILD IN (SELECT CHILD FROM on_31_march)",
        choice="The child's first episode begins after 1 April, for another reason than first contact: there was a social worker before.",
        fails=[_given(_sw("02/04/2026")) | _in_care()],
        passes=[
            _given(_sw("01/04/2026")) | _in_care(),
            _given(_sw("02/04/2026", reason="FCONTA")) | _in_care(),
            _given(_sw("02/04/2026")) | _in_care(dec="31/03/2027"),
            _given(_sw("02/04/2026")) | _in_care(ls="V4"),
        ],
    ),
    rule(
        "SW13STG1",
        "SWEpisodes",
        "SW_REASON",
        "SW_REASON NOT IN {cla_social_worker_change}",
        choice="A reason that is left blank is left to the rules about completeness, which ask for it in these years.",
        until=2025,
        fails=[_given(_sw("01/06/2024", reason="OTHER"))],
        passes=[_given(_sw("01/06/2024", reason="OTHERS")), _given(_sw("01/06/2024", reason=""))],
    ),
    rule(
        "SW13STG1",
        "SWEpisodes",
        "SW_REASON",
        "SW_REASON NOT IN {cla_social_worker_change} OR SW_REASON IS NULL AND SW_DECOM_text IS NOT NULL",
        choice="From 2025/26 no other rule asks for the reason, so a blank fails too in an episode that has a start.",
        since=2026,
        fails=[_given(_sw(reason="OTHER")), _given(_sw(reason=""))],
        passes=[_given(_sw(reason="OTHERS"))],
    ),
    rule(
        "SW14STG2",
        "SWEpisodes",
        "SW_DEC",
        f"SW_DEC_text IS NULL AND {_LATER}",
        choice="The child's latest episode may be open, as it is where a social worker is there on 31 March.",
        fails=[_given(_sw("01/06/2023"), _sw("01/07/2023"))],
        passes=[_given(_sw("01/06/2023", "30/06/2023"), _sw("01/07/2023"))],
    ),
    rule(
        "SW17STG2",
        "SWEpisodes",
        "SW_DEC SW_DECOM",
        f"NOT EXISTS (SELECT 1 FROM SWEpisodes o WHERE o.CHILD = SWEpisodes.CHILD AND {_OPEN_AT_END}) AND SW_DECOM IS NOT NULL"
        f" AND (SW_DEC_text IS NULL OR SW_DEC IS NOT NULL) AND CHILD IS NOT NULL AND NOT {_LATER}",
        choice="Found at the child's latest episode. One that ends on 31 March is not open on that day.",
        fails=[
            _given(_sw(dec="31/03/2027")),
            _second(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026", "01/08/2026")),
        ],
        passes=[_given(_sw(dec="01/04/2027")), _given(_sw("01/06/2026", "01/07/2026"), _sw("01/07/2026"))],
    ),
    rule(
        "SW18STG2",
        "SWEpisodes",
        "SW_DEC SW_DECOM",
        "SW_DEC < SW_DECOM",
        fails=[_given(_sw("01/06/2026", "31/05/2026"))],
        passes=[_given(_sw("01/06/2026", "01/06/2026"))],
    ),
    rule(
        "SW19STG2",
        "SWEpisodes",
        "SW_DEC SW_DECOM",
        _other("o.SW_DECOM = SWEpisodes.SW_DECOM"),
        fails=[
            Example(_given(_sw("01/06/2026", "01/07/2026"), _sw("01/06/2026")), (("SWEpisodes", 0), ("SWEpisodes", 1)))
        ],
        passes=[_given(_sw("01/06/2026", "01/07/2026"), _sw("02/06/2026")), _given(_sw(), _sw(CHILD="2"))],
    ),
)
