"""What the Department's API accepted of each child, in the Standard Safeguarding Dataset. Written, and not read: what another system sent is no
promise of this one.

The payload is left out. It was made for the Department of all that is on record, and may tell what whoever makes the dataset may not see.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import TableWriter, Told
from sightline.returns.ssd.tables import TABLE

STAGING = TABLE["ssd_api_data_staging"]
SENT, UNCHANGED = "Sent", "unchanged"


def _accepted(cut: Cut) -> Iterator[Told]:
    """The state of each child with each service that accepted them by the end of the return."""
    rows = cut.rows(apps.get_model("social_care_api.SentChild"))
    held = rows.filter(cut.about_children(), payload__isnull=False, accepted_at__date__lte=cut.end)
    for row in cut.told(held, "pk", "sha256", "accepted_at", "receipt", order=("service",)):
        day = row["accepted_at"].date()
        values = {
            "id": row["pk"],
            "person_id": row["reference"],
            "current_hash": row["sha256"],
            "submission_status": SENT,
            "submission_timestamp": day,
            "api_response": row["receipt"],
            "row_state": UNCHANGED,
            "last_updated": day,
        }
        yield Told(row["child"], values)


WRITERS = (TableWriter("ssd", STAGING.name, _accepted),)
