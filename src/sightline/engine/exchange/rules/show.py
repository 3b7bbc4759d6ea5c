"""A validation as JSON, CSV, a page or a workbook."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from sightline.engine.exchange.rules.result import Location, Outcome, RuleResult, RunResult
from sightline.engine.exchange.rules.validation import SchemaFault, Validation
from sightline.engine.exchange.spreadsheets import safe

COLUMNS = ("rule", "outcome", "severity", "message", "cause", "table", "row", "fields", "child")
#: A page or a workbook of more rows than this helps nobody, and a sheet can hold little more.
MOST_ROWS = 1_000_000


def as_json(found: Validation) -> str:
    """Everything, as one object: a line for each rule, and one for each faulty row."""
    return "".join(json_parts(found))


def json_parts(found: Validation) -> Iterator[str]:
    """The same piece by piece: a large return may have a million faulty rows."""
    about = {
        "return": found.result.return_,
        "year": found.result.year,
        "ready_to_submit": found.ready,
        "rows": found.rows,
        "counts": found.counts(),
        "notes": found.notes,
        "schema": [{"line": one.line, "message": one.message} for one in found.schema],
    }
    yield json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    yield ',\n "rules": ['
    for number, one in enumerate(found.result):
        yield ",\n  " if number else "\n  "
        yield from _rule(one)
    yield "\n ]\n}"


def _rule(one: RuleResult) -> Iterator[str]:
    about = {
        "code": one.code,
        "outcome": one.outcome.value,
        "severity": one.severity,
        "message": one.message,
        "cause": one.cause,
    }
    yield _compact(about).removesuffix("}")
    yield ', "locations": ['
    for number, at in enumerate(one.locations):
        yield ",\n   " if number else "\n   "
        yield _compact({"table": at.table, "row": at.row, "fields": at.fields, "child": at.child})
    yield "]}"


#: Without an indent the library encodes in C, some twenty times as fast.
_compact = json.JSONEncoder(ensure_ascii=False).encode


def from_json(text: str) -> Validation:
    """The validation that `as_json` wrote."""
    held = json.loads(text)
    rules = {
        one["code"]: RuleResult(
            one["code"],
            one["message"],
            one["severity"],
            Outcome(one["outcome"]),
            tuple(Location(at["table"], at["row"], tuple(at["fields"]), at["child"]) for at in one["locations"]),
            one["cause"],
        )
        for one in held["rules"]
    }
    schema = tuple(SchemaFault(one["line"], one["message"]) for one in held["schema"])
    result = RunResult(held["return"], held["year"], rules)
    return Validation(result, held["rows"], schema, tuple(held["notes"]))


def lines(found: Validation) -> Iterator[tuple[Any, ...]]:
    """A line for each faulty row, and one for each rule without any; lines of the schema follow."""
    for one in found.result:
        about = (one.code, one.outcome.value, one.severity, one.message, one.cause)
        for at in one.locations:
            yield (*about, at.table, at.row, " ".join(at.fields), at.child)
        if not one.locations:
            yield (*about, "", "", "", "")
    for fault in found.schema:
        yield ("schema", Outcome.FAILED.value, "", fault.message, "", "file", fault.line, "", "")


def as_csv(found: Validation) -> str:
    """A table of `lines`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in line] for line in lines(found))
    return out.getvalue()


def as_xlsx(found: Validation) -> bytes:
    """A workbook: the rules on one sheet, the faulty rows on another."""
    book = Workbook(write_only=True)
    summary = book.create_sheet("Rules")
    summary.append(["Rule", "Outcome", "Severity", "Faulty rows", "Message", "Cause"])
    for one in found.result:
        summary.append(
            [
                safe(cell)
                for cell in (one.code, one.outcome.value, one.severity, len(one.locations), one.message, one.cause)
            ]
        )
    rows = book.create_sheet("Rows")
    rows.append([name.capitalize() for name in COLUMNS])
    for number, line in enumerate(lines(found)):
        if number >= MOST_ROWS:
            break
        if line[5]:
            rows.append([safe(cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(found: Validation) -> str:
    """A page that stands by itself."""
    title = f"{found.result.return_} {found.result.year}: " + (
        "ready to submit" if found.ready else "not ready to submit"
    )
    counts = "".join(f"<li>{count} {html.escape(name)}</li>" for name, count in found.counts().items())
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in found.notes)
    rules = "".join(_section(one) for one in found.result if one.outcome in (Outcome.FAILED, Outcome.COULD_NOT_RUN))
    schema = "".join(f"<li>Line {one.line}: {html.escape(one.message)}</li>" for one in found.schema)
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{html.escape(title)}</h1>"
        f"<ul>{counts}</ul>{notes}{rules or '<p>No rule failed.</p>'}"
        + (f"<h2>Where the file breaks the schema</h2><ul>{schema}</ul>" if schema else "")
        + "</main></body></html>"
    )


_STYLE = (
    "body{font-family:Arial,sans-serif;line-height:1.4;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #b1b4b6;padding:.4rem;text-align:left;vertical-align:top}"
    ".wide{overflow-x:auto}"
)


def _section(one: RuleResult) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(at.table)}</td><td>{at.row}</td><td>{html.escape(' '.join(at.fields))}</td><td>{html.escape(at.child)}</td></tr>"
        for at in one.locations
    )
    table = (
        f"<div class='wide' tabindex='0' role='region' aria-label='Rows of rule {html.escape(one.code)}'><table><thead><tr>"
        "<th scope='col'>Table</th><th scope='col'>Row</th><th scope='col'>Fields</th><th scope='col'>Child</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    severity = f" ({html.escape(one.severity)})" if one.severity in ("error", "query") else ""
    return (
        f"<h2>Rule {html.escape(one.code)}{severity}: {html.escape(one.outcome.value)}</h2><p>{html.escape(one.message)}</p>"
        + (f"<p>{html.escape(one.cause)}</p>" if one.cause else "")
        + (table if rows else "")
    )
