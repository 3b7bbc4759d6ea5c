"""The client of the Department's service: a token that is renewed in time, the supplier's key, time limits, and new tries with growing pauses."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from sightline.core.errors import Problem
from sightline.engine.social_care_api.configuration import EACH, Connection
from sightline.engine.social_care_api.schema import Payload

CONNECT_SECONDS, ANSWER_SECONDS = 10, 120
TRIES = 5
#: Seconds before its end at which a token is renewed; one that does not hold much longer, at half its life.
EARLY = 60
#: The longest pause, in seconds, that the service may ask for.
LONGEST_PAUSE = 600
TOO_BUSY = (429, 500, 502, 503, 504)
RECEIVED, MALFORMED, UNAUTHORISED, TOO_MANY = 200, 400, 401, 413
WHERE = "the Department's social care API"
ADVICE = "Nothing of this batch counts as sent: run it again later."
_POSITIONS = re.compile(r"\[(\d{1,4})\]")


class NotReceived(Problem):
    """The service did not receive a batch, for a reason that has nothing to do with its records."""


@dataclass(frozen=True)
class Answer:
    """What the service said to a batch: receipts in the order of the records, or that it is malformed, and at which positions."""

    receipts: tuple[str, ...] = ()
    positions: frozenset[int] = frozenset()


class Client:
    """Sends batches to one authority's address."""

    def __init__(self, connection: Connection, la_code: str, *, pause: float = 1.0) -> None:
        self._connection = connection
        self.service = connection.address
        self._url = f"{connection.address}/children_social_care_data/{la_code}/children"
        self._token, self._renew_at = "", 0.0
        self._session = requests.Session()
        # Sending twice does no harm: a record sent again takes the place of itself.
        retry = Retry(
            total=TRIES - 1,
            redirect=0,
            allowed_methods=frozenset({"POST"}),
            status_forcelist=TOO_BUSY,
            backoff_factor=pause,
            raise_on_status=False,
            retry_after_max=LONGEST_PAUSE,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def post(self, children: list[Payload]) -> Answer:
        """Sends one batch. Raises NotReceived, and Problem where the service does not let us in."""
        response = self._call(children)
        if response.status_code == UNAUTHORISED:
            self._renew_at = 0.0
            response = self._call(children)
        if response.status_code == RECEIVED:
            return Answer(receipts=self._receipts(response, len(children)))
        if response.status_code in (MALFORMED, TOO_MANY):
            # The text may quote a record: only the positions are read.
            named = {int(found) for found in _POSITIONS.findall(response.text)}
            return Answer(positions=frozenset(one for one in named if one < len(children)))
        raise NotReceived(f"The service answered {response.status_code}", WHERE, ADVICE)

    def _call(self, children: list[Payload]) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._bearer()}", "SupplierKey": self._connection.supplier_key}
        return self._send(self._url, json=children, headers=headers)

    def _send(self, url: str, **what: Any) -> requests.Response:
        try:
            # Redirects are not followed: what is sent goes to no address but the one that was set.
            return self._session.post(url, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False, **what)
        except requests.RequestException as error:
            raise NotReceived(f"No answer: {type(error).__name__}", WHERE, ADVICE) from None

    def _bearer(self) -> str:
        if time.monotonic() >= self._renew_at:
            asked = time.monotonic()
            given = {
                "grant_type": "client_credentials",
                "client_id": self._connection.client_id,
                "client_secret": self._connection.client_secret,
                "scope": self._connection.scope,
            }
            response = self._send(self._connection.token_address, data=given)
            token, seconds = _token_in(response)
            if not token:
                raise NotReceived(
                    f"No token was given: the answer was {response.status_code}",
                    "SIGHTLINE_CSC_TOKEN_ADDRESS",
                    "Check the address of tokens, the client's id and secret, and the scope.",
                )
            self._token, self._renew_at = token, asked + max(seconds - EARLY, seconds / 2)
        return self._token

    def _receipts(self, response: requests.Response, records: int) -> tuple[str, ...]:
        found = _json_of(response)
        if isinstance(found, str) and (records == 1 or self._connection.receipts != EACH):
            found = [found] * records
        if (
            not isinstance(found, list)
            or len(found) != records
            or not all(isinstance(one, str) and one for one in found)
        ):
            raise NotReceived(
                "The service received a batch without a receipt for each of its records",
                WHERE,
                "No child of it counts as sent. Ask the Department what its receipts look like; where one stands for a batch, set"
                " SIGHTLINE_CSC_RECEIPTS=batch.",
            )
        return tuple(found)


def _token_in(response: requests.Response) -> tuple[str, float]:
    """A token and for how many seconds it holds; no token where the answer has none."""
    found = _json_of(response) if response.status_code == RECEIVED else None
    if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        return "", 0.0
    seconds = found.get("expires_in", 0)
    return found["access_token"], float(seconds) if str(seconds).isdecimal() else 0.0


def _json_of(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.exceptions.JSONDecodeError:
        return None
