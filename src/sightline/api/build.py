"""The API as a whole: how operations are declared, how faults are told, and its description (OpenAPI)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security.base import AuthBase

from sightline.api.door import KEY, Operation, caller_of
from sightline.api.problems import MEDIA_TYPE, FieldFault, Problem, Refusal, answer
from sightline.core.partners.clients import SCOPES
from sightline.engine.actions.refusals import Invalid, Refused

PREFIX = "api/v1/"
TOKEN_PATH = "/token"  # noqa: S105 (an address)
DESCRIPTION = """\
For the systems of partner agencies: send a contact or a notification, ask how far it is and what was answered, read what was shared with the agency
by a decision, and be told of decisions. Get a token with the agency's client id and secret (OAuth 2, client credentials), and send it with
every call.

Whatever is sent, the answers say nothing of whether a child is known already. What the agency sees is what its people see:
nothing that is sealed or not shared."""

#: By address, then method: what each operation needs. The door reads it, and a test visits every entry.
OPERATIONS: dict[str, dict[str, Operation]] = {}


class PartnerToken(AuthBase):
    """A token of the client credentials grant. The door has checked it by the time an operation runs."""

    openapi_type = "oauth2"
    openapi_flows = {"clientCredentials": {"tokenUrl": f"/{PREFIX}token", "scopes": SCOPES}}

    def __call__(self, request: HttpRequest) -> Any:
        return caller_of(request)


api = NinjaAPI(
    title="Sightline partner API",
    version="1.0",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="partner-api",
)
_TOKEN = PartnerToken()


def operation(
    method: str,
    path: str,
    *,
    scope: str,
    answers: dict[int, Any],
    refusals: tuple[int, ...] = (),
    keyed: bool = False,
    asked: tuple[str, ...] = (),
    before: Callable[[HttpRequest], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation. Its description is its function's own; what every operation may answer need not be named."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        OPERATIONS.setdefault(path, {})[method] = Operation(scope, frozenset(asked), keyed, before)
        words = " ".join((function.__doc__ or "").split())
        usual = (400, 401, 403, 405, 413, 422, 429) if scope else (413, 422)
        register = getattr(api, method.lower())
        decorated: Callable[..., Any] = register(
            path,
            auth=_TOKEN if scope else None,
            response={**dict.fromkeys((*usual, *refusals), Problem), **answers},
            summary=words.partition(".")[0],
            description=words,
            operation_id=function.__name__,
        )(function)
        return decorated

    return declare


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, problem: Refusal) -> HttpResponse:
    del request
    return answer(problem)


@api.exception_handler(ValidationError)
def _does_not_hold(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    del request
    faults = [FieldFault(field=_place(each["loc"]), what=_words(str(each["msg"]))) for each in problem.errors]
    return answer(Refusal(422, "Correct what is named and send it again.", faults))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    del request, problem
    return answer(Refusal(400, "The message is not JSON that can be read."))


@api.exception_handler(Invalid)
def _invalid(request: HttpRequest, problem: Invalid) -> HttpResponse:
    del request
    faults = [FieldFault(field=each.input, what=each.what) for each in problem.faults]
    return answer(Refusal(422, "Correct what is named and send it again.", faults))


@api.exception_handler(Refused)
def _refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    del request
    return answer(Refusal(403, problem.what))


def _words(message: str) -> str:
    """What is wrong, as a sentence."""
    plain = message.removeprefix("Value error, ")
    return plain if plain.endswith(".") else f"{plain}."


def _place(where: tuple[Any, ...]) -> str:
    """Where a fault is, in the sender's own words: without the name of the parameter that the message became here."""
    named = where[2:] if where and where[0] in ("body", "form") else where[1:]
    return ".".join(str(each)[:60].encode("ascii", "replace").decode() for each in named)


def schema() -> dict[str, Any]:
    """The description of the API, with the codes in force today."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=f"/{PREFIX.rstrip('/')}"))
    for path, methods in found["paths"].items():
        for method, told in methods.items():
            own = OPERATIONS[path.removeprefix(f"/{PREFIX.rstrip('/')}")][method.upper()]
            _describe(told, own)
    found["servers"] = [{"url": "/", "description": "This installation."}]
    described: dict[str, Any] = json.loads(json.dumps(found))
    return described


def _describe(described: dict[str, Any], own: Operation) -> None:
    """What the library does not say: scopes, the kind of a problem's answer, and its headers."""
    if own.scope:
        described["security"] = [{PartnerToken.__name__: [own.scope]}]
        described["x-scope"] = own.scope
    for status, given in described["responses"].items():
        content = given.get("content", {})
        told = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        if told.endswith("/Problem"):
            given["content"] = {MEDIA_TYPE: content["application/json"]}
        if str(status) == "429":
            given["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    if own.keyed:
        for parameter in described.get("parameters", ()):
            if parameter["name"].lower() == KEY.lower():
                parameter["description"] = (
                    "A new one for each message, the same when a message is sent again: then it is taken once. Kept for seven days."
                )
