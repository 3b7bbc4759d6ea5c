"""SSDA903, the return of children looked after in England and of care leavers."""

from sightline.core.registry import modules_in
from sightline.engine.exchange.rules.declarations import Return
from sightline.returns.ssda903 import rules
from sightline.returns.ssda903.facts import FACTS
from sightline.returns.ssda903.places import prepare
from sightline.returns.ssda903.reading import blanks, read, unread
from sightline.returns.ssda903.tables import RULE_TABLES, TABLES

RETURN = Return(
    name="ssda903",
    title="SSDA903 return",
    layout=TABLES,
    tables=RULE_TABLES,
    facts=FACTS,
    rules=tuple(one for module in modules_in(rules) for one in module.RULES),
    day_format="%d/%m/%Y",
    prepare=prepare,
    read=read,
    unread=unread,
    layout_faults=blanks,
    due=(6, 30),
)
