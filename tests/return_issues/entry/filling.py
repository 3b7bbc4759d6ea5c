"""Fills worked examples up to whole children. An example gives only what its rule reads; the record asks for more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.returns.seeding import Row, Rows, Seed, seeds_of

from sightline.engine.exchange.rules.declarations import Given, Return, RuleTable
from sightline.engine.exchange.rules.registry import returns

YEAR = 2027
LAST = "_last"

#: A child of whom nothing is wrong.
WHOLE: dict[str, dict[str, Row]] = {
    "cin": {
        "ChildIdentifiers": {"UPNunknown": "UN1", "PersonBirthDate": "2015-03-04", "Sex": "F"},
        "ChildCharacteristics": {"Ethnicity": "WBRI"},
        "Disabilities": {"Disability": "NONE"},
        "CINdetails": {
            "CINreferralDate": "2026-04-01",
            "ReferralSource": "1A",
            "PrimaryNeedCode": "N1",
            "ReferralNFA": "0",
        },
        "Assessments": {"AssessmentActualStartDate": "2026-04-05"},
        "CINplanDates": {"CINPlanStartDate": "2026-04-20"},
        "Section47": {"S47ActualStartDate": "2026-04-06", "ICPCnotRequired": "1"},
        "ChildProtectionPlans": {
            "CPPstartDate": "2026-04-10",
            "InitialCategoryOfAbuse": "NEG",
            "LatestCategoryOfAbuse": "NEG",
            "NumberOfPreviousCPP": "0",
        },
        "Reviews": {"CPPreviewDate": "2026-06-01"},
    },
    "ssda903": {
        "Header": {"SEX": "F", "ETHNIC": "WBRI", "UPN": "UN1"},
        "Episodes": {
            "DECOM": "01/05/2025",
            "RNE": "S",
            "LS": "C2",
            "CIN": "N1",
            "PLACE": "U4",
            "PLACE_PROVIDER": "PR1",
            "HOME_POST": "ST16 3AA",
            "PL_POST": "ST16 3AB",
            "URN": "SC123456",
        },
        "Reviews": {"REVIEW": "01/06/2026", "REVIEW_CODE": "PN1"},
        "OC3": {"IN_TOUCH": "YES", "ACTIV": "F1", "ACCOM": "B1"},
        "AD1": {
            "DATE_INT": "01/06/2025",
            "DATE_MATCH": "01/08/2025",
            "FOSTER_CARE": "0",
            "NB_ADOPTR": "2",
            "SEX_ADOPTR": "MF",
            "LS_ADOPTR": "L11",
        },
        "PlacedAdoption": {"DATE_PLACED": "01/06/2025"},
        "PrevPerm": {"PREV_PERM": "Z1"},
        "Missing": {"MISSING": "M", "MIS_START": "01/06/2026"},
        "SWEpisodes": {"SW_ID": "SW123", "SW_DECOM": "01/05/2025", "SW_REASON": "FCONTA"},
        "DoLo": {"DOLO_START": "01/06/2026"},
    },
}
#: The tables in which every child has a row.
EVERY_CHILD = {
    "cin": ("ChildIdentifiers", "ChildCharacteristics", "Disabilities", "CINdetails"),
    "ssda903": ("Header", "Episodes"),
}
#: What is given together with another value.
BESIDE = {
    "CINclosureDate": ("ReasonForClosure", "RC1"),
    "AssessmentFactors": ("AssessmentAuthorisationDate", "2026-05-01"),
    "DateOfInitialCPC": ("ICPCnotRequired", "0"),
    "ReasonForClosure": ("CINclosureDate", "2027-02-01"),
    "DEC": ("REC", "X1"),
    "REC": ("DEC", "01/06/2026"),
    "DATE_PLACED_CEASED": ("REASON_PLACED_CEASED", "RD1"),
    "MC_DOB": ("MOTHER", "1"),
}
#: What is given instead of another value.
INSTEAD = {"ExpectedPersonBirthDate": "PersonBirthDate"}
#: How care ended of a child who was adopted in the year.
ADOPTED = {"LS": "E1", "PLACE": "A3", "DEC": "01/06/2026", "REC": "E11"}
BORN, BORN_OF_LEAVERS = "04/03/2015", "01/05/2008"
#: Blocks that a child may have several of, whose days are set apart by those of the blocks before: table, first day, number of the block.
APART = {
    "CINdetails": ("CINreferralDate", "CINdetailsID"),
    "Assessments": ("AssessmentActualStartDate", "AssessmentID"),
    "Section47": ("S47ActualStartDate", ""),
    "PlacedAdoption": ("DATE_PLACED", ""),
}
#: A postcode in the authority in which an example says that a placement lies: the record works the authority out.
IN_AUTHORITY = {"W06000015": "CF10 3AT", "E08000025": "B1 1AA"}


@dataclass(frozen=True)
class Case:
    """A fault or a near miss filled up. `loosely` says whether also what its rule looks at is filled where it is left out."""

    code: str
    name: str
    fault: bool
    tables: Given
    looked: frozenset[tuple[str, str]]
    loosely: bool = True
    #: The children keep the numbers that the example gives them.
    numbered: bool = False
    #: The child has no row in the header.
    headless: bool = False

    @property
    def as_meant(self) -> bool:
        """Whether nothing is filled of what its rule looks at. A case of our own gives all that it means."""
        return not (self.loosely and self.looked)

    def child(self, given: str) -> str:
        """The number of one of its children in the files: letters and digits, since the census takes no others."""
        return given if self.numbered else f"{self.name}x{given}"

    def rows(self, declared: Return) -> Rows:
        """The rows of the children."""
        return _Filling(self, declared).rows()


def examples(name: str) -> Iterator[Case]:
    """The worked examples, each filled strictly and loosely."""
    for seed in seeds_of(name, YEAR):
        if not seed.rule.whole:
            yield from (
                _case(seed, loosely) for loosely in (False, True) if not (loosely and seed.rule.code in NUMBERED)
            )


#: Rules about the child's own number.
NUMBERED = ("1570", "1580")
#: Rules about children who are not in the header.
HEADLESS = tuple(f"INT0{number}" for number in range(1, 10))


def _case(seed: Seed, loosely: bool) -> Case:
    code = seed.rule.code
    return Case(
        code=code,
        name=f"{seed.name}{'L' if loosely else 'S'}",
        fault=seed.fault,
        tables=seed.example.tables,
        looked=frozenset((find.table, field) for find in seed.rule.finds for field in find.fields),
        loosely=loosely,
        numbered=code in NUMBERED,
        headless=seed.fault and code in HEADLESS,
    )


class _Filling:
    """One case on its way to whole children."""

    def __init__(self, case: Case, declared: Return) -> None:
        self._case = case
        self._declared = declared
        self._whole = WHOLE[declared.name]
        self._rows: Rows = defaultdict(list)

    def rows(self) -> Rows:
        for title, given in self._case.tables.items():
            table = self._table(title)
            if not table.supplied:
                self._rows[table.name] = [self._named(table, row) for row in given]
        self._add_what_holds_others()
        self._add_every_child()
        born = {
            row["CHILD"]: row["DOB"]
            for held in self._rows.values()
            for row in held
            if row.get("DOB") and row.get("CHILD")
        }
        for title, held in self._rows.items():
            for number, row in enumerate(held):
                self._fill(title, row, self._days_apart(title, held, number), born)
        return self._rows

    def _table(self, title: str) -> RuleTable:
        table = self._declared.table(title)
        assert table is not None
        return table

    def _named(self, table: RuleTable, row: Row) -> Row:
        texts = {column: str(value or "") for column, value in row.items()}
        return texts | ({table.child: self._case.child(str(row[table.child]))} if table.child in row else {})

    def _add_what_holds_others(self) -> None:
        """A review stands in a plan, and the record knows who seeks asylum from the table UASC."""
        rows = self._rows
        if "Reviews" in rows and self._declared.name == "cin" and "ChildProtectionPlans" not in rows:
            rows["ChildProtectionPlans"] = [{**row} for row in rows["Reviews"][:1]]
            rows["ChildProtectionPlans"][0].pop("CPPreviewDate", None)
        for suffix in ("", LAST):
            seeking = [row["CHILD"] for row in rows.get(f"Header{suffix}", []) if row.get("UASC") == "1"]
            known = {row.get("CHILD") for row in rows.get(f"UASC{suffix}", [])}
            if missing := [child for child in seeking if child not in known]:
                rows[f"UASC{suffix}"] += [{"CHILD": child} for child in missing]

    def _add_every_child(self) -> None:
        """A row for each child in the tables that every child has, of each year that tells of it."""
        rows, case = self._rows, self._case
        for suffix in ("", LAST) if any(title.endswith(LAST) for title in rows) else ("",):
            children = {
                row.get(self._table(title).child, "")
                for title, held in rows.items()
                if title.endswith(LAST) in (suffix == LAST, suffix != "")
                for row in held
            } - {""}
            for title in EVERY_CHILD[self._declared.name]:
                child = self._table(title).child
                if title == "Episodes" and ("Episodes" in rows or "OC3" in rows) and not suffix:
                    continue
                if title == "Header" and case.headless:
                    continue
                have = {row.get(child) for row in rows.get(f"{title}{suffix}", [])}
                rows[f"{title}{suffix}"] += [
                    {child: one} | ({"CINdetailsID": "1"} if title == "CINdetails" else {})
                    for one in sorted(children - have)
                ]

    def _days_apart(self, title: str, held: list[Row], number: int) -> int:
        """How many blocks of the child come before."""
        child, block = self._table(title).child, APART.get(title, ("", ""))[1]
        before = [row for row in held[:number] if row.get(child) == held[number].get(child)]
        return len({row.get(block) for row in before} - {held[number].get(block)}) if block else len(before)

    def _fill(self, title: str, row: Row, days: int, born: dict[str, str]) -> None:
        table, case = self._table(title), self._case
        whole = dict(self._whole.get(title.removesuffix(LAST), {}))
        if "DOB" in table.columns:
            whole["DOB"] = born.get(row.get(table.child, ""), BORN_OF_LEAVERS if "OC3" in self._rows else BORN)
        if title in APART:
            first, _block = APART[title]
            whole[first] = _later(whole[first], days)
        if title == "Episodes" and "AD1" in self._rows:
            whole |= ADOPTED
        if row.get("PL_LA") in IN_AUTHORITY:
            whole["PL_POST"] = IN_AUTHORITY[row["PL_LA"]]
        for column, value in whole.items():
            if any(row.get(given) and column == other for given, other in INSTEAD.items()):
                continue
            if case.loosely or (title, column) not in case.looked:
                row.setdefault(column, value)
        for column, (other, value) in BESIDE.items():
            if row.get(column) and other in table.columns and (case.loosely or (title, other) not in case.looked):
                row.setdefault(other, value)


def _later(day: str, days: int) -> str:
    """A day of either return so many days later."""
    british = "/" in day
    read = date(*(int(part) for part in reversed(day.split("/")))) if british else date.fromisoformat(day)
    found = read + timedelta(days=days)
    return found.strftime("%d/%m/%Y") if british else found.isoformat()


def declared(name: str) -> Return:
    """What a return's folder declares."""
    return returns()[name]
