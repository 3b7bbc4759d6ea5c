"""Who provides each placement: invented agencies and homes with invented Ofsted numbers, and the list of them that a return is held against.

A fostering or adoption agency has many carers under one number, wherever they live; a home has its own number and one address. Ofsted registers
providers in England only. Source: DfE SSDA903 guide, placement provider and URN.
"""

from __future__ import annotations

from sightline.engine.synthetic import places
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.providers import Provider
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.stays import REGISTERED_SINCE, Stay

AGENCIES = {"PR1": 1, "PR2": 1, "PR4": 6, "PR5": 2}  # agencies of each sector that the authority places with
HOMES = ("K1", "K2", "R3", "S1")
FREE_OF = ("T", "Z")  # temporary stays, and placements of no listed type


class Providers:
    """Settles who provides what, and keeps the list of all providers met."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.around = places.around(world.profile.area)
        self.known: dict[tuple[str, ...], Provider] = {}
        self._sectors: dict[tuple[int, str], str] = {}

    def of(self, chance: Chance, stay: Stay) -> tuple[str, str]:
        """The provider's sector and number, each blank where the placement has none."""
        # The same people stay what they are when the type of the placement changes.
        same = (id(stay.island), "A" if stay.code[0] == "A" else "T" if stay.code.startswith(FREE_OF) else "")
        sector = self._sectors.setdefault(same, self._sector(chance, stay))
        where = self.around.authorities[stay.island.place]
        if not sector or not self._registered(stay) or not where.startswith("E"):
            return sector, ""
        key, authority, outward = self._who(chance, stay, sector, where)
        if key not in self.known:
            urn = f"SC9{self.world.block:02d}{len(self.known):04d}"
            self.known[key] = Provider(urn, sector, authority, outward)
        found = self.known[key]
        found.codes.add(stay.code)
        return sector, found.urn

    def _sector(self, chance: Chance, stay: Stay) -> str:
        code, outside = stay.code, bool(stay.island.outside)
        if code == "P1":
            return "PR0"
        if code.startswith(FREE_OF):
            return ""
        if code == "R2":
            return "PR3"
        if code[0] == "A":
            return chance.pick({"PR1": 65, "PR2": 15, "PR5": 20})
        if code[0] == "U":
            own = not outside and chance.random() < 0.75
            return "PR1" if own else chance.pick({"PR4": 80, "PR5": 12, "PR1": 8})
        # What is the authority's own lies in its area.
        return chance.pick({"PR1": 0 if outside else 25, "PR4": 70, "PR5": 8})

    def _registered(self, stay: Stay) -> bool:
        if stay.code == "H5":
            return stay.end is None or stay.end >= REGISTERED_SINCE
        return stay.code[0] in "AU" or stay.code in (*HOMES, "K3")

    def _who(self, chance: Chance, stay: Stay, sector: str, where: str) -> tuple[tuple[str, ...], str, str]:
        """What tells one provider from another, the authority it is in, and the first part of its postcode."""
        if stay.code[0] in "AU":
            number = chance.randrange(AGENCIES[sector])
            return (stay.code[0], sector, str(number)), self._office(sector), ""
        if stay.code in HOMES:
            postcode = self.around.postcodes[stay.island.place]
            return (stay.code, sector, postcode), where, postcode.rpartition(" ")[0]
        return ("supported", sector, where), where, ""

    def _office(self, sector: str) -> str:
        """Another authority's agency is not in this one."""
        here = self.world.profile.area
        return next(one for one in self.around.authorities if one != here) if sector == "PR2" else here
