"""The children in need census."""

from sightline.core.registry import modules_in
from sightline.engine.exchange.rules.declarations import Return
from sightline.returns.cin import rules
from sightline.returns.cin.arranging import arrange
from sightline.returns.cin.facts import FACTS
from sightline.returns.cin.parts import upn_authorities
from sightline.returns.cin.reading import read, says
from sightline.returns.cin.schema import schema_faults
from sightline.returns.cin.tables import ITEMS, RULE_TABLES, TABLES, TOLD_AS, prepare

RETURN = Return(
    name="cin",
    title="children in need census",
    layout=TABLES,
    tables=RULE_TABLES,
    facts=FACTS,
    rules=tuple(one for module in modules_in(rules) for one in module.RULES),
    day_format="%Y-%m-%d",
    prepare=prepare,
    read=read,
    due=(7, 31),
    says=says,
    schema_faults=schema_faults,
    of_figures=frozenset(("2886Q", "2887Q", "2888Q")),
    told_as=TOLD_AS,
    holds=frozenset(("CINdetails", "ChildProtectionPlans")),
    arrange=arrange,
    lists={"upn_authority": upn_authorities},
    items=ITEMS,
)
