"""What is sent and answered, field by field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sightline.api.values import AnyDay, Code, Long, NhsNumber, PastDay, Short, Strict, Text
from sightline.core.partners import outgoing
from sightline.core.partners.outbox import kinds


class Child(Strict):
    """A child whom the message is about."""

    forename: Short | None = None
    surname: Short
    birth_date: PastDay | None = None
    expected_birth_date: AnyDay | None = Field(
        default=None, description="Of an unborn child, instead of a date of birth."
    )
    sex: Annotated[str, Code("sex")] | None = None
    nhs_number: NhsNumber | None = None
    local_id: Annotated[str, Text(60)] | None = Field(
        default=None, description="The authority's own number of the child."
    )
    address: Short | None = None
    postcode: Annotated[str, Text(10)] | None = None
    presenting_issue: Annotated[str, Code("contact_issue")]
    household_relationship: Annotated[str, Code("household_relationship")] | None = None

    @model_validator(mode="after")
    def _born_or_expected(self) -> Child:
        if (self.birth_date is None) == (self.expected_birth_date is None):
            raise PydanticCustomError("born", "Give a date of birth, or for an unborn child an expected one; not both.")
        return self


_CHILD = {"forename": "Invented", "surname": "Example", "birth_date": "2012-03-04", "presenting_issue": "NEGLECT"}


class Sender(Strict):
    """The professional whose contact it is: whom the front door may ask, and who is told the outcome."""

    name: Short
    role: Short
    reach: Short = Field(description="Telephone or e-mail of the professional.")


class _Sent(Strict):
    referrer: Sender
    narrative: Long = Field(description="The concern: what was seen or heard, and when.")
    consent: Annotated[str, Code("contact_consent")]
    consent_reason: Annotated[str, Text(2000)] | None = Field(
        default=None, description="Why consent was not sought, or was overridden."
    )
    lawful_basis: Annotated[str, Code("sharing_lawful_basis")] | None = None
    priority: Annotated[str, Code("contact_priority")]
    children: list[Child] = Field(min_length=1, max_length=20)


_EXAMPLE: dict[str, Any] = {
    "referrer": {"name": "A. Example", "role": "School nurse", "reach": "01632 960000"},
    "narrative": "Came to school three days running without food.",
    "consent": "GIVEN",
    "lawful_basis": "CONSENT",
    "priority": "AMBER",
    "children": [_CHILD],
}


class Contact(_Sent):
    """A contact: a professional's concern about one child or several."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})


class Notification(_Sent):
    """A notification: word of something that happened, which the agency must pass on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {**_EXAMPLE, "happened": "Police attended an incident", "happened_on": "2016-05-31"}
        },
    )

    happened: Short = Field(description="What happened, in a few words.")
    happened_on: PastDay


Kind = Literal["contact", "notification"]
Stage = Literal["received", "decided", "answered"]


class Received(BaseModel):
    """The message was taken. It says the same whoever the children are."""

    reference: str = Field(description="By which to ask after it.", examples=["3f2a9c0d7b6e4c51a9e0c1d2e3f4a5b6"])
    kind: Kind
    state: Literal["received"] = "received"
    received_on: date
    children: int = Field(description="How many children were taken down.")


class State(BaseModel):
    """How far a contact of the agency is, and what the agency was told of it. What was decided about a child stands in the feedback alone."""

    reference: str
    kind: Kind
    state: Stage
    received_on: date
    decided_on: date | None
    feedback_on: date | None
    feedback: str = Field(description="The words of the front door to the agency.")


class Name(BaseModel):
    """A name of a person."""

    forename: str
    surname: str
    kind: str


class SharedPerson(BaseModel):
    """Who a person is."""

    reference: int = Field(description="Record number: quote it when you write.")
    names: list[Name]
    birth_date: date | None
    expected_birth_date: date | None
    sex: str


class Share(BaseModel):
    """A decision to share a person's record, or parts of it, with the agency."""

    reference: int
    person: SharedPerson
    parts: list[str] = Field(description="Codes of the parts of the record that are shared.")
    lawful_basis: str
    from_day: date
    until_day: date = Field(description="Sharing ends on this day by itself.")


class Shares(BaseModel):
    """A page of what is shared."""

    items: list[Share]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page; none on the last.")


class SharedField(BaseModel):
    """One field of a record, in the words of the data dictionary."""

    field: str
    title: str
    value: str | int | float | bool | None
    words: str = Field(description="The meaning of a code; the value as text otherwise.")


class SharedRecord(BaseModel):
    """One record of a person that is shared."""

    table: str
    title: str
    number: int
    recorded_at: datetime
    fields: list[SharedField]


class SharedRecords(BaseModel):
    """A page of records."""

    items: list[SharedRecord]
    next_cursor: str | None


class Decision(BaseModel):
    """Something that the agency was told of."""

    id: UUID = Field(description="The same as in the webhook's message.")
    kind: str = Field(examples=["contact.decided"])
    reference: str
    at: datetime


class Decisions(BaseModel):
    """A page of what the agency was told of, the oldest first."""

    items: list[Decision]
    next_cursor: str | None


def _address(url: str) -> str:
    if wrong := outgoing.fault(url):
        raise PydanticCustomError("address", "{words}", {"words": wrong})
    return url


def _kind(given: str) -> str:
    if given not in kinds():
        raise PydanticCustomError(
            "kind", "{words}", {"words": f"There is no such kind of event. There are: {', '.join(kinds())}."}
        )
    return given


class NewWebhook(Strict):
    """An address to be told of events."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"url": "https://hooks.example.org/sightline", "kinds": ["contact.decided"]}},
    )

    url: Annotated[str, Text(500), AfterValidator(_address)] = Field(
        description="https, a host name, a public address."
    )
    kinds: list[Annotated[str, Text(40), AfterValidator(_kind)]] = Field(min_length=1, max_length=20)


class Hook(BaseModel):
    """An address that is told of events."""

    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime


class MadeHook(Hook):
    """A new address, with the secret that signs what it is sent. The secret is shown this once."""

    secret: str


class Hooks(BaseModel):
    """The agency's addresses."""

    items: list[Hook]


class Given(BaseModel):
    """A token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (a kind of token)
    expires_in: int
    scope: str


class TokenFault(BaseModel):
    """Why no token is given (RFC 6749, section 5.2)."""

    error: Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
    error_description: str
