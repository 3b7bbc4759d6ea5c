"""Rules about who a child is: the header."""

from sightline.engine.exchange.rules.declarations import rule

RULES = (
    rule(
        "101",
        "Header",
        "SEX",
        "SEX IS NULL OR SEX NOT IN {sex}",
        fails=[{"Header": [{"CHILD": "1", "SEX": "9"}]}, {"Header": [{"CHILD": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "SEX": "M"}]}],
    ),
    rule(
        "102",
        "Header",
        "DOB",
        "DOB IS NULL",
        fails=[{"Header": [{"CHILD": "1", "DOB": "31/02/2015"}]}, {"Header": [{"CHILD": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "DOB": "28/02/2015"}]}],
    ),
)
