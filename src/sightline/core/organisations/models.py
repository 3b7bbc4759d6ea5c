"""Agencies, their teams and their workers."""

from __future__ import annotations

import pgtrigger
from django.db import models

from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class Organisation(models.Model):
    """An agency of the partnership, a provider, a court. The owner of records, so it is not a record itself."""

    id = models.BigAutoField(primary_key=True)
    name = f.Text("Name", f.OPEN)
    kind = f.Code("Kind", f.OPEN, codes="organisation_kind")
    area = f.Code("Area it serves (GSS code)", f.OPEN, default="")
    urn = f.Code("Ofsted unique reference number", f.OPEN, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "name", "area"], name="organisation_once"),)
        # Every record names the agency whose it is: the link is judged when the record is written, and must hold for good.
        triggers = (pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.name


class Team(Record):
    """A team of an agency."""

    RETENTION = f.Retention.REFERENCE
    name = f.Text("Name", f.OPEN, item="SSD dept_team_name")
    service = f.Code("Service", f.OPEN, codes="service")
    closed_date = f.Date("Closed", f.OPEN, null=True, help="From this day nobody joins it and no case comes to it.")

    class Meta:
        constraints = (from_source("team"),)


class Worker(Record):
    """A professional who works with children or chairs meetings about them."""

    RETENTION = f.Retention.REFERENCE
    name = f.Text("Name", f.IDENTIFYING, item="SSD prof_professional_name")
    job = f.Code("Job", f.OPEN, codes="worker_job", item="SSD prof_professional_job_title")
    specialism = f.Code("Specialism", f.OPEN, codes="worker_specialism", default="")
    left_date = f.Date("Left", f.OPEN, null=True, help="Last day of work.")

    class Meta:
        constraints = (from_source("worker"),)


class TeamMembership(Record):
    """The spell for which a worker belongs to a team."""

    RETENTION = f.Retention.REFERENCE
    worker = f.Link(Worker, "Worker", f.OPEN)
    team = f.Link(Team, "Team", f.OPEN)
    start_date = f.Date("From", f.OPEN)
    end_date = f.Date("To", f.OPEN, null=True)

    class Meta:
        constraints = (
            from_source("membership"),
            in_order("membership"),
            no_overlap("membership", "worker", "team"),
        )
