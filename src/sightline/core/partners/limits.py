"""How often a client may call: a count for each minute, in the database, so that all servers agree."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from sightline.core.partners.models import Client

#: Attempts to get a token in a minute, right or wrong.
TOKENS_PER_MINUTE = 30

_COUNT = """
    INSERT INTO partners_callcount AS held (client_id, kind, minute, calls) VALUES (%s, %s, date_trunc('minute', %s::timestamptz), 1)
    ON CONFLICT (client_id, kind, minute) DO UPDATE SET calls = held.calls + 1 RETURNING calls"""


def wait(client: Client, kind: str, allowed: int) -> int:
    """Count one call. How many seconds to wait, where it is one too many; else nought."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [client.pk, kind, now])
        calls: int = cursor.fetchone()[0]
    return 60 - now.second if calls > allowed else 0
