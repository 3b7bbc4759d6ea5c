"""The base of every record, and what the records cover."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from sightline.core.records import fields as f
from sightline.core.records import writing

M = TypeVar("M", bound="Record")


class RecordQuerySet(models.QuerySet[M]):
    """Refuses to write outside an action, as single saves do."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        writing.require(self.model._meta.label)
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        writing.require(self.model._meta.label)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        writing.require(self.model._meta.label)
        return super().delete()


class Record(models.Model):
    """A row of the record: whose it is, where it came from, when it was recorded.

    `(source_system, source_id)` is unique in its table, so that an import can run again without doubles.
    """

    RETENTION: ClassVar[f.Retention] = f.Retention.CHILD
    #: The stream whose coverage says for which periods these rows can answer; by default the app's label.
    STREAM: ClassVar[str] = ""
    #: The field with the day on which it happened, where that day may be unknown: known, it stands in the chronology.
    HAPPENED: ClassVar[str] = ""
    #: False keeps a table of direct identifiers out of the snapshot.
    IN_SNAPSHOT: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    # The history triggers hold this link, once for each statement (see `history`): a check for each row was a quarter of an import.
    agency = f.Link(
        "organisations.Organisation", "Agency that holds the record", f.OPEN, db_index=False, db_constraint=False
    )
    source_system = f.Code("System the record came from", f.OPEN, max_length=40, default="sightline")
    source_id = f.Code(
        "Reference in that system", f.IDENTIFYING, max_length=120, null=True, help="Unique in its table and system."
    )
    recorded_at = f.Moment("Recorded at", f.OPEN, default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        writing.require(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        writing.require(self._meta.label)
        return super().delete(*args, **kwargs)


def from_source(name: str) -> models.UniqueConstraint:
    """One row for each reference of a source system."""
    return models.UniqueConstraint(
        fields=["source_system", "source_id"], condition=Q(source_id__isnull=False), name=f"{name}_source"
    )


def in_order(name: str, start: str = "start_date", end: str = "end_date") -> models.CheckConstraint:
    """A spell does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}), name=f"{name}_order"
    )


def both_or_neither(name: str, first: str, second: str) -> models.CheckConstraint:
    """Paired facts stay paired: "decided" never goes without "decided by"."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=f"{name}_pair",
    )


def with_whom(name: str, day: str, who: str) -> models.CheckConstraint:
    """A decision keeps both its day and who made it."""
    return models.CheckConstraint(
        condition=Q(**{f"{day}__isnull": True, f"{who}__isnull": True})
        | Q(**{f"{day}__isnull": False, f"{who}__isnull": False}),
        name=f"{name}_by",
    )


def no_overlap(name: str, *same: str, start: str = "start_date", end: str = "end_date") -> ExclusionConstraint:
    """Within a stream, spells of one person (and of what `same` adds) do not overlap. Spells are half open: `[start, end)`."""
    span = Func(F(start), F(end), RangeBoundary(), function="DATERANGE", output_field=DateRangeField())
    return ExclusionConstraint(
        name=f"{name}_overlap",
        expressions=[*((field, RangeOperators.EQUAL) for field in same), (span, RangeOperators.OVERLAPS)],
    )


class Coverage(Record):
    """The periods for which a source's rows are complete in one stream of one area.

    A measure answers for a period only where every stream it needs is covered by it: "not covered" is an answer,
    nought is a claim.
    """

    RETENTION = f.Retention.REFERENCE
    area = f.Code("Area (GSS code)", f.OPEN)
    stream = f.Code("Stream", f.OPEN, max_length=40, help="A pathway's folder name, or a part of it.")
    start_date = f.Date("Covered from", f.OPEN)
    end_date = f.Date("Covered to, inclusive", f.OPEN)

    class Meta:
        verbose_name = "coverage"
        constraints = (from_source("coverage"), in_order("coverage"))


class Change(models.Model):
    """One write to one record, by the triggers of `history`: who, when, why, on which request, old and new.

    An insert keeps neither: `history.first_values` says what it wrote.
    """

    id = models.BigAutoField(primary_key=True)
    table_name = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    action = models.CharField(max_length=80)
    by = models.CharField(max_length=150)
    because = models.TextField()
    request = models.CharField(max_length=64)
    at = models.DateTimeField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        indexes = (models.Index(fields=["table_name", "record_id"], name="change_of_record"),)
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)
