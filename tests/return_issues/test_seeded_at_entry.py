"""For every rule in force a seeded fault is caught at entry: the preview of forms finds it by that rule, or the record does not take it.

The faults and near misses are the worked examples. An example gives only what its rule reads, so it is filled with the values of a whole child
and imported: the import refuses what a form refuses, by the same checks. On what the record took the preview is run as after an act.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.returns.seeding import Row, Rows, Seed, seeds_of, together, write_census, write_set

from sightline.core.people.models import Identifier, Person
from sightline.core.records.history import record_models
from sightline.engine.exchange.models import QuarantinedRow
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.run import Request, import_path
from sightline.engine.return_issues import preview

AREA, YEAR, TODAY = "E10000028", 2027, date(2027, 3, 31)

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
        "PrevPerm": {"PREV_PERM": "P0"},
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
}
#: What is given instead of another value.
INSTEAD = {"ExpectedPersonBirthDate": "PersonBirthDate"}
#: How care ended of a child who was adopted in the year.
ADOPTED = {"LS": "E1", "PLACE": "A3", "DEC": "01/06/2026", "REC": "E11"}
BORN, BORN_OF_LEAVERS = "04/03/2015", "01/05/2008"
LAST = "_last"


@dataclass(frozen=True)
class Whole:
    """An example filled up. `loosely` says whether also what its rule looks at is filled where the example leaves it out."""

    seed: Seed
    loosely: bool

    @property
    def name(self) -> str:
        return f"{self.seed.name}{'L' if self.loosely else 'S'}"

    def rows(self, name: str) -> Rows:
        declared, rows = returns()[name], defaultdict(list)
        looked = {(find.table, field) for find in self.seed.rule.finds for field in find.fields}
        for title, given in self.seed.example.tables.items():
            table = declared.table(title)
            assert table is not None
            if not table.supplied:
                rows[table.name] = [
                    {column: str(value or "") for column, value in row.items()}
                    | ({table.child: f"{self.name}-{row[table.child]}"} if table.child in row else {})
                    for row in given
                ]
        if "Reviews" in rows and name == "cin" and "ChildProtectionPlans" not in rows:
            rows["ChildProtectionPlans"] = [dict(row) for row in rows["Reviews"][:1]]
            rows["ChildProtectionPlans"][0].pop("CPPreviewDate", None)
        self._complete(name, rows)
        born = _born(rows)
        for title, held in rows.items():
            table = declared.table(title)
            assert table is not None
            whole = dict(WHOLE[name].get(title.removesuffix(LAST), {}))
            if "DOB" in table.columns:
                whole["DOB"] = ""
            if title == "Episodes" and "AD1" in rows:
                whole |= ADOPTED
            for row in held:
                for column, value in whole.items():
                    if any(row.get(given) and column == other for given, other in INSTEAD.items()):
                        continue
                    known = born.get(row.get(table.child, ""), BORN_OF_LEAVERS if "OC3" in rows else BORN)
                    if self.loosely or (title, column) not in looked:
                        row.setdefault(column, known if column == "DOB" else value)
                for column, (other, value) in BESIDE.items():
                    if row.get(column) and (self.loosely or (title, other) not in looked):
                        row.setdefault(other, value)
        return rows

    def _complete(self, name: str, rows: Rows) -> None:
        """A row for each child in the tables that every child has, of each year that tells of it."""
        declared = returns()[name]
        for suffix in ("", LAST) if any(title.endswith(LAST) for title in rows) else ("",):
            children = {
                row.get(table.child, "")
                for title, held in rows.items()
                if (table := declared.table(title)) and title.endswith(LAST) in (suffix == LAST, suffix != "")
                for row in held
            } - {""}
            for title in EVERY_CHILD[name]:
                table = declared.table(title)
                assert table is not None
                if title == "Episodes" and ("Episodes" in rows or "OC3" in rows) and not suffix:
                    continue
                have = {row.get(table.child) for row in rows.get(f"{title}{suffix}", [])}
                rows.setdefault(f"{title}{suffix}", []).extend(
                    {table.child: child} | ({"CINdetailsID": "1"} if title == "CINdetails" else {})
                    for child in sorted(children - have)
                )


def _columns(columns: Iterable[str]) -> list[str]:
    return [column for column in columns if not column.endswith("_known")]


def _born(rows: Rows) -> dict[str, str]:
    return {row["CHILD"]: row["DOB"] for held in rows.values() for row in held if row.get("DOB") and row.get("CHILD")}


@dataclass(frozen=True)
class AtEntry:
    """What came of the children of each example: who is in the record, by which rules the preview finds them, and why rows were refused."""

    held: Mapping[str, set[int]]
    found: set[tuple[str, int]]
    refused: Mapping[str, set[str]]

    def turned_away(self, whole: Whole) -> bool:
        """Whether its rows were refused. That something is missing which the rule does not look at is no refusal of the fault."""
        looked = {field for find in whole.seed.rule.finds for field in find.fields}
        reasons = self.refused.get(whole.name, ())
        return any(not reason.endswith("is missing") or reason.split()[0] in looked for reason in reasons)

    def caught(self, whole: Whole) -> bool:
        return any((whole.seed.rule.code, person) in self.found for person in self.held.get(whole.name, ()))


def _entered(name: str, wholes: list[Whole], folder: Path) -> AtEntry:
    declared = returns()[name]
    rows = together(whole.rows(name) for whole in wholes)
    if name == "cin":
        header = {
            "Collection": "CIN",
            "Year": str(YEAR),
            "ReferenceDate": f"{YEAR}-03-31",
            "SourceLevel": "L",
            "LEA": "860",
        }
        paths = [("2026-27", write_census(rows, folder / "census.xml", header))]
    else:
        for table in declared.all_tables():
            if not table.supplied:
                rows.setdefault(table.name, []).append(dict.fromkeys(_columns(table.columns), ""))
        paths = [
            ("2025-26", write_set(declared, rows, folder / "before", last=True)),
            ("2026-27", write_set(declared, rows, folder / "year")),
        ]
    for period, path in paths:
        import_path(Request(path=path, format=name, period=period, area=AREA, by="tester", keep_in=folder / "kept"))
    held, refused = defaultdict(set), defaultdict(set)
    for one in Identifier.objects.filter(scheme="local"):
        held[one.value.partition("-")[0]].add(one.person_id)
    for row in QuarantinedRow.objects.all():
        refused[row.child_reference.partition("-")[0]].add(row.reason)
    people = {person for those in held.values() for person in those}
    about = [model for model in record_models() if any(field.name == "person" for field in model._meta.fields)]
    written: list[Any] = [record for model in about for record in model.objects.filter(person__in=people)]
    written += Person.objects.filter(pk__in=people)
    after = preview.failing(preview.concerned(written, people))
    return AtEntry(held, {(key.rule, key.person) for _collection, key in after}, refused)


@pytest.fixture
def stands(make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The year of the examples has just ended."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    make(
        "records.Coverage",
        area=AREA,
        stream="front_door",
        start_date=date(2020, 1, 6),
        end_date=TODAY,
        source_system="synthetic",
    )


#: Rules whose fault cannot come up at entry, by the reason.
NOT_AT_ENTRY = {
    "cin": {
        "not shown yet: the second referral of the example has no row of its own": "8825Q",
        "the header is made by the export": "100",
        "every child has a number on record, or is told under that of the record": "8500",
        "a form refuses a pupil number of the wrong form; the import leaves it out of the record, and notes it": "1540",
        "only children with an episode are told": "8590",
        "that there is no disability is told of children of whom none is on record": "8790",
        "only referrals of the year are told without further action": "8569Q",
        "factors are told of completed assessments alone": "8614",
        "an enquiry before the year is told only with a conference in it": "8740",
        "the target date is worked out by the export": "8870Q",
        "a conference is told either of the enquiry or of the referral": "2884",
    },
    "ssda903": {
        "the record has one value for both years": "204 208 624 626 205A 205B 205C 205D 207 452 453 503A 503B 503C 503D 503E 503F 503G"
        " 503H 503J 562 559 560 561 584 NoE",
        "the record has one decision, told in both tables": "523",
        "adopters are told of children adopted in the year": "602 134",
        "whether a child is a mother is told from her children on record": "393 607 174 612 628",
        "health and development are told of children looked after for the whole year": "215",
        "not shown yet: the example says too little of a child for the record to take it as it is meant": "1010 1014 EPI 231 621 454 243 1015",
        "place, distance and authority are worked out from the postcodes": "179 164 411",
        "of short breaks no place is told": "398 420 214",
        "Ofsted's list of providers is no record": "219 221 224 227 228 229 241 1008",
        "every record is of a child of the record": "INT01 INT02 INT03 INT04 INT05 INT06 INT08 INT09",
        "the sex is told from the person in every table": "INT21",
        "only episodes missing from care are told": "578 581",
        "the reason for a change is told where a placement ended": "226 233",
        "previous permanence is told of those who started in the year": "634",
    },
}
#: Near misses that the filling makes faults, or which need a file of their own.
NO_NEAR_MISS = {
    "cin": {"1570", "1580", "4001", "8873Q"},
    "ssda903": {"105", "167", "218", "392a", "601"},
}


@pytest.mark.parametrize("name", ["cin", "ssda903"])
def test_at_entry_each_fault_is_found_by_its_rule_or_refused_and_no_near_miss_is_found(
    name: str, stands: None, tmp_path: Path
) -> None:
    wholes = [Whole(seed, loosely) for seed in seeds_of(name, YEAR) if not seed.rule.whole for loosely in (False, True)]
    entry = _entered(name, wholes, tmp_path)

    faults = [whole for whole in wholes if whole.seed.fault]
    caught = {whole.seed.rule.code for whole in faults if entry.caught(whole)}
    refused = {whole.seed.rule.code for whole in faults if entry.turned_away(whole)}
    excepted = {code for codes in NOT_AT_ENTRY[name].values() for code in codes.split()}
    assert {whole.seed.rule.code for whole in faults} - caught - refused == excepted

    misses = [whole for whole in wholes if not whole.seed.fault and not whole.loosely]
    found = {whole.seed.rule.code for whole in misses if entry.caught(whole)}
    assert found == NO_NEAR_MISS[name]
