"""Why some faults cannot come up at entry, proved on what the record tells of everything that was entered, faults of all other rules among it.

A proof says how much it looked at, and what contradicts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise

import pyarrow as pa
from tests.return_issues.entry.entering import AREA, Entered, ToldRow, of_last_year

from sightline.returns.ssda903.places import INSIDE, OUTSIDE, prepare

YEAR_START = date(2026, 4, 1)
SHORT_BREAKS = ("V3", "V4")

#: Whether each thing looked at is as the proof has it, with words for what is not.
Looked = Iterator[tuple[bool, str]]
Proof = Callable[[Entered], Looked]


def _day(text: str) -> date:
    if "/" not in text:
        return date.fromisoformat(text)
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def _by_record(rows: list[ToldRow]) -> dict[tuple[str, int], Mapping[str, str]]:
    return {record: row for row, _person, record in rows}


def _by_person(rows: list[ToldRow]) -> dict[int, list[Mapping[str, str]]]:
    found: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    for row, person, _record in rows:
        found[person].append(row)
    return found


def one_value(table: str, *columns: str) -> Proof:
    """Both years tell a record alike."""

    def proof(entered: Entered) -> Looked:
        before = _by_record(entered.told[of_last_year(table)])
        for row, _person, record in entered.told[table]:
            for column in columns if record in before else ():
                yield (
                    row[column] == before[record][column],
                    f"{table}.{column}: {before[record][column]!r}, then {row[column]!r}",
                )

    return proof


def carried(entered: Entered) -> Looked:
    """An episode that was open when the year began is told in both years, and is the child's first in this one."""
    now, before = (_by_record(entered.told[table]) for table in ("Episodes", "Episodes_last"))
    first = {
        person: min(_day(row["DECOM"]) for row in rows) for person, rows in _by_person(entered.told["Episodes"]).items()
    }
    for row, person, record in entered.told["Episodes_last"]:
        if not row["DEC"]:
            told = now.get(record)
            yield (
                told is not None and _day(told["DECOM"]) == first[person],
                f"open at the end of the year before: {row}",
            )
    for row, _person, record in entered.told["Episodes"]:
        if _day(row["DECOM"]) < YEAR_START:
            told = before.get(record)
            yield told is not None and not told["DEC"], f"began before the year: {row}"


def one_need(entered: Entered) -> Looked:
    """The category of need is one of the period of care, so it does not change while that goes on."""
    for rows in _by_person(entered.told["Episodes"]).values():
        ordered = sorted(rows, key=lambda row: (_day(row["DECOM"]), row["DEC"] == ""))
        for earlier, later in pairwise(ordered):
            if earlier["REC"] == "X1" and earlier["DEC"] == later["DECOM"] and later["RNE"] != "S":
                yield earlier["CIN"] == later["CIN"], f"{earlier} then {later}"


def _asked(entered: Entered) -> set[int]:
    """Children who were looked after otherwise than for short breaks."""
    return {person for row, person, _record in entered.told["Episodes"] if row["LS"] not in SHORT_BREAKS}


def girls_are_asked(entered: Entered) -> Looked:
    """Of a girl who was looked after it is told whether she is a mother."""
    asked = _asked(entered)
    for row, person, _record in entered.told["Header"]:
        if person in asked and row["SEX"] != "M":
            yield row["MOTHER"] in ("0", "1"), str(row)


def others_are_not(entered: Entered) -> Looked:
    """Of boys, and of care leavers who were not looked after, nothing is told of motherhood, whatever is on record."""
    asked = _asked(entered)
    for row, person, _record in entered.told["Header"]:
        if person not in asked or row["SEX"] == "M":
            yield not row["MOTHER"] and not row["MC_DOB"], str(row)


def a_birth_makes_a_mother(entered: Entered) -> Looked:
    """Who has the day of birth of a child is told as a mother."""
    for row, _person, _record in entered.told["Header"]:
        if row["MC_DOB"]:
            yield row["MOTHER"] == "1", str(row)


def still_a_mother(entered: Entered) -> Looked:
    """Who was told as a mother is told so again, with the same day; who is one by a birth before the year was one then."""
    asked, before = _asked(entered), _by_record(entered.told["Header_last"])
    for row, person, record in entered.told["Header"]:
        if person in asked and record in before:
            if before[record]["MOTHER"] == "1":
                yield row["MOTHER"] == "1", f"{before[record]} then {row}"
            if before[record]["MC_DOB"]:
                yield row["MC_DOB"] == before[record]["MC_DOB"], f"{before[record]} then {row}"
            if row["MC_DOB"] and _day(row["MC_DOB"]) < YEAR_START:
                yield before[record]["MOTHER"] != "0", f"{before[record]} then {row}"


def all_in_the_header(entered: Entered) -> Looked:
    """Every child of whom anything is told is in the header."""
    known = {person for _row, person, _record in entered.told["Header"]}
    for table, rows in entered.told.items():
        if not table.endswith("_last"):
            yield from ((person in known, f"{table}: {row}") for row, person, _record in rows)


def none_in_the_header_alone(entered: Entered) -> Looked:
    """Every child of the header has an episode or is a care leaver of whom something is told."""
    known = {person for _row, person, _record in entered.told["Episodes"]}
    known |= {person for row, person, _record in entered.told["OC3"] if row["IN_TOUCH"]}
    yield from ((person in known, str(row)) for row, person, _record in entered.told["Header"])


def asylum_from_its_table(entered: Entered) -> Looked:
    """The header tells nothing of asylum, so that it is worked out from the table UASC."""
    for table in ("Header", "Header_last"):
        yield from (("UASC" not in row, f"{table}: {row}") for row, _person, _record in entered.told[table])


def one_sex(entered: Entered) -> Looked:
    """The table UASC tells the sex that the header tells."""
    sexes = {person: row["SEX"] for row, person, _record in entered.told["Header"]}
    yield from ((row["SEX"] == sexes[person], str(row)) for row, person, _record in entered.told["UASC"])


def asylum_of_looked_after(entered: Entered) -> Looked:
    """Asylum is told of children who were looked after in the year."""
    known = {person for _row, person, _record in entered.told["Episodes"]}
    yield from ((person in known, str(row)) for row, person, _record in entered.told["UASC"])


def breaks_have_no_place(entered: Entered) -> Looked:
    """Of short breaks no postcode and no number is told."""
    for row, _person, _record in entered.told["Episodes"]:
        if row["LS"] in SHORT_BREAKS:
            yield not (row["HOME_POST"] or row["PL_POST"] or row["URN"]), str(row)


def reasons_with_ends(entered: Entered) -> Looked:
    """A reason why a placement changed is told where the episode has ended."""
    for row, _person, _record in entered.told["Episodes"]:
        if row["REASON_PLACE_CHANGE"]:
            yield bool(row["DEC"]), str(row)


def missing_from_care(entered: Entered) -> Looked:
    """Of children who went missing in the year those are told who were in care on that day."""
    stays = _by_person(entered.told["Episodes"])
    for row, person, _record in entered.told["Missing"]:
        day = _day(row["MIS_START"])
        if day >= YEAR_START:
            in_care = any(
                _day(stay["DECOM"]) <= day and (not stay["DEC"] or _day(stay["DEC"]) > day) for stay in stays[person]
            )
            yield in_care, str(row)
    # An earlier day lies in care that may be over before the year, and is then no period of care of this return.
    for person in entered.people(entered.of("578", fault=True)):
        yield person not in _by_person(entered.told["Missing"]), "told although the child had left care"


def permanence_of_new_starts(entered: Entered) -> Looked:
    """Earlier permanence is told of children who started in the year."""
    stays = _by_person(entered.told["Episodes"])
    for row, person, _record in entered.told["PrevPerm"]:
        yield any(_day(stay["DECOM"]) >= YEAR_START for stay in stays[person]), str(row)


def worked_out_places(entered: Entered) -> Looked:
    """The distance is one that a place can have, and the location says what the authority says."""
    columns = ("PL_POST", "HOME_POST", "LS")
    rows = [row for row, _person, _record in entered.told["Episodes"]]
    episodes = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in columns}
    prepare({"Episodes": episodes}, {"authority": AREA})
    places = zip(*(episodes[name].to_pylist() for name in ("PL_LA", "PL_LOCATION", "PL_DISTANCE")), strict=True)
    for authority, location, miles in places:
        if authority is not None:
            yield location == (INSIDE if authority == AREA else OUTSIDE), f"{authority} {location}"
        if miles is not None:
            yield 0 <= float(miles) <= 999.9, miles
    yield len(rows) == len(episodes["PL_LA"]), "a row was left out"


def _untold(entered: Entered, code: str, table: str) -> Looked:
    """The record holds the fault and tells nothing of it."""
    told = _by_person(entered.told[table])
    yield from ((person not in told, str(told.get(person))) for person in entered.people(entered.of(code, fault=True)))


def turned_away_in_the_year(entered: Entered) -> Looked:
    """A referral on which no further action was taken is told in the year of its day."""
    yield from _untold(entered, "8569Q", "CINdetails")
    for row, _person, _record in entered.told["CINdetails"]:
        if row["ReferralNFA"] == "1":
            yield _day(row["CINreferralDate"]) >= YEAR_START, str(row)


def factors_of_completed(entered: Entered) -> Looked:
    """Factors are told of assessments that are authorised."""
    for row, _person, _record in entered.told["Assessments"]:
        if row.get("AssessmentFactors"):
            yield bool(row["AssessmentAuthorisationDate"]), str(row)
    told = _by_person(entered.told["Assessments"])
    for person in entered.people(entered.of("8614", fault=True)):
        yield (
            all(not row.get("AssessmentFactors") or row["AssessmentAuthorisationDate"] for row in told[person]),
            str(told[person]),
        )


def old_enquiries_with_conference(entered: Entered) -> Looked:
    """An enquiry that began before the year is told where its conference was held in it."""
    yield from _untold(entered, "8740", "Section47")
    for row, _person, _record in entered.told["Section47"]:
        if _day(row["S47ActualStartDate"]) < YEAR_START:
            yield bool(row["DateOfInitialCPC"]), str(row)


def needs_the_list(entered: Entered) -> Looked:
    """The rule says that it could not run for want of the list, and finds its fault, and no near miss, where a check is given it."""
    for code, cause in entered.not_run.items():
        yield "Provider Info" in cause, f"{code}: {cause}"
        yield (
            any(entered.is_caught_with_list(case) for case in entered.of(code, fault=True)),
            f"{code}: not found with the list",
        )
        for case in entered.of(code, fault=False):
            yield case.loosely or not entered.is_caught_with_list(case), f"{code}: {case.name} found with the list"
