"""Whatever bytes a return is made of, it is read whole, with an outcome for every rule, or refused in words that quote nothing of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.spoiling import edits, spoilt

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request, validate

#: 250 variants of each return in the ordinary suite, 10,000 in the long one.
MANY = settings(
    max_examples=settings().max_examples * 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
#: Every rule is run on so many of them.
WHOLE = max(4, settings().max_examples // 20)
YEAR, ENDS = "2026-27", 2027
#: A name that nobody has: where a message holds it, the message quotes the file.
CHILD = "Qxzvw7731"
CENSUS = f"""<?xml version="1.0" encoding="utf-8"?>
<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year><ReferenceDate>2027-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>860</LEA><SoftwareCode>Own</SoftwareCode><DateTime>2027-04-02T09:00:00</DateTime></Source></Header>
<Children><Child><ChildIdentifiers><LAchildID>{CHILD}</LAchildID><UPN>A123456789012</UPN><PersonBirthDate>2015-05-04</PersonBirthDate>
<Sex>F</Sex></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities><Disability>LD</Disability></Disabilities>
</ChildCharacteristics><CINdetails><CINreferralDate>2026-05-04</CINreferralDate><ReferralSource>1A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
<Assessments><AssessmentActualStartDate>2026-05-04</AssessmentActualStartDate><AssessmentAuthorisationDate>2026-06-10</AssessmentAuthorisationDate>
<FactorsIdentifiedAtAssessment><AssessmentFactors>3B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>
<ChildProtectionPlans><CPPstartDate>2026-06-20</CPPstartDate><Reviews><CPPreviewDate>2026-09-10</CPPreviewDate></Reviews></ChildProtectionPlans>
<ReferralNFA>0</ReferralNFA></CINdetails></Child></Children></Message>
""".encode()
SET = {
    "header": f"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n{CHILD},F,04/05/2015,WBRI,A123456789012,0,\n",
    "episodes": (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        f"{CHILD},01/06/2026,S,C2,N1,U4,PR1,01/09/2026,X1,CARPL,ST16 3AA,ST16 3AB,SC123456\n"
        f"{CHILD},01/09/2026,P,C2,N1,U4,PR1,,,,ST16 3AA,ST16 3AB,SC123456\n"
    ),
    "reviews": f"CHILD,DOB,REVIEW,REVIEW_CODE\n{CHILD},04/05/2015,20/06/2026,PN1\n",
    "uasc": f"CHILD,SEX,DOB,DUC\n{CHILD},F,04/05/2015,04/05/2033\n",
    "prev_perm": f"CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n{CHILD},04/05/2015,Z1,,\n",
}
FILES = {"cin": {"census.xml": CENSUS}, "ssda903": {f"{name}.csv": text.encode() for name, text in SET.items()}}


def _refused(problem: InputProblem) -> None:
    assert problem.what
    assert problem.where
    assert problem.next
    assert CHILD not in str(problem)


def _put(folder: Path, name: str, spoilt: str, content: bytes) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for file, whole in FILES[name].items():
        (folder / file).write_bytes(content if file == spoilt else whole)
    return [folder] if len(FILES[name]) > 1 else [folder / spoilt]


@pytest.mark.parametrize("name", sorted(FILES))
@MANY
@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(FILES[name])))
    whole = FILES[name][file]
    content = spoilt(whole, data.draw(st.one_of(st.just(0), st.integers(0, len(whole)))), data.draw(edits))
    _put(tmp_path / "files", name, file, content)
    declared = return_named(name)
    files = {one: tmp_path / "files" / one for one in FILES[name]}
    try:
        tables = declared.read(files, "files")
        faults = declared.schema_faults(files[file], ENDS) if declared.schema_faults else []
    except InputProblem as problem:
        _refused(problem)
    else:
        assert tables
        assert not [message for _line, message in faults if CHILD in message]


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_rule_has_an_outcome_on_a_spoilt_file_that_can_be_read(tmp_path: Path, name: str) -> None:
    chance, run = random.Random(11), 0
    for number, (file, content) in enumerate(_variants(name, chance)):
        paths = _put(tmp_path / str(number), name, file, content)
        try:
            found = validate(Request(return_=name, year=YEAR, paths=paths))
        except InputProblem as problem:
            _refused(problem)
            continue
        run += 1
        assert all(one.outcome in Outcome for one in found.result)
        if run == WHOLE:
            return
    raise AssertionError(f"only {run} of the variants could be read")


def _variants(name: str, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Files with a few letters or digits changed, most of which can still be read."""
    for _ in range(WHOLE * 20):
        file = chance.choice(sorted(FILES[name]))
        content = bytearray(FILES[name][file])
        places = [place for place, byte in enumerate(content) if chr(byte).isalnum() and _is_text(content, place)]
        for place in chance.sample(places, 3):
            content[place] = chance.choice(b"0129XZaz-/ ")
        yield file, bytes(content)


def _is_text(content: bytearray, place: int) -> bool:
    """Not within a tag: a broken tag is refused at once."""
    return content.rfind(b"<", 0, place) <= content.rfind(b">", 0, place)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_ends_within_a_row_or_an_element_is_refused_or_says_what_it_holds(
    tmp_path: Path, name: str
) -> None:
    declared = return_named(name)
    for file, whole in FILES[name].items():
        for length in range(0, len(whole) - 2, 17):
            _put(tmp_path / "files", name, file, whole[:length])
            try:
                tables = declared.read({one: tmp_path / "files" / one for one in FILES[name]}, "files")
            except InputProblem as problem:
                _refused(problem)
            else:
                assert name != "cin", f"a census cut after {length} bytes was taken for whole"
                assert tables


@pytest.mark.parametrize(
    "inside",
    [
        '<!DOCTYPE Message [<!ENTITY a "b">]><Message>&a;</Message>',
        '<!DOCTYPE Message SYSTEM "file:///etc/passwd"><Message/>',
        '<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/passwd">]><Message><Children><Child>&a;</Child></Children></Message>',
        '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Message><Children><Child>&b;</Child></Children></Message>',
        '<Message xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></Message>',
        "<Message><Children>" + "<Child>" * 5000 + "</Child>" * 5000 + "</Children></Message>",
    ],
)
def test_hostile_xml_is_refused_and_nothing_is_fetched(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "census.xml"
    path.write_text(inside)
    with pytest.raises(InputProblem) as refused:
        validate(Request(return_="cin", year=YEAR, paths=[path]))
    assert "root:" not in str(refused.value)
