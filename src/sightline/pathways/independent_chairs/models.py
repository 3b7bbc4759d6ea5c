"""Anonymous feedback, midway checks, informal alerts and formal disputes (IRO Handbook 2010 ch 3 and 6).

Who chaired what stands on the conference and the review.
"""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source, in_order, no_overlap


class Feedback(Record):
    """One anonymous questionnaire. It has no child: nothing may tie it to one."""

    RETENTION = f.Retention.ANONYMOUS
    returned_date = f.Date("Returned", f.OPEN)
    meeting_kind = f.Code("About which meeting", f.OPEN, codes="feedback_meeting")
    felt_listened_to = f.Yes("Felt listened to", f.OPEN, null=True)
    explained_well = f.Yes("Everything was explained well", f.OPEN, null=True)

    class Meta:
        verbose_name = "feedback questionnaire"
        constraints = (from_source("feedback"),)


class MidwayCheck(Record):
    """A chair's look at how a plan goes between two meetings."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    subject = f.Code("About", f.PERSONAL, codes="monitoring_of")
    check_date = f.Date("Checked", f.PERSONAL)
    worker = f.Link("organisations.Worker", "Checked by", f.PERSONAL, null=True)
    finding = f.Code("Finding", f.PERSONAL, codes="monitoring_finding")
    child_asked = f.Yes("Child asked how it goes", f.PERSONAL, null=True)
    notes = f.Text("What was found", f.IDENTIFYING)

    class Meta:
        constraints = (from_source("midway_check"),)


class Alert(Record):
    """An informal concern that a chair raises with a child's team. It is no dispute, and is counted apart from one."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("Raised", f.PERSONAL)
    raised_by = f.Link("organisations.Worker", "Raised by", f.PERSONAL)
    asked_of = f.Link("organisations.Worker", "Raised with", f.PERSONAL, null=True)
    subject = f.Code("About", f.PERSONAL, codes="concern_subject")
    concern = f.Text("Concern", f.IDENTIFYING, blank=False)
    reply_date = f.Date("Replied", f.PERSONAL, null=True)
    reply = f.Text("Reply", f.IDENTIFYING)
    end_date = f.Date("Closed", f.PERSONAL, null=True)
    outcome = f.Code("How it ended", f.PERSONAL, codes="alert_outcome", null=True)

    class Meta:
        verbose_name = "informal alert"
        constraints = (
            from_source("alert"),
            in_order("alert"),
            both_or_neither("alert_end", "end_date", "outcome"),
        )


class Dispute(Record):
    """A formal dispute of a reviewing officer about one child. All its stages together have 20 working days (IRO Handbook ch 6)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    alert = f.Link(Alert, "Informal alert before it", f.PERSONAL, null=True)
    start_date = f.Date("Raised", f.PERSONAL)
    raised_by = f.Link("organisations.Worker", "Raised by", f.PERSONAL)
    subject = f.Code("About", f.PERSONAL, codes="concern_subject")
    concern = f.Text("What is in dispute", f.IDENTIFYING, blank=False)
    wanted = f.Text("What the reviewing officer asks for", f.IDENTIFYING)
    child_views = f.Text("What the child thinks of it", f.IDENTIFYING)
    cafcass_date = f.Date("Referred to Cafcass", f.PERSONAL, null=True, help="It may be referred at any stage.")
    cafcass_reason = f.Text("Why it was referred", f.IDENTIFYING)
    end_date = f.Date("Ended", f.PERSONAL, null=True)
    outcome = f.Code("How it ended", f.PERSONAL, codes="dispute_outcome", null=True)

    class Meta:
        verbose_name = "formal dispute"
        constraints = (
            from_source("dispute"),
            in_order("dispute"),
            both_or_neither("dispute_end", "end_date", "outcome"),
        )


class DisputeStage(Record):
    """The spell for which a formal dispute stands at one stage."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    dispute = f.Link(Dispute, "Formal dispute", f.PERSONAL)
    stage = f.Code("Stage", f.PERSONAL, codes="dispute_stage")
    start_date = f.Date("Reached", f.PERSONAL)
    responder = f.Link("organisations.Worker", "Who answers", f.PERSONAL, null=True)
    response_date = f.Date("Answered", f.PERSONAL, null=True)
    response = f.Text("Answer", f.IDENTIFYING)
    end_date = f.Date("Left", f.PERSONAL, null=True)
    result = f.Code("How it ended", f.PERSONAL, codes="dispute_stage_result", null=True)

    class Meta:
        verbose_name = "stage of a dispute"
        verbose_name_plural = "stages of disputes"
        constraints = (
            from_source("dispute_stage"),
            in_order("dispute_stage"),
            both_or_neither("dispute_stage_end", "end_date", "result"),
            no_overlap("dispute_stage", "dispute"),
        )
