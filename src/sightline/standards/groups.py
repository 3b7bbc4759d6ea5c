"""Grouping codes for analysis: ethnicity, placement, reason for leaving care, sex across years, and age bands.

Which code belongs to which group is data (`codesets/*_map.csv`, listed in `codesets/_maps.csv`), so that screens, facts and the report
agree. A placement, leaving or age grouping is a choice; an operator may replace the map in `var/local/codesets/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sightline.standards.codes import UnknownCode, codeset
from sightline.standards.data import DataError, data_path, local_path, read_csv, remembered


@dataclass(frozen=True)
class CodeMap:
    """From the codes of one or more sets to the groups of another. `groups` maps code to group code."""

    name: str
    title: str
    from_sets: tuple[str, ...]
    to_set: str
    source: str
    groups: dict[str, str]

    def group(self, code: str) -> str:
        """The group of a code. Raises UnknownCode."""
        try:
            return self.groups[code]
        except KeyError:
            raise UnknownCode(f"{self.name}: code '{code}' has no group in {self.to_set}.") from None

    def label(self, code: str) -> str:
        """The label of the group of a code. Raises UnknownCode."""
        return codeset(self.to_set).label(self.group(code))

    def codes(self, group: str) -> tuple[str, ...]:
        """The codes that belong to a group, in the order of the map."""
        return tuple(code for code, found in self.groups.items() if found == group)


@remembered
def codemap(name: str) -> CodeMap:
    """The map of that name, for example `placement_group_map`. Raises DataError."""
    index = {row["name"]: row for row in read_csv(data_path("codesets", "_maps.csv"))}
    if name not in index:
        raise DataError(f"no code map '{name}'. Known: {', '.join(index)}.")
    about = index[name]
    path = local_path("codesets", f"{name}.csv") or data_path("codesets", f"{name}.csv")
    groups = {row["code"]: row["to"] for row in read_csv(path, ("code", "to"))}
    to_set = codeset(about["to_set"])
    if strays := sorted({group for group in groups.values() if group not in to_set}):
        raise DataError(f"{path}: {', '.join(strays)} not in code set {about['to_set']}.")
    return CodeMap(name, about["title"], tuple(about["from_set"].split(";")), about["to_set"], about["source"], groups)


def ethnicity_group(code: str) -> str:
    """WHITE, MIXED, ASIAN, BLACK, OTHER or UNKNOWN from a census ethnicity code."""
    return codemap("ethnicity_group_map").group(code)


def placement_group(code: str) -> str:
    """FOSTER, ADOPTION, PARENTS, RESIDENTIAL, INDEPENDENT, OTHER or TEMPORARY from an SSDA903 placement code."""
    return codemap("placement_group_map").group(code)


def leaving_care_group(code: str) -> str:
    """ADOPTED, SGO, HOME and so on from an SSDA903 reason episode ceased. X1 is not a leaving and raises UnknownCode."""
    return codemap("reason_ceased_group_map").group(code)


def sex(code: str) -> str:
    """M, F or U from the code of any census year (M, F, U; 1, 2, 0, 9)."""
    return codemap("sex_map").group(code)


def sex_for_cin(code: str, year_end: date) -> str:
    """The children in need census code for M, F or U in the year that ends on `year_end`: 1, 2, 0 until 31 March 2024."""
    return code if year_end > date(2024, 3, 31) else {"M": "1", "F": "2", "U": "0"}[code]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years of age from `first` to `last`, both included; `last` is None for the open band."""

    code: str
    label: str
    first: int
    last: int | None

    def holds(self, age: int) -> bool:
        """True when the age falls in the band."""
        return self.first <= age and (self.last is None or age <= self.last)


@remembered
def age_bands(name: str = "age_band_dfe") -> tuple[AgeBand, ...]:
    """The bands of a code set whose codes read `4-7`, `under 1` or `16+`. Raises DataError when they leave gaps or overlap."""
    bands = tuple(_band(row.code, row.label) for row in codeset(name))
    for before, after in pairwise(bands):
        if before.last is None or after.first != before.last + 1:
            raise DataError(f"code set {name}: bands '{before.code}' and '{after.code}' do not follow on.")
    return bands


def age_band(age: int, name: str = "age_band_dfe") -> str | None:
    """The code of the band that holds an age in whole years, or None when no band does (unborn, or too old)."""
    return next((band.code for band in age_bands(name) if band.holds(age)), None)


def _band(code: str, label: str) -> AgeBand:
    if match := re.fullmatch(r"(\d+)-(\d+)", code):
        return AgeBand(code, label, int(match[1]), int(match[2]))
    if match := re.fullmatch(r"under (\d+)", code):
        return AgeBand(code, label, 0, int(match[1]) - 1)
    if match := re.fullmatch(r"(\d+)\+", code):
        return AgeBand(code, label, int(match[1]), None)
    raise DataError(f"'{code}' is not an age band: write 4-7, under 1 or 16+.")
