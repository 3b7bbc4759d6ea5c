"""The Standard Safeguarding Dataset: 48 tables that authorities' case systems deliver in the same form."""

from sightline.engine.exchange.rules.declarations import Return
from sightline.engine.exchange.rules.layouts import ever, rule_tables
from sightline.returns.ssd.reading import faults, read
from sightline.returns.ssd.rules import RULES
from sightline.returns.ssd.tables import ANSWERS, CODES, TABLES

RETURN = Return(
    name="ssd",
    title="Standard Safeguarding Dataset",
    layout=TABLES,
    tables=rule_tables(TABLES),
    facts=(),
    rules=RULES,
    day_format="%Y-%m-%d",
    read=read,
    layout_faults=faults,
    messages="ours, made from the dataset's own specification",
    lists={**ever(*CODES.values()), ANSWERS.name: ANSWERS.names},
)
