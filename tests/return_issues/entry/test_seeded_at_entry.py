"""For every rule in force a seeded fault is caught at entry: the preview of forms finds it by that rule, or the record does not take it.

The faults and near misses are the worked examples, filled with the values of a whole child, and some of our own where an example says too little.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.return_issues.entry.cannot_arise import REASONS, CannotArise
from tests.return_issues.entry.entering import Entered
from tests.return_issues.entry.filling import Case, declared
from tests.return_issues.entry.reviewed import RECORDED, REFUSED_AS, SPOILT

Enter = Callable[[str], Entered]

both = pytest.mark.parametrize("name", ["cin", "ssda903"])


def _excepted(name: str) -> set[str]:
    return {code for reason in REASONS[name] for code in reason.codes.split()}


def _spoilt(name: str) -> set[str]:
    return {case for cases in SPOILT[name].values() for case in cases.split()}


def _near_misses(one: Entered, code: str) -> list[Case]:
    """Those that are one in the record."""
    spoilt = _spoilt(one.name)
    return [case for case in one.of(code, fault=False) if case.as_meant and case.name[:-1] not in spoilt]


def _refused_for(one: Entered, code: str) -> set[str]:
    """Why the record did not take the rule's fault: a reason that is about the fault, and did not keep out what is none."""
    columns = {
        field for rule in declared(one.name).rules if rule.code == code for find in rule.finds for field in find.fields
    }
    reasons = {reason for case in one.of(code, fault=True) for reason in one.refused.get(case.name, ())}
    about = {
        reason
        for reason in reasons
        if reason.split()[0] in columns or code in REFUSED_AS[one.name].get(reason, "").split()
    }
    return about - {reason for case in _near_misses(one, code) for reason in one.refused.get(case.name, ())}


def _shown(one: Entered) -> set[str]:
    return {case.code for case in one.cases if case.fault and one.is_caught(case)}


@both
def test_each_fault_is_found_by_its_rule_or_refused_for_it_unless_it_cannot_arise(entered: Enter, name: str) -> None:
    one = entered(name)
    codes, shown = {case.code for case in one.cases}, _shown(one)
    refused = {code for code in codes if _refused_for(one, code)}
    assert codes - shown - refused - RECORDED[name] - _excepted(name) == set(), "neither found nor refused"
    assert _excepted(name) & (shown | RECORDED[name]) == set(), "found, though it is said that it cannot arise"
    assert _excepted(name) <= codes


@both
def test_what_counts_as_a_refusal_by_review_comes_up(entered: Enter, name: str) -> None:
    one = entered(name)
    stale = {
        (code, reason)
        for reason, codes in REFUSED_AS[name].items()
        for code in codes.split()
        if reason not in _refused_for(one, code)
    }
    assert stale == set()


@both
def test_no_near_miss_is_found(entered: Enter, name: str) -> None:
    one = entered(name)
    codes = {case.code for case in one.cases}
    assert {case.name for code in codes for case in _near_misses(one, code) if one.is_caught(case)} == set()


@both
def test_every_rule_has_a_near_miss_that_is_taken_and_not_found(entered: Enter, name: str) -> None:
    one, spoilt = entered(name), _spoilt(name)
    taken = {
        case.code
        for case in one.cases
        if not case.fault and case.name[:-1] not in spoilt and one.is_taken(case) and not one.is_caught(case)
    }
    assert {case.code for case in one.cases} - taken - RECORDED[name] == ({"100"} if name == "cin" else set())
    assert spoilt <= {case.name[:-1] for case in one.cases}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param(name, reason, id=reason.codes.replace(" ", "-"))
        for name, reasons in REASONS.items()
        for reason in reasons
        if reason.proof
    ],
)
def test_a_fault_that_cannot_arise_is_told_by_no_record(entered: Enter, name: str, reason: CannotArise) -> None:
    assert reason.proof is not None
    looked = list(reason.proof(entered(name)))
    assert looked, "nothing to look at"
    wrong = [words for right, words in looked if not right]
    assert not wrong, f"{reason.words}: {wrong[:5]}"
