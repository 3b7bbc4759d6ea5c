"""The census's rules once more, from the wording alone: each line of `reread/cin` is a rule, a small return, and the rows it should find.

The lines were written before the rules' SQL was read, by somebody else than its author. Where the wording leaves a choice, what
authorities are used to decides (docs/returns-compared-cin.md).

A return is rows divided by ";": the table's letter, then what its columns say. Days leave out the century. Child and referral are 1 unless named.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.result import Outcome

TABLES = {
    "H": ("Header", {"ref": "ReferenceDate"}),
    "I": (
        "ChildIdentifiers",
        {
            "upn": "UPN",
            "former": "FormerUPN",
            "unk": "UPNunknown",
            "dob": "PersonBirthDate",
            "exp": "ExpectedPersonBirthDate",
            "sex": "Sex",
            "gender": "GenderCurrent",
            "died": "PersonDeathDate",
        },
    ),
    "C": ("ChildCharacteristics", {"eth": "Ethnicity"}),
    "X": ("Disabilities", {"dis": "Disability"}),
    "D": (
        "CINdetails",
        {
            "ref": "CINreferralDate",
            "src": "ReferralSource",
            "need": "PrimaryNeedCode",
            "shut": "CINclosureDate",
            "why": "ReasonForClosure",
            "cpc": "DateOfInitialCPC",
            "nfa": "ReferralNFA",
        },
    ),
    "A": (
        "Assessments",
        {
            "a": "AssessmentID",
            "start": "AssessmentActualStartDate",
            "auth": "AssessmentAuthorisationDate",
            "f": "AssessmentFactors",
        },
    ),
    "N": ("CINplanDates", {"start": "CINPlanStartDate", "end": "CINPlanEndDate"}),
    "S": (
        "Section47",
        {
            "start": "S47ActualStartDate",
            "target": "InitialCPCtarget",
            "cpc": "DateOfInitialCPC",
            "not": "ICPCnotRequired",
        },
    ),
    "P": (
        "ChildProtectionPlans",
        {
            "p": "CPPID",
            "start": "CPPstartDate",
            "end": "CPPendDate",
            "ini": "InitialCategoryOfAbuse",
            "lat": "LatestCategoryOfAbuse",
            "prev": "NumberOfPreviousCPP",
        },
    ),
    "R": ("Reviews", {"p": "CPPID", "day": "CPPreviewDate"}),
}
CASES = Path(__file__).with_name("reread").joinpath("cin")
LETTER = {name: letter for letter, (name, _) in TABLES.items()}


def cases() -> list[tuple[str, str, str]]:
    """Each line as its rule, the return and the rows."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.txt"))]
    lines = [line for text in texts for line in text.splitlines() if line and not line.startswith("#")]
    return [
        (rule, given, found) for rule, given, found in ([part.strip() for part in line.split("|")] for line in lines)
    ]


def tables(text: str) -> dict[str, list[dict[str, str]]]:
    """The tables that a line's return is written for."""
    held: dict[str, list[dict[str, str]]] = {}
    for row in text.split(";"):
        letter, *said = row.split()
        name, columns = TABLES[letter]
        held.setdefault(name, []).append(_row(letter, columns, dict(one.split("=", 1) for one in said)))
    return held


def _row(letter: str, columns: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    row = {} if letter == "H" else {"LAchildID": said.pop("c", "1")}
    if letter in "DANSPR":
        row["CINdetailsID"] = said.pop("d", "1")
    for key in ("a",) if letter == "A" else ("p",) if letter in "PR" else ():
        said.setdefault(key, "1")
    return row | {columns[key]: re.sub(r"^(?=\d\d-\d\d-\d\d$)", "20", value) for key, value in said.items()}


def found(rule: str, year: str, given: str) -> str:
    """The rows that a rule finds, or why it found none."""
    result = run_rules("cin", year, tables(given), rules=[rule], context={"authority": "E10000028"})[rule]
    if result.outcome is Outcome.COULD_NOT_RUN:
        return f"could not run: {result.cause}"
    if result.outcome is Outcome.NOT_APPLICABLE and "collection year" in result.cause:
        return "not in force"
    return " ".join(sorted({f"{LETTER[one.table]}{one.row}" for one in result.locations}))


@pytest.mark.parametrize(("rule", "given", "rows"), cases())
def test_the_wording_is_kept(rule: str, given: str, rows: str) -> None:
    code, _, year = rule.partition(" ")

    assert found(code, year or "2026-27", given) == rows
