"""What arrives is looked at before it is parsed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.exchange.receiving import BLOCK, LONGEST_TAG, received

_MANY = " ".join(f'a{number}="x"' for number in range(100_000))


def _take(tmp_path: Path, content: str, code: str = "utf-8", name: str = "census.xml") -> None:
    source = tmp_path / name
    source.write_bytes(content.encode(code))
    with received(source, tmp_path / "aside"):
        pass


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "content",
    [
        f"<Message {_MANY}><Children/></Message>",
        f'<Message b=">" {_MANY}/>',
        f"<Message><Children>{'<Child/>' * 1000}<Child {_MANY}/></Children></Message>",
        f"<Message>{' ' * (BLOCK - 1000)}<Child {_MANY}/></Message>",
        f"<Message {_MANY}",
        "<Message" + " " * LONGEST_TAG + "/>",
        "\n" * 2 * BLOCK + f"<Message {_MANY}/>",
    ],
    ids=[
        "root",
        "sign in a value",
        "after others",
        "over two blocks",
        "cut short",
        "one byte too long",
        "after a blank",
    ],
)
def test_a_tag_that_would_keep_the_parser_busy_for_minutes_is_refused(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputProblem, match="A tag of the file is longer"):
        _take(tmp_path, content, code)


@pytest.mark.parametrize(
    "content",
    [
        f"<Message>{'x' * 3 * LONGEST_TAG}</Message>",
        f"<Message><!-- {_MANY} --></Message>",
        f"<?note {_MANY} ?><Message/>",
        f'<Message a="{"x" * (LONGEST_TAG - 30)}" b=">"><Child/></Message>',
        "<Message>" + "<Child></Child>" * BLOCK,
    ],
    ids=["text", "comment", "instruction", "one long value", "many tags"],
)
def test_a_long_text_or_comment_is_no_long_tag(tmp_path: Path, content: str) -> None:
    _take(tmp_path, content)


def test_a_csv_may_hold_a_sign_of_xml(tmp_path: Path) -> None:
    _take(tmp_path, f"CHILD,NOTE\n1,<{'x' * 2 * LONGEST_TAG}\n", name="header.csv")
