"""Model fields that describe themselves.

Each field of a record says what it is called, how sensitive it is, how long it is kept, which code set it draws from and which
item of a statutory return it answers. The data dictionary, the snapshot and the checks read these declarations;
nothing repeats them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone


class Sensitivity(StrEnum):
    """How far a field's content may travel. The snapshot leaves out IDENTIFYING fields."""

    OPEN = "open"  # says nothing about a person
    PERSONAL = "personal"  # about a person, does not identify them alone
    SPECIAL = "special category"  # UK GDPR article 9 and 10 data
    IDENTIFYING = "identifying"  # names a person, an address or a document about them


class Retention(StrEnum):
    """Retention classes. The periods are set by an operator; the defaults are in the data dictionary."""

    CHILD = "child record"
    LOOKED_AFTER = "looked-after child record"
    ADOPTION = "adoption record"
    ANONYMOUS = "anonymous return"
    REFERENCE = "reference"
    AUDIT = "audit"


class Described:
    """Mixin: the description travels with the field and stays out of migrations, which only concern columns."""

    django_path: str

    def __init__(
        self,
        title: str | None = None,
        sensitivity: Sensitivity | None = None,
        *args: Any,
        item: str = "",
        codes: str = "",
        retention: Retention | None = None,
        help: str = "",
        **kwargs: Any,
    ) -> None:
        self.sensitivity = sensitivity
        self.item = item
        self.codes = codes
        self.retention = retention
        if title is not None:
            kwargs.setdefault("verbose_name", title)
        if help:
            kwargs.setdefault("help_text", help)
        if kwargs.get("null"):
            kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # the mixin stands before a Django field
        for words in ("verbose_name", "help_text"):
            kwargs.pop(words, None)
        return name, self.django_path, args, kwargs


class Date(Described, models.DateField):
    """A calendar day."""

    django_path = "django.db.models.DateField"
    # The words of a form's refusal, which begins with the field's title. Django's own quote the text as a program would write it.
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "this is no day that can be read. Give day, month and year in figures.",
        "invalid_date": "there is no such day.",
    }


class Moment(Described, models.DateTimeField):
    """A moment, with time zone. One given without is local time, as a form gives it."""

    django_path = "django.db.models.DateTimeField"
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "this is no time that can be read. Give the day in figures, and the time as 14:30.",
        "invalid_date": "there is no such day.",
        "invalid_datetime": "there is no such time.",
    }

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())
        found: datetime | None = super().to_python(value)
        return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


class Code(Described, models.CharField):
    """A code from a dated code set named by `codes`; validity is judged at the event's own date."""

    django_path = "django.db.models.CharField"

    def __init__(self, title: str | None = None, sensitivity: Sensitivity | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        if not kwargs.get("null"):
            kwargs.setdefault("blank", kwargs.get("default") == "")
        super().__init__(title, sensitivity, **kwargs)


class Text(Described, models.TextField):
    """Words."""

    django_path = "django.db.models.TextField"

    def __init__(self, title: str | None = None, sensitivity: Sensitivity | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(title, sensitivity, **kwargs)


class Yes(Described, models.BooleanField):
    """Yes or no; null is "not recorded"."""

    django_path = "django.db.models.BooleanField"


class Number(Described, models.IntegerField):
    """A whole number."""

    django_path = "django.db.models.IntegerField"


class Measurement(Described, models.FloatField):
    """A measured quantity; the title states the unit."""

    django_path = "django.db.models.FloatField"


class Link(Described, models.ForeignKey):
    """A link to another record. Nothing is deleted in passing, so every link protects its target."""

    django_path = "django.db.models.ForeignKey"

    def __init__(self, to: Any = None, title: str | None = None, sensitivity: Sensitivity | None = None, **kwargs: Any):
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        super().__init__(title, sensitivity, to, **kwargs)


OPEN = Sensitivity.OPEN
PERSONAL = Sensitivity.PERSONAL
SPECIAL = Sensitivity.SPECIAL
IDENTIFYING = Sensitivity.IDENTIFYING
