"""Rules about CIN plans, by themselves and beside child protection plans. Source: DfE children in need census guide, section 4.10.

Two plans of one kind may not meet on a day; one of each kind may, where one ends and the other starts.
"""

from sightline.engine.exchange.rules.declarations import Example, across, rule
from sightline.returns.cin.parts import (
    Spell,
    block,
    child,
    running,
    running_to,
    same_block,
    two_of_child,
)

_START, _END = "CINPlanStartDate", "CINPlanEndDate"
_SPELL = Spell("CINplanDates", _START, _END)
_BOTH = (("CINplanDates", 0), ("CINplanDates", 1))
#: A CIN plan (`x`) with each child protection plan (`p`) of the child, whichever referral it stands in.
_BESIDE = "CINplanDates x JOIN ChildProtectionPlans p ON p.LAchildID = x.LAchildID"


def _protected(**cells: str) -> dict[str, list[dict[str, str]]]:
    return {"ChildProtectionPlans": [block(CPPID="1", **cells)]}


ONE = (
    _SPELL.starts_late("4010"),
    _SPELL.ends_early("4011", f"{_END} {_START}"),
    _SPELL.lasts_no_day("4012Q"),
    _SPELL.ends_outside_year("4013"),
    _SPELL.starts_before_referral("4015"),
    *(
        _SPELL.after_death(code, day, {"i": "ChildIdentifiers PersonDeathDate", "x": f"CINplanDates {day}"})
        for code, day in (("4008", _START), ("4009Q", _END))
    ),
)

SEVERAL = (
    rule(
        "4004",
        "CINplanDates",
        _END,
        select=_SPELL.open_at_once(),
        fails=[Example(_SPELL.rows(block(CINPlanStartDate="2026-05-01"), block(CINPlanStartDate="2026-06-01")), _BOTH)],
        passes=[
            _SPELL.rows(
                block(CINPlanStartDate="2026-05-01"), block(CINPlanStartDate="2026-04-01", CINPlanEndDate="2026-05-01")
            )
        ],
    ),
    across(
        "4014",
        two_of_child("CINplanDates"),
        {"x": f"CINplanDates {_START} {_END}", "y": f"CINplanDates {_START} {_END}"},
        running_to(f"y.{_START}", "x", _START, _END),
        choice="Over all referrals of the child. A plan may not start on the day another ends.",
        fails=[
            Example(
                _SPELL.rows(
                    block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01"),
                    block(CINPlanStartDate="2026-06-01", CINPlanEndDate="2026-07-01"),
                ),
                _BOTH,
            ),
            Example(
                _SPELL.rows(
                    block(CINPlanStartDate="2026-05-01"),
                    block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-07-01"),
                ),
                _BOTH,
            ),
        ],
        passes=[
            _SPELL.rows(
                block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01"),
                block(CINPlanStartDate="2026-06-02", CINPlanEndDate="2026-07-01"),
            )
        ],
    ),
)

BESIDE_PROTECTION = (
    across(
        "4001",
        _BESIDE,
        {"x": f"CINplanDates {_END}", "p": "ChildProtectionPlans CPPendDate"},
        f"{same_block('p', 'x')} AND x.CINPlanStartDate <= year_end() AND x.CINPlanEndDate IS NULL"
        " AND p.CPPendDate IS NULL",
        choice="Both stand in one referral without an end, and the CIN plan has started. Others are left to rules 4016 and 4017.",
        fails=[_SPELL.rows(block(CINPlanStartDate="2026-05-01")) | _protected(CPPstartDate="2026-06-01")],
        passes=[
            _SPELL.rows(block()) | _protected(CPPstartDate="2026-06-01"),
            _SPELL.rows(child(CINdetailsID="2", CINPlanStartDate="2026-05-01")) | _protected(CPPstartDate="2026-06-01"),
            _SPELL.rows(block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01")) | _protected(CPPstartDate="2026-06-01"),
            _SPELL.rows(block(CINPlanStartDate="2026-05-01")) | _protected(CPPstartDate="2026-04-01", CPPendDate="2026-05-01"),
        ],
    ),
    across(
        "4016",
        _BESIDE,
        {"x": f"CINplanDates {_START}", "p": "ChildProtectionPlans CPPstartDate CPPendDate"},
        running(f"x.{_START}", "p", "CPPstartDate", "CPPendDate"),
        choice="The CIN plan starts while the child protection plan runs; it may start on the day that one ends.",
        fails=[
            _SPELL.rows(block(CINPlanStartDate="2026-05-31")) | _protected(CPPstartDate="2026-05-01", CPPendDate="2026-06-01"),
            _SPELL.rows(block(CINPlanStartDate="2026-05-31")) | _protected(CPPstartDate="2026-05-01"),
        ],
        passes=[
            _SPELL.rows(block(CINPlanStartDate="2026-06-01")) | _protected(CPPstartDate="2026-05-01", CPPendDate="2026-06-01"),
            _SPELL.rows(block(CINPlanStartDate="2026-04-30")) | _protected(CPPstartDate="2026-05-01"),
        ],
    ),
    across(
        "4017",
        _BESIDE,
        {"x": f"CINplanDates {_START} {_END}", "p": "ChildProtectionPlans CPPstartDate"},
        running("p.CPPstartDate", "x", _START, _END),
        choice="The child protection plan starts while the CIN plan runs; it may start on the day that one ends.",
        fails=[
            _SPELL.rows(block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01")) | _protected(CPPstartDate="2026-05-31"),
            _SPELL.rows(block(CINPlanStartDate="2026-05-01")) | _protected(CPPstartDate="2026-05-31"),
        ],
        passes=[
            _SPELL.rows(block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01")) | _protected(CPPstartDate="2026-06-01"),
            _SPELL.rows(block(CINPlanStartDate="2026-05-01")) | _protected(CPPstartDate="2026-04-30"),
        ],
    ),
    across(
        "4003",
        "Reviews r JOIN CINplanDates x ON x.LAchildID = r.LAchildID",
        {"r": "Reviews CPPreviewDate", "x": f"CINplanDates {_START} {_END}"},
        "r.CPPreviewDate > x.CINPlanStartDate AND (x.CINPlanEndDate IS NULL OR r.CPPreviewDate < x.CINPlanEndDate)",
        choice="A review on the day that the CIN plan starts or ends is allowed: a last review may end one plan and begin the other.",
        fails=[
            _SPELL.rows(block(CINPlanStartDate="2026-05-01")) | {"Reviews": [block(CPPID="1", CPPreviewDate="2026-05-02")]},
            _SPELL.rows(block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01"))
            | {"Reviews": [block(CPPID="1", CPPreviewDate="2026-05-31")]},
        ],
        passes=[
            _SPELL.rows(block(CINPlanStartDate="2026-05-01")) | {"Reviews": [block(CPPID="1", CPPreviewDate="2026-05-01")]},
            _SPELL.rows(block(CINPlanStartDate="2026-05-01", CINPlanEndDate="2026-06-01"))
            | {"Reviews": [block(CPPID="1", CPPreviewDate="2026-06-01")]},
        ],
    ),
)  # fmt: skip

RULES = (*ONE, *SEVERAL, *BESIDE_PROTECTION)
