"""Write `data/calendar/england_working_days.csv`: `python -m sightline.standards.build_calendar`.

A working day in England is a weekday that is not a bank holiday (Christmas Day and Good Friday are among those listed). Bank holidays come
from the `holidays` library, which follows the Banking and Financial Dealings Act 1971 and the one-off royal proclamations. Beyond
`PUBLISHED_TO`, the last year that GOV.UK has announced, the same rules are carried on and the rows are marked `projected`: a
proclamation yet to be made can still add or move a day. When that happens update the library, raise `PUBLISHED_TO`, run this again and
commit the table and its new hash (`python -m sightline.standards.manifest --write`).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from sightline.standards.data import data_dir

FIRST, LAST = date(1990, 1, 1), date(2040, 12, 31)
PUBLISHED_TO = 2028
COLUMNS = ("day", "is_working_day", "working_day_number", "holiday", "basis")


def bank_holidays() -> dict[date, str]:
    """English bank holidays that fall on a weekday, with their names. The library also lists weekend dates that a substitute day replaces."""
    import holidays

    years = range(FIRST.year, LAST.year + 1)
    listed = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return {day: name for day, name in sorted(listed.items()) if day.weekday() < 5}


def rows(closed: dict[date, str]) -> list[tuple[str, str, int, str, str]]:
    """One row per day. The running number counts working days up to and including the day, so a closed day repeats the last one."""
    number, day, table = 0, FIRST, []
    while day <= LAST:
        working = day.weekday() < 5 and day not in closed
        number += working
        basis = "published" if day.year <= PUBLISHED_TO else "projected"
        table.append((day.isoformat(), "yes" if working else "no", number, closed.get(day, ""), basis))
        day += timedelta(days=1)
    return table


def write(path: Path) -> int:
    """Write the table and return the number of rows."""
    table = rows(bank_holidays())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(table)
    return len(table)


if __name__ == "__main__":
    target = data_dir() / "calendar" / "england_working_days.csv"
    print(f"{write(target)} days written to {target}")
