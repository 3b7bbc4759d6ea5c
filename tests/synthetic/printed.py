"""What the annual report of 2016-17 prints, as the recount names it: values, or shares to their printed decimals.

Where the report contradicts itself, the reading is the one that docs/synthetic-staffordshire.md gives.
"""

from __future__ import annotations

from typing import Any

COUNTS: dict[str, Any] = {
    "contacts.year": 11585,
    "contacts.prior": 11253,
    "contacts.ADVICE.year": 10034,
    "contacts.EH.year": 1240,
    "contacts.NFA.year": 311,
    "referrals.year": 9142,
    "referrals.prior": 8469,
    "assessments.year": 10489,
    "assessments.prior": 9792,
    "assessments.in_progress.year": 1086,
    "cases.year": 5054,
    "cases.prior": 5620,
    "cases.in_need.year": 2906,
    "cases.in_need.prior": 3323,
    "cases.social_care.year": 4877,
    "plans.year": 540,
    "plans.prior": 705,
    "plans.started.year": 706,
    "plans.started.children.year": 706,
    "plans.started.prior": 811,
    "plans.ended.year": 871,
    "plans.ended.children.year": 871,
    "plans.ended.prior": 720,
    "plans.disabled.year": 24,
    "plans.disabled.prior": 39,
    "presented.year": 2017,
    "ICPC.children.year": 766,
    "ICPC.children.prior": 852,
    "RCPC.children.year": 1251,
    "RCPC.children.prior": 1433,
    "ICPC.meetings_in_time_pct.year": 89.6,
    "ICPC.meetings_in_time_pct.prior": 86.6,
    "RCPC.meetings_in_time_pct.year": 97.9,
    "RCPC.meetings_in_time_pct.prior": 99.1,
    "care.year": 994,
    "care.prior": 983,
    "care.before": 933,
    "care.started.year": 346,
    "care.started.prior": 373,
    "care.ended.year": 338,
    "care.ended.prior": 331,
    "care.age.12-16.year": 405,
    "care.age.12-16.prior": 386,
    "care.adopted.year": 42,
    "care.adopted.prior": 74,
    "care.home_planned.year": 86,
    "care.unaccompanied.year": 86,
    "care.unaccompanied.prior": 75,
    "care.least.year": 979,
    "care.most.year": 994,
    "placed.FOSTER.year": 604,
    "placed.FOSTER.prior": 592,
    "placed.RESIDENTIAL.year": 91,
    "placed.RESIDENTIAL.prior": 105,
    "placed.outside.year": 320,
    "placed.outside.prior": 274,
    "placed.far.year": 230,
    "placed.far.prior": 247,
    "reviews.in_time_pct.year": 94.8,
    "reviews.in_time_pct.prior": 90.4,
    "orders.year": 402,
    "orders.prior": 347,
    "staying_put": 42,
    "disability.year": 490,
    "disability.care.year": 43,
    "chairs": 19,
    "chairs.disability": 4,
    "managers": 2,
    "feedback": (188, 179, 179),
}

# Part, whole, printed per cent, decimals.
SHARES: tuple[tuple[str, str, float, int], ...] = (
    ("contacts.ADVICE.year", "contacts.year", 86.6, 1),
    ("contacts.EH.year", "contacts.year", 10.7, 1),
    ("contacts.NFA.year", "contacts.year", 2.7, 1),
    ("referrals.nfa.year", "referrals.year", 8.8, 1),
    ("referrals.nfa.prior", "referrals.prior", 9.6, 1),
    ("rereferrals.year", "referrals.year", 21.0, 1),
    ("rereferrals.prior", "referrals.prior", 18.8, 1),
    ("assessments.in_time.year", "assessments.year", 84.4, 1),
    ("assessments.in_time.prior", "assessments.prior", 85.3, 1),
    ("factors.3B.year", "assessments.year", 28, 0),
    ("factors.4B.year", "assessments.year", 26, 0),
    ("factors.1B.year", "assessments.year", 16, 0),
    ("factors.3A.year", "assessments.year", 16, 0),
    ("factors.17A.year", "assessments.year", 16, 0),
    ("factors.16A.year", "assessments.year", 16, 0),
    ("factors.2B.year", "assessments.year", 14, 0),
    ("factors.trio.year", "assessments.year", 8, 0),
    ("cases.over_two_years.year", "cases.year", 33.1, 1),
    ("cases.over_two_years.prior", "cases.prior", 32.9, 1),
    ("plans.over_15m.year", "plans.year", 9, 0),
    ("april.over_15m", "april.plans", 11, 0),
    ("plans.repeat.year", "plans.started.year", 16.4, 1),
    ("april.repeat", "april.started", 18.8, 1),
    ("plans.NEG.year", "plans.started.year", 59.9, 1),
    ("plans.EMO.year", "plans.started.year", 31.9, 1),
    ("plans.SAB.year", "plans.started.year", 4.7, 1),
    ("plans.PHY.year", "plans.started.year", 3.5, 1),
    ("ICPC.in_time.year", "ICPC.children.year", 88.9, 1),
    ("ICPC.in_time.prior", "ICPC.children.prior", 86.6, 1),
    ("RCPC.in_time.year", "RCPC.children.year", 97.9, 1),
    ("RCPC.in_time.prior", "RCPC.children.prior", 99.4, 1),
    ("advocates.year", "presented.year", 47.15, 2),
    ("care.adopted.year", "care.ended.year", 12, 0),
    ("care.adopted.prior", "care.ended.prior", 22, 0),
    ("care.sgo.year", "care.ended.year", 13, 0),
    ("care.sgo.prior", "care.ended.prior", 28, 0),
    ("care.home.year", "care.ended.year", 27, 0),
    ("care.home.prior", "care.ended.prior", 23, 0),
    ("care.started.under_5.year", "care.started.year", 31.2, 1),
    ("placed.FOSTER.year", "care.year", 60.8, 1),
    ("placed.FOSTER.prior", "care.prior", 60.2, 1),
    ("placed.RESIDENTIAL.year", "care.year", 9.2, 1),
    ("placed.outside.year", "care.year", 32.2, 1),
    ("placed.far.year", "care.year", 23.1, 1),
    ("placed.three.year", "care.year", 9.7, 1),
    ("placed.three.prior", "care.prior", 12.4, 1),
    ("placed.settled.year", "placed.lasting.year", 70.5, 1),
    ("placed.settled.prior", "placed.lasting.prior", 64.8, 1),
    ("orders.ICO.year", "orders.year", 55, 0),
    ("orders.CO.year", "orders.year", 31, 0),
    ("orders.PO.year", "orders.year", 14, 0),
    ("orders.ICO.prior", "orders.prior", 51, 0),
)

# Later year, earlier year, printed change, decimals: in per cent.
CHANGES_PCT: tuple[tuple[str, str, float, int], ...] = (
    ("contacts.year", "contacts.prior", 3, 0),
    ("referrals.year", "referrals.prior", 7.9, 1),
    ("assessments.year", "assessments.prior", 7, 0),
    ("cases.year", "cases.prior", -10, 0),
    ("cases.closed.year", "cases.closed.prior", 19, 0),
    ("plans.started.year", "plans.started.prior", -13, 0),
    ("plans.ended.year", "plans.ended.prior", 21, 0),
    ("ICPC.children.year", "ICPC.children.prior", -10.1, 1),
    ("RCPC.children.year", "RCPC.children.prior", -12.7, 1),
    ("care.year", "care.prior", 1.1, 1),
    ("orders.year", "orders.prior", 15.9, 1),
)

# Later year, earlier year, printed change in number.
CHANGES: tuple[tuple[str, str, int], ...] = (
    ("cases.in_need.year", "cases.in_need.prior", -417),
    ("care.year", "care.prior", 11),
    ("care.started.year", "care.started.prior", -27),
    ("care.age.0-4.year", "care.age.0-4.prior", -10),
    ("care.age.5-8.year", "care.age.5-8.prior", -18),
    ("care.age.9-11.year", "care.age.9-11.prior", 10),
    ("placed.RESIDENTIAL.year", "placed.RESIDENTIAL.prior", -14),
    ("placed.far.year", "placed.far.prior", -17),
    ("plans.disabled.year", "plans.disabled.prior", -15),
    ("ICPC.children.year", "ICPC.children.prior", -86),
    ("RCPC.children.year", "RCPC.children.prior", -182),
)

# Populations aged 0 to 17 that the printed rates go with: at 31 March 2015, and at 31 March 2016 and 2017.
POPULATION_2015, POPULATION = 168_565, 168_824
RATES: tuple[tuple[str, int, float, int], ...] = (
    ("plans.year", POPULATION, 32.0, 1),
    ("cases.social_care.year", POPULATION, 288.9, 1),
    ("care.prior", POPULATION, 58, 0),
    ("care.before", POPULATION_2015, 55, 0),
)


def differences(found: dict[str, Any]) -> list[str]:
    """What does not come out as printed, one line each; empty when all does."""
    wrong = [
        f"{name}: {found.get(name)}, printed {value}" for name, value in COUNTS.items() if found.get(name) != value
    ]
    for part, whole, printed, places in SHARES:
        got = round(100 * found[part] / found[whole], places)
        if got != printed:
            wrong.append(f"{part} of {whole}: {got}%, printed {printed}%")
    for later, earlier, change, places in CHANGES_PCT:
        got = round(100 * (found[later] / found[earlier] - 1), places)
        if got != change:
            wrong.append(f"{later} over {earlier}: {got}%, printed {change}%")
    for later, earlier, more in CHANGES:
        if found[later] - found[earlier] != more:
            wrong.append(f"{later} less {earlier}: {found[later] - found[earlier]}, printed {more}")
    for name, population, printed, places in RATES:
        got = round(10_000 * found[name] / population, places)
        if got != printed:
            wrong.append(f"{name}: {got} in 10,000, printed {printed}")
    return wrong + _others(found)


def _others(found: dict[str, Any]) -> list[str]:
    """Means, and comparisons of two shares."""
    checks = {
        "weeks of proceedings": (round(found["weeks.year"]), 31),
        "weeks of proceedings the year before": (round(found["weeks.prior"]), 27),
        "weeks, change": (round(found["weeks.year"] - found["weeks.prior"]), 4),
        "days to adoption": (round(found["adopted.wait"]), 385),
        "adopted in three years": (round(found["adopted_3y"]), 21),
        "adopted, points more than the three years before": (
            round(found["adopted_3y"] - found["adopted_3y.before"]),
            2,
        ),
        "contacts in a week": (round(found["contacts.year"] / 52), 223),
        "home, points more": (
            round(
                100
                * (
                    found["care.home.year"] / found["care.ended.year"]
                    - found["care.home.prior"] / found["care.ended.prior"]
                )
            ),
            4,
        ),
        "guardianship, points fewer": (
            round(
                100
                * (
                    found["care.sgo.prior"] / found["care.ended.prior"]
                    - found["care.sgo.year"] / found["care.ended.year"]
                )
            ),
            15,
        ),
        "over half stay put": (found["staying_put"] * 2 > found["fostered_at_18"], True),
    }
    return [f"{name}: {got}, printed {printed}" for name, (got, printed) in checks.items() if got != printed]
