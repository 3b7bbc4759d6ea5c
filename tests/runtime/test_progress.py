"""Progress is told on the stream it is given, with elapsed times."""

import io

import pytest

from sightline.runtime.progress import Progress


def test_steps_are_told_one_line_each_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    Progress(out).run([("Count", lambda tell: tell("halfway")), ("Print", lambda tell: None)])
    lines = out.getvalue().splitlines()
    assert lines[0] == "[1/2] Count ..."
    assert lines[1] == "  [1/2] Count: halfway"
    assert lines[2].startswith("[1/2] Count: done in 0.")
    assert lines[-1].startswith("All 2 steps: done in ")


def test_a_step_that_fails_says_so_and_passes_the_failure_on() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="no"), Progress(out).step("Try"):
        raise ValueError("no")
    assert "Try: stopped after" in out.getvalue()
