"""The tests' own database: the one that models are written to here is a throw-away."""

import pytest
from django.db import connection

from sightline.runtime import postgres


@pytest.mark.django_db
def test_tests_never_reach_the_installation_s_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), current_setting('fsync'), current_setting('unix_socket_directories')"
        )
        name, fsync, socket_dir = cursor.fetchone()
    assert name.startswith("test_")
    assert fsync == "off"
    assert socket_dir != postgres.embedded().address().host
