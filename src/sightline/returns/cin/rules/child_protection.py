"""Rules about child protection plans and their reviews. Source: DfE children in need census guide, section 5."""

from sightline.engine.exchange.rules.declarations import Example, across, rule
from sightline.returns.cin.parts import (
    block,
    child,
    in_details,
    late_or_missing,
    of_child,
    outside_year,
    running,
    same_block,
    two_of_child,
)

_START, _END = "CPPstartDate", "CPPendDate"
_BOTH = (("ChildProtectionPlans", 0), ("ChildProtectionPlans", 1))


def _plan(number: str = "1", /, **cells: str) -> dict[str, str]:
    return block(CPPID=number, **cells)


def _plans(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"ChildProtectionPlans": list(rows)}


def _reviews(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"Reviews": list(rows)}


PLANS = (
    across(
        "1105",
        in_details("ChildProtectionPlans"),
        {"x": f"ChildProtectionPlans {_START}", "d": "CINdetails CINreferralDate"},
        "x.CPPstartDate < d.CINreferralDate",
        fails=[_plans(_plan(CPPstartDate="2026-04-30")) | {"CINdetails": [block(CINreferralDate="2026-05-01")]}],
        passes=[_plans(_plan(CPPstartDate="2026-05-01")) | {"CINdetails": [block(CINreferralDate="2026-05-01")]}],
    ),
    rule(
        "8720",
        "ChildProtectionPlans",
        _START,
        late_or_missing(_START),
        choice="A plan may have started before the census year, and still be running in it.",
        fails=[_plans(_plan()), _plans(_plan(CPPstartDate="2027-04-01"))],
        passes=[_plans(_plan(CPPstartDate="2027-03-31")), _plans(_plan(CPPstartDate="2025-03-31"))],
    ),
    rule(
        "8730",
        "ChildProtectionPlans",
        "NumberOfPreviousCPP",
        "NumberOfPreviousCPP IS NULL OR NOT regexp_full_match(NumberOfPreviousCPP, '[0-9]+')",
        choice="What is no whole number counts as missing.",
        fails=[_plans(_plan()), _plans(_plan(NumberOfPreviousCPP="none"))],
        passes=[_plans(_plan(NumberOfPreviousCPP="0"))],
    ),
    *(
        rule(
            code,
            "ChildProtectionPlans",
            category,
            f"{category} IS NULL OR {category} NOT IN {{cp_category_of_abuse}}",
            fails=[_plans(_plan()), _plans(_plan(**{category: "ABC"}))],
            passes=[_plans(_plan(**{category: "NEG"}))],
        )
        for code, category in (("8905", "InitialCategoryOfAbuse"), ("8910", "LatestCategoryOfAbuse"))
    ),
    *(
        across(
            code,
            of_child("ChildProtectionPlans"),
            {"x": f"ChildProtectionPlans {day}", "i": "ChildIdentifiers PersonDeathDate"},
            f"x.{day} > i.PersonDeathDate",
            fails=[_plans(_plan(**{day: "2026-05-02"})) | {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}],
            passes=[_plans(_plan(**{day: "2026-05-01"})) | {"ChildIdentifiers": [child(PersonDeathDate="2026-05-01")]}],
        )
        for code, day in (("8915", _START), ("8920", _END))
    ),
    rule(
        "8925",
        "ChildProtectionPlans",
        f"{_START} {_END}",
        f"{_END} < {_START}",
        fails=[_plans(_plan(CPPstartDate="2026-05-02", CPPendDate="2026-05-01"))],
        passes=[_plans(_plan(CPPstartDate="2026-05-01", CPPendDate="2026-05-01"))],
    ),
    rule(
        "8840",
        "ChildProtectionPlans",
        f"{_START} {_END}",
        f"{_START} = {_END}",
        fails=[_plans(_plan(CPPstartDate="2026-05-01", CPPendDate="2026-05-01"))],
        passes=[_plans(_plan(CPPstartDate="2026-05-01", CPPendDate="2026-05-02"))],
    ),
    rule(
        "8930",
        "ChildProtectionPlans",
        _END,
        outside_year(_END),
        fails=[_plans(_plan(CPPendDate="2026-03-31")), _plans(_plan(CPPendDate="2027-04-01"))],
        passes=[_plans(_plan(CPPendDate="2026-04-01")), _plans(_plan())],
    ),
    rule(
        "8935",
        "ChildProtectionPlans",
        _END,
        select="SELECT row FROM (SELECT row, count(*) OVER (PARTITION BY LAchildID) AS held FROM ChildProtectionPlans"
        " WHERE LAchildID IS NOT NULL AND CPPendDate_text IS NULL) WHERE held > 1",
        fails=[Example(_plans(_plan("1"), _plan("2")), _BOTH)],
        passes=[_plans(_plan("1"), _plan("2", CPPendDate="2026-05-01"))],
    ),
    across(
        "8940",
        two_of_child("ChildProtectionPlans"),
        {"x": f"ChildProtectionPlans {_START} {_END}", "y": f"ChildProtectionPlans {_START} {_END}"},
        running(f"y.{_START}", "x", _START, _END),
        choice="Over all referrals of the child. A plan may start on the day another ends.",
        fails=[
            Example(
                _plans(
                    _plan("1", CPPstartDate="2026-05-01", CPPendDate="2026-06-02"),
                    _plan("2", CPPstartDate="2026-06-01", CPPendDate="2026-07-01"),
                ),
                _BOTH,
            ),
            Example(_plans(_plan("1", CPPstartDate="2026-05-01"), _plan("2", CPPstartDate="2026-06-01")), _BOTH),
        ],
        passes=[
            _plans(
                _plan("1", CPPstartDate="2026-05-01", CPPendDate="2026-06-01"),
                _plan("2", CPPstartDate="2026-06-01", CPPendDate="2026-07-01"),
            ),
            _plans(
                _plan("1", CPPstartDate="2026-05-01"),
                {"LAchildID": "2", "CINdetailsID": "1", "CPPID": "1", "CPPstartDate": "2026-06-01"},
            ),
        ],
    ),
)

REVIEWS = (
    across(
        "8841",
        f"ChildProtectionPlans x JOIN Reviews r ON {same_block('r', 'x')} AND r.CPPID = x.CPPID",
        {"x": f"ChildProtectionPlans {_START}", "r": "Reviews CPPreviewDate"},
        "r.CPPreviewDate <= x.CPPstartDate",
        fails=[
            _plans(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan(CPPreviewDate="2026-05-01")),
            _plans(_plan(CPPstartDate="2026-05-02")) | _reviews(_plan(CPPreviewDate="2026-05-01")),
        ],
        passes=[
            _plans(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan(CPPreviewDate="2026-05-02")),
            _plans(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan("2", CPPreviewDate="2026-05-01")),
        ],
    ),
    rule(
        "8842Q",
        "Reviews",
        "CPPreviewDate",
        "CPPreviewDate IS NULL",
        choice="What is no date counts as missing.",
        fails=[_reviews(_plan()), _reviews(_plan(CPPreviewDate="2026-02-30"))],
        passes=[_reviews(_plan(CPPreviewDate="2026-05-01"))],
    ),
)

RULES = (*PLANS, *REVIEWS)
