"""The voice of the child: what a child answered when asked about the work with the family (Standard Safeguarding Dataset, voice of the child)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class ChildsAnswers(Record):
    """A child's answers to the dataset's five questions on one occasion. A question that was not asked, or not answered, stays empty."""

    HAPPENED = "asked_date"

    person = f.Link(PERSON, "Child", f.PERSONAL)
    asked_date = f.Date(
        "Asked on", f.PERSONAL, null=True, help="The dataset does not say it, so an import leaves it empty."
    )
    worker = f.Link("organisations.Worker", "Asked by", f.PERSONAL, null=True)
    explained_worries = f.Yes(
        "Somebody explained the worries so that the child understood",
        f.PERSONAL,
        null=True,
        item="SSD voch_explained_worries",
    )
    story_helped = f.Yes(
        "The story in words and pictures helped the child to understand",
        f.PERSONAL,
        null=True,
        item="SSD voch_story_help_understand",
    )
    agrees_with_worker = f.Yes(
        "The child agrees with what has to happen to be safe", f.PERSONAL, null=True, item="SSD voch_agree_worker"
    )
    plan_is_clear = f.Yes(
        "The child thinks that the plan tells everyone what to do", f.PERSONAL, null=True, item="SSD voch_plan_safe"
    )
    tablet_helped = f.Yes(
        "Writing or drawing on the tablet helped the child to explain",
        f.PERSONAL,
        null=True,
        item="SSD voch_tablet_help_explain",
    )

    class Meta:
        verbose_name = "child's answers"
        verbose_name_plural = "children's answers"
        constraints = (from_source("childs_answers"),)
