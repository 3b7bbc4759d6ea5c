"""Every rule finds its fault in a file that holds the faults of all the others, and leaves the near miss alone.

The faults and near misses are the worked examples: each goes into the files under children of its own, and comes back through the readers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.returns.examples import CONTEXT, label
from tests.returns.seeding import (
    Rows,
    Seed,
    census_header,
    seeds_of,
    together,
    under,
    write_census,
    write_set,
    write_table,
)

from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.declarations import Example
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import RunResult
from sightline.engine.exchange.rules.validation import Request, validate

NAMES = ("cin", "ssda903")
YEARS = range(2023, 2028)
#: Rules that judge what all children of a file share or what a file leaves out (a column, the child's name, its header): each of their examples
#: has a file of its own.
ALONE = {
    "cin": {"100", "8500", "1570", "1580", "4180"},
    "ssda903": {"105", "169", "179", "392a", "406", *(f"INT0{n}" for n in range(1, 10))},
}


def _is_alone(name: str, seed: Seed) -> bool:
    return seed.rule.whole or seed.rule.code in ALONE[name]


def _validated(name: str, year: int, rows: Rows, folder: Path, rules: list[str] | None = None) -> RunResult:
    declared = returns()[name]
    if name == "cin":
        path = write_census(rows, folder / "census.xml", rows["Header"][0] if "Header" in rows else census_header(year))
        return validate(Request(name, label(year), [path], rules=rules)).result
    files = write_set(declared, rows, folder / "year")
    before = write_set(declared, rows, folder / "before", last=True)
    (supplied,) = (table for table in declared.tables if table.supplied)
    providers = write_table(supplied, rows.get(supplied.name, []), folder / "providers.csv")
    return validate(
        Request(
            return_=name,
            year=label(year),
            paths=[files],
            last_year=[before],
            providers=providers,
            authority=CONTEXT["authority"],
            rules=rules,
        )
    ).result


def _wrong(seed: Seed, found: bool) -> str:
    if found == seed.fault:
        return ""
    return (
        f"{seed.rule.code}: the {'fault was not found' if seed.fault else 'near miss was found'}: {seed.example.tables}"
    )


@pytest.mark.parametrize(
    ("name", "year"), [(name, year) for name in NAMES for year in YEARS if any(seeds_of(name, year))]
)
def test_each_rule_finds_its_fault_among_all_others_and_not_the_near_miss(tmp_path: Path, name: str, year: int) -> None:
    seeds = [seed for seed in seeds_of(name, year) if not _is_alone(name, seed)]
    rows = together(under(seed.name, returns()[name], seed.example.tables) for seed in seeds)
    result = _validated(name, year, rows, tmp_path)

    found = {(code.code, at.child.partition("-")[0]) for code in result for at in code.locations}
    wrong = [said for seed in seeds if (said := _wrong(seed, (seed.rule.code, seed.name) in found))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_in_force_has_a_fault_and_a_near_miss(name: str) -> None:
    codes = {code for code, one in listed(name).items() if max(YEARS) in one.years}
    for fault in (True, False):
        assert {seed.rule.code for seed in seeds_of(name, max(YEARS)) if seed.fault is fault} == codes


def _as_they_are(name: str, example: Example) -> Rows:
    """The rows of an example as a file can hold them: a blank row of a CSV file is none, and a census without any child is none."""
    rows: Rows = {}
    for title, held in example.tables.items():
        table = returns()[name].table(title)
        assert table is not None
        rows[table.name] = [{**row} if row else {table.days[0]: "01/05/2026"} for row in held]
    if rows.keys() == {"Header"} and name == "cin":
        rows["ChildIdentifiers"] = [{"LAchildID": "1"}]
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_about_the_whole_file_finds_its_fault_in_a_file_of_its_own(tmp_path: Path, name: str) -> None:
    year = max(YEARS)
    seeds = [seed for seed in seeds_of(name, year) if _is_alone(name, seed)]
    assert {seed.rule.code for seed in seeds} >= ALONE[name]
    wrong = []
    for number, seed in enumerate(seeds):
        (tmp_path / str(number)).mkdir()
        rows = _as_they_are(name, seed.example)
        result = _validated(name, year, rows, tmp_path / str(number), [seed.rule.code])
        wrong.append(_wrong(seed, bool(result[seed.rule.code].locations)))
    assert not any(wrong), "\n".join(filter(None, wrong))
