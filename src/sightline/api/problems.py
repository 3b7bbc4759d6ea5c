"""What is answered when something is not done (RFC 9457, problem details): what is wrong, in which field, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
#: By status: a short name, which the address of the problem's type ends with, and its title.
KINDS = {
    400: ("malformed", "The request cannot be read"),
    401: ("not-signed-in", "No token in force"),
    403: ("not-allowed", "Not allowed"),
    404: ("not-found", "There is no such thing"),
    405: ("no-such-operation", "There is no such operation"),
    409: ("key-used", "The idempotency key was used for another message"),
    413: ("too-large", "The message is too large"),
    415: ("media-type", "The message is of another kind"),
    422: ("invalid", "Something in the message does not hold"),
    429: ("too-many", "Too many calls"),
}


class FieldFault(BaseModel):
    """One thing that is wrong."""

    field: str = Field(
        description="Where it is, as `children.0.birth_date`; empty for the whole.", examples=["children.0.birth_date"]
    )
    what: str = Field(description="What is wrong, in words.", examples=["Date of birth is in the future."])


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "/api/reference#problem-invalid",
                "title": "Something in the message does not hold",
                "status": 422,
                "detail": "Correct what is named and send it again.",
                "errors": [{"field": "children.0.birth_date", "what": "Date of birth is in the future."}],
            }
        }
    )

    type: str = Field(description="Address of the description of this kind of problem.")
    title: str
    status: int
    detail: str = Field(description="What to do.")
    errors: list[FieldFault] = Field(default_factory=list)


class Refusal(Exception):
    """Something is not done: answered as a problem, with nothing written."""

    def __init__(
        self, status: int, detail: str, faults: Iterable[FieldFault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.detail, self.faults = status, detail, tuple(faults)
        self.headers = dict(headers or {})
        super().__init__(detail)


def answer(refusal: Refusal) -> HttpResponse:
    """The refusal as an answer."""
    kind, title = KINDS[refusal.status]
    problem = Problem(
        type=f"/api/reference#problem-{kind}",
        title=title,
        status=refusal.status,
        detail=refusal.detail,
        errors=list(refusal.faults),
    )
    body = json.dumps(problem.model_dump())
    return HttpResponse(body, status=refusal.status, content_type=MEDIA_TYPE, headers=refusal.headers)
