"""The invented county sends both returns, and no rule finds anything in them: its records are possible, and its returns say them rightly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sightline.core.access.models import User
from sightline.engine.exchange.export import Request, export_return
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.rules.validation import Request as Asked
from sightline.engine.exchange.rules.validation import Validation, validate
from sightline.engine.synthetic.load import load
from sightline.engine.synthetic.makers import profile_from_benchmarks
from sightline.engine.synthetic.profile import Profile
from sightline.engine.synthetic.providers import write_list


def of_year(ends: int, where: str = "Derbyshire") -> Profile:
    """A county of published numbers whose records run to the end of a collection year."""
    return replace(profile_from_benchmarks(where, 2025), year_end=date(ends, 3, 31))


def label(ends: int) -> str:
    return f"{ends - 1}-{ends % 100:02d}"


def sent(folder: Path, profile: Profile, scale: float, seed: int) -> dict[str, Validation]:
    """Both returns of the county's last year, as they are validated: with the year before and the list of providers."""
    analyst = User.objects.create(username="analyst", role="performance_analyst")
    made = load(profile, scale=scale, seed=seed)
    write_list(folder / "providers.csv", made.providers)
    ends = profile.year_end.year
    paths = {}
    for kind in ("cin", "ssda903"):
        for year in (ends - 1, ends):
            paths[kind, year] = folder / f"{kind}-{year}"
            export_return(Request(kind, label(year), paths[kind, year], analyst, profile.area))
    census = Asked("cin", label(ends), [paths["cin", ends]])
    care = Asked(
        "ssda903",
        label(ends),
        [paths["ssda903", ends]],
        last_year=[paths["ssda903", ends - 1]],
        providers=folder / "providers.csv",
        authority=profile.area,
    )
    return {"cin": validate(census), "ssda903": validate(care)}


def found(validation: Validation, *but: str) -> list[str]:
    """Each rule that found something or could not be run, with how often and its message."""
    wrong = (*validation.result.with_outcome(Outcome.FAILED), *validation.result.with_outcome(Outcome.COULD_NOT_RUN))
    return [f"{one.code} ({len(one.locations)}): {one.message}" for one in wrong if one.code not in but]


def test_no_rule_finds_anything_in_the_returns_of_a_small_county(db: None, tmp_path: Path) -> None:
    returns = sent(tmp_path, of_year(2025), 0.02, seed=5)
    for kind, validation in returns.items():
        # So few children do not have all kinds of disability among them.
        assert found(validation, "2887Q") == [], kind
        assert [one for one in validation.schema if one.line] == [], kind
        assert validation.result.ready, kind
    rows = returns["ssda903"].rows
    assert all(rows[table] for table in ("Header", "Episodes", "OC2", "OC3", "PrevPerm", "Reviews", "SWEpisodes"))
    assert returns["cin"].rows["Section47"] > 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("ends", "scale", "seed", "where", "known"),
    [
        # It wants an end to every social worker's episode, also to one that still runs.
        (2024, 0.1, 1, "Derbyshire", "SW14STG2"),
        (2025, 1.0, 1617, "Derbyshire", ""),
        (2025, 1.0, 7, "Staffordshire", ""),
        # Codes ended on 31 March 2025: an episode that ceased on 1 April, for the next to have another, still has the old one.
        (2026, 0.1, 7, "Staffordshire", "146"),
        (2027, 0.1, 11, "Birmingham", ""),
    ],
)
def test_no_rule_finds_anything_in_the_returns_of_a_county(
    db: None, tmp_path: Path, ends: int, scale: float, seed: int, where: str, known: str
) -> None:
    for kind, validation in sent(tmp_path, of_year(ends, where), scale, seed).items():
        assert found(validation, known) == [], kind
