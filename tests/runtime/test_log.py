"""The log says where something broke, and nothing about a child."""

import logging

from sightline.runtime.log import PrivateFormatter


def _broken() -> None:
    try:
        raise KeyError("Amara Testchild, born 2010-01-01")
    except KeyError as error:
        raise ValueError("Key (name)=(Amara Testchild) exists") from error


def test_an_error_is_logged_by_kind_and_place_without_its_message():
    try:
        _broken()
    except ValueError as error:
        record = logging.LogRecord(
            "sightline", logging.ERROR, __file__, 1, "A page broke", None, (ValueError, error, error.__traceback__)
        )
    written = PrivateFormatter().format(record)
    assert "ERROR sightline: A page broke" in written
    assert "ValueError" in written and "KeyError" in written and "in _broken" in written
    assert "Testchild" not in written and "2010" not in written
