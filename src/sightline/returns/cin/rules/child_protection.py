"""Rules about child protection plans and their reviews. Source: DfE children in need census guide, section 5."""

from sightline.engine.exchange.rules.declarations import Example, across, rule
from sightline.returns.cin.parts import (
    Spell,
    block,
    running_to,
    same_block,
    two_of_child,
)

_START, _END = "CPPstartDate", "CPPendDate"
_SPELL = Spell("ChildProtectionPlans", _START, _END, "CPPID")
_BOTH = (("ChildProtectionPlans", 0), ("ChildProtectionPlans", 1))


def _plan(number: str = "1", /, **cells: str) -> dict[str, str]:
    return block(CPPID=number, **cells)


def _reviews(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"Reviews": list(rows)}


PLANS = (
    _SPELL.starts_before_referral("1105"),
    _SPELL.starts_late("8720"),
    rule(
        "8730",
        "ChildProtectionPlans",
        "NumberOfPreviousCPP",
        "NumberOfPreviousCPP_text IS NULL OR NOT regexp_full_match(NumberOfPreviousCPP_text, '[0-9]+')",
        choice="What is no whole number counts as missing.",
        fails=[_SPELL.rows(_plan()), _SPELL.rows(_plan(NumberOfPreviousCPP="none"))],
        passes=[_SPELL.rows(_plan(NumberOfPreviousCPP="0"))],
    ),
    *(
        rule(
            code,
            "ChildProtectionPlans",
            category,
            f"{category} IS NULL OR {category} NOT IN {{cp_category_of_abuse}}",
            fails=[_SPELL.rows(_plan()), _SPELL.rows(_plan(**{category: "ABC"}))],
            passes=[_SPELL.rows(_plan(**{category: "NEG"}))],
        )
        for code, category in (("8905", "InitialCategoryOfAbuse"), ("8910", "LatestCategoryOfAbuse"))
    ),
    *(
        _SPELL.after_death(code, day, {"x": f"ChildProtectionPlans {day}", "i": "ChildIdentifiers PersonDeathDate"})
        for code, day in (("8915", _START), ("8920", _END))
    ),
    _SPELL.ends_early("8925", f"{_START} {_END}"),
    _SPELL.lasts_no_day("8840"),
    _SPELL.ends_outside_year("8930"),
    rule(
        "8935",
        "ChildProtectionPlans",
        _END,
        select=_SPELL.open_at_once(),
        fails=[Example(_SPELL.rows(_plan("1"), _plan("2")), _BOTH)],
        passes=[_SPELL.rows(_plan("1"), _plan("2", CPPendDate="2026-05-01"))],
    ),
    across(
        "8940",
        two_of_child("ChildProtectionPlans"),
        {"x": f"ChildProtectionPlans {_START} {_END}", "y": f"ChildProtectionPlans {_START} {_END}"},
        running_to(f"y.{_START}", "x", _START, _END),
        choice="Over all referrals of the child. A plan may not start on the day another ends.",
        fails=[
            Example(
                _SPELL.rows(
                    _plan("1", CPPstartDate="2026-05-01", CPPendDate="2026-06-01"),
                    _plan("2", CPPstartDate="2026-06-01", CPPendDate="2026-07-01"),
                ),
                _BOTH,
            ),
            Example(_SPELL.rows(_plan("1", CPPstartDate="2026-05-01"), _plan("2", CPPstartDate="2026-06-01")), _BOTH),
        ],
        passes=[
            _SPELL.rows(
                _plan("1", CPPstartDate="2026-05-01", CPPendDate="2026-06-01"),
                _plan("2", CPPstartDate="2026-06-02", CPPendDate="2026-07-01"),
            ),
            _SPELL.rows(
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
            _SPELL.rows(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan(CPPreviewDate="2026-05-01")),
            _SPELL.rows(_plan(CPPstartDate="2026-05-02")) | _reviews(_plan(CPPreviewDate="2026-05-01")),
        ],
        passes=[
            _SPELL.rows(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan(CPPreviewDate="2026-05-02")),
            _SPELL.rows(_plan(CPPstartDate="2026-05-01")) | _reviews(_plan("2", CPPreviewDate="2026-05-01")),
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
