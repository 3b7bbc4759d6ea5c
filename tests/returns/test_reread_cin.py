"""The census's rules once more, from the Department's wording alone: each line is a rule, a small return, and the rows it should find.

The lines were written before the rules' SQL was read, by somebody else than its author. Where the wording leaves a choice, what
authorities are used to decides (docs/returns-compared-cin.md).

A return is rows divided by ";": the table's letter, then what its columns say. Days leave out the century. Child and referral are 1 unless named.
"""

from __future__ import annotations

import re

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
LETTER = {name: letter for letter, (name, _) in TABLES.items()}

CASES = r"""
# The header.
100 | H ref=27-03-31 |
100 | H ref=27-03-30 | H0
100 | H ref=26-03-31 | H0
100 | H ref=27-04-01 | H0
100 | H | H0
100 2022-23 | H ref=23-03-31 |
100 2023-24 | H ref=23-03-31 | H0

# Days that may not be before the referral.
1103 | D ref=26-05-05; A start=26-05-04 | A0 D0
1103 | D ref=26-05-05; A start=26-05-05 |
1103 | D ref=26-05-05; A auth=26-05-04 |
1103 | D; A start=26-05-04 |
1103 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; A d=2 start=26-08-01 | A0 D1
1103 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; A d=1 start=26-08-01 |
1103 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; A d=2 a=1 start=26-09-01; A d=2 a=2 start=26-08-31 | A1 D1
1103 | D c=1 ref=26-05-05; D c=2 ref=26-03-01; A c=1 start=26-04-04; A c=2 start=26-04-04 | A0 D0
1104 | D ref=26-05-05; S start=26-05-05 cpc=26-05-04 | D0 S0
1104 | D ref=26-05-05; S start=26-05-05 cpc=26-05-05 |
# The list names the table Section47 for 1104, 8715 and 8875, and 2884 both levels: the conference of a transfer is left out.
1104 | D ref=26-05-05 cpc=26-05-04 |
1104 | D ref=26-05-05 cpc=26-05-05 |
1104 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; S d=1 cpc=26-08-03 |
1104 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; S d=2 cpc=26-08-03 | D1 S0
1104 | D cpc=26-05-04 |
1105 | D ref=26-05-05; P start=26-05-04 | D0 P0
1105 | D ref=26-05-05; P start=26-05-05 |
1105 | D ref=26-05-05; P end=26-05-04 |
1105 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; P d=2 start=26-08-03; P d=1 p=2 start=26-08-03 | D1 P0
2889 | D ref=26-05-05; S start=26-05-04 | D0 S0
2889 | D ref=26-05-05; S start=26-05-05 |
2889 | D ref=26-05-05; S cpc=26-05-04 |
2889 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; S d=2 start=26-08-31; S d=2 start=26-09-01 | D1 S0
4015 | D ref=26-05-05; N start=26-05-04 | D0 N0
4015 | D ref=26-05-05; N start=26-05-05 |
4015 | D ref=26-05-05; N end=26-05-04 |
4015 | D d=1 ref=26-05-05; D d=2 ref=26-09-01; N d=1 start=26-06-01; N d=2 start=26-06-01 | D1 N1

# Pupil numbers.
1510 | I upn=T860123456789 |
1510 | I upn=A860123456789 | I0
1510 | I upn=Q86012345678A |
1510 | I upn=T86012345678A | I0
1510 | I unk=UN1 |
1510 | I upn=I860123456789 | I0
1520 | I c=1 upn=T860123456789; I c=2 upn=T860123456789 | I0 I1
1520 | I c=1 upn=T860123456789; I c=2 upn=D860123456788 |
1520 | I c=1; I c=2 |
1530 | I upn=T860123456789 |
1530 | I upn=F000123456789 | I0
1530 | I upn=U999123456789 | I0
1530 | I upn=R928123456789 |
1530 | I upn=P909123456789 |
1530 | I upn=J836123456789 |
1530 | I upn=T838123456789 |
1530 | I upn=B943123456789 |
1530 | I upn=N660123456789 |
1530 | I upn=Z681123456789 |
1530 | I upn=A659123456789 | I0
1530 | I upn=A682123456789 | I0
1530 | I upn=K001123456789 |
1530 | I upn=A005123456789 |
1530 | I upn=A006123456789 | I0
1530 | I upn=A700123456789 | I0
1530 | I upn=A701123456789 |
1530 | I upn=N704123456789 |
1530 | I upn=A708123456789 |
1530 | I upn=A709123456789 | I0
1530 | I unk=UN1 |
1540 | I upn=T860123456789 |
1540 | I upn=T8601234567A9 | I0
1540 | I upn=T860A23456789 | I0
1540 | I upn=T86012345678A |
1540 | I |
1550 | I upn=T860123456789 |
1550 | I upn=Q86012345678A |
1550 | I upn=B86012345678Z |
1550 | I upn=B86012345678I | I0
1550 | I upn=B86012345678O | I0
1550 | I upn=B86012345678S | I0
1550 | I upn=B86012345678* | I0
1550 | I |
1560Q | I former=T860123456789 |
1560Q | I former=86012345678 | I0
1560Q | I former=T8601234567AA | I0
1560Q | I |
1570 | I c=12345678901234567890 |
1570 | I c=123456789012345678901 | I0
1570 2024-25 | I c=123456789012345678901 | I0
1570 2023-24 | I c=123456789012345678901 | not in force
1580 | I c=AB12 |
1580 | I c=AB/12 | I0
1580 | I c=AB-12 | I0
1580 | I c=AB_12 | I0
1580 2023-24 | I c=AB/12 | not in force
# Asked of children whose referral goes on, as authorities are used to.
8770Q | I dob=16-05-01 |
8770Q | I dob=16-05-01; D nfa=1 |
8770Q | I dob=16-05-01; D nfa=0 | I0
8770Q | I dob=16-05-01 unk=UN1; D nfa=0 | I0
8770Q | I dob=16-05-01 unk=UN2; D nfa=0 |
8770Q | I dob=16-05-01 upn=T860123456789; D nfa=0 |
8770Q | I dob=25-05-01 unk=UN1; D nfa=0 |
8770Q | I dob=22-03-31; D nfa=0 |
8770Q | I c=1 dob=16-05-01; I c=2 dob=16-05-01; D c=1 nfa=1; D c=2 nfa=0 | I1
8770Q | I dob=21-08-31 unk=UN1; D ref=26-05-01 nfa=0 | I0
8770Q | I dob=23-09-01 unk=UN1; D ref=26-05-01 nfa=0 |
8770Q | I exp=27-05-01; D nfa=0 |
8772 | I unk=UN7; D nfa=0 | D0 I0
8772 | I unk=UN7; D nfa=1 |
8772 | I unk=UN7; D nfa=true |
8772 | I unk=UN7; D nfa=True |
8772 | I unk=UN7; D d=1 nfa=1; D d=2 nfa=false | D1 I0
8772 | I unk=UN6; D nfa=0 |
8772 | I c=1 unk=UN7; I c=2 unk=UN3; D c=1 nfa=1; D c=2 nfa=0 |

# Who the child is.
4180 | I sex=M |
4180 | I sex=F |
4180 | I sex=U |
4180 | I sex=m | I0
4180 | I sex=1 | I0
4180 | I sex=X | I0
4180 | I dob=16-05-01 | I0
4180 2024-25 | I sex=M |
4220 | C eth=WBRI |
4220 | C eth=NOBT |
4220 | C eth=ABCD | C0
4220 | C | C0
4220 | C eth=wbri | C0
8500 | I c=1 |
8500 | I c= | I0
8510 | I c=1; I c=1 | I0 I1
8510 | I c=1; I c=2 |
8520 | I dob=27-03-31 |
8520 | I dob=27-04-01 | I0
8520 | I exp=27-04-01 |
8520 | I |
8525Q | I dob=20-05-01 |
8525Q | I exp=27-05-01 |
8525Q | I dob=20-05-01 exp=20-05-01 | I0
8525Q | I sex=U | I0
8530Q | I exp=27-03-01 |
8530Q | I exp=27-02-28 | I0
8530Q | I exp=27-12-31 |
8530Q | I exp=28-01-01 | I0
8530Q | I exp=27-08-01 |
8530Q | I exp=26-08-01 | I0
8530Q | I dob=26-08-01 |
8530Q 2022-23 | I exp=23-12-30 |
8530Q 2022-23 | I exp=24-03-02 | I0
8535Q | I dob=26-05-02 died=26-05-01 | I0
8535Q | I dob=26-05-02 died=26-05-02 |
8535Q | I died=26-05-02 | I0
8535Q | I dob=26-05-02 |
8540 | I dob=20-05-01; X dis=NONE; D nfa=0 |
8540 | I dob=20-05-01; X dis=BLIND; D nfa=0 | X0
8540 | I dob=20-05-01; D nfa=0 | D0 I0
8540 | I dob=20-05-01; X; D nfa=0 | D0 I0 X0
8540 | I c=1 dob=20-05-01; X c=2 dis=NONE; D c=1 nfa=0 | D0 I0
8540 | I dob=20-05-01; X c=2 dis=NONE; D nfa=1 |
8540 | I exp=27-05-01; X c=2 dis=NONE; D nfa=0 |
8540 | I dob=20-05-01; X c=2 dis=NONE; D d=1 nfa=1; D d=2 nfa=0 | D1 I0
8545Q | I died=26-04-01 |
8545Q | I died=26-03-31 | I0
8545Q | I died=27-03-31 |
8545Q | I died=27-04-01 | I0
8545Q | I |
8750 | I exp=27-05-01 sex=U |
8750 | I exp=27-05-01 sex=F | I0
8750 | I exp=27-05-01 | I0
8750 | I dob=20-05-01 sex=F |
8750 | I dob=26-05-01 exp=26-05-01 sex=F |
8750 2023-24 | I exp=24-05-01 gender=0 |
8750 2023-24 | I exp=24-05-01 gender=1 | I0
8775Q | I dob=2002-03-30; D ref=26-05-01 | D0 I0
8775Q | I dob=2002-03-31; D ref=26-05-01 |
8775Q | I dob=2000-05-01; D ref=26-01-01 shut=26-05-10 | D0 I0
8775Q | I exp=27-05-01; D ref=26-01-01 |
8775Q | I dob=2001-05-31; D ref=26-01-01 shut=26-05-31 |
8775Q | I dob=2001-05-30; D ref=26-01-01 shut=26-05-31 | D0 I0
2886Q | I dob=20-05-01 sex=U | I0
2886Q | I c=1 dob=20-05-01 sex=M; I c=2 exp=27-05-01 sex=U |
2886Q | I dob=20-05-01 sex=M |
8790 | X dis=NONE; X dis=AUT | X1
8790 | X dis=NONE |
8790 | X dis=AUT; X dis=LD |
8790 | X c=1 dis=NONE; X c=2 dis=AUT |
8794 | X dis=AUT; X dis=AUT | X0 X1
8794 | X dis=AUT; X dis=LD |
8794 | X c=1 dis=AUT; X c=2 dis=AUT |
2887Q | X dis=AUT; X dis=LD | X0 X1
2887Q | X dis=AUT; X dis=LD; X dis=MOB; X dis=HAND; X dis=PC; X dis=INC; X dis=COMM; X dis=HEAR |
2887Q | X dis=AUT; X dis=LD; X dis=MOB; X dis=HAND; X dis=PC; X dis=INC; X dis=COMM; X c=2 dis=NONE |
2887Q | X dis=AUT; X dis=LD; X dis=MOB; X dis=HAND; X dis=PC; X dis=INC; X dis=COMM | X0 X1 X2 X3 X4 X5 X6
2888Q | X c=1 dis=AUT; X c=2 dis=LD | X0 X1
2888Q | X c=1 dis=AUT; X c=1 dis=LD; X c=2 dis=LD |
2888Q | X c=1 dis=NONE; X c=2 dis=NONE |
2888Q | X c=1 dis=NONE; X c=2 dis=AUT | X1

# The referral.
8555Q | I died=26-05-01; D ref=26-05-02 | D0 I0
8555Q | I died=26-05-01; D ref=26-05-01 |
8555Q | I; D ref=26-05-02 |
8555Q | I died=26-05-01; D d=1 ref=26-04-02; D d=2 ref=26-05-02 | D1 I0
8555Q | I died=26-05-01; D |
8568 | D nfa=0 |
8568 | D nfa=1 |
8568 | D nfa=true |
8568 | D nfa=false |
8568 | D ref=26-05-01 | D0
8568 | D nfa=TRUE |
8568 | D nfa=2 | D0
8568 | D nfa=yes | D0
8569Q | D ref=26-04-01 nfa=1 |
8569Q | D ref=26-03-31 nfa=1 |
8569Q | D ref=26-03-30 nfa=1 | D0
8569Q | D ref=26-03-30 nfa=true | D0
8569Q | D ref=26-03-30 nfa=0 |
8569Q | D nfa=1 |
8569Q 2024-25 | D ref=24-03-28 nfa=1 |
8569Q 2024-25 | D ref=24-03-30 nfa=1 |
8569Q 2024-25 | D ref=24-03-27 nfa=1 | D0
8569Q 2022-23 | D ref=22-03-31 nfa=1 |
8569Q 2023-24 | D ref=23-03-31 nfa=1 |
8569Q 2023-24 | D ref=23-03-30 nfa=1 | D0
8585Q | I; D why=RC2 | D0 I0
8585Q | I died=26-05-01; D why=RC2 |
8585Q | I; D why=RC7 |
8585Q | I c=1 died=26-05-01; I c=2; D c=1 why=RC7; D c=2 why=RC2 | D1 I1
8590 | I c=1; D c=1 ref=26-05-01 |
8590 | I c=1 | I0
8590 | I c=1; I c=2; D c=1 ref=26-05-01 | I1
8600 | D ref=26-05-01 |
8600 | D nfa=0 | D0
8600 | D ref=27-03-31 |
8600 | D ref=27-04-01 | D0
8600 | D ref=16-04-01 |
8606 | I dob=26-05-01; D ref=25-07-25 |
8606 | I dob=26-05-01; D ref=25-07-24 | D0 I0
8606 | I exp=27-05-01; D ref=26-07-25 |
8606 | I exp=27-05-01; D ref=26-07-24 | D0 I0
8606 | I; D ref=26-07-23 |
8606 | I dob=26-05-01; D d=1 ref=25-01-01; D d=2 ref=26-05-01 | D0 I0
8610 | D nfa=0 | D0
8610 | D nfa=false | D0
8610 | D nfa=1 |
8610 | D nfa=0 need=N1 |
8620 | D shut=26-04-01 |
8620 | D shut=26-03-31 | D0
8620 | D shut=27-03-31 |
8620 | D shut=27-04-01 | D0
8620 | D ref=26-04-01 |
8630 | D ref=26-05-02 shut=26-05-01 | D0
8630 | D ref=26-05-02 shut=26-05-02 |
8630 | D ref=26-05-02 |
8640 | D why=RC1 |
8640 | D why=RC9 |
8640 | D why=RC10 | D0
8640 | D ref=26-05-02 |
8640 | D why=rc1 | D0
8640 2022-23 | D why=RC9 |
8650 | D need=N1 |
8650 | D need=N0 |
8650 | D need=N10 | D0
8650 | D need=N | D0
8650 | D ref=26-05-02 |
8805 | D shut=26-05-02 | D0
8805 | D shut=26-05-02 why=RC1 |
8805 | D why=RC1 |
8810 | D why=RC1 | D0
8810 | D shut=26-05-02 why=RC1 |
8810 | D shut=26-05-02 |
8815 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-06-02 nfa=0 | D0 D1
8815 | D d=1 ref=26-05-02 nfa=1; D d=2 ref=26-06-02 nfa=0 |
8815 | D d=1 ref=26-05-02 nfa=0 shut=26-06-01; D d=2 ref=26-06-02 nfa=0 |
8815 | D c=1 ref=26-05-02 nfa=0; D c=2 ref=26-06-02 nfa=0 |
8815 | D d=1 ref=26-05-02 nfa=1; D d=2 ref=26-06-02 nfa=1 |
8815 | D d=1 ref=26-05-02 nfa=False; D d=2 ref=26-06-02 nfa=FALSE | D0 D1
8815 | D d=1 ref=26-05-02; D d=2 ref=26-06-02 |
8816 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-06-02 nfa=0 shut=26-07-01 | D0 D1
8816 | D d=1 ref=26-05-02 nfa=0 shut=26-06-01; D d=2 ref=26-06-02 nfa=0 |
8816 | D d=1 ref=26-05-02 nfa=1; D d=2 ref=26-06-02 nfa=0 shut=26-07-01 |
8816 | D c=1 ref=26-05-02 nfa=0; D c=2 ref=26-06-02 nfa=0 shut=26-07-01 |
8816 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-06-02 nfa=1 | D0 D1
8816 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-05-02 nfa=0 shut=26-07-01 |
8816 | D d=1 ref=26-05-02; D d=2 ref=26-06-02 nfa=0 shut=26-07-01 |
8820 | D d=1 ref=26-05-02 shut=26-06-10 nfa=0; D d=2 ref=26-06-09 shut=26-07-01 nfa=0 | D0 D1
8820 | D d=1 ref=26-05-02 shut=26-06-10 nfa=0; D d=2 ref=26-06-10 shut=26-07-01 nfa=0 |
8820 | D d=1 ref=26-05-02 shut=26-06-10 nfa=0; D d=2 ref=26-06-11 nfa=0 |
8820 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-06-11 nfa=0 shut=26-07-01 | D0 D1
8820 | D d=1 ref=26-05-02 nfa=0; D d=2 ref=26-06-11 nfa=1 | D0 D1
8820 | D d=1 ref=26-05-02 shut=26-05-02 nfa=0; D d=2 ref=26-05-02 nfa=0 | D0 D1
8820 | D c=1 ref=26-05-02 shut=26-06-10 nfa=0; D c=2 ref=26-06-09 shut=26-07-01 nfa=0 |
8820 | D d=1 ref=26-05-02 shut=26-07-10 nfa=0; D d=2 ref=26-06-09 shut=26-06-30 nfa=0 | D0 D1
8825Q | D why=RC8 | D0
8825Q | D why=RC9 | D0
8825Q | D why=RC8; A start=26-05-01 |
8825Q | D why=RC7 |
8825Q | D d=1 why=RC8; D d=2 why=RC7; A d=2 start=26-05-01 | D0
2990 | D why=RC8; S start=26-05-01 | D0 S0
2990 | D why=RC9; N start=26-05-01 | D0 N0
2990 | D why=RC8; P start=26-05-01 | D0 P0
2990 | D why=RC8 cpc=26-05-01 | D0
2990 | D why=RC8; A start=26-05-01 |
2990 | D why=RC7; S start=26-05-01 |
2990 | D d=1 why=RC8; D d=2 why=RC7; S d=2 start=26-05-01 |
2991Q | D; S start=26-05-01 | S0
2991Q | D; S start=26-05-01; A start=26-05-01 |
2991Q | D d=1; D d=2; S d=1 start=26-05-01; A d=2 start=26-05-01 | S0
2991Q | D c=1; D c=2; S c=1 start=26-05-01; A c=2 start=26-05-01 | S0
8866 | D ref=26-05-01 src=1A |
8866 | D ref=26-05-01 src=6 |
8866 | D ref=26-05-01 src=5D |
8866 | D ref=26-05-01 src=11 | D0
8866 | D ref=26-05-01 | D0
8866 | D ref=26-05-01 src=1a | D0
8866 2022-23 | D ref=22-05-01 src=5D |
8831 | D nfa=1; A start=26-05-01 | A0 D0
8831 | D nfa=true; S start=26-05-01 | D0 S0
8831 | D nfa=1 cpc=26-05-01 | D0
8831 | D nfa=0; A start=26-05-01; S start=26-05-01 |
8831 | D nfa=1; D d=2 nfa=0; A d=2 start=26-05-01 |
8831 | D nfa=1; A auth=26-05-01 | A0 D0
8832 | D nfa=1; P start=26-05-01 | D0 P0
8832 | D nfa=True; P start=26-05-01 | D0 P0
8832 | D nfa=0; P start=26-05-01 |
8832 | D d=1 nfa=1; D d=2 nfa=0; P d=2 start=26-05-01 |
4000 | D nfa=1; N start=26-05-01 | D0 N0
4000 | D nfa=TRUE; N start=26-05-01 | D0 N0
4000 | D nfa=true; N start=26-05-01 | D0 N0
4000 | D nfa=0; N start=26-05-01 |
4000 | D d=1 nfa=1; D d=2 nfa=0; N d=2 start=26-05-01 |
8565 | D shut=26-06-01; A start=26-06-02 | A0 D0
8565 | D shut=26-06-01; A start=26-06-01 auth=26-06-01 |
8565 | D shut=26-06-01; A start=26-05-01 auth=26-06-02 | A0 D0
8565 | D shut=26-06-01; S start=26-06-02 | D0 S0
8565 | D shut=26-06-01; S start=26-05-01 cpc=26-06-02 | D0 S0
8565 | D shut=26-06-01 cpc=26-06-02 | D0
8565 | D shut=26-06-01; P start=26-05-01 end=26-06-02 | D0 P0
8565 | D shut=26-06-01; P start=26-05-01 end=26-06-01 |
8565 | D shut=26-06-01; N start=26-06-02 | D0 N0
8565 | D shut=26-06-01; N start=26-05-02 end=26-06-02 | D0 N0
8565 | D shut=26-06-01; P start=26-06-02 |
8565 | D shut=26-06-01; S start=26-05-04 target=26-06-02 |
8565 | D; N start=26-05-02 end=26-06-02 |
8565 | D d=1 shut=26-06-01; D d=2; N d=2 start=26-06-02 |

# Assessments.
8608 | A start=26-05-02 auth=26-05-01 | A0
8608 | A start=26-05-02 auth=26-05-02 |
8608 | A start=26-05-02 |
8614 | A start=26-05-02 f=2A | A0
8614 | A start=26-05-02 auth=26-06-01 f=2A |
8614 | A start=26-05-02 |
8614 | A start=26-05-02 f=21 | A0
# From the start of the first day to the end of the last: 25 January is 46 working days before.
8670Q | A start=27-01-25 | A0
8670Q | A start=27-01-26 |
8670Q 2024-25 | A start=25-01-27 | A0
8670Q 2024-25 | A start=25-01-28 |
8670Q | A start=27-01-22 | A0
8670Q | A start=27-01-22 auth=27-03-30 |
8670Q | A |
8696 | A auth=26-04-01 |
8696 | A auth=26-03-31 | A0
8696 | A auth=27-03-31 |
8696 | A auth=27-04-01 | A0
8696 | A start=26-03-31 |
8736 | A start=26-03-31 | A0
8736 | A start=26-04-01 |
8736 | A start=27-04-01 | A0
8736 | A start=26-03-31 auth=26-04-02 |
8736 | A f=2A | A0
8863Q | A a=1 start=26-05-01 auth=26-06-01; A a=2 start=26-05-15 auth=26-06-15 | A0 A1
8863Q | A a=1 start=26-05-01 auth=26-06-01; A a=2 start=26-06-02 auth=26-06-15 |
8863Q | A a=1 start=26-05-01 auth=26-06-01; A a=2 start=26-06-01 auth=26-06-15 | A0 A1
8863Q | A a=1 start=26-05-01 auth=26-06-01; A a=2 start=26-05-01 auth=26-06-01 |
8863Q | A a=1 start=26-05-01; A a=2 start=26-06-01 auth=26-06-15 | A0 A1
8863Q | A d=1 a=1 start=26-05-01 auth=26-06-01; A d=2 a=2 start=26-05-15 auth=26-06-15 |
8863Q | A c=1 a=1 start=26-05-01 auth=26-06-01; A c=2 a=1 start=26-05-15 auth=26-06-15 |
8863Q | A a=1 start=26-05-01 auth=26-06-01 f=2A; A a=1 start=26-05-01 auth=26-06-01 f=3A |
8867 | D shut=26-06-01; A start=26-05-01 | A0 D0
8867 | D shut=26-06-01; A start=26-05-01 auth=26-05-10 |
8867 | D; A start=26-05-01 |
8867 | D d=1 shut=26-06-01; D d=2; A d=2 start=26-05-01 |
8867 | D shut=26-06-01; A a=1 start=26-05-01 auth=26-05-10; A a=2 start=26-05-11 | A1 D0
8869 | A f=21; A f=2A | A1
8869 | A f=21 |
8869 | A f=2A; A f=3A |
8869 | A a=1 f=21; A a=2 f=2A |
8869 | A c=1 f=21; A c=2 f=2A |
8873Q | D why=RC7; A auth=26-05-01 f=21 | A0 D0
8873Q | D why=RC8; A auth=26-05-01 f=21 |
8873Q | D why=RC9; A auth=26-05-01 f=21 |
8873Q | D why=RC7; A a=1 auth=26-05-01 f=21; A a=2 auth=26-06-01 f=2A |
8873Q | D why=RC7; A auth=26-05-01 f=2A |
8873Q | D why=RC7; A start=26-05-01 f=21 |
8873Q | D ref=26-05-01; A auth=26-05-01 f=21 | A0 D0
8896 | A a=1 start=26-05-01; A a=2 start=26-06-01 | A0 A1
8896 | A a=1 start=26-05-01; A a=2 start=26-06-01 auth=26-07-01 |
8896 | A d=1 a=1 start=26-05-01; A d=2 a=2 start=26-06-01 |
8896 | A c=1 a=1 start=26-05-01; A c=2 a=1 start=26-06-01 |
8897Q | A auth=26-05-01 | A0
8897Q | A auth=26-05-01 f=2A |
8897Q | A start=26-05-01 |
8897Q | A auth=26-05-01 f=99Z | A0
# A factor that may no longer be used is not missing: 8945Q and 8950Q ask about it.
8897Q | A auth=26-05-01 f=18A |
8897Q 2024-25 | A auth=24-05-01 f=19A |
8897Q 2023-24 | A auth=23-05-01 f=18A |
8898 | A auth=26-05-01 f=2A; A auth=26-05-01 f=2A | A0 A1
8898 | A auth=26-05-01 f=2A; A auth=26-05-01 f=3A |
8898 | A a=1 f=2A; A a=2 f=2A |
8898 | A c=1 f=2A; A c=2 f=2A |
8945Q | A f=18A | A0
8945Q | A f=18B |
8945Q 2024-25 | A f=18A | A0
8945Q 2023-24 | A f=18A | not in force
8950Q | A f=19A | A0
8950Q | A f=19C |
8950Q 2022-23 | A f=19A | not in force

# Section 47 enquiries and conferences.
2883 | P start=26-05-01 | P0
2883 | D; S cpc=26-05-01; P start=26-05-01 |
2883 | D cpc=26-05-01; P start=26-05-01 |
2883 | D; S cpc=26-05-01; P p=1 start=26-05-01; P p=2 start=26-08-03 | P0 P1
2883 | D; S cpc=26-05-01; P p=1 start=26-05-01; P p=2 start=26-03-03 |
2883 | D; S cpc=26-03-20; P start=26-05-01 | P0
2883 | S c=1 cpc=26-05-01; S c=1 cpc=26-06-01; P c=2 start=26-05-01 |
2884 | D cpc=26-05-01; S cpc=26-05-01 | D0 S0
2884 | D cpc=26-05-01; S start=26-05-01 |
2884 | D; S cpc=26-05-01 |
2884 | D d=1 cpc=26-05-01; D d=2; S d=2 cpc=26-09-01 |
2884 | D d=1 cpc=26-05-01; D d=2; S d=2 cpc=26-05-01 | D0 S0
2884 | D c=1 cpc=26-05-01; D c=2; S c=2 cpc=26-05-01 |
2884 | D cpc=26-05-01; S cpc=26-05-05 |
2885 | D; S cpc=26-05-01; P start=26-05-05 | P0 S0
2885 | D; S cpc=26-05-01; P start=26-05-01 |
2885 | D cpc=26-05-01; P start=26-05-05 | D0 P0
2885 | D cpc=26-05-01; P start=26-05-01 |
2885 | D; S cpc=26-05-01; S cpc=26-08-03; P start=26-08-03 |
2885 | D; P start=26-05-01 | P0
2885 | D; S cpc=26-05-11; P start=26-03-05 |
2885 | D d=1; D d=2; S d=1 cpc=26-05-11; P d=2 start=26-05-11 | P0
8615 | S start=26-05-05 cpc=26-05-05 |
8615 | S start=26-05-06 cpc=26-05-05 | S0
8615 | S cpc=26-05-05 | S0
8615 | S start=26-05-06 |
8675Q | S start=27-03-08 not=0 | S0
8675Q | S start=27-03-09 not=0 |
8675Q | S start=27-03-08 |
8675Q | S start=27-03-05 not=0 | S0
8675Q | S start=27-03-05 not=false | S0
8675Q | S start=27-03-05 not=1 |
8675Q | S start=27-03-05 not=true |
8675Q | S start=27-03-05 cpc=27-03-19 not=0 |
8715 | S cpc=26-04-01 |
8715 | S cpc=26-03-31 | S0
8715 | S cpc=27-03-31 |
8715 | S cpc=27-04-01 | S0
8715 | D cpc=26-03-31 |
8715 | D cpc=26-04-01 |
8715 | S start=26-03-31 |
8740 | S start=26-03-31 not=0 | S0
8740 | S start=26-03-31 not=false | S0
8740 | S start=26-04-01 not=0 |
8740 | S start=26-03-31 not=1 |
8740 | S start=26-03-31 cpc=26-04-10 not=0 |
8740 | S start=27-04-01 not=0 | S0
8839 | S start=26-05-01 not=0; S start=26-06-01 not=0 | S0 S1
8839 | S start=26-05-01 not=1; S start=26-06-01 not=0 |
8839 | S start=26-05-01 cpc=26-05-05 not=0; S start=26-06-01 not=0 |
8839 | S d=1 start=26-05-01 not=0; S d=2 start=26-06-01 not=0 |
8839 | S c=1 start=26-05-01 not=0; S c=2 start=26-06-01 not=0 |
8868 | D shut=26-08-03; S start=26-05-01 not=0 | D0 S0
8868 | D shut=26-08-03; S start=26-05-01 not=1 |
8868 | D shut=26-08-03; S start=26-05-01 cpc=26-05-05 not=0 |
8868 | D; S start=26-05-01 not=0 |
8870Q | S target=26-05-02 | S0
8870Q | S target=26-05-03 | S0
8870Q | S target=26-05-01 |
8870Q | S target=26-05-04 |
8870Q | S target=26-12-25 |
8870Q | S start=26-05-02 |
8875 | S cpc=26-05-02 | S0
8875 | S cpc=26-05-03 | S0
8875 | S cpc=26-05-04 |
8875 | D cpc=26-05-02 |
8875 | D cpc=26-05-01 |
8890 | S start=26-05-01 cpc=26-06-01; S start=26-05-15 not=1 | S0 S1
8890 | S start=26-05-01 cpc=26-05-15; S start=26-05-15 not=1 | S0 S1
8890 | S start=26-05-01 cpc=26-05-14; S start=26-05-15 not=1 |
8890 | S start=26-05-01 not=0; S start=26-05-15 not=1 | S0 S1
8890 | S start=26-05-01 not=1; S start=26-05-15 not=1 |
8890 | S c=1 start=26-05-01 cpc=26-06-01; S c=2 start=26-05-15 not=1 |
8890 | S d=1 start=26-05-01 cpc=26-06-01; S d=2 start=26-05-15 not=1 |

# Child in need plans.
# Its fields are the two ends: both plans are open. Any other meeting is one of 4016 and 4017.
4001 | N start=26-05-01 end=26-06-01; P start=26-05-15 end=26-07-01 |
4001 | N d=1 start=26-07-01; P d=2 start=26-05-15 |
4001 | N; P start=26-05-15 |
4001 | N start=26-07-01; P start=26-05-15 end=26-07-01 |
4001 | N start=26-07-01; P start=26-05-15 | N0 P0
4001 | N start=26-06-01 end=26-06-15; P start=26-05-15 |
4001 | N c=1 start=26-05-01 end=26-06-01; P c=2 start=26-05-15 end=26-07-01 |
4003 | N start=26-05-01 end=26-06-01; R day=26-05-15 | N0 R0
4003 | N start=26-05-01; R day=26-05-15 | N0 R0
4003 | N start=26-05-01 end=26-06-01; R day=26-06-02 |
4003 | N start=26-05-01 end=26-06-01; R day=26-04-30 |
4003 | N c=1 start=26-05-01 end=26-06-01; R c=2 day=26-05-15 |
4004 | N start=26-05-01; N start=26-06-01 | N0 N1
4004 | N start=26-05-01; N start=26-06-01 end=26-07-01 |
4004 | N d=1 start=26-05-01; N d=2 start=26-06-01 | N0 N1
4004 | N c=1 start=26-05-01; N c=2 start=26-06-01 |
4008 | I died=26-05-01; N start=26-05-02 | I0 N0
4008 | I died=26-05-01; N start=26-05-01 |
4008 | I; N start=26-05-01 |
4009Q | I died=26-05-01; N start=26-04-02 end=26-05-02 | I0 N0
4009Q | I died=26-05-01; N start=26-04-02 end=26-05-01 |
4009Q | I died=26-05-01; N start=26-04-02 |
4010 | N start=27-03-31 |
4010 | N start=27-04-01 | N0
4010 | N end=26-04-01 | N0
4010 | N start=25-04-01 |
4011 | N start=26-05-02 end=26-05-01 | N0
4011 | N start=26-05-02 end=26-05-02 |
4011 | N start=26-05-02 |
4012Q | N start=26-05-02 end=26-05-02 | N0
4012Q | N start=26-05-02 end=26-05-03 |
4012Q | N start=26-05-02 |
4012Q | N |
4013 | N end=26-04-01 |
4013 | N end=26-03-31 | N0
4013 | N end=27-03-31 |
4013 | N end=27-04-01 | N0
4013 | N start=26-03-31 |
4014 | N start=26-05-01 end=26-06-01; N start=26-05-15 end=26-07-01 | N0 N1
4014 | N start=26-05-01 end=26-06-01; N start=26-06-01 end=26-07-01 | N0 N1
4014 | N start=26-05-01 end=26-06-01; N start=26-06-02 end=26-07-01 |
4014 | N start=26-05-01; N start=26-06-02 end=26-07-01 | N0 N1
4014 | N c=1 start=26-05-01 end=26-06-01; N c=2 start=26-05-15 end=26-07-01 |
4014 | N d=1 start=26-05-01 end=26-06-01; N d=2 start=26-05-15 end=26-07-01 | N0 N1
4016 | N start=26-05-15; P start=26-05-01 end=26-06-01 | N0 P0
4016 | N start=26-05-15; P start=26-05-01 | N0 P0
4016 | N d=1 start=26-05-15; P d=2 start=26-05-01 | N0 P0
4016 | N start=26-06-01; P start=26-05-01 end=26-06-01 |
4016 | N start=26-04-30; P start=26-05-01 end=26-06-01 |
4017 | N start=26-05-01 end=26-06-01; P start=26-05-15 | N0 P0
4017 | N d=1 start=26-05-01 end=26-06-01; P d=2 start=26-05-15 | N0 P0
4017 | N start=26-05-01; P start=26-05-15 | N0 P0
4017 | N start=26-05-01 end=26-05-15; P start=26-05-15 |
4017 | N start=26-05-16 end=26-05-20; P start=26-05-15 |

# Child protection plans.
8720 | P start=27-03-31 |
8720 | P start=27-04-01 | P0
8720 | P end=26-05-01 | P0
8720 | P start=25-04-01 |
8730 | P prev=0 |
8730 | P prev=3 |
8730 | P start=26-05-01 | P0
8840 | P start=26-05-01 end=26-05-01 | P0
8840 | P start=26-05-01 end=26-05-02 |
8840 | P start=26-05-01 |
8840 | P |
8841 | P start=26-05-01; R day=26-05-01 | P0 R0
8841 | P start=26-05-01; R day=26-04-30 | P0 R0
8841 | P start=26-05-01; R day=26-05-02 |
8841 | P p=1 start=26-05-01; P p=2 start=26-09-01; R p=1 day=26-08-03; R p=2 day=26-08-03 | P1 R1
8842Q | R day=26-05-01 |
8842Q | R | R0
8905 | P ini=NEG |
8905 | P ini=ABC | P0
8905 | P lat=NEG | P0
8905 | P ini=MUL |
8910 | P lat=NEG |
8910 | P lat=ABC | P0
8910 | P ini=NEG | P0
8915 | I died=26-05-01; P start=26-05-02 | I0 P0
8915 | I died=26-05-01; P start=26-05-01 |
8920 | I died=26-05-01; P end=26-05-02 | I0 P0
8920 | I died=26-05-01; P end=26-05-01 |
8920 | I died=26-05-01; P start=26-04-30 |
8925 | P start=26-05-02 end=26-05-01 | P0
8925 | P start=26-05-02 end=26-05-02 |
8930 | P end=26-04-01 |
8930 | P end=26-03-31 | P0
8930 | P end=27-03-31 |
8930 | P end=27-04-01 | P0
8935 | P p=1 start=26-05-01; P p=2 start=26-06-01 | P0 P1
8935 | P p=1 start=26-05-01; P p=2 start=26-06-01 end=26-07-01 |
8935 | P d=1 p=1 start=26-05-01; P d=2 p=2 start=26-06-01 | P0 P1
8935 | P c=1 p=1 start=26-05-01; P c=2 p=1 start=26-06-01 |
8940 | P p=1 start=26-05-01 end=26-06-01; P p=2 start=26-05-15 end=26-07-01 | P0 P1
8940 | P p=1 start=26-05-01 end=26-06-01; P p=2 start=26-06-01 end=26-07-01 | P0 P1
8940 | P p=1 start=26-05-01 end=26-06-01; P p=2 start=26-06-02 end=26-07-01 |
8940 | P p=1 start=26-05-01; P p=2 start=26-06-02 | P0 P1
8940 | P d=1 p=1 start=26-05-01 end=26-06-01; P d=2 p=2 start=26-05-15 end=26-07-01 | P0 P1
8940 | P c=1 p=1 start=26-05-01 end=26-06-01; P c=2 p=2 start=26-05-15 end=26-07-01 |
"""


def cases() -> list[tuple[str, str, str]]:
    """Each line as its rule, the return and the rows."""
    lines = [line for line in CASES.splitlines() if line and not line.startswith("#")]
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
