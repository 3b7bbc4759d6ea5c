"""A database that dies in the middle of an import has nothing of it afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from sightline.runtime import postgres

from .files import assessment, census, child, enquiry, episode

IMPORT = """
import sys
from pathlib import Path
from sightline.runtime import database
database.set_up_django()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from sightline.core.errors import Problem
from sightline.engine.exchange import writer
from sightline.engine.exchange.run import Request, import_path
writer.CHUNK_ROWS = 500
merge = writer.Writer.merge
def and_say_so(self, chunk):
    merge(self, chunk)
    print("chunk written", flush=True)
writer.Writer.merge = and_say_so
path = Path(sys.argv[1])
try:
    import_path(Request(path=path, format="cin", period="2021-22", by="a test", keep_in=path.parent / "received"))
except Problem as problem:
    print(problem.what, flush=True)
"""
TABLES = (
    "people_person",
    "cases_case",
    "records_change",
    "exchange_receivedfile",
    "exchange_quarantinedrow",
    "organisations_organisation",
)


def test_kill_9_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "census.xml"
    inside = assessment("2021-05-04", "2021-06-10", "3B", "4B") + enquiry("2021-05-04", "2021-05-20")
    path.write_text(census(child(f"C{number}", episode("2021-05-04", inside)) for number in range(3000)))
    with postgres.throwaway() as cluster:
        address = cluster.address()
        url = f"postgresql:///{address.dbname}?host={address.host}&port={address.port}&user={address.user}"
        importing = subprocess.Popen(
            [sys.executable, "-c", IMPORT, str(path)],
            env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "sightline.settings"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert importing.stdout is not None
        assert importing.stdout.readline() == "chunk written\n"
        assert importing.stdout.readline() == "chunk written\n"
        postmaster = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        said, _ = importing.communicate(timeout=60)
        assert said.splitlines()[-1] == "The database was lost during the import: nothing of it is in the record"
        with psycopg.connect(_again(cluster).conninfo()) as connection:
            for table in TABLES:
                (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (None,)
                assert (table, count) == (table, 0)
    assert list((tmp_path / "received").iterdir()) == []


def _again(cluster: postgres.Cluster) -> postgres.Address:
    """Starts the server anew; its orphaned processes may need a moment to notice that it died."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return cluster.ensure_running()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
