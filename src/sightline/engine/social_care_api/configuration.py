"""How an installation reaches the Department's service, and whom it tells about: every setting of the API, read in this one place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sightline.core.errors import SetUpProblem

PREFIX = "SIGHTLINE_CSC_"
VERSION = "1.0.1"
EACH, BATCH = "each", "batch"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Connection:
    """The service and what opens it. Secrets are left out when it is printed."""

    address: str
    token_address: str
    client_id: str
    scope: str
    client_secret: str = field(repr=False)
    supplier_key: str = field(repr=False)
    receipts: str = EACH


def connection() -> Connection:
    """The connection as the environment has it. Raises SetUpProblem naming what is missing, and no value."""
    found = Connection(
        address=_needed("ADDRESS") and service(),
        token_address=_needed("TOKEN_ADDRESS"),
        client_id=_needed("CLIENT_ID"),
        scope=_given("SCOPE"),
        client_secret=_secret("CLIENT_SECRET"),
        supplier_key=_secret("SUPPLIER_KEY"),
        receipts=_given("RECEIPTS") or EACH,
    )
    for name, address in (("ADDRESS", found.address), ("TOKEN_ADDRESS", found.token_address)):
        parts = urlsplit(address)
        if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)):
            raise SetUpProblem(
                "The address must begin with https://", PREFIX + name, "Plain http is for this machine only."
            )
    if found.receipts not in (EACH, BATCH):
        raise SetUpProblem(
            "This way of giving receipts is not known", PREFIX + "RECEIPTS", f"Choose {EACH} or {BATCH}."
        )
    return found


def service() -> str:
    """The address of the service, where one is set."""
    return _given("ADDRESS").rstrip("/")


def schema_version() -> str:
    """The version of the schema that is sent."""
    return _given("SCHEMA") or VERSION


def la_code() -> str:
    """The authority's three-digit code, where it is not the one of the table of areas."""
    return _given("LA_CODE")


def window_years() -> int:
    """How many whole years the window goes back, before it goes on to the 1 April."""
    return _whole("WINDOW_YEARS", 2)


def oldest() -> int:
    """The age up to which a young person is told about."""
    return _whole("OLDEST", 25)


def _given(name: str) -> str:
    return os.environ.get(PREFIX + name, "").strip()


def _whole(name: str, usual: int) -> int:
    given = _given(name)
    if given and not given.isdecimal():
        raise SetUpProblem("This is no whole number", PREFIX + name, f"Leave it out for {usual}.")
    return int(given or usual)


def _needed(name: str) -> str:
    if found := _given(name):
        return found
    raise SetUpProblem(
        "A setting of the Department's service is missing",
        PREFIX + name,
        "Set it as the Department's API portal says, or try without: --dry-run.",
    )


def _secret(name: str) -> str:
    """A secret from the environment, or from the file that `..._FILE` names."""
    named = _given(f"{name}_FILE")
    if not named:
        return _needed(name)
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetUpProblem("The file cannot be read", f"{PREFIX}{name}_FILE", "Check its path and rights.") from error
