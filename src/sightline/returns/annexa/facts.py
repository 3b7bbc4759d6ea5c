"""What several rules of Annex A ask, worked out once."""

from sightline.engine.exchange.rules.declarations import Fact
from sightline.returns.annexa.tables import BORN, CHILD, TABLES

#: Lists that give a date of birth.
WITH_BIRTH = tuple(table.name for table in TABLES if any(column.name == BORN for column in table.columns))

FACTS = (
    Fact(
        "birth",
        "Each date of birth that a list gives for a child.",
        " UNION ".join(
            f'SELECT "{CHILD}" AS who, "{BORN}" AS born FROM "{name}" WHERE "{CHILD}" IS NOT NULL AND "{BORN}" IS NOT NULL'
            for name in WITH_BIRTH
        ),
    ),
)
