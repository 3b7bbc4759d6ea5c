"""Rules about who provides a placement: the provider's sector, and Ofsted's unique reference number."""

from collections.abc import Mapping
from typing import Any

from sightline.engine.exchange.rules.declarations import Rule, rule
from sightline.returns.ssda903.words import (
    ADOPTION,
    FOSTER,
    NO_PROVIDER,
    NOT_SHORT_BREAK,
    SHORT_BREAK,
    UNTIL,
    episodes,
    tidy,
)

#: Placements at the provider's own address, not a carer's.
_AT_PROVIDER = "('K1', 'K2', 'R3', 'S1')"
#: Placements whose providers Ofsted does not register.
_NO_NUMBER = "('P1', 'P2', 'P3', 'R1', 'R2', 'R5', 'T0', 'T1', 'T2', 'T3', 'T4', 'Z1', 'Z11', 'Z12', 'Z13', 'Z14')"
#: What stands for a number where there is none: from 2025 to 2026 of regional adoption agencies alone.
_NONE_HELD = "XXXXXXX"
_IN_ENGLAND = "coalesce(PL_LA, 'E') LIKE 'E%'"
_PLACED = {
    "URN": "SC123",
    "PLACE": "K2",
    "PLACE_PROVIDER": "PR1",
    "PL_POST": "ST16 3AA",
    "PL_LA": "E10000028",
    "LS": "C2",
}
_PROVIDER = {
    "URN": "SC123",
    "PLACE_CODES": "K1; K2",
    "PROVIDER_CODES": "PR1,PR4",
    "OUTWARD_POSTCODE": "ST16",
    "LA_CODE_INFERRED": "E10000028",
    "REG_DATE": "01/05/2026",
    "REG_END": "01/06/2026",
}
_IN_LIST = "Numbers that are not in the list are left to rule 1008."


def _against_list(
    code: str,
    fields: str,
    wrong: str,
    fails: Mapping[str, Any],
    passes: list[Mapping[str, Any]],
    choice: str = "",
    *,
    of_authority: bool = False,
) -> Rule:
    """An episode with a provider of the list that `wrong` says does not fit it."""
    return rule(
        code,
        "Episodes",
        fields,
        select=f"SELECT e.row FROM Episodes e JOIN ofsted_provider o ON o.URN = e.URN WHERE {wrong}",
        choice=f"{choice} {_IN_LIST}".strip(),
        of_authority=of_authority,
        fails=[_beside_list({**_PLACED, **fails})],
        passes=[
            *(_beside_list({**_PLACED, **one}) for one in passes),
            _beside_list({**_PLACED, **fails, "URN": "SC999"}),
        ],
    )


def _beside_list(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**episodes(row), "Provider Info": [_PROVIDER]}


def _sector(code: str, provider: str, places: str, wrong: list[str], right: str) -> Rule:
    """A sector that does not provide some placements."""
    return rule(
        code,
        "Episodes",
        "PLACE PLACE_PROVIDER",
        f"PLACE_PROVIDER = '{provider}' AND PLACE {places}",
        fails=[episodes({"PLACE_PROVIDER": provider, "PLACE": place}) for place in wrong],
        passes=[episodes({"PLACE_PROVIDER": provider, "PLACE": right}), episodes({"PLACE": wrong[0]})],
    )


RULES = (
    rule(
        "213",
        "Episodes",
        "PLACE_PROVIDER",
        f"PLACE IN {NO_PROVIDER} AND PLACE_PROVIDER IS NOT NULL",
        choice="Temporary placements and those of no listed type (Z) have no provider, the counterpart of rule 526.",
        fails=[episodes({"PLACE": "T1", "PLACE_PROVIDER": "PR1"})],
        passes=[episodes({"PLACE": "T1"}), episodes({"PLACE": "K2", "PLACE_PROVIDER": "PR1"})],
    ),
    rule(
        "214",
        "Episodes",
        "PL_POST URN",
        f"{SHORT_BREAK} AND (PL_POST IS NOT NULL OR URN IS NOT NULL)",
        choice="Short breaks (V3, V4) are what needs no location.",
        fails=[episodes({"LS": "V3", "PL_POST": "ST16 3AA"}), episodes({"LS": "V4", "URN": "SC123"})],
        passes=[episodes({"LS": "V3"}), episodes({"LS": "V2", "PL_POST": "ST16 3AA", "URN": "SC123"})],
    ),
    rule(
        "218",
        "Episodes",
        "URN",
        f"coalesce(PLACE, '') NOT IN {_NO_NUMBER} AND URN IS NULL AND {NOT_SHORT_BREAK} AND {_IN_ENGLAND}"
        f" AND NOT (coalesce(PLACE, '') = 'H5' AND {UNTIL} <= DATE '2023-10-28')",
        choice="Required in England, of every placement but those whose providers Ofsted does not register, also where the type is left blank."
        " Short breaks have none: rule 214 finds one. Nor has H5 until 28 October 2023: rule 222 finds one.",
        fails=[
            episodes({"PLACE": "K2", "LS": "C2", "PL_LA": "E10000028"}),
            episodes({"PLACE": "U6", "LS": "C2"}),
            episodes({"LS": "C2"}),
        ],
        passes=[
            episodes({"PLACE": "K2", "LS": "C2", "URN": "SC123"}),
            episodes({"PLACE": "R2", "LS": "C2"}),
            episodes({"PLACE": "H5", "LS": "C2", "DEC": "28/10/2023"}),
            episodes({"PLACE": "K2", "LS": "V3"}),
            episodes({"PLACE": "K2", "LS": "C2", "PL_LA": "W06000015"}),
        ],
    ),
    _against_list("219", "URN PLACE", "NOT list_contains(o.places, e.PLACE)", {"PLACE": "S1"}, [{}]),
    _against_list(
        "221",
        "PL_POST",
        f"e.PLACE IN {_AT_PROVIDER} AND NOT list_contains(o.outward, left({tidy('e.PL_POST')}, length({tidy('e.PL_POST')}) - 3))",
        {"PL_POST": "ST17 4AA"},
        [{"PL_POST": "st163aa"}, {"PL_POST": "ST17 4AA", "PLACE": "U6"}],
        "The first part of the postcode is compared, of placements at the provider's own address: carers live anywhere, and supported"
        " accommodation (K3) has many addresses under one number.",
    ),
    rule(
        "222",
        "Episodes",
        "URN",
        f"URN <> '{_NONE_HELD}' AND (PLACE IN {_NO_NUMBER} OR PLACE = 'H5' AND {UNTIL} < DATE '2023-10-28')",
        choice="Placements whose providers Ofsted does not register; H5 until 28 October 2023, when rule 230 begins to ask for a number.",
        fails=[
            episodes({"PLACE": "P1", "URN": "SC123"}),
            episodes({"PLACE": "H5", "URN": "SC123", "DEC": "27/10/2023"}),
        ],
        passes=[
            episodes({"PLACE": "K2", "URN": "SC123"}),
            episodes({"PLACE": "P1"}),
            episodes({"PLACE": "H5", "URN": "SC123", "DEC": "28/10/2023"}),
        ],
    ),
    _against_list(
        "224", "PLACE_PROVIDER", "NOT list_contains(o.sectors, e.PLACE_PROVIDER)", {"PLACE_PROVIDER": "PR5"}, [{}]
    ),
    _against_list(
        "227",
        "URN DECOM",
        "(e.DECOM < o.opened OR e.DECOM > o.closed)",
        {"DECOM": "30/04/2026"},
        [{"DECOM": "01/05/2026"}, {"DECOM": "01/06/2026"}],
        "The provider is registered on the first day: from its registration to the end of it.",
    ),
    _against_list(
        "228",
        "URN DEC",
        f"{UNTIL} > o.closed",
        {"DEC": "02/06/2026"},
        [{"DEC": "01/06/2026"}],
        "An open episode lasts to 31 March.",
    ),
    _against_list(
        "229",
        "URN PLACE_PROVIDER",
        "(e.PLACE_PROVIDER = 'PR1' AND NOT list_contains(o.authorities, authority())"
        " OR e.PLACE_PROVIDER = 'PR2' AND list_contains(o.authorities, authority()))",
        {"PLACE_PROVIDER": "PR2"},
        [{}],
        "Own provision (PR1) is in the placing authority and another authority's (PR2) is not. Nothing is found while it is not known where the"
        " provider is.",
        of_authority=True,
    ),
    rule(
        "230",
        "Episodes",
        "PLACE DEC URN",
        f"PLACE = 'H5' AND URN IS NULL AND {NOT_SHORT_BREAK} AND PL_LA LIKE 'E%' AND {UNTIL} > DATE '2023-10-28'",
        choice="Asked of episodes that lasted beyond 28 October 2023, where the placement is known to be in England. Short breaks have no number.",
        fails=[
            episodes({"PLACE": "H5", "DEC": "29/10/2023", "LS": "C2", "PL_LA": "E10000028"}),
            episodes({"PLACE": "H5", "LS": "C2", "PL_LA": "E10000028"}),
        ],
        passes=[
            episodes({"PLACE": "H5", "DEC": "28/10/2023", "LS": "C2", "PL_LA": "E10000028"}),
            episodes({"PLACE": "H5", "LS": "C2", "URN": "SC123", "PL_LA": "E10000028"}),
            episodes({"PLACE": "H5", "LS": "C2"}),
            episodes({"PLACE": "H5", "LS": "C2", "PL_LA": "W06000015"}),
        ],
    ),
    _against_list(
        "241",
        "URN",
        f"(e.PLACE IN {_AT_PROVIDER} OR e.PLACE = 'K3') AND NOT list_contains(o.authorities, e.PL_LA)",
        {"PL_LA": "E08000025"},
        [{}, {"PL_LA": "E08000025", "PLACE": "U6"}],
        "Where a provider has premises is known from Ofsted's list alone, so the rule needs it. It judges placements at the provider's premises,"
        " not at a carer's.",
    ),
    rule(
        "242",
        "Episodes",
        "URN",
        f"URN = '{_NONE_HELD}' AND coalesce(PLACE, '') NOT IN {ADOPTION} AND coalesce(PLACE, '') NOT IN {FOSTER}",
        choice="Placements for adoption (A3 to A6), and with foster carers (U1 to U6), some of whom go on to adopt, are those that a regional"
        " adoption agency provides.",
        fails=[episodes({"PLACE": "K2", "URN": "XXXXXXX"}), episodes({"URN": "XXXXXXX"})],
        passes=[
            episodes({"PLACE": "A4", "URN": "XXXXXXX"}),
            episodes({"PLACE": "U5", "URN": "XXXXXXX"}),
            episodes({"PLACE": "K2", "URN": "SC123"}),
        ],
    ),
    rule(
        "243",
        "Episodes",
        "URN",
        f"URN <> '{_NONE_HELD}' AND NOT ({_IN_ENGLAND})",
        choice="Ofsted registers providers in England: a placement elsewhere has no number. Types that it does not register are left to rule 222.",
        fails=[episodes({"PLACE": "K2", "URN": "SC123", "PL_LA": "W06000015"})],
        passes=[
            episodes({"PLACE": "K2", "URN": "SC123", "PL_LA": "E10000028"}),
            episodes({"PLACE": "K2", "PL_LA": "W06000015"}),
        ],
    ),
    rule(
        "526",
        "Episodes",
        "PLACE PLACE_PROVIDER",
        f"coalesce(PLACE, '') NOT IN {NO_PROVIDER} AND PLACE_PROVIDER IS NULL",
        choice="Temporary placements and those of no listed type (Z) have no provider. One whose type is left blank lacks it too.",
        fails=[episodes({"PLACE": "K2"}), episodes({"LS": "C2"})],
        passes=[episodes({"PLACE": "T1"}), episodes({"PLACE": "K2", "PLACE_PROVIDER": "PR1"})],
    ),
    _sector("527", "PR1", "IN ('P1', 'R2', 'R5')", ["P1", "R2", "R5"], "R3"),
    _sector("528", "PR2", "IN ('P1', 'R2', 'R5')", ["P1", "R2", "R5"], "R3"),
    _sector(
        "529",
        "PR3",
        f"IN ('P1', 'A3', 'A4', 'A5', 'A6', 'K1', 'K2', {FOSTER.strip('()')})",
        ["P1", "A6", "K1", "U6"],
        "R2",
    ),
    _sector("530", "PR4", "= 'P1'", ["P1"], "R2"),
    _sector("531", "PR5", "= 'P1'", ["P1"], "R2"),
    _sector("550", "PR0", "IS DISTINCT FROM 'P1'", ["U6", ""], "P1"),
    rule(
        "1008",
        "Episodes",
        "URN",
        select=f"SELECT row FROM Episodes WHERE URN <> '{_NONE_HELD}' AND URN NOT IN (SELECT URN FROM ofsted_provider)",
        choice="Valid are the numbers of the list, and XXXXXXX.",
        fails=[_beside_list({"URN": "SC999"})],
        passes=[_beside_list({"URN": "SC123"}), _beside_list({"URN": "XXXXXXX"}), _beside_list({"PLACE": "P1"})],
    ),
    rule(
        "1015",
        "Episodes",
        "PL_LA",
        f"PLACE_PROVIDER = 'PR1' AND PL_LA <> authority() AND {NOT_SHORT_BREAK}"
        f" AND coalesce(PLACE, '') NOT IN {ADOPTION} AND coalesce(PLACE, '') NOT IN {FOSTER}",
        of_authority=True,
        choice="An authority's own foster carers and adopters may live elsewhere, so those placements are left out, as are short breaks.",
        fails=[episodes({"PLACE": "K2", "PLACE_PROVIDER": "PR1", "PL_LA": "E08000025", "LS": "C2"})],
        passes=[
            episodes({"PLACE": "K2", "PLACE_PROVIDER": "PR1", "PL_LA": "E10000028", "LS": "C2"}),
            episodes({"PLACE": "K2", "PLACE_PROVIDER": "PR2", "PL_LA": "E08000025", "LS": "C2"}),
            episodes({"PLACE": "U6", "PLACE_PROVIDER": "PR1", "PL_LA": "E08000025", "LS": "C2"}),
        ],
    ),
)
