"""Plans of a case as they are told: all that began by the end of the window, under their own ids, and which of them make a child one to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, QuerySet

from sightline.engine.social_care_api.declarations import Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling


def begun(model: type[Model]) -> Callable[[Telling], Iterator[Told]]:
    """Tells the plans of a type."""

    def tell(telling: Telling) -> Iterator[Told]:
        rows = telling.about(model).filter(start_date__lte=telling.window.end)
        for row in rows.order_by("start_date", "pk"):
            values = {"start_date": row.start_date, "end_date": telling.window.by_then(row.end_date)}
            yield Told(row.person_id, values, str(row.pk), within=case_id(row.case_id))

    return tell


def running(model: type[Model]) -> Callable[[Telling], QuerySet[Any]]:
    """The plans of a type that ran in the window."""
    return lambda telling: telling.rows(model).filter(telling.window.during())
