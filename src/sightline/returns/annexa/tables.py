"""The eleven lists of Annex A: their columns from `data/returns/annexa/columns.csv`, their names for codes from `choices.csv` beside it.

Source: the lists as local authorities fill them, collected in liia-tools-pipeline (MIT), with the names that authorities use for each code.
"""

from __future__ import annotations

from collections import defaultdict

from sightline.engine.exchange.choices import Choices
from sightline.engine.exchange.declarations import Column, Kind, Table
from sightline.standards.data import data_path, read_csv

CHILD, ADOPTER, BORN = "Child Unique ID", "Individual adopter identifier", "Date of Birth"
LONGEST = 200
#: Lists whose rows become no record: care leavers, of whom the list does not say since when they are owed what they are owed.
NOT_RECORDED = ("List 9",)
#: Lists of people who are no children, with what is put before their references.
APART = {"List 11": "adopter "}
#: Columns of the other lists that become no part of a record. Several are written all the same, worked out from the record.
NOT_READ = frozenset(
    {
        "Age of Child (Years)",
        "Allocated Team",
        "Allocated Worker",
        "Does the Child have a Disability",
        "Number of Referrals in Last 12 Months",
        "Child Seen During Continuous Assessment",
        "Was the child assessed as requiring LA children's social care support?",
        "Number of Section 47 Enquiries in the last 12 months",
        "Number of ICPCs in the last 12 months",
        "Date Child Was Last Seen",
        "Case Status",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        "What is the permanence plan for this child?",
        "Date of Last IRO Visit / Contact to the Child",
        "Date of Last Health Assessment",
        "Number of Placements in the Last 12 months",
        "Placement Location",
        "LA of Placement",
        "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
        "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?",
    }
)
#: The same, of one list alone: the adopters' family of a child, who are other people.
NOT_READ_OF = frozenset({("List 10", "Family identifier")})
#: Days of a list in the order in which they come.
ORDER = {
    "List 1": ((BORN, "Date of Contact"),),
    "List 2": (("Assessment start date", "Assessment completion date"),),
    "List 4": (("Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"),),
    "List 5": (
        (
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Date of Initial Child Protection Conference",
        ),
    ),
    "List 6": (("CIN Start Date", "CIN Closure Date"),),
    "List 7": (
        ("Child Protection Plan Start Date", "Child Protection Plan End Date"),
        ("Child Protection Plan Start Date", "Date of latest review conference"),
    ),
    "List 8": (
        (BORN, "Date Started to be Looked After"),
        ("Date Started to be Looked After", "Date Ceased to be Looked After"),
        ("Date Started to be Looked After", "Start date of current legal status"),
        ("Date Started to be Looked After", "Start Date of Most Recent Placement"),
    ),
    "List 10": (
        ("Date of Decision that Child Should be Placed for Adoption", "Date Placed for Adoption"),
        ("Date Placed for Adoption", "Date of Adoption Order"),
        (
            "Date of Decision that Child Should be Placed for Adoption",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
        ),
    ),
    "List 11": (
        ("Date Stage 1 started", "Date Stage 1 ended"),
        ("Date Stage 2 started", "Date Stage 2 ended"),
        ("Date application submitted", "Date application approved"),
    ),
}


def _choices() -> dict[str, Choices]:
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read_csv(data_path("returns", "annexa", "choices.csv"), ("choices", "record", "name")):
        pairs[row["choices"]].append((row["record"], row["name"]))
    return {name: Choices(name, found) for name, found in pairs.items()}


CHOICES = _choices()


def _tables() -> tuple[Table, ...]:
    columns: dict[str, list[Column]] = defaultdict(list)
    for row in read_csv(data_path("returns", "annexa", "columns.csv"), ("list", "column", "kind", "required")):
        column = Column(
            row["column"],
            Kind(_KINDS.get(row["kind"], row["kind"])),
            required=row["required"] == "Y",
            longest=LONGEST,
            recorded=row["column"] not in NOT_READ and (row["list"], row["column"]) not in NOT_READ_OF,
            waived=row["column"] not in (CHILD, ADOPTER),
            choices=CHOICES[row["choices"]] if row["choices"] else None,
            pattern=row["pattern"],
        )
        columns[row["list"]].append(column)
    return tuple(
        Table(
            "annexa",
            name,
            columns=tuple(found),
            child=found[0].name,
            recorded=name not in NOT_RECORDED,
            order=ORDER.get(name, ()),
            apart=APART.get(name, ""),
        )
        for name, found in columns.items()
    )


#: A list's count or age is a number, with or without a point: spreadsheets work ages out.
_KINDS = {"whole": Kind.NUMBER.value}
TABLES = _tables()
#: Each list by its name.
TABLE = {table.name: table for table in TABLES}
