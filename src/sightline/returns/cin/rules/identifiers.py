"""Rules about who a child is: identifiers, dates of birth and death, characteristics."""

from sightline.engine.exchange.rules.declarations import rule

RULES = (
    rule(
        "8500",
        "ChildIdentifiers",
        "LAchildID",
        "LAchildID IS NULL",
        fails=[{"ChildIdentifiers": [{"PersonBirthDate": "2015-01-01"}]}],
        passes=[{"ChildIdentifiers": [{"LAchildID": "1"}]}],
    ),
)
