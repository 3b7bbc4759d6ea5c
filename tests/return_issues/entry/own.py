"""Faults and near misses of rules whose worked examples say too little of a child for the record to take them as they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tests.return_issues.entry.filling import Case

from sightline.returns.cin.parts import block, child
from sightline.returns.ssda903.words import one_child

Tables = Mapping[str, Any]

#: Land's End and Berwick-upon-Tweed, some 420 miles apart; Stafford is some 245 miles from the first.
_FAR_WEST, _FAR_NORTH, _STAFFORD = "TR19 7AA", "TD15 1AA", "ST16 3AA"
#: Out of care before the year, and the day before.
_LEFT = {"DECOM": "01/05/2024", "DEC": "10/02/2026", "REC": "E4A"}
_CAME_BACK = {"DECOM": "01/06/2026"}
_OF_SEVENTEEN = {"DOB": "01/05/2009"}
_ADOPTED_BEFORE = {
    "Episodes_last": [{"DECOM": "01/05/2024", "DEC": "01/12/2025", "REC": "E11", "LS": "E1", "PLACE": "A3"}],
    "AD1_last": [{}],
    "PlacedAdoption_last": [{"DATE_PLACED": "01/06/2025"}],
}
_UNTIL_MAY = {"DECOM": "01/05/2025", "DEC": "01/05/2026", "REC": "X1"}


def _stays(*rows: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Episodes that follow each other, each from the day on which the one before ended: all but the first begin with a change of placement."""
    return [{"RNE": "P", **row} if number else row for number, row in enumerate(rows)]


def _holiday(*days: str) -> Tables:
    """So many holidays of the carers one after the other: each from one of the days to the next."""
    away = {"PLACE": "T3", "PLACE_PROVIDER": "", "URN": "", "REC": "X1"}
    stays = ({**away, "DECOM": first, "DEC": last} for first, last in pairwise(days))
    return one_child(Episodes=_stays({**_UNTIL_MAY, "DEC": days[0]}, *stays, {"DECOM": days[-1]}))


def _hospital(reason: str) -> Tables:
    stay = {"DECOM": "01/05/2026", "DEC": "10/05/2026", "PLACE": "T1", "PLACE_PROVIDER": "", "URN": "", "REC": "X1"}
    return one_child(Episodes=_stays(_UNTIL_MAY, {**stay, "REASON_PLACE_CHANGE": reason}, {"DECOM": "10/05/2026"}))


def _placement_order(decided: str) -> Tables:
    return one_child(
        Episodes=[_UNTIL_MAY, {"DECOM": "01/05/2026", "RNE": "L", "LS": "E1"}],
        PlacedAdoption=[{"DATE_PLACED": decided}],
    )


def _breaks(second: str) -> Tables:
    first = {"LS": "V3", "DECOM": "01/05/2026", "DEC": "10/05/2026", "REC": "E8"}
    return one_child(Episodes=[first, {"LS": second, "DECOM": "01/06/2026", "DEC": "10/06/2026", "REC": "E8"}])


def _leaver(**more: Any) -> Tables:
    """A care leaver of the year who was in care the year before."""
    return one_child(
        OC3=[{}], Header=[{**_OF_SEVENTEEN}], Episodes_last=[_LEFT], Header_last=[{**_OF_SEVENTEEN}], **more
    )


def _adopted(on: str = "01/04/2026", **more: Any) -> Tables:
    """A child who was adopted in the year."""
    return one_child(Episodes=[{"DEC": on, "REC": "E11", "LS": "E1", "PLACE": "A3"}], AD1=[{}], **more)


#: By return and rule: faults, near misses.
OWN: dict[str, dict[str, tuple[list[Tables], list[Tables]]]] = {
    "cin": {
        "4001": (
            [],
            [
                {
                    "CINplanDates": [block(CINPlanStartDate="2026-04-20", CINPlanEndDate="2026-05-31")],
                    "ChildProtectionPlans": [block(CPPstartDate="2026-06-01")],
                }
            ],
        ),
        "8715": ([], [{"Section47": [block(DateOfInitialCPC="2026-05-01")]}]),
        "8815": (
            [],
            [
                {
                    "CINdetails": [
                        block(CINclosureDate="2026-05-01"),
                        child(CINdetailsID="2", CINreferralDate="2026-05-02"),
                    ]
                }
            ],
        ),
        "8825Q": (
            [{"CINdetails": [block(CINclosureDate="2026-10-01", ReasonForClosure="RC8")]}],
            [
                {
                    "CINdetails": [block(CINclosureDate="2026-10-01", ReasonForClosure="RC8")],
                    "Assessments": [block(AssessmentAuthorisationDate="2026-05-01")],
                }
            ],
        ),
        "8839": (
            [{"Section47": [block(ICPCnotRequired="0"), block(ICPCnotRequired="0")]}],
            [{"Section47": [block(ICPCnotRequired="0"), block(ICPCnotRequired="1")]}],
        ),
        "8873Q": (
            [],
            [
                {
                    "Assessments": [block(AssessmentFactors="21", AssessmentAuthorisationDate="")],
                    "CINdetails": [block(CINclosureDate="2026-10-01", ReasonForClosure="RC7")],
                }
            ],
        ),
        "8896": ([{"Assessments": [block(AssessmentID="1"), block(AssessmentID="2")]}], []),
        "8935": (
            [{"ChildProtectionPlans": [block(CPPID="1"), block(CPPID="2", CPPstartDate="2026-06-01")]}],
            [
                {
                    "ChildProtectionPlans": [
                        block(CPPID="1", CPPendDate="2026-05-01"),
                        block(CPPID="2", CPPstartDate="2026-06-01"),
                    ]
                }
            ],
        ),
    },
    "ssda903": {
        "103": ([], [one_child(Header=[{"ETHNIC": "WBRI"}])]),
        "118": tuple(
            [one_child(Episodes=[{"DECOM": "01/05/2026"}], PlacedAdoption=[{"DATE_PLACED_CEASED": day}])]
            for day in ("15/04/2026", "15/05/2026")
        ),
        "120": ([], [one_child(PlacedAdoption=[{"DATE_PLACED_CEASED": "01/05/2026", "REASON_PLACED_CEASED": "RD4"}])]),
        "134": ([_adopted(OC3=[{}])], [_adopted()]),
        "179": ([one_child(Episodes=[{"PL_POST": ""}])], [one_child(Episodes=[{}])]),
        "184": ([], [one_child(PlacedAdoption=[{"DATE_PLACED": "01/05/2025", "DOB": "01/05/2025"}])]),
        "205A": tuple([_leaver(UASC_last=[{"DUC": day}])] for day in ("", "10/02/2026")),
        "205B": ([one_child(UASC=[{}], UASC_last=[{}], Header=[{}], Header_last=[{}])], []),
        "205D": (
            [one_child(Episodes_last=[_LEFT], Header_last=[{}], Episodes=[_CAME_BACK], UASC=[{}])],
            [one_child(UASC=[{}], UASC_last=[{}], Header_last=[{}])],
        ),
        "208": tuple(
            [
                one_child(
                    Header=[{"DOB": "01/06/2021", "UPN": number}], Header_last=[{"DOB": "01/06/2021", "UPN": number}]
                )
            ]
            for number in ("", "A801200001001")
        ),
        "215": (
            [one_child(OC3=[{}], OC2=[{"TEETH_CHECK": "1"}], Episodes=[{"DEC": "01/02/2027", "REC": "E4A"}])],
            [one_child(OC3=[{}], OC2=[{"SDQ_SCORE": "12"}], Episodes=[{"DEC": "01/02/2027", "REC": "E4A"}])],
        ),
        "226": ([_hospital("OTHER")], [_hospital("")]),
        "241": tuple(
            [one_child(Episodes=[{"URN": "SC123", "PLACE": "K2", "PL_POST": post}])] for post in ("B1 1AA", "ST16 3AB")
        ),
        "377": (
            [_holiday("01/05/2026", "05/05/2026", "10/05/2026", "15/05/2026")],
            [_holiday("01/05/2026", "05/05/2026", "10/05/2026")],
        ),
        "399": tuple(
            [one_child(Episodes=[{"LS": status, "DECOM": "01/05/2026"}], Reviews=[{"REVIEW": "01/06/2026"}])]
            for status in ("V4", "C2")
        ),
        "426": ([_breaks("V4")], [_breaks("V3")]),
        "446": ([], [one_child(Episodes=[{"LS": "E1"}])]),
        "454": (
            [one_child(Episodes=[{"HOME_POST": _FAR_WEST, "PL_POST": _FAR_NORTH}])],
            [one_child(Episodes=[{"HOME_POST": _FAR_WEST, "PL_POST": _STAFFORD}])],
        ),
        "523": (
            [
                _adopted(
                    "01/06/2026",
                    PlacedAdoption=[
                        {"DATE_PLACED": "01/06/2025"},
                        {"DATE_PLACED": "01/01/2026", "DATE_PLACED_CEASED": "20/04/2026"},
                    ],
                )
            ],
            [_adopted(PlacedAdoption=[{"DATE_PLACED": "01/06/2025"}])],
        ),
        "525": tuple(
            [_adopted(PlacedAdoption=[{"DATE_PLACED": "01/06/2025", "DATE_PLACED_CEASED": day}])]
            for day in ("01/05/2026", "")
        ),
        "554": ([_placement_order("02/05/2026")], [_placement_order("01/05/2026")]),
        "559": (
            [one_child(Episodes=[{"DECOM": "01/05/2026"}], PlacedAdoption=[{"DATE_PLACED": "31/03/2026"}])],
            [one_child(Episodes=[{"DECOM": "01/05/2026"}], PlacedAdoption=[{"DATE_PLACED": "01/04/2026"}])],
        ),
        "560": (
            [one_child(**_ADOPTED_BEFORE, Episodes=[_CAME_BACK], PlacedAdoption=[{"DATE_PLACED": "01/07/2026"}])],
            [],
        ),
        "563": ([], [one_child(PlacedAdoption=[{"DATE_PLACED_CEASED": "01/05/2026"}])]),
        "576": tuple(
            [one_child(Episodes_last=[_LEFT], Missing_last=[{"MIS_START": "01/02/2026", "MIS_END": day}])]
            for day in ("", "02/02/2026")
        ),
        "581": tuple(
            [
                one_child(
                    Episodes_last=[{**_LEFT, "DECOM": "01/05/2025"}],
                    Episodes=[_CAME_BACK],
                    Missing=[{"MIS_START": day}],
                )
            ]
            for day in ("01/02/2026", "01/06/2026")
        ),
        "584": (
            [
                one_child(
                    **_ADOPTED_BEFORE,
                    Episodes=[_CAME_BACK],
                    PlacedAdoption=[{"DATE_PLACED": "01/07/2026", "DATE_PLACED_CEASED": "01/08/2026"}],
                )
            ],
            [],
        ),
        "601": ([], [one_child(Episodes=[{"DEC": "01/05/2026", "REC": "E4A"}])]),
        "602": ([], [_adopted()]),
        "621": ([], [one_child(Header=[{"DOB": "02/05/2010", "MC_DOB": "03/05/2026"}])]),
        "625": tuple(
            [one_child(Header=[{"MC_DOB": day, "DOB": "01/05/2010"}], Episodes=[{"DEC": "01/06/2026", "REC": "E4A"}])]
            for day in ("02/06/2026", "01/06/2026")
        ),
        "1012": tuple([_leaver(Missing=[{"MIS_START": "01/02/2026", "MIS_END": day}])] for day in ("", "05/02/2026")),
        "SW19STG2": (
            [one_child(SWEpisodes=[{"SW_ID": number, "SW_DECOM": "01/06/2026"} for number in ("SW1", "SW2")])],
            [],
        ),
    },
}


def own(name: str) -> Iterator[Case]:
    """They are filled loosely: what they mean to leave out is given as empty."""
    for code, both in OWN[name].items():
        for fault, each in zip((True, False), both, strict=True):
            for number, tables in enumerate(each):
                yield Case(code, f"{code}{'G' if fault else 'O'}{number}", fault, tables, frozenset())
