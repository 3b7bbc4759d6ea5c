"""Rules about an episode on its own: its codes and its dates."""

from sightline.engine.exchange.rules.declarations import Rule, rule
from sightline.returns.ssda903.words import NOT_SHORT_BREAK, episodes

_BLANK = "A blank is no value, so it is not an invalid one."


def _coded(code: str, field: str, codes: str, valid: str, wrong: str) -> Rule:
    """A field with a code of the set."""
    return rule(
        code,
        "Episodes",
        field,
        f"{field} NOT IN {{{codes}}}",
        choice=_BLANK,
        fails=[episodes({field: wrong})],
        passes=[episodes({field: valid}), episodes({"DECOM": "01/05/2026"})],
    )


RULES = (
    rule(
        "141",
        "Episodes",
        "DECOM",
        "DECOM_text IS NOT NULL AND DECOM IS NULL",
        choice=_BLANK,
        fails=[episodes({"DECOM": "31/04/2026"})],
        passes=[episodes({"DECOM": "30/04/2026"}), episodes({"RNE": "S"})],
    ),
    _coded("143", "RNE", "cla_reason_new_episode", "S", "X1"),
    rule(
        "144",
        "Episodes",
        "LS",
        "LS NOT IN {cla_legal_status} AND LS <> 'D1'",
        choice=f"{_BLANK} D1 stands for freeing orders of 2005 and before as long as rules 445 and 451 ask about it.",
        until=2024,
        fails=[episodes({"LS": "C3"})],
        passes=[episodes({"LS": "C2"}), episodes({"LS": "D1"}), episodes({"DECOM": "01/05/2026"})],
    ),
    rule(
        "144",
        "Episodes",
        "LS",
        "LS NOT IN {cla_legal_status}",
        choice=f"{_BLANK} D1 is none any more: whoever was freed for adoption by 2005 has grown up.",
        since=2025,
        fails=[episodes({"LS": "C3"}), episodes({"LS": "D1"})],
        passes=[episodes({"LS": "C2"}), episodes({"DECOM": "01/05/2026"})],
    ),
    _coded("145", "CIN", "cla_category_of_need", "N8", "N9"),
    _coded("146", "PLACE", "cla_placement_type", "K2", "K9"),
    rule(
        "147",
        "Episodes",
        "DEC",
        "DEC_text IS NOT NULL AND DEC IS NULL",
        fails=[episodes({"DEC": "30/02/2027"}), episodes({"DEC": "2027-02-28"})],
        passes=[episodes({"DEC": "28/02/2027"}), episodes({"DEC": ""})],
    ),
    rule(
        "148",
        "Episodes",
        "DEC REC",
        "(DEC_text IS NULL) <> (REC IS NULL)",
        fails=[episodes({"DEC": "01/05/2026"}), episodes({"REC": "X1"})],
        passes=[episodes({"DEC": "01/05/2026", "REC": "X1"}), episodes({"DECOM": "01/05/2026"})],
    ),
    _coded("149", "REC", "cla_reason_episode_ceased", "E4A", "E4"),
    _coded("178", "PLACE_PROVIDER", "cla_placement_provider", "PR5", "PR6"),
    rule(
        "179",
        "Episodes",
        "PL_LOCATION",
        f"PL_LOCATION NOT IN ('IN', 'OUT') OR PL_LOCATION IS NULL AND {NOT_SHORT_BREAK} AND authority() <> ''",
        choice="A blank fails too, as the location follows from the postcode of the placement, and whose return it is. Short breaks (V3, V4)"
        " have none.",
        fails=[episodes({"PL_LOCATION": "INSIDE"}), episodes({"DECOM": "01/05/2026"})],
        passes=[episodes({"PL_LOCATION": "OUT"}), episodes({"LS": "V3"}), episodes({"PL_POST": "ST16 3AA"})],
    ),
    rule(
        "353",
        "Episodes",
        "DECOM",
        "DECOM < DATE '1991-10-14'",
        fails=[episodes({"DECOM": "13/10/1991"})],
        passes=[episodes({"DECOM": "14/10/1991"})],
    ),
    rule(
        "354",
        "Episodes",
        "DECOM",
        "DECOM > year_end()",
        choice="The message speaks of the end, as that of rule 385 does, but the field is the start: the start is judged.",
        fails=[episodes({"DECOM": "01/04/2027"})],
        passes=[episodes({"DECOM": "31/03/2027"})],
    ),
    rule(
        "355",
        "Episodes",
        "DECOM DEC",
        "DECOM = DEC",
        fails=[episodes({"DECOM": "01/05/2026", "DEC": "01/05/2026"})],
        passes=[episodes({"DECOM": "01/05/2026", "DEC": "02/05/2026"})],
    ),
    rule(
        "356",
        "Episodes",
        "DECOM",
        "DEC < DECOM",
        fails=[episodes({"DECOM": "02/05/2026", "DEC": "01/05/2026"})],
        passes=[episodes({"DECOM": "01/05/2026", "DEC": "01/05/2026"})],
    ),
    rule(
        "385",
        "Episodes",
        "DEC",
        "DEC > year_end()",
        fails=[episodes({"DEC": "01/04/2027"})],
        passes=[episodes({"DEC": "31/03/2027"})],
    ),
    _coded("1009", "REASON_PLACE_CHANGE", "cla_reason_placement_change", "CARPL", "CAREPLAN"),
)
