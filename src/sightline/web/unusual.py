"""How often a rule of unusual access raises a false alarm, by the child's ethnicity, so that a rule that bears on some more than on others is seen.

A rule that compares names bears on communities in which few surnames are common. Counts are of children, so small ones are not shown, and
so many others with them that none can be worked out from the totals.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sightline.core.audit.unusual import false_alarms
from sightline.engine.disclosure.suppress import to_hide
from sightline.standards.codes import codeset
from sightline.standards.groups import ethnicity_group

TOTAL = "All"


@dataclass(frozen=True)
class Alarms:
    """One group: how many accesses were reviewed, how many of them had a reason for the work, and the share. None is withheld."""

    group: str
    reviewed: int | None
    justified: int | None

    @property
    def share(self) -> str:
        """The false alarms as a share of those reviewed."""
        if self.reviewed is None or self.justified is None:
            return "c"
        return f"{100 * self.justified / self.reviewed:.0f}%" if self.reviewed else "–"


def alarms_by_ethnicity(rule: str) -> list[Alarms]:
    """Each ethnic group that was reviewed, and all of them together."""
    groups: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for ethnicity, (justified, reviewed) in false_alarms(rule).items():
        group = groups[ethnicity_group(ethnicity) if ethnicity else "UNKNOWN"]
        group[0] += justified
        group[1] += reviewed - justified
    return protected(dict(groups))


def protected(groups: dict[str, list[int]]) -> list[Alarms]:
    """The groups with every count withheld that is small or gives a small one away."""
    if not groups:
        return []
    counts: dict[tuple[str, str], int] = {}
    for group, (justified, other) in {
        **groups,
        TOTAL: [sum(each) for each in zip(*groups.values(), strict=True)],
    }.items():
        counts |= {(group, "justified"): justified, (group, "other"): other, (group, "reviewed"): justified + other}
    relations = [{(group, "reviewed"): 1, (group, "justified"): -1, (group, "other"): -1} for group in (*groups, TOTAL)]
    relations += [
        {(TOTAL, part): 1, **{(group, part): -1 for group in groups}} for part in ("justified", "other", "reviewed")
    ]
    hidden = to_hide(counts, relations)
    labels = {code.code: code.label for code in codeset("ethnicity_group")}

    def shown(group: str, part: str) -> int | None:
        return None if (group, part) in hidden else counts[group, part]

    return [
        Alarms(labels.get(group, group), shown(group, "reviewed"), shown(group, "justified"))
        for group in (*sorted(groups), TOTAL)
    ]
