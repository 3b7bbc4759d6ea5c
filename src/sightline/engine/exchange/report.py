"""What came of an import, for people and for programs. It names lines and reasons, never a child."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count

from sightline.engine.exchange.models import QuarantinedRow
from sightline.engine.exchange.writer import OUTCOMES, REMOVED, UPDATED, WRITTEN

SHOWN = 20


@dataclass
class Report:
    """One import. `records` counts, by record, what was written, updated, unchanged, removed, or held by a later return."""

    format: str
    title: str
    area: str
    area_name: str
    area_known: bool
    period: str
    source_system: str
    sha256: str
    changed: bool = True
    earlier_import: str = ""
    seconds: float = 0.0
    children: int = 0
    children_quarantined: int = 0
    read: dict[str, int] = field(default_factory=dict)
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    kept_not_recorded: dict[str, int] = field(default_factory=dict)
    kept_not_as_the_layout: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    covered: list[str] = field(default_factory=list)
    deadlines: int | None = None
    deadline_seconds: float | None = None
    notes: list[str] = field(default_factory=list)
    file: int | None = None

    @property
    def rows(self) -> int:
        """Rows read."""
        return sum(self.read.values())

    def total(self, outcome: str) -> int:
        """Records of one outcome."""
        return sum(found.get(outcome, 0) for found in self.records.values())

    def as_dict(self) -> dict[str, Any]:
        """For the database and for programs."""
        return asdict(self)

    def reasons(self) -> list[dict[str, Any]]:
        """The reasons for quarantine, most frequent first: table, reason, rows."""
        found = QuarantinedRow.objects.filter(file=self.file).values("table", "reason").annotate(rows=Count("id"))
        return [dict(row) for row in found.order_by("-rows", "table", "reason")]

    def quarantined_rows(self) -> Iterator[dict[str, Any]]:
        """Each quarantined row: table, line, reason, and the hash that stands for the child."""
        found = QuarantinedRow.objects.filter(file=self.file).order_by("table", "line", "id")
        for row in found.values("table", "line", "reason", "child_hash").iterator():
            yield dict(row)


def as_json(report: Report) -> str:
    """Everything, with every quarantined row."""
    return json.dumps(report.as_dict() | {"quarantined_rows": list(report.quarantined_rows())}, indent=2)


def as_csv(report: Report) -> str:
    """One tidy table: what kind of fact, about which table or record, which outcome, how many; lines and reasons for quarantined rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("part", "about", "outcome", "count", "line", "reason", "child"))
    writer.writerows(("read", table, "read", count, "", "", "") for table, count in report.read.items())
    for record, found in report.records.items():
        writer.writerows(("record", record, outcome, found.get(outcome, 0), "", "", "") for outcome in OUTCOMES)
    writer.writerows(
        ("kept", table, "kept, not recorded", count, "", "", "") for table, count in report.kept_not_recorded.items()
    )
    writer.writerow(("children", "", "quarantined", report.children_quarantined, "", "", ""))
    writer.writerows(("note", note, "", "", "", "", "") for note in report.notes)
    for row in report.quarantined_rows():
        writer.writerow(("quarantined", row["table"], "", "", row["line"], row["reason"], row["child_hash"]))
    return out.getvalue()


def as_text(report: Report) -> str:
    """For a person at a terminal."""
    lines = [
        f"{report.title[0].upper()}{report.title[1:]} {report.period}, {report.area_name} ({report.area})",
        f"Source {report.source_system}, SHA-256 {report.sha256[:16]}",
        "",
    ]
    if not report.changed:
        lines += [f"Nothing changed: the same file was imported on {report.earlier_import}.", ""]
    lines.append(f"Read {report.rows:,} rows of {report.children:,} children in {report.seconds:.1f} s")
    lines += [f"  {table:<28}{count:>10,}" for table, count in report.read.items()]
    lines += ["", f"{'Record':<30}{'written':>10}{'updated':>10}{'unchanged':>11}{'removed':>10}"]
    for record, found in report.records.items():
        numbers = [found.get(outcome, 0) for outcome in OUTCOMES]
        if any(numbers):
            lines.append(f"  {record:<28}{numbers[0]:>10,}{numbers[1]:>10,}{numbers[2]:>11,}{numbers[3]:>10,}")
    if report.kept_not_recorded:
        lines += ["", "Kept, not recorded yet"]
        for table, count in report.kept_not_recorded.items():
            odd = report.kept_not_as_the_layout.get(table, 0)
            lines.append(f"  {table:<28}{count:>10,}" + (f"   {odd:,} not as the layout asks" if odd else ""))
    lines += ["", f"Quarantined: {report.children_quarantined:,} children, kept out of the record until mended"]
    lines += [f"  {row['rows']:>6,}  {row['table']}: {row['reason']}" for row in report.reasons()[:SHOWN]]
    rows = list(islice(report.quarantined_rows(), SHOWN))
    lines += ["  First lines:"] if rows else []
    lines += [f"    {row['table']} line {row['line']}: {row['reason']} (child {row['child_hash']})" for row in rows]
    if sum(report.quarantined.values()) > len(rows):
        lines.append("    --format csv lists every line")
    if report.notes:
        lines += ["", "Notes", *(f"  {note}" for note in report.notes)]
    covered = ", ".join(report.covered) or "nothing"
    lines += ["", f"The record now covers {covered} for {report.area_name}, {report.period}."]
    if report.changed:
        lines.append(
            f"{report.total(WRITTEN):,} records written, {report.total(UPDATED):,} updated, {report.total(REMOVED):,} removed."
        )
    return "\n".join(lines)
