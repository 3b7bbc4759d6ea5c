"""The pages of rules: what the Department says, what is asked of the rows, and worked examples that the tests run."""

from __future__ import annotations

from sightline.engine.docs import table
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.exchange.rules.declarations import Example, Find, Return, Rule
from sightline.engine.exchange.rules.registry import return_named

#: More than so many conditions of one rule are shown as a table.
MANY = 6
_INTRODUCTION = """\
# Rules of the {title}

{count} rules. Each message is {messages}; beneath it stands what is asked of the rows of
which table, in the words of the rule's own declaration, and small returns in which it fails or passes. The tests run every one of these
examples. A fact that rules share is a table of its own, at the end of this page.

A rule **passes**, **fails** (with the rows), is **not applicable** (the return has no rows for it) or **could not run** (something that it needs was
not given, such as the return of the year before or Ofsted's list of providers). A return with a rule that could not run is not ready to submit.
"""


def cin() -> str:
    """The page of the children in need census."""
    return _page(return_named("cin"))


def ssda903() -> str:
    """The page of SSDA903."""
    return _page(return_named("ssda903"))


def annexa() -> str:
    """The page of Ofsted's Annex A."""
    return _page(return_named("annexa"))


def ssd() -> str:
    """The page of the Standard Safeguarding Dataset."""
    return _page(return_named("ssd"))


def _page(held: Return) -> str:
    every = listed(held.name)
    declared: dict[str, list[Rule]] = {}
    for rule in held.rules:
        declared.setdefault(rule.code, []).append(rule)
    lines = [_INTRODUCTION.format(title=held.title, count=len(every), messages=held.messages)]
    for one in every.values():
        lines += _rule(one, declared.get(one.code, []))
    lines += ["## Facts that rules share", ""]
    for fact in held.facts:
        lines += [f"### `{fact.name}`", "", fact.about, "", "```sql", fact.select, "```", ""]
    return "\n".join(lines)


def _rule(one: Listed, rules: list[Rule]) -> list[str]:
    severity = f" {one.severity.capitalize()}." if one.severity in ("error", "query") else ""
    lines = [f"## {one.code}", "", f"{_plain(one.message)}", "", f"In force: {_years(one)}.{severity}", ""]
    if not rules:
        return [*lines, "Not yet run.", ""]
    for rule in rules:
        if rule.since or rule.until != 9999:
            lines += [f"Worded so {_span(rule)}:", ""]
        if rule.choice:
            lines += [f"Choice: {rule.choice}", ""]
        if rule.of_authority:
            lines += ["Could not run where the authority whose return it is was not given.", ""]
        if rule.whole:
            lines += ["Judges the return as a whole.", ""]
        lines += _finds(rule.finds)
        lines += _examples("Fails", rule.fails) + _examples("Passes", rule.passes)
    return lines


def _finds(finds: tuple[Find, ...]) -> list[str]:
    """What each of them asks; where a rule asks the same of many columns, one line for each."""
    if len(finds) <= MANY:
        return [line for find in finds for line in _find(find)]
    rows = [(find.table, ", ".join(find.fields), f"`{_plain(find.select or find.where)}`") for find in finds]
    return [*table(("Finds rows of", "Fields", "Where"), rows), ""]


def _find(find: Find) -> list[str]:
    asked = find.select or find.where
    return [
        f"Finds rows of **{find.table}** ({', '.join(f'`{one}`' for one in find.fields)}):",
        "",
        "```sql",
        asked,
        "```",
        "",
    ]


def _examples(title: str, examples: tuple[Example, ...]) -> list[str]:
    lines: list[str] = []
    for example in examples:
        at = ", ".join(f"{name} row {row}" for name, row in example.rows)
        lines += [f"{title}{f' at {at}' if at else ''}:", ""]
        for name, rows in example.tables.items():
            columns = tuple(dict.fromkeys(column for row in rows for column in row))
            if not columns:
                lines += [f"{name}: no rows.", ""]
                continue
            cells = [(str(n), *(str(row.get(column, "")) for column in columns)) for n, row in enumerate(rows)]
            lines += [*table((f"{name}", *columns), cells), ""]
    return lines


def _years(one: Listed) -> str:
    first, last = min(one.years), max(one.years)
    return (
        f"{first - 1}/{first % 100:02d}"
        if first == last
        else f"{first - 1}/{first % 100:02d} to {last - 1}/{last % 100:02d}"
    )


def _span(rule: Rule) -> str:
    since = f"from {rule.since - 1}/{rule.since % 100:02d}" if rule.since else ""
    until = f"until {rule.until - 1}/{rule.until % 100:02d}" if rule.until != 9999 else ""
    return " ".join(filter(None, (since, until)))


def _plain(text: str) -> str:
    return " ".join(text.split())
