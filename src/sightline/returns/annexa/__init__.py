"""Annex A: the lists of children that Ofsted asks for when it inspects a local authority's children's services."""

from sightline.engine.exchange.rules.declarations import Return
from sightline.engine.exchange.rules.layouts import rule_tables
from sightline.returns.annexa.facts import FACTS
from sightline.returns.annexa.reading import faults, read
from sightline.returns.annexa.rules import RULES
from sightline.returns.annexa.tables import CHOICES, TABLES

RETURN = Return(
    name="annexa",
    title="Annex A lists",
    layout=TABLES,
    tables=rule_tables(TABLES),
    facts=FACTS,
    rules=RULES,
    day_format="%d/%m/%Y",
    read=read,
    layout_faults=faults,
    workbooks=True,
    by_day=True,
    messages="ours, since Ofsted publishes no rules",
    lists={name: choices.names for name, choices in CHOICES.items()},
)
