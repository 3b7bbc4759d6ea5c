"""Small files of invented children."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

HEADER = (
    "<Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate>"
    "</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>{lea}</LEA></Source></Header>"
)


def census(children: Iterable[str], *, lea: str = "860", year: int = 2022) -> str:
    """A census file, each child's block starting on a line of its own."""
    return (
        f"<Message>{HEADER.format(lea=lea, year=year)}<Children>\n" + "\n".join(children) + "\n</Children></Message>\n"
    )


def child(
    reference: str = "C1",
    *episodes: str,
    born: str = "2015-06-01",
    sex: str = "<GenderCurrent>2</GenderCurrent>",
    more: str = "",
    disabilities: Iterable[str] = (),
) -> str:
    """A child of a census."""
    found = "".join(f"<Disability>{code}</Disability>" for code in disabilities)
    return (
        f"<Child><ChildIdentifiers><LAchildID>{reference}</LAchildID><PersonBirthDate>{born}</PersonBirthDate>{sex}{more}</ChildIdentifiers>"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>{f'<Disabilities>{found}</Disabilities>' if found else ''}</ChildCharacteristics>"
        f"{''.join(episodes) or episode()}</Child>"
    )


def episode(
    referred: str = "2021-05-04", inside: str = "", *, closed: str = "", reason: str = "RC7", nfa: str = "0"
) -> str:
    """An episode of need."""
    ended = f"<CINclosureDate>{closed}</CINclosureDate>" + (
        f"<ReasonForClosure>{reason}</ReasonForClosure>" if reason else ""
    )
    return (
        f"<CINdetails><CINreferralDate>{referred}</CINreferralDate><ReferralSource>1A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>"
        f"{ended if closed else ''}{inside}<ReferralNFA>{nfa}</ReferralNFA></CINdetails>"
    )


def assessment(start: str, authorised: str = "", *factors: str) -> str:
    """An assessment."""
    found = "".join(f"<AssessmentFactors>{factor}</AssessmentFactors>" for factor in factors)
    ended = f"<AssessmentAuthorisationDate>{authorised}</AssessmentAuthorisationDate>" if authorised else ""
    return (
        f"<Assessments><AssessmentActualStartDate>{start}</AssessmentActualStartDate>{ended}"
        f"<FactorsIdentifiedAtAssessment>{found}</FactorsIdentifiedAtAssessment></Assessments>"
    )


def protection(start: str, end: str = "", *reviews: str, previous: int = 0) -> str:
    """A child protection plan."""
    ended = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    held = "".join(f"<CPPreviewDate>{day}</CPPreviewDate>" for day in reviews)
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{ended}<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"
        f"<LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse><NumberOfPreviousCPP>{previous}</NumberOfPreviousCPP>"
        f"<Reviews>{held}</Reviews></ChildProtectionPlans>"
    )


def enquiry(start: str, conference: str = "") -> str:
    """A section 47 enquiry."""
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{held}<ICPCnotRequired>{int(not conference)}</ICPCnotRequired></Section47>"


COLUMNS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc": "CHILD,SEX,DOB,DUC",
    "oc3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "placed_for_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
    "oc2": (
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
        "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED"
    ),
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
    "sw_episodes": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
    "DoLo": "CHILD,DOB,DOLO_START,DOLO_END",
}


def write_set(folder: Path, **tables: Iterable[str]) -> Path:
    """Writes the tables of a set, one CSV file each."""
    folder.mkdir(exist_ok=True)
    for table, rows in tables.items():
        (folder / f"{table}.csv").write_text("\n".join([COLUMNS[table], *rows]) + "\n", encoding="utf-8")
    return folder
