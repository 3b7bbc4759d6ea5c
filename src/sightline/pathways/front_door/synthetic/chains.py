"""Re-referrals: which referral follows which in one family, exactly as many within twelve months as the profile says."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.world import World
from sightline.pathways.front_door.synthetic.needs import Need

MONTHS = 12
LOOKED_AT = 240  # places tried before a referral is taken to be the family's first
LONGEST = 4  # referrals of one family


class Pools:
    """Referrals that another could follow, by size of family and by when the family could be referred again."""

    def __init__(self, needs: Sequence[Need]) -> None:
        by_size: dict[int, list[tuple[Day, int, Need]]] = defaultdict(list)
        for number, need in enumerate(needs):
            if need.over is not None and need.year:
                by_size[need.size].append((need.over, number, need))
        self._needs = {
            size: [need for *_, need in sorted(found, key=lambda f: f[:2])] for size, found in by_size.items()
        }
        self._over = {size: sorted(over for over, *_ in found) for size, found in by_size.items()}

    def before(self, chance: Chance, need: Need) -> Need | None:
        """A referral that this one can follow within twelve months; None when there is none near."""
        pool = self._needs.get(need.size, [])
        limit = days.add_months(need.start, -MONTHS)
        place = bisect_left(self._over.get(need.size, []), need.start) - chance.between(0, 60) - 1
        for i in range(place, max(-1, place - LOOKED_AT), -1):
            other = pool[i]
            if (
                other.following is None
                and other.start >= limit
                and other is not need
                and (other.over or 0) < need.start
            ):
                return other
        return None


def link(world: World, needs: Sequence[Need]) -> None:
    """Link so many referrals of each year to an earlier one."""
    chance = world.chance("re-referrals")
    pools = Pools(needs)
    referrals = world.profile.referrals
    for name, wanted in (
        ("earlier", referrals.earlier.repeated),
        ("prior", referrals.prior.repeated),
        ("year", referrals.year.repeated),
    ):
        left = wanted
        for need in chance.mixed([need for need in needs if need.year == name]):
            if left <= 0:
                break
            if need.size > left or need.previous is not None:
                continue
            previous = pools.before(chance, need)
            if previous is None or _length(previous) >= LONGEST:
                continue
            need.previous, previous.following = previous, need
            left -= need.size


def _length(need: Need) -> int:
    count = 1
    while need.previous is not None:
        need = need.previous
        count += 1
    return count


def chain(need: Need) -> list[Need]:
    """A family's referrals in order, from its first."""
    found = [need]
    while found[-1].following is not None:
        found.append(found[-1].following)
    return found
