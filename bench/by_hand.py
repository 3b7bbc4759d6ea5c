"""Ten measures against the same ten written by hand as DuckDB SQL over the same snapshot: total and five breakdowns, by year, quarter and month."""

from collections.abc import Sequence

import duckdb

from bench.ruler import note, processors, throwaway_installation, timed
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.periods import Period

PROFILE = "staffordshire-2016-17"
SAMPLE = (
    "contacts.total",
    "referrals.total",
    "referrals.nfa.pct",
    "referrals.rereferral.pct",
    "assessments.completed",
    "csc.open_cases",
    "cp.open",
    "cp.started",
    "lac.total",
    "court.orders",
)

#: For each measure by hand: table, condition of membership of period p, the base, the numerator. `t` is the row.
_EVENT = "t.{day} BETWEEN p.first AND p.last"
_OPEN = "t.start_date <= p.last AND coalesce(t.end_date, DATE '9999-12-31') > p.last"
_AGAIN = (
    "EXISTS (SELECT 1 FROM front_door_referral e WHERE e.person_id = t.person_id AND e.referral_date < t.referral_date"
    " AND e.referral_date >= t.referral_date - INTERVAL 12 MONTH)"
)
BY_HAND = {
    "contacts.total": (
        "front_door_contact",
        _EVENT.format(day="contact_date"),
        "t.outcome <> 'REFERRAL'",
        "true",
        "count(*)",
    ),
    "referrals.total": ("front_door_referral", _EVENT.format(day="referral_date"), "true", "true", "count(*)"),
    "referrals.nfa.pct": (
        "front_door_referral",
        _EVENT.format(day="referral_date"),
        "true",
        "t.no_further_action",
        "count(*)",
    ),
    "referrals.rereferral.pct": ("front_door_referral", _EVENT.format(day="referral_date"), "true", _AGAIN, "count(*)"),
    "assessments.completed": (
        "assessment_assessment",
        _EVENT.format(day="authorised_date"),
        "true",
        "true",
        "count(*)",
    ),
    "csc.open_cases": ("cases_case", _OPEN, "true", "true", "count(DISTINCT person_id)"),
    "cp.open": ("child_protection_plan", _OPEN, "true", "true", "count(DISTINCT person_id)"),
    "cp.started": ("child_protection_plan", _EVENT.format(day="start_date"), "true", "true", "count(*)"),
    "lac.total": (
        "looked_after_periodofcare",
        _OPEN,
        "EXISTS (SELECT 1 FROM looked_after_episode e WHERE e.period_id = t.id AND e.legal_status NOT IN ('V3', 'V4'))",
        "true",
        "count(*)",
    ),
    "court.orders": ("court_order", _EVENT.format(day="order_date"), "true", "true", "count(*)"),
}
_STOCK = {"csc.open_cases", "cp.open", "lac.total"}
_DAYS = {
    "front_door_contact": "contact_date",
    "front_door_referral": "referral_date",
    "assessment_assessment": "authorised_date",
    "child_protection_plan": "start_date",
    "court_order": "order_date",
}


def main() -> None:
    """Loads the county, then times both."""
    note(f"Ten measures, engine against hand-written SQL: {PROFILE}, {processors()}")
    with throwaway_installation():
        from sightline.engine.deadlines import ledger
        from sightline.engine.measures.results import periods_for
        from sightline.engine.snapshot import place
        from sightline.engine.snapshot.take import take
        from sightline.engine.synthetic.load import load
        from sightline.standards.periods import year

        load(PROFILE)
        ledger.rebuild()
        snapshot = take(place.folder(), place.key())
        _compare(snapshot, periods_for([year(2015), year(2016)]))


def _compare(snapshot: Snapshot, periods: Sequence[Period]) -> None:
    from sightline.engine.derive.source import SnapshotTables
    from sightline.engine.measures.compute import compiled, compute
    from sightline.engine.measures.registry import measures

    chosen = [measures()[id] for id in SAMPLE]
    (tables, plans), compiling = timed(
        "engine: facts and compiling", lambda: _opened(SnapshotTables, compiled, snapshot, chosen)
    )
    results, counting = timed(
        "engine: counting", lambda: compute(tables, plans, periods), size=f"{len(periods)} periods"
    )
    facts = tables.fact_statements
    (warm, _), opening = timed("engine: facts, compiled before", lambda: (SnapshotTables(snapshot, facts), None))
    timed("engine: counting again", lambda: compute(warm, plans, periods))
    by_hand, seconds = timed("by hand", lambda: _by_hand(snapshot, periods))
    totals = {
        (row["measure"], row["period"]): row["number"]
        for row in results.to_pylist()
        if row["breakdown"] == "total" and row["area"] == "E10000028"
    }
    differing = [key for key, number in by_hand.items() if totals.get(key, number) != number]
    note(
        f"engine / by hand: {(opening + counting) / seconds:.2f} compiled before, {(compiling + counting) / seconds:.2f} from nothing"
    )
    note(f"totals that differ: {len(differing)} of {len(by_hand)} {differing[:3]}")


def _opened(open_tables, compile_plans, snapshot, chosen):  # type: ignore[no-untyped-def]  # passes the engine's parts through
    tables = open_tables(snapshot)
    return tables, compile_plans(tables, chosen)


def _by_hand(snapshot: Snapshot, periods: Sequence[Period]) -> dict[tuple[str, str], int]:
    con = duckdb.connect()
    for table in snapshot.manifest.tables:
        con.execute(f"CREATE TABLE \"{table}\" AS SELECT * FROM read_parquet('{snapshot.file(table)}')")  # noqa: S608 (our own tables)
    con.execute("CREATE TABLE periods (label TEXT, first DATE, last DATE)")
    con.executemany("INSERT INTO periods VALUES (?, ?, ?)", [(p.label, p.start, p.end) for p in periods])
    found: dict[tuple[str, str], int] = {}
    for id, (table, member, base, number, count) in BY_HAND.items():
        rows = con.execute(_statement(id, table, member, base, number, count)).fetchall()
        found |= {(id, row[0]): int(row[-1]) for row in rows if row[1] == 0}
    con.close()
    return found


def _statement(id: str, table: str, member: str, base: str, number: str, count: str) -> str:
    """One measure for all periods with its total and five breakdowns, as an analyst would write it."""
    day = "p.last" if id in _STOCK else f"t.{_DAYS[table]}"
    return f"""
        WITH rows AS (
            SELECT p.label, t.person_id, ({number}) AS hit, x.sex, x.ethnicity, d.person_id IS NOT NULL AS disabled,
                   date_diff('year', coalesce(x.birth_date, x.expected_birth_date), {day})
                   - (strftime({day}, '%m%d') < strftime(coalesce(x.birth_date, x.expected_birth_date), '%m%d'))::INT AS age,
                   pl.district
            FROM {table} t
            JOIN periods p ON {member}
            JOIN people_person x ON x.id = t.person_id
            LEFT JOIN (SELECT DISTINCT person_id FROM people_disability WHERE disability <> 'NONE') d ON d.person_id = t.person_id
            LEFT JOIN people_personaddress a ON a.person_id = t.person_id AND a.kind = 'home' AND a.start_date <= {day}
                 AND coalesce(a.end_date, DATE '9999-12-31') > {day}
            LEFT JOIN places_place pl ON pl.id = a.place_id
            WHERE {base}
        )
        SELECT label, grouping(sex, ethnicity, disabled, age, district) - 31 AS level, sex, ethnicity, disabled, age, district,
               {count} AS base, {count} FILTER (hit) AS number
        FROM rows
        GROUP BY GROUPING SETS ((label), (label, sex), (label, ethnicity), (label, disabled), (label, age), (label, district))
    """  # noqa: S608 (our own statements)


if __name__ == "__main__":
    main()
