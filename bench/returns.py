"""How fast a return is validated, from files to the full report, and in how much memory.

    .venv/bin/python -m bench.returns [children ...] [--peers PYTHON]

Each size is an invented SSDA903 set of two years and an invented census. `cold` is the command in a process of its own, `again` the same files a
second time in a process that has run the rules once. The floor is a program that only reads the files: DuckDB for CSV, lxml for the census.
`--peers` is the Python of an environment that holds the open validators (see `bench/peers/run.py`), which are run on the same files.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import import_census, invented_903
from bench.ruler import load_average, note, processors

PEER = Path(__file__).parent / "peers" / "run.py"
SIZES = (10_000, 50_000)
#: What the whole of it may take at a size: seconds cold, seconds again, megabytes.
AIMS = {
    ("ssda903", 10_000): (5.0, 3.0, 500),
    ("cin", 10_000): (3.0, 3.0, 500),
    ("ssda903", 50_000): (15.0, 15.0, 2_000),
    ("cin", 50_000): (15.0, 15.0, 2_000),
}


@dataclass(frozen=True)
class Files:
    """The files of one return of one size."""

    return_: str
    children: int
    year: Path
    before: Path | None = None

    @property
    def megabytes(self) -> float:
        """How large they are."""
        every = [self.year, *([self.before] if self.before else [])]
        files = [file for one in every for file in (one.iterdir() if one.is_dir() else [one])]
        return sum(file.stat().st_size for file in files) / 1e6

    def for_the_peer(self) -> list[str]:
        """What the driver of the peers is told."""
        before = ["--last-year", str(self.before)] if self.before else []
        return [self.return_, invented_903.YEAR, str(self.year), *before, "--area", invented_903.AUTHORITY]

    def arguments(self) -> list[str]:
        """What `validate` is told."""
        before = ["--last-year", str(self.before)] if self.before else []
        return [str(self.year), *before, "--return", self.return_, "--year", invented_903.YEAR]


def main(sizes: list[int], returns: list[str], peers: str) -> None:
    """Prints a line for each return and size."""
    note(f"{processors()}, {load_average()}")
    for children in sizes:
        with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
            for files in _made(children, returns, Path(folder)):
                _measure(files, Path(folder), peers)


def _made(children: int, returns: list[str], folder: Path) -> list[Files]:
    made = []
    if "ssda903" in returns:
        made.append(Files("ssda903", children, *invented_903.write(children, folder)))
    if "cin" in returns:
        path = folder / "census.xml"
        import_census.generate(children, path)
        made.append(Files("cin", children, path))
    return made


def _measure(files: Files, folder: Path, peers: str) -> None:
    cold, megabytes = _run(
        [sys.executable, "-m", "sightline.cli", "validate", *files.arguments()], folder / "report.json"
    )
    again, _ = _run([sys.executable, "-m", "bench.returns", "--again", *files.arguments()], folder / "again.json")
    again = json.loads((folder / "again.json").read_text())
    floor = _floor(files)
    note(
        f"{files.return_:<8} {files.children:9,} children {files.megabytes:6.0f} MB   cold {cold:7.2f} s   again {again:7.2f} s"
        f"   peak {megabytes:6.0f} MB   floor {floor:6.2f} s   {cold / floor:5.1f} x the floor   {_against_aim(files, cold, again, megabytes)}"
    )
    if peers:
        seconds, held = _run([peers, str(PEER), *files.for_the_peer()], folder / "peer.json")
        note(f"{'the peer':<27} {seconds:16.2f} s   peak {held:6.0f} MB   {seconds / cold:6.1f} x ours, cold")


def _run(command: list[str], out: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of a process that must succeed."""
    # Python's compiled modules may be kept, as in any installation; a session that forbids it would compile them anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with out.open("wb") as stream:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=stream, env=kept)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_maxrss / 1024


def _floor(files: Files) -> float:
    if files.return_ == "cin":
        return import_census.floor(files.year)
    import duckdb

    started = time.perf_counter()
    with duckdb.connect(":memory:") as connection:
        for folder in (files.year, files.before):
            for file in sorted(folder.iterdir()) if folder else ():
                connection.execute(
                    f"CREATE OR REPLACE TABLE read AS SELECT * FROM read_csv('{file}', all_varchar = true)"  # noqa: S608
                )
    return time.perf_counter() - started


def _against_aim(files: Files, cold: float, again: float, megabytes: float) -> str:
    aim = AIMS.get((files.return_, files.children))
    if aim is None:
        return ""
    met = cold < aim[0] and again < aim[1] and megabytes < aim[2]
    return f"aim {aim[0]:g} s, {aim[1]:g} s, {aim[2]} MB: {'met' if met else 'MISSED'}"


def _again(arguments: list[str]) -> float:
    """Seconds of the second of two runs in this process."""
    from sightline.cli import main as sightline

    report = ["--out", os.devnull]
    sightline(["validate", *arguments, *report])
    started = time.perf_counter()
    sightline(["validate", *arguments, *report])
    return time.perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1:2] == ["--again"]:
        print(_again(sys.argv[2:]))
        sys.exit()
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("children", nargs="*", type=int, default=list(SIZES))
    asked.add_argument("--return", dest="returns", nargs="+", choices=["ssda903", "cin"], default=["ssda903", "cin"])
    asked.add_argument("--peers", default="", help="the Python of an environment with the open validators")
    given = asked.parse_args()
    main(given.children, given.returns, given.peers)
