"""Rules about the file's header and who a child is: identifiers, dates of birth and death, sex, ethnicity, disability.

Source: DfE children in need census guide, sections 2 and 3; DfE guide to unique pupil numbers, annex A.
"""

from sightline.engine.exchange.rules.declarations import Example, across, find, rule
from sightline.returns.cin.parts import block, child, of_child, outside_year

#: The letters of a UPN: no I, O or S.
_LETTERS = "A-HJ-NP-RT-Z"
#: Five, and not yet 16, on 31 August of the census year.
_SCHOOL_AGE = (
    "PersonBirthDate >= year_start() + INTERVAL 5 MONTH - INTERVAL 16 YEAR"
    " AND PersonBirthDate < year_start() + INTERVAL 5 MONTH - INTERVAL 5 YEAR"
)
_FURTHER = {"CINdetails": [block(ReferralNFA="false")]}


def _people(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"ChildIdentifiers": list(rows)}


def _disabilities(*codes: str) -> dict[str, list[dict[str, str]]]:
    return {"Disabilities": [child(Disability=code) for code in codes]}


HEADER = (
    rule(
        "100",
        "Header",
        "ReferenceDate",
        "ReferenceDate IS DISTINCT FROM year_end()",
        fails=[{"Header": [{"ReferenceDate": "2026-03-31"}]}, {"Header": [{"Collection": "CIN"}]}],
        passes=[{"Header": [{"ReferenceDate": "2027-03-31"}]}],
    ),
)

NUMBERS = (
    rule(
        "8500",
        "ChildIdentifiers",
        "LAchildID",
        "LAchildID IS NULL",
        fails=[_people({"PersonBirthDate": "2015-01-01"})],
        passes=[_people({"LAchildID": "1"})],
    ),
    rule(
        "8510",
        "ChildIdentifiers",
        "LAchildID",
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID) AS held FROM ChildIdentifiers WHERE LAchildID IS NOT NULL)"
        " WHERE held > 1",
        whole=True,
        fails=[
            Example(
                _people({"LAchildID": "1"}, {"LAchildID": "2"}, {"LAchildID": "1"}),
                (("ChildIdentifiers", 0), ("ChildIdentifiers", 2)),
            )
        ],
        passes=[_people({"LAchildID": "1"}, {"LAchildID": "2"})],
    ),
    rule(
        "1570",
        "ChildIdentifiers",
        "LAchildID",
        "length(LAchildID) > 20",
        fails=[_people({"LAchildID": "A" * 21})],
        passes=[_people({"LAchildID": "A" * 20})],
    ),
    rule(
        "1580",
        "ChildIdentifiers",
        "LAchildID",
        "NOT regexp_full_match(LAchildID, '[A-Za-z0-9]+')",
        choice="A space inside counts as a character that is neither letter nor digit.",
        fails=[_people({"LAchildID": "AB-1"}), _people({"LAchildID": "AB 1"})],
        passes=[_people({"LAchildID": "AB1"})],
    ),
    rule(
        "1510",
        "ChildIdentifiers",
        "UPN",
        "substr(UPN, 1, 1) <> upn_letter(UPN)",
        choice="A number whose other characters are faulty has no check letter to compare with: rules 1540 and 1550 are about those.",
        fails=[_people(child(UPN="B801200001001")), _people(child(UPN="H80120000100A"))],
        passes=[
            _people(child(UPN="H801200001001")),
            _people(child(UPN="U80120000100A")),
            _people(child(UPN="B80120000X001")),
        ],
    ),
    rule(
        "1520",
        "ChildIdentifiers",
        "UPN",
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY UPN) AS held FROM ChildIdentifiers WHERE UPN IS NOT NULL) WHERE held > 1",
        whole=True,
        fails=[
            Example(
                _people(
                    {"LAchildID": "1", "UPN": "A801200001001"},
                    {"LAchildID": "2", "UPN": "A801200001001"},
                    {"LAchildID": "3"},
                ),
                (("ChildIdentifiers", 0), ("ChildIdentifiers", 1)),
            )
        ],
        passes=[
            _people({"LAchildID": "1", "UPN": "A801200001001"}, {"LAchildID": "2", "UPN": "A801200001002"}),
            _people({"LAchildID": "1"}, {"LAchildID": "2"}),
        ],
    ),
    rule(
        "1530",
        "ChildIdentifiers",
        "UPN",
        "substr(UPN, 2, 3) NOT IN {upn_authority}",
        choice="Recognised are the authorities of England, also those abolished, those of Wales (660 to 681), and the codes that stand for none:"
        " 001 to 005 and 701 to 708 (schools of service children and of the islands).",
        fails=[_people(child(UPN="A999200001001"))],
        passes=[_people(child(UPN="A801200001001")), _people(child(UPN="A660200001001"))],
    ),
    rule(
        "1540",
        "ChildIdentifiers",
        "UPN",
        "NOT regexp_full_match(substr(UPN, 5, 8), '[0-9]{8}')",
        fails=[_people(child(UPN="A8012000X1001")), _people(child(UPN="A801200"))],
        passes=[_people(child(UPN="A801200001001"))],
    ),
    rule(
        "1550",
        "ChildIdentifiers",
        "UPN",
        f"NOT regexp_full_match(substr(UPN, 13, 1), '[0-9{_LETTERS}]')",
        choice="A number that ends before has no recognised value there. What comes after is left to the schema.",
        fails=[
            _people(child(UPN="A80120000100I")),
            _people(child(UPN="A80120000100")),
        ],
        passes=[
            _people(child(UPN="A80120000100H")),
            _people(child(UPN="A8012000010011")),
            _people(child(UPN="A801200001001")),
        ],
    ),
    rule(
        "1560Q",
        "ChildIdentifiers",
        "FormerUPN",
        f"NOT regexp_full_match(FormerUPN, '[{_LETTERS}][0-9]{{11}}[0-9{_LETTERS}]')",
        fails=[_people(child(FormerUPN="I80120000100A")), _people(child(FormerUPN="A80120000100"))],
        passes=[_people(child(FormerUPN="Z80120000100A")), _people(child(FormerUPN="Z801200001001"))],
    ),
    rule(
        "8770Q",
        "ChildIdentifiers",
        "UPN UPNunknown PersonBirthDate",
        f"UPN IS NULL AND (UPNunknown IS NULL OR UPNunknown = 'UN1') AND {_SCHOOL_AGE}"
        " AND EXISTS (SELECT 1 FROM referral d WHERE d.LAchildID = ChildIdentifiers.LAchildID AND NOT d.nfa)",
        choice="School age: five before the school year began in September of the census year, and not 16. Asked where some referral goes on to"
        " further action.",
        fails=[
            _people(child(PersonBirthDate="2021-08-31")) | _FURTHER,
            _people(child(PersonBirthDate="2010-09-01", UPNunknown="UN1")) | _FURTHER,
        ],
        passes=[
            _people(child(PersonBirthDate="2021-09-01")) | _FURTHER,
            _people(child(PersonBirthDate="2010-08-31", UPNunknown="UN1")) | _FURTHER,
            _people(child(PersonBirthDate="2015-01-01")) | {"CINdetails": [block(ReferralNFA="true")]},
            _people(child(PersonBirthDate="2015-01-01", UPNunknown="UN2")) | _FURTHER,
            _people(child(PersonBirthDate="2015-01-01", UPN="A801200001001")) | _FURTHER,
        ],
    ),
    across(
        "8772",
        "ChildIdentifiers i JOIN referral d ON d.LAchildID = i.LAchildID",
        {"i": "ChildIdentifiers UPNunknown", "d": "CINdetails ReferralNFA"},
        "i.UPNunknown = 'UN7' AND d.nfa IS NOT TRUE",
        choice="A referral that does not say that no action was taken counts as going on to further action.",
        fails=[
            _people(child(UPNunknown="UN7")) | {"CINdetails": [block()]},
            _people(child(UPNunknown="UN7")) | {"CINdetails": [block(ReferralNFA="false")]},
        ],
        passes=[
            _people(child(UPNunknown="UN7")) | {"CINdetails": [block(ReferralNFA="true")]},
            _people(child(UPNunknown="UN6")) | {"CINdetails": [block(ReferralNFA="false")]},
        ],
    ),
    rule(
        "8590",
        "ChildIdentifiers",
        "LAchildID",
        "LAchildID IS NOT NULL AND NOT EXISTS (SELECT 1 FROM CINdetails d WHERE d.LAchildID = ChildIdentifiers.LAchildID)",
        fails=[_people(child()), _people(child()) | {"CINdetails": [{"LAchildID": "2", "CINdetailsID": "1"}]}],
        passes=[_people(child()) | {"CINdetails": [block()]}],
    ),
)

BIRTH_AND_DEATH = (
    rule(
        "8520",
        "ChildIdentifiers",
        "PersonBirthDate",
        "PersonBirthDate > year_end()",
        fails=[_people(child(PersonBirthDate="2027-04-01"))],
        passes=[_people(child(PersonBirthDate="2027-03-31"))],
    ),
    rule(
        "8525Q",
        "ChildIdentifiers",
        "PersonBirthDate ExpectedPersonBirthDate",
        "(PersonBirthDate IS NULL AND ExpectedPersonBirthDate IS NULL)"
        " OR (PersonBirthDate IS NOT NULL AND ExpectedPersonBirthDate IS NOT NULL)",
        choice="What is no date does not count as a date of birth.",
        fails=[
            _people(child()),
            _people(child(PersonBirthDate="2015-02-30")),
            _people(child(PersonBirthDate="2026-05-01", ExpectedPersonBirthDate="2026-05-02")),
        ],
        passes=[_people(child(PersonBirthDate="2015-02-28")), _people(child(ExpectedPersonBirthDate="2027-05-02"))],
    ),
    rule(
        "8530Q",
        "ChildIdentifiers",
        "ExpectedPersonBirthDate",
        "year(ExpectedPersonBirthDate) <> year(year_end()) OR month(ExpectedPersonBirthDate) < 3",
        choice="1 March and 31 December are within the range.",
        fails=[
            _people(child(ExpectedPersonBirthDate="2027-02-28")),
            _people(child(ExpectedPersonBirthDate="2028-01-01")),
        ],
        passes=[
            _people(child(ExpectedPersonBirthDate="2027-03-01")),
            _people(child(ExpectedPersonBirthDate="2027-12-31")),
            _people(child()),
        ],
    ),
    rule(
        "8535Q",
        "ChildIdentifiers",
        "PersonDeathDate PersonBirthDate",
        "PersonDeathDate < PersonBirthDate OR (PersonDeathDate IS NOT NULL AND PersonBirthDate IS NULL)",
        choice="A child that has died and has no date of birth died before being born, or lacks the date.",
        fails=[
            _people(child(PersonDeathDate="2026-05-01")),
            _people(child(PersonBirthDate="2026-05-02", PersonDeathDate="2026-05-01")),
        ],
        passes=[_people(child(PersonBirthDate="2026-05-01", PersonDeathDate="2026-05-01"))],
    ),
    rule(
        "8545Q",
        "ChildIdentifiers",
        "PersonDeathDate",
        outside_year("PersonDeathDate"),
        fails=[_people(child(PersonDeathDate="2026-03-31")), _people(child(PersonDeathDate="2027-04-01"))],
        passes=[_people(child(PersonDeathDate="2026-04-01")), _people(child())],
    ),
    across(
        "8775Q",
        of_child("CINdetails"),
        {"i": "ChildIdentifiers PersonBirthDate", "x": "CINdetails CINclosureDate"},
        "birthday(i.PersonBirthDate, 25) < CASE WHEN x.CINclosureDate IS NULL THEN year_end() ELSE x.CINclosureDate END",
        choice="Over 25 from the day after the 25th birthday, on the day the case closed or, where it is open, at the end of the census year.",
        fails=[
            _people(child(PersonBirthDate="2001-05-01")) | {"CINdetails": [block(CINclosureDate="2026-05-02")]},
            _people(child(PersonBirthDate="2002-03-30")) | {"CINdetails": [block()]},
        ],
        passes=[
            _people(child(PersonBirthDate="2001-05-01")) | {"CINdetails": [block(CINclosureDate="2026-05-01")]},
            _people(child(PersonBirthDate="2002-03-31")) | {"CINdetails": [block()]},
        ],
    ),
    rule(
        "4180",
        "ChildIdentifiers",
        "Sex",
        "Sex IS NULL OR Sex NOT IN ('M', 'F', 'U')",
        choice="Gender, which the census asked for until 2023/24, counts as sex: 1 M, 2 F, 0 and 9 U.",
        fails=[_people(child(Sex="1")), _people(child())],
        passes=[_people(child(Sex="M")), _people(child(Sex="U")), _people(child(GenderCurrent="2"))],
    ),
    rule(
        "8750",
        "ChildIdentifiers",
        "Sex ExpectedPersonBirthDate PersonBirthDate",
        "PersonBirthDate IS NULL AND ExpectedPersonBirthDate IS NOT NULL AND Sex IS DISTINCT FROM 'U'",
        choice="A child is unborn when only an expected date of birth is given; a missing sex is not U.",
        fails=[
            _people(child(ExpectedPersonBirthDate="2027-05-01")),
            _people(child(ExpectedPersonBirthDate="2027-05-01", Sex="F")),
        ],
        passes=[
            _people(child(ExpectedPersonBirthDate="2027-05-01", Sex="U")),
            _people(child(PersonBirthDate="2027-01-01", Sex="F")),
        ],
    ),
    rule(
        "2886Q",
        "ChildIdentifiers",
        "Sex",
        select="SELECT row FROM ChildIdentifiers WHERE ExpectedPersonBirthDate IS NULL AND coalesce(Sex, 'U') = 'U' AND"
        " (SELECT count(*) FILTER (coalesce(Sex, 'U') = 'U') * 100 > count(*) * 2 FROM ChildIdentifiers WHERE ExpectedPersonBirthDate IS NULL)",
        whole=True,
        choice="No sex recorded is U or nothing; children with an expected date of birth are left out of both. Those without a sex are found.",
        fails=[
            _people(
                *({"LAchildID": str(n), "PersonBirthDate": "2015-01-01", "Sex": "M" if n else "U"} for n in range(49))
            )
        ],
        passes=[
            _people(
                *({"LAchildID": str(n), "PersonBirthDate": "2015-01-01", "Sex": "M" if n else "U"} for n in range(50))
            ),
            _people({"LAchildID": "1", "ExpectedPersonBirthDate": "2027-05-01", "Sex": "U"}),
        ],
    ),
)

CHARACTERISTICS = (
    rule(
        "4220",
        "ChildCharacteristics",
        "Ethnicity",
        "Ethnicity IS NULL OR Ethnicity NOT IN {ethnicity}",
        fails=[{"ChildCharacteristics": [child(Ethnicity="WXYZ")]}, {"ChildCharacteristics": [child()]}],
        passes=[{"ChildCharacteristics": [child(Ethnicity="WBRI")]}],
    ),
    across(
        "8540",
        "ChildIdentifiers i JOIN referral d ON d.LAchildID = i.LAchildID LEFT JOIN ChildCharacteristics c ON c.LAchildID = i.LAchildID",
        {"c": "ChildCharacteristics LAchildID", "i": "ChildIdentifiers PersonBirthDate", "d": "CINdetails ReferralNFA"},
        "i.PersonBirthDate IS NOT NULL AND NOT d.nfa"
        " AND NOT EXISTS (SELECT 1 FROM Disabilities x WHERE x.LAchildID = i.LAchildID AND x.Disability IS NOT NULL)",
        also=[find("Disabilities", "Disability", "Disability IS NULL OR Disability NOT IN {disability}")],
        choice="A disability, or NONE, is asked of a child who is born and has a referral with further action; a wrong code fails for any child.",
        fails=[
            _people(child(PersonBirthDate="2015-01-01"))
            | {"ChildCharacteristics": [child()], "CINdetails": [block(ReferralNFA="false")], "Disabilities": []},
            Example(_people(child(PersonBirthDate="2015-01-01")) | _disabilities("NOPE"), (("Disabilities", 0),)),
        ],
        passes=[
            _people(child(PersonBirthDate="2015-01-01"))
            | {"ChildCharacteristics": [child()], "CINdetails": [block(ReferralNFA="false")]}
            | _disabilities("NONE"),
            _people(child(PersonBirthDate="2015-01-01")) | {"ChildCharacteristics": [child()], "CINdetails": [block(ReferralNFA="true")]},
            _people(child(ExpectedPersonBirthDate="2027-05-01"))
            | {"ChildCharacteristics": [child()], "CINdetails": [block(ReferralNFA="false")]},
        ],
    ),
    rule(
        "8790",
        "Disabilities",
        "Disability",
        select="SELECT x.row FROM Disabilities x WHERE x.LAchildID IN (SELECT LAchildID FROM Disabilities WHERE Disability IS NOT NULL"
        " GROUP BY LAchildID HAVING bool_or(Disability = 'NONE')) AND x.Disability <> 'NONE'",
        choice="The values beside NONE are found.",
        fails=[Example(_disabilities("NONE", "HEAR"), (("Disabilities", 1),))],
        passes=[_disabilities("NONE"), _disabilities("VIS", "HEAR")],
    ),
    rule(
        "8794",
        "Disabilities",
        "Disability",
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID, Disability) AS held FROM Disabilities"
        " WHERE LAchildID IS NOT NULL AND Disability IS NOT NULL) WHERE held > 1",
        fails=[Example(_disabilities("HEAR", "VIS", "HEAR"), (("Disabilities", 0), ("Disabilities", 2)))],
        passes=[
            _disabilities("HEAR", "VIS"),
            {"Disabilities": [{"LAchildID": "1", "Disability": "HEAR"}, {"LAchildID": "2", "Disability": "HEAR"}]},
        ],
    ),
    rule(
        "2887Q",
        "Disabilities",
        "Disability",
        select="SELECT row FROM Disabilities WHERE (SELECT count(DISTINCT Disability) < 8 FROM Disabilities WHERE Disability IN {disability})",
        whole=True,
        choice="NONE counts as one of the codes, and a wrong code does not. All disabilities of the return are pointed at.",
        fails=[
            Example(
                _disabilities("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "NOPE"), tuple(("Disabilities", n) for n in range(8))
            )
        ],
        passes=[_disabilities("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS")],
    ),
    rule(
        "2888Q",
        "Disabilities",
        "Disability",
        select="SELECT row FROM Disabilities WHERE Disability <> 'NONE' AND NOT EXISTS (SELECT 1 FROM Disabilities"
        " WHERE Disability <> 'NONE' GROUP BY LAchildID HAVING count(DISTINCT Disability) > 1)",
        whole=True,
        choice="Fails when some child has a disability and no child of the return has two. All disabilities but NONE are pointed at.",
        fails=[
            Example(
                {"Disabilities": [{"LAchildID": "1", "Disability": "HEAR"}, {"LAchildID": "2", "Disability": "VIS"}]},
                (("Disabilities", 0), ("Disabilities", 1)),
            )
        ],
        passes=[
            {"Disabilities": [{"LAchildID": "1", "Disability": "HEAR"}, {"LAchildID": "1", "Disability": "VIS"}]},
            _disabilities("NONE"),
        ],
    ),
)  # fmt: skip

RULES = (*HEADER, *NUMBERS, *BIRTH_AND_DEATH, *CHARACTERISTICS)
