"""What the preview of a form costs: the rules of the returns being collected that concern a record, for one child, beside the floor.

Processor time of this process, best of several, since other work on the machine disturbs it least. `anew` opens and lays out a database for each
run, as a whole return does; `first` is the first preview of its kind in a process, which plans what the later ones use. The floor is reading the
rows that the returns' tables are told from, and nothing else.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from bench.ruler import load_average, note, processors, throwaway_installation, timed

#: Records whose forms feed a return: the youngest that is open.
LABELS = ("child_protection.Section47", "assessment.Assessment", "cases.Case", "looked_after.Episode")
TIMES = 10


def main() -> None:
    """Prints a line for each kind of record."""
    note(f"Previews: {processors()}, {load_average()}")
    with throwaway_installation():
        from sightline.engine.synthetic.load import load
        from sightline.engine.synthetic.makers import profile_from_benchmarks

        profile = replace(profile_from_benchmarks("Derbyshire", 2025), year_end=date(2025, 3, 31))
        timed("a county", lambda: load(profile, scale=0.02, seed=5))
        for label in LABELS:
            _measure(label)


def _measure(label: str) -> None:
    from sightline.engine.return_issues import preview

    record = _youngest(label)
    asked = preview.concerned([record], [record.person_id])
    first = _processor(lambda: preview.failing(asked))
    kept = min(_processor(lambda: preview.failing(asked)) for _ in range(TIMES))
    with _anew():
        anew = min(_processor(lambda: preview.failing(asked)) for _ in range(TIMES))
    floor = min(_processor(lambda: _read(asked)) for _ in range(TIMES))
    rules = " and ".join(f"{len(one.rules)} of {one.collection.name} {one.collection.label}" for one in asked)
    note(
        f"{label:<28} {kept * 1000:5.0f} ms   anew {anew * 1000:5.0f} ms   {anew / kept:4.1f} x   first {first * 1000:5.0f} ms"
        f"   floor {floor * 1000:4.0f} ms   rules: {rules}"
    )


def _youngest(label: str) -> Any:
    from django.apps import apps

    model = apps.get_model(label)
    rows = model._default_manager.order_by("pk")
    spells = any(field.name == "end_date" for field in model._meta.fields)
    return (rows.filter(end_date=None) if spells else rows).last() or rows.last()


def _processor(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


@contextmanager
def _anew():  # type: ignore[no-untyped-def]  # gives nothing
    from sightline.engine.return_issues import finding

    few, finding.A_FEW = finding.A_FEW, 0
    try:
        yield
    finally:
        finding.A_FEW = few


def _read(asked: Any) -> None:
    from django.db import connection

    from sightline.engine.exchange.telling import told_from

    for one in asked:
        models = told_from(one.collection.name, one.collection.period.end.year)
        with connection.cursor() as cursor:
            for model in models:
                key = "person_id" if any(field.name == "person" for field in model._meta.fields) else "id"
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE {key} = ANY(%s)', [list(one.people)])  # noqa: S608 (own tables)
                cursor.fetchall()


if __name__ == "__main__":
    main()
