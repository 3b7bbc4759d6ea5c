"""Names and numbers that cannot be anybody's: surnames put together from made-up parts, NHS numbers from the range kept for tests.

Forenames are ordinary, from many traditions, so that lists read as lists do. Every surname ends in a word that says it is made up.
"""

from __future__ import annotations

from sightline.engine.synthetic.chance import Chance
from sightline.standards.identifiers import upn_letter

BEGINNINGS = (
    "Acorn", "Alder", "Amber", "Anvil", "Arbor", "Beacon", "Bracken", "Briar", "Cinder", "Cobalt", "Copper", "Cotton", "Damson", "Dapple",
    "Drift", "Ember", "Fallow", "Feather", "Fern", "Flint", "Gable", "Garnet", "Ginger", "Harbour", "Heather", "Hollow", "Indigo", "Ivory",
    "Jasper", "Juniper", "Kestrel", "Lantern", "Larch", "Linden", "Marble", "Meadow", "Nettle", "Nutmeg", "Ochre", "Orchard", "Pebble",
    "Quarry", "Quill", "Rowan", "Russet", "Saffron", "Shingle", "Slate", "Tansy", "Thistle", "Timber", "Umber", "Velvet", "Willow", "Yarrow",
)  # fmt: skip
ENDINGS = ("mock", "sample", "testcase", "example", "invented", "fictive", "specimen", "madeup")
GIRLS = (
    "Aisha", "Amelia", "Anika", "Beatriz", "Bethany", "Carys", "Chloe", "Daria", "Demi", "Ebony", "Elif", "Ella", "Esme", "Fatima", "Freya",
    "Grace", "Hana", "Imogen", "Isla", "Jasmine", "Kezia", "Lacey", "Layla", "Lily", "Maja", "Maryam", "Megan", "Naomi", "Nia", "Olivia",
    "Poppy", "Priya", "Rosa", "Ruby", "Safa", "Scarlett", "Shanice", "Sienna", "Tegan", "Yasmin", "Zara", "Zofia",
)  # fmt: skip
BOYS = (
    "Aaron", "Adam", "Ahmed", "Alfie", "Amir", "Ben", "Callum", "Dawid", "Dylan", "Elijah", "Emre", "Ethan", "Finley", "George", "Hamza",
    "Harry", "Idris", "Jack", "Jakub", "Jamal", "Kai", "Kofi", "Leo", "Logan", "Marcus", "Mateo", "Nathan", "Noah", "Omar", "Oscar", "Rafael",
    "Rhys", "Riley", "Rohan", "Ryan", "Samir", "Theo", "Tobias", "Toby", "Tyler", "Yusuf", "Zac",
)  # fmt: skip


class Names:
    """Draws names from one stream of chance."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def surname(self) -> str:
        """A surname nobody has."""
        return self._chance.choice(BEGINNINGS) + self._chance.choice(ENDINGS)

    def forename(self, sex: str) -> str:
        """A forename, either kind where the sex is not known."""
        return self._chance.choice(GIRLS if sex == "F" else BOYS if sex == "M" else GIRLS + BOYS)

    def full(self) -> str:
        """Forename and surname of a grown-up."""
        return f"{self.forename(self._chance.choice('FM'))} {self.surname()}"


def nhs_number(place: int) -> str:
    """The number at a place of the test range (999 000 0000 and on) that has a valid check digit."""
    body = 999_000_000 + place % 1_000_000
    while True:
        check = 11 - sum(int(digit) * weight for digit, weight in zip(str(body), range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{body}{0 if check == 11 else check}"
        body = 999_000_000 + (body - 999_000_000 + 1) % 1_000_000


def pupil_number(place: int, authority: str) -> str:
    """A pupil number of an authority (its number of three digits) with a valid check letter, and of a school
    that there is not: those of schools begin at 1000.
    """
    digits = f"{authority}0{place % 100_000_000:08d}"
    return f"{upn_letter(digits)}{digits}"
