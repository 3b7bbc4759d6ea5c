"""The command line tells problems plainly and gives exit codes that scripts can trust."""

import argparse
import json
import os
import subprocess
import sys

import pytest

from sightline import cli
from sightline.cli.commands import serve
from sightline.core.errors import InputProblem, SetUpProblem


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "sightline.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)


def command(work: object) -> cli.Command:
    return cli.Command("try", "try", "nothing", lambda parser: None, work)  # type: ignore[arg-type]


def test_help_names_every_command_and_the_exit_codes() -> None:
    said = run("--help")
    assert said.returncode == 0
    for found in cli.find_commands():
        assert f"\n    {found.name} " in said.stdout
    assert "exit codes:" in said.stdout


@pytest.mark.parametrize("name", [found.name for found in cli.find_commands()])
def test_every_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.build_parser().parse_args([name, "--help"])
    assert left.value.code == 0
    assert "exit codes:" in capsys.readouterr().out


def test_a_problem_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(args: argparse.Namespace) -> int:
        raise InputProblem("The date is not a date", "line 3", "Write it as 2017-03-31.")

    monkeypatch.setattr(cli, "find_commands", lambda: [command(work)])
    assert cli.main(["try"]) == cli.PROBLEM
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("sightline: The date is not a date\nWhere: line 3\nWhat to do: Write it as 2017-03-31.\n")
    with pytest.raises(InputProblem):
        cli.main(["--traceback", "try"])


def test_a_mistake_in_the_program_is_not_taken_for_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(args: argparse.Namespace) -> int:
        raise KeyError("child")

    monkeypatch.setattr(cli, "find_commands", lambda: [command(work)])
    with pytest.raises(KeyError):
        cli.main(["try"])


def test_a_command_that_is_not_there_is_refused() -> None:
    said = run("fly")
    assert said.returncode == cli.PROBLEM
    assert "invalid choice: 'fly'" in said.stderr


def test_a_wrong_database_address_is_told_without_its_password() -> None:
    said = run("migrate", DATABASE_URL="mysql://sightline:hunter2@db/sightline")
    assert said.returncode == cli.PROBLEM
    assert "DATABASE_URL is not a PostgreSQL address" in said.stderr
    assert "hunter2" not in said.stderr + said.stdout
    assert "Traceback" not in said.stderr


def test_a_database_that_does_not_answer_is_told() -> None:
    said = run("migrate", DATABASE_URL="postgresql://sightline@127.0.0.1:1/sightline")
    assert said.returncode == cli.PROBLEM
    assert "The database cannot be reached" in said.stderr
    assert "What to do: See that the server runs" in said.stderr
    assert "Traceback" not in said.stderr


NEED_TABLES = (
    ("synthetic", "--scale", "0.01"),
    ("report", "annual", "--year", "2016-17", "--out", "nowhere"),
    ("measures", "--period", "2016-17"),
    ("list", "cp.open", "--period", "2016-17", "--as", "auditor"),
    ("serve", "--port", "1"),
)
#: Runs one command after the other in one process, since starting takes longer than all of them, and says of each how it ended and what it said.
ONE_BY_ONE = """
import contextlib, io, json, sys
from sightline import cli
for words in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = cli.main(words)
    print("ended", json.dumps([code, said.getvalue()]))
"""


def test_a_database_without_tables_is_told_with_what_to_do(database_server: dict[str, str]) -> None:
    parts = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    query = "&".join(f"{name}={database_server[key]}" for key, name in parts.items() if database_server[key])
    address = {"DATABASE_URL": f"postgresql:///{database_server['NAME']}?{query}"}
    command = [sys.executable, "-c", ONE_BY_ONE, json.dumps(NEED_TABLES)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | address)
    assert (ran.returncode, ran.stderr) == (0, "")
    ended = [json.loads(line.removeprefix("ended ")) for line in ran.stdout.splitlines() if line.startswith("ended ")]
    for words, (code, said) in zip(NEED_TABLES, ended, strict=True):
        assert code == cli.PROBLEM, words
        assert "migrations are waiting" in said, words
        assert "./sightline migrate" in said, words
        assert "Traceback" not in said, words


def test_doctor_finds_what_is_wrong() -> None:
    said = run("doctor", "--format", "json", DATABASE_URL="postgresql://sightline@127.0.0.1:1/sightline")
    findings = {finding["check"]: finding for finding in json.loads(said.stdout)}
    assert said.returncode == cli.FOUND_WANTING
    assert not findings["Database"]["well"]
    assert findings["Files"]["well"]


def test_a_port_in_use_is_told_before_any_work() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SetUpProblem, match="Cannot listen there"):
            serve.check_port("127.0.0.1", taken.getsockname()[1])
