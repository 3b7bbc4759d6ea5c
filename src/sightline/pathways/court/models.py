"""Care proceedings (Children Act 1989 s31 and s32: 26 weeks, extensions of 8)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order


class Application(Record):
    """An application for care or supervision of one family's children, from issue to final order."""

    reference = f.Code("Court reference", f.PERSONAL, max_length=40, item="SSD prep_court_reference", default="")
    issue_date = f.Date("Issued", f.PERSONAL)
    final_order_date = f.Date("Final order", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("application"), in_order("application", "issue_date", "final_order_date"))


class ApplicationChild(Record):
    """A child who is the subject of an application."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    application = f.Link(Application, "Application", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "child in an application"
        verbose_name_plural = "children in applications"
        constraints = (from_source("application_child"),)


class Hearing(Record):
    """A hearing of an application."""

    application = f.Link(Application, "Application", f.PERSONAL)
    hearing_date = f.Date("Heard", f.PERSONAL)
    kind = f.Code("Kind", f.OPEN, codes="hearing_kind")

    class Meta:
        constraints = (from_source("hearing"),)


class Extension(Record):
    """An extension of the 26 weeks, each needing fresh justification."""

    application = f.Link(Application, "Application", f.PERSONAL)
    granted_date = f.Date("Granted", f.PERSONAL)

    class Meta:
        constraints = (from_source("extension"),)


class Order(Record):
    """One order for one child."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    application = f.Link(Application, "Application", f.PERSONAL, null=True)
    order = f.Code("Order", f.SPECIAL, codes="care_proceedings_order")
    order_date = f.Date("Made", f.PERSONAL)

    class Meta:
        verbose_name = "court order"
        constraints = (from_source("court_order"),)
