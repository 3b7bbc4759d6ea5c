"""The rules of Annex A. Ofsted publishes none, so their codes and messages are ours: what the lists say of themselves, and of each other."""

from __future__ import annotations

from sightline.engine.exchange.rules import layouts
from sightline.engine.exchange.rules.declarations import Example, Find, Rule
from sightline.returns.annexa.facts import WITH_BIRTH
from sightline.returns.annexa.tables import ADOPTER, BORN, CHILD, TABLES

CONTACT, REFERRED = "Date of Contact", "Date of referral"
STATUS, OPENED, CLOSED = "Case Status", "CIN Start Date", "CIN Closure Date"
PLANNED, PLAN_ENDED = "Child Protection Plan Start Date", "Child Protection Plan End Date"
CARED_FOR, CARE_ENDED = "Date Started to be Looked After", "Date Ceased to be Looked After"
ENQUIRY = "Strategy discussion initiating Section 47 Enquiry Start Date"
CONFERENCE = "Date of Initial Child Protection Conference"
UNNECESSARY = "Was an Initial Child Protection Conference deemed unnecessary?"
RESULT = "Did the Initial Child Protection Conference Result in a Child Protection Plan"
AGE, POSTCODE, FAMILY = "Age of Child (Years)", "Placement postcode", "Family identifier"
REVERSED = "Date of Decision that Child Should No Longer be Placed for Adoption"
#: The first day of the six months that end with the day of the return.
SINCE = "CAST(return_day() - INTERVAL 6 MONTH + INTERVAL 1 DAY AS DATE)"
#: What has to have happened in the six months, by list; and what must not have ended before them.
HAPPENED = {"List 1": CONTACT, "List 3": REFERRED, "List 5": ENQUIRY}
ENDED = {
    "List 2": "Assessment completion date",
    "List 4": "Continuous Assessment Date of Authorisation",
    "List 6": CLOSED,
    "List 7": PLAN_ENDED,
    "List 8": CARE_ENDED,
}
PAIRED = {
    "List 6": (CLOSED, "Reason for Closure"),
    "List 8": (CARE_ENDED, "Reason Ceased to be Looked After"),
    "List 10": (REVERSED, "Reason Why Child No Longer Placed for Adoption"),
    "List 11": ("Date of leaving adoption process", "Reason for leaving adoption process"),
}
#: Lists that have a child once, and lists whose rows of a child must not be open together.
ONCE = ("List 9",)
OPEN_ONCE = {"List 6": CLOSED, "List 7": PLAN_ENDED, "List 8": CARE_ENDED}

_ALIKE = 'lower(trim("{0}"))'


def _choice(column: str, letter: str) -> str:
    """Whether a choice is the one that starts with a letter, or is written without it."""
    return f"regexp_matches({_ALIKE.format(column)}, '{letter}')"


_LOOKED_AFTER = _choice(STATUS, "^a\\)|looked after|^cla|^lac|/cla")
_ON_PLAN = _choice(STATUS, "^b\\)|protection plan|^cpp?$")

#: A row that is right, to make examples from.
_CHILD = {CHILD: "C1", "Gender": "a) Male", "Ethnicity": "a) WBRI", BORN: "01/05/2015"}
_CONTACT = {**_CHILD, CONTACT: "01/02/2027", "Contact Source": "q) 6: Police"}
_CASE = {
    **_CHILD,
    "Does the Child have a Disability": "b) No",
    OPENED: "01/02/2026",
    "Primary Need Code": "N1 - Abuse or neglect",
    STATUS: "c) Child in need plan",
    "Allocated Team": "East",
    "Allocated Worker": "W1",
}
_ENQUIRY = {ENQUIRY: "04/01/2027", UNNECESSARY: "b) No", CONFERENCE: "20/01/2027", RESULT: "a) Yes"}

RULES: tuple[Rule, ...] = (
    layouts.missing(
        "AA01",
        TABLES,
        fails=[Example({"List 1": [{**_CONTACT, "Contact Source": ""}]}, (("List 1", 0),))],
        passes=[{"List 1": [_CONTACT]}],
    ),
    layouts.not_days(
        "AA02",
        TABLES,
        fails=[Example({"List 1": [_CONTACT, {**_CONTACT, CONTACT: "31/02/2027"}]}, (("List 1", 1),))],
        passes=[{"List 1": [_CONTACT]}],
    ),
    layouts.not_numbers(
        "AA03",
        TABLES,
        fails=[Example({"List 1": [{**_CONTACT, AGE: "about 8"}]}, (("List 1", 0),))],
        passes=[{"List 1": [{**_CONTACT, AGE: "11"}]}],
    ),
    layouts.not_codes(
        "AA04",
        TABLES,
        choice="A name counts whichever authority uses it, in large or small letters.",
        fails=[Example({"List 6": [{**_CASE, "Primary Need Code": "PSRMEM"}]}, (("List 6", 0),))],
        passes=[{"List 6": [_CASE, {**_CASE, CHILD: "C2", "Gender": "female"}]}],
    ),
    layouts.in_future(
        "AA05",
        TABLES,
        fails=[Example({"List 1": [{**_CONTACT, CONTACT: "01/04/2027"}]}, (("List 1", 0),))],
        passes=[{"List 1": [{**_CONTACT, CONTACT: "31/03/2027"}]}],
    ),
    layouts.out_of_order(
        "AA06",
        TABLES,
        fails=[Example({"List 6": [{**_CASE, CLOSED: "31/01/2026"}]}, (("List 6", 0),))],
        passes=[{"List 6": [{**_CASE, CLOSED: "01/02/2026"}]}],
    ),
    Rule(
        "AA07",
        tuple(
            Find(
                name,
                (BORN,),
                select=f'SELECT t.row FROM "{name}" t WHERE EXISTS (SELECT 1 FROM birth b WHERE b.who = t."{CHILD}" AND b.born <> t."{BORN}")',
            )
            for name in WITH_BIRTH
        ),
        fails=(
            Example({"List 1": [_CONTACT], "List 6": [{**_CASE, BORN: "02/05/2015"}]}, (("List 1", 0), ("List 6", 0))),
        ),
        passes=(Example({"List 1": [_CONTACT], "List 6": [_CASE]}),),
    ),
    Rule(
        "AA08",
        tuple(
            Find(
                name,
                (CHILD,),
                select=f'SELECT row FROM "{name}" WHERE {condition} QUALIFY count(*) OVER (PARTITION BY "{CHILD}") > 1',
            )
            for name, condition in (
                *((name, f'"{CHILD}" IS NOT NULL') for name in ONCE),
                *((name, f'"{CHILD}" IS NOT NULL AND "{ended}_text" IS NULL') for name, ended in OPEN_ONCE.items()),
            )
        ),
        fails=(Example({"List 6": [_CASE, {**_CASE, OPENED: "01/09/2026"}]}, (("List 6", 0), ("List 6", 1))),),
        passes=(Example({"List 6": [{**_CASE, CLOSED: "01/09/2026"}, {**_CASE, OPENED: "02/09/2026"}]}),),
    ),
    Rule(
        "AA09",
        tuple(
            Find(
                name,
                (CHILD,),
                select=f'SELECT t.row FROM "{name}" t WHERE t."{ended}_text" IS NULL AND t."{CHILD}" IS NOT NULL'
                f' AND NOT EXISTS (SELECT 1 FROM "List 6" c WHERE c."{CHILD}" = t."{CHILD}" AND c."{CLOSED}_text" IS NULL)',
            )
            for name, ended in (("List 7", PLAN_ENDED), ("List 8", CARE_ENDED))
        ),
        choice="Closed episodes of list 6 do not count: whoever is on a plan or looked after has an open one.",
        fails=(Example({"List 7": [{**_CHILD, PLANNED: "01/01/2027"}], "List 6": []}, (("List 7", 0),)),),
        passes=(Example({"List 7": [{**_CHILD, PLANNED: "01/01/2027"}], "List 6": [_CASE]}),),
    ),
    Rule(
        "AA10",
        (
            Find(
                "List 6",
                (STATUS,),
                select=f'SELECT t.row FROM "List 6" t WHERE t."{CHILD}" IS NOT NULL AND ({_LOOKED_AFTER} AND NOT EXISTS (SELECT 1 FROM "List 8" o'
                f' WHERE o."{CHILD}" = t."{CHILD}") OR {_ON_PLAN} AND NOT EXISTS (SELECT 1 FROM "List 7" o WHERE o."{CHILD}" = t."{CHILD}"))',
            ),
        ),
        fails=(Example({"List 6": [{**_CASE, STATUS: "a) Looked after child"}]}, (("List 6", 0),)),),
        passes=(
            Example(
                {
                    "List 6": [{**_CASE, STATUS: "a) Looked after child"}],
                    "List 8": [{**_CHILD, CARED_FOR: "01/03/2026"}],
                }
            ),
            Example({"List 6": [_CASE]}),
        ),
    ),
    Rule(
        "AA11",
        (
            *(Find(name, (day,), f'"{day}" < {SINCE}') for name, day in HAPPENED.items()),
            *(Find(name, (day,), f'"{day}" < {SINCE}') for name, day in ENDED.items()),
        ),
        choice="An enquiry counts by its strategy discussion, also where its conference was held in the six months.",
        fails=(Example({"List 1": [{**_CONTACT, CONTACT: "30/09/2026"}]}, (("List 1", 0),)),),
        passes=(Example({"List 1": [{**_CONTACT, CONTACT: "01/10/2026"}], "List 6": [_CASE]}),),
    ),
    Rule(
        "AA12",
        tuple(
            Find(name, (day, reason), f'("{day}_text" IS NULL) <> ("{reason}" IS NULL)')
            for name, (day, reason) in PAIRED.items()
        ),
        fails=(Example({"List 6": [{**_CASE, CLOSED: "01/12/2026"}]}, (("List 6", 0),)),),
        passes=(Example({"List 6": [_CASE, {**_CASE, CLOSED: "01/12/2026", "Reason for Closure": "RC2 - Died"}]}),),
    ),
    Rule(
        "AA13",
        (
            Find(
                "List 5",
                (CONFERENCE, UNNECESSARY, RESULT),
                f'"{CONFERENCE}_text" IS NOT NULL AND {_choice(UNNECESSARY, "^(a[).]|y|1|true)")}'
                f' OR "{CONFERENCE}_text" IS NULL AND {_choice(RESULT, "^(a[).]|y|1|true)")}',
            ),
        ),
        fails=(
            Example(
                {
                    "List 5": [
                        {**_CHILD, **_ENQUIRY, UNNECESSARY: "a) Yes"},
                        {**_CHILD, **_ENQUIRY, CONFERENCE: ""},
                    ]
                },
                (("List 5", 0), ("List 5", 1)),
            ),
        ),
        passes=(Example({"List 5": [{**_CHILD, **_ENQUIRY}]}),),
    ),
    Rule(
        "AA14",
        tuple(
            Find(
                name,
                (AGE, BORN),
                f'"{BORN}" <= return_day() AND abs("{AGE}" - age_on("{BORN}", return_day())) > 1',
            )
            for name in WITH_BIRTH
        ),
        choice="A year either way is let pass: spreadsheets round, and some lists give the age at the event.",
        fails=(Example({"List 1": [{**_CONTACT, AGE: "5"}]}, (("List 1", 0),)),),
        passes=(Example({"List 1": [{**_CONTACT, AGE: "11"}, {**_CONTACT, AGE: "12"}]}),),
    ),
    Rule(
        "AA15",
        (
            Find(
                "List 8",
                (POSTCODE,),
                f'"{POSTCODE}" IS NOT NULL AND NOT regexp_matches(upper("{POSTCODE}"), \'^[A-Z]{{1,2}}[0-9][A-Z0-9]? ?[0-9][A-Z]{{2}}$\')',
            ),
        ),
        fails=(Example({"List 8": [{**_CHILD, POSTCODE: "not known"}]}, (("List 8", 0),)),),
        passes=(Example({"List 8": [{**_CHILD, POSTCODE: "ST16 2DH"}, {**_CHILD, CHILD: "C2"}]}),),
    ),
    Rule(
        "AA16",
        (
            Find(
                "List 10",
                (FAMILY,),
                select=f'SELECT t.row FROM "List 10" t WHERE t."{FAMILY}" IS NOT NULL AND EXISTS (SELECT 1 FROM "List 11")'
                f' AND NOT EXISTS (SELECT 1 FROM "List 11" a WHERE a."{FAMILY}" = t."{FAMILY}")',
            ),
        ),
        choice="Asked where list 11 has rows: adopters of another agency are in no list of the authority.",
        whole=True,
        fails=(
            Example(
                {"List 10": [{**_CHILD, FAMILY: "F9"}], "List 11": [{ADOPTER: "A1", FAMILY: "F1"}]},
                (("List 10", 0),),
            ),
        ),
        passes=(Example({"List 10": [{**_CHILD, FAMILY: "F1"}], "List 11": [{ADOPTER: "A1", FAMILY: "F1"}]}),),
    ),
)
