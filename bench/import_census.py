"""How fast a children in need census is imported, and whether memory stays flat as the file grows.

    .venv/bin/python -m bench.import_census [children ...] [--beside CHILDREN]

Each size is generated (invented children), parsed alone with lxml as a floor, and imported into a new database of a throw-away server, in a
process of its own so that its peak memory is its own. A last run imports into a record that holds another authority's children already: it
must take no longer for each row, for every row is looked up by key. A row is a record of the file: a child, an episode, an assessment, a
factor, a plan and so on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.invented_903 import upn

SIZES = (1_000, 10_000, 50_000)
#: The last run: so many children into a record that holds so many of another authority.
INTO_A_FULL_RECORD, BESIDE = 10_000, 50_000
#: Titles and widths. Processor seconds are this process's and its database server's: on a busy machine they say more than the clock.
COLUMNS = {
    "children": 10,
    "beside": 9,
    "MB": 7,
    "rows": 10,
    "records": 10,
    "lxml alone s": 14,
    "import s": 10,
    "rows/s": 9,
    "records/s": 11,
    "again s": 9,
    "own CPU s": 11,
    "server CPU s": 14,
    "peak MB": 9,
    "over start MB": 15,
}
YEAR_START, YEAR_END = date(2023, 4, 1), date(2024, 3, 31)
FACTORS = ("1B", "2B", "3A", "3B", "4A", "4B", "5A", "6A", "7A", "16A", "17A", "18B", "19C")


def census(children: int, seed: int = 1, authority: str = "860") -> Iterator[str]:
    """A census file in pieces."""
    chance = random.Random(seed)  # noqa: S311 (invented children)
    yield (
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year><ReferenceDate>2024-03-31</ReferenceDate>"
        f"</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>{authority}</LEA></Source></Header>\n<Children>\n"
    )
    for number in range(children):
        yield _child(chance, number)
    yield "</Children></Message>\n"


def _child(chance: random.Random, number: int) -> str:
    born = YEAR_START - timedelta(days=chance.randrange(100, 6000))
    disability = "LD" if chance.random() < 0.13 else "NONE"
    referred = YEAR_START - timedelta(days=chance.randrange(0, 90))
    episodes = []
    for left in range(int(chance.random() < 0.25), -1, -1):
        closed = max(referred, YEAR_START) + timedelta(days=chance.randrange(60, 150 if left else 500))
        episodes.append(_episode(chance, referred, closed))
        referred = closed + timedelta(days=chance.randrange(1, 100))
    return (
        f"<Child>\n<ChildIdentifiers><LAchildID>B{number:07d}</LAchildID><UPN>{upn(number)}</UPN>"
        f"<PersonBirthDate>{born}</PersonBirthDate><GenderCurrent>{1 + number % 2}</GenderCurrent></ChildIdentifiers>\n"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities><Disability>{disability}</Disability></Disabilities>"
        f"</ChildCharacteristics>\n{''.join(episodes)}</Child>\n"
    )


def _episode(chance: random.Random, referred: date, closed: date) -> str:
    nfa = chance.random() < 0.1 and referred >= YEAR_START
    inside = "" if nfa else _work(chance, referred)
    ended = (
        f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>{'RC8' if nfa else 'RC7'}</ReasonForClosure>"
        if closed <= YEAR_END
        else ""
    )
    return (
        f"<CINdetails>\n<CINreferralDate>{referred}</CINreferralDate><ReferralSource>{chance.choice(('1A', '2A', '6', '3F'))}</ReferralSource>"
        f"<PrimaryNeedCode>N{chance.randrange(1, 9)}</PrimaryNeedCode>{ended}\n{inside}<ReferralNFA>{int(nfa)}</ReferralNFA>\n</CINdetails>\n"
    )


def _work(chance: random.Random, referred: date) -> str:
    factors = "".join(
        f"<AssessmentFactors>{factor}</AssessmentFactors>\n"
        for factor in chance.sample(FACTORS, chance.randrange(1, 5))
    )
    authorised = max(referred, YEAR_START) + timedelta(days=40)
    end = f"<AssessmentAuthorisationDate>{authorised}</AssessmentAuthorisationDate>" if authorised <= YEAR_END else ""
    found = (
        f"<Assessments>\n<AssessmentActualStartDate>{referred}</AssessmentActualStartDate>{end}"
        f"<FactorsIdentifiedAtAssessment>\n{factors}</FactorsIdentifiedAtAssessment></Assessments>\n"
        if end
        else f"<Assessments>\n<AssessmentActualStartDate>{referred}</AssessmentActualStartDate></Assessments>\n"
    )
    if chance.random() < 0.3 and end:
        found += f"<CINPlanDates>\n<CINPlanStartDate>{authorised}</CINPlanStartDate></CINPlanDates>\n"
    if chance.random() < 0.3 and referred >= YEAR_START:
        held = referred + timedelta(days=14)
        held -= timedelta(days=max(0, held.weekday() - 4))
        found += (
            f"<Section47>\n<S47ActualStartDate>{referred}</S47ActualStartDate><DateOfInitialCPC>{held}</DateOfInitialCPC>"
            "<ICPCnotRequired>0</ICPCnotRequired></Section47>\n"
        )
    return found


def generate(children: int, path: Path, seed: int = 1, authority: str = "860") -> None:
    """Writes a census to a file."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(census(children, seed, authority))


def floor(path: Path) -> float:
    """Seconds that lxml alone needs to walk the file."""
    from lxml import etree

    started = time.perf_counter()
    for _event, element in etree.iterparse(str(path), events=("end",), tag="Child"):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return time.perf_counter() - started


def one(path: Path, beside: Path | None = None) -> None:
    """Runs in a process of its own: imports a file twice and prints what it took; before that, uncounted, the file that is to be on record."""
    from sightline.runtime import database

    database.set_up_django()
    from django.core.management import call_command
    from django.db import connection

    from sightline.engine.exchange import run

    call_command("migrate", interactive=False, verbosity=0)
    # Deadlines have a measurement of their own.
    run._rebuild_deadlines = lambda _writer: 0
    connection.ensure_connection()
    if beside:
        run.import_path(
            run.Request(path=beside, format="cin", period="2023-24", by="bench", keep_in=path.parent / "received")
        )
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    own, server = time.process_time(), _processor_seconds(backend)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    request = run.Request(path=path, format="cin", period="2023-24", by="bench", keep_in=path.parent / "received")
    report = run.import_path(request)
    own, server = time.process_time() - own, _processor_seconds(backend) - server
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    again = run.import_path(request)
    written = report.total("written")
    print(
        json.dumps(
            {
                "rows": report.rows,
                "seconds": report.seconds,
                "again": again.seconds,
                "records": written,
                "quarantined": report.children_quarantined,
                "changed_again": again.changed,
                "before": before,
                "peak": peak,
                "own": own,
                "server": server,
            }
        )
    )


def _processor_seconds(stat: Path) -> float:
    """Processor time of a process so far."""
    cells = stat.read_text().rpartition(")")[2].split()
    return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("children", nargs="*", type=int, default=list(SIZES))
    parser.add_argument(
        "--beside",
        type=int,
        default=BESIDE,
        help="children of another authority that the last run finds on record; 0 leaves it out",
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--held", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one(args.one, args.held)
        return
    from sightline.runtime import postgres

    print("".join(f"{title:>{width}}" for title, width in COLUMNS.items()))
    with tempfile.TemporaryDirectory() as folder:
        runs = [(children, 0) for children in args.children]
        for children, beside in [*runs, *([(INTO_A_FULL_RECORD, args.beside)] if args.beside else [])]:
            path = Path(folder) / f"census-{children}.xml"
            generate(children, path)
            alone = floor(path)
            held: list[str] = []
            if beside:
                other = Path(folder) / f"beside-{beside}.xml"
                generate(beside, other, seed=2, authority="800")
                held = ["--held", str(other)]
            with postgres.throwaway() as cluster:
                address = cluster.address()
                url = f"postgresql:///{address.dbname}?host={address.host}&port={address.port}&user={address.user}"
                done = subprocess.run(
                    [sys.executable, "-m", "bench.import_census", "--one", str(path), *held],
                    env=os.environ | {"DATABASE_URL": url},
                    check=True,
                    capture_output=True,
                    text=True,
                )
            found = json.loads(done.stdout.splitlines()[-1])
            seconds = found["seconds"]
            cells = (
                f"{children:,}",
                f"{beside:,}",
                f"{path.stat().st_size / 1e6:.1f}",
                f"{found['rows']:,}",
                f"{found['records']:,}",
                f"{alone:.2f}",
                f"{seconds:.2f}",
                f"{found['rows'] / seconds:,.0f}",
                f"{found['records'] / seconds:,.0f}",
                f"{found['again']:.2f}",
                f"{found['own']:.2f}",
                f"{found['server']:.2f}",
                f"{found['peak'] / 1024:.0f}",
                f"{(found['peak'] - found['before']) / 1024:.0f}",
            )
            print("".join(f"{cell:>{width}}" for cell, width in zip(cells, COLUMNS.values(), strict=True)), flush=True)


if __name__ == "__main__":
    main()
