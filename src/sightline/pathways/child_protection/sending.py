"""What is sent in child protection: the pack for a conference, and copies of a child protection plan (Working Together ch 1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from sightline.engine.actions.engine import people_of
from sightline.engine.sending.declarations import WHERE, WHO, PackKind, Part, Proposed, Source, family, itself
from sightline.pathways.child_protection.models import ConferenceInvitation, Plan, PlannedChild, PlannedConference

_PLAN_LINES = ("aim", "action", "responsible", "due_date", "done_date", "outcome")
_DECIDED = ("outcome", "category", "child_views", "decision_reason", "dissent")


def _invitations(planned: Any) -> Any:
    return ConferenceInvitation.objects.filter(planned=planned, withdrawn_date=None).order_by("id")


def _with_views(planned: Any, _children: set[int]) -> Q:
    return Q(planned=planned, withdrawn_date=None) & ~Q(views="")


def _enquiries(planned: Any, children: set[int]) -> Q:
    led = PlannedChild.objects.filter(planned=planned, section47__isnull=False).values("section47")
    return Q(person__in=children, pk__in=led)


def _lines_of_enquiries(planned: Any, children: set[int]) -> Q:
    led = PlannedChild.objects.filter(planned=planned, section47__isnull=False).values("section47")
    return Q(person__in=children, section47__in=led, answered_date__isnull=False)


def _plans_under_review(planned: Any, children: set[int]) -> Q:
    return Q(person__in=children, pk__in=_reviewed(planned))


def _lines_under_review(planned: Any, children: set[int]) -> Q:
    return Q(person__in=children, plan__in=_reviewed(planned))


def _reviewed(planned: Any) -> Any:
    return PlannedChild.objects.filter(planned=planned, plan__isnull=False).values("plan")


def _authorised(_record: Any, children: set[int]) -> Q:
    return Q(person__in=children, authorised_date__isnull=False)


def _of_the_plan(plan: Any, children: set[int]) -> Q:
    return Q(person__in=children, plan=plan)


def _invited(planned: Any) -> Iterable[Proposed]:
    """Those invited. Two who are one name in one role are one recipient."""
    return [
        Proposed(one.role, one.worker, one.relative, one.organisation, one.name)
        for one in _invitations(planned).select_related("worker", "relative", "organisation")
        if one.worker_id or one.relative_id or one.name
    ]


def _in_the_plan(plan: Any) -> Iterable[Proposed]:
    """The parents and carers, and those invited to the latest conference about the child."""
    called = PlannedConference.objects.filter(
        pk__in=PlannedChild.objects.filter(person=plan.person).values("planned"), cancelled_date=None
    )
    latest = called.order_by("-planned_date", "-id").first()
    return [*family(people_of(plan)), *(_invited(latest) if latest is not None else ())]


PACKS = (
    PackKind(
        "conference",
        "Conference pack",
        PlannedConference._meta.label,
        (
            Part(
                "invitation",
                "Invitation",
                (
                    Source(
                        PlannedConference._meta.label, ("kind", "planned_date", "start_time", "venue", "chair"), itself
                    ),
                ),
            ),
            WHO,
            Part(
                "enquiry",
                "Section 47 enquiry",
                (
                    Source(
                        "child_protection.Section47",
                        ("start_date", "end_date", "outcome", "child_views", "findings"),
                        _enquiries,
                    ),
                    Source(
                        "child_protection.LineOfEnquiry", ("question", "organisation", "finding"), _lines_of_enquiries
                    ),
                ),
            ),
            Part(
                "reports",
                "Reports received",
                (
                    Source(
                        ConferenceInvitation._meta.label,
                        ("role", "organisation", "name", "report_received_date", "views"),
                        _with_views,
                    ),
                ),
            ),
            Part(
                "assessment",
                "Assessments",
                (
                    Source(
                        "assessment.Assessment",
                        ("start_date", "authorised_date", "child_views", "family_views", "analysis", "outcome"),
                        _authorised,
                    ),
                ),
                usual=False,
            ),
            Part(
                "previous_plan",
                "Plan under review",
                (
                    Source(Plan._meta.label, ("start_date", "latest_category"), _plans_under_review),
                    Source("child_protection.PlanAction", _PLAN_LINES, _lines_under_review),
                ),
            ),
            Part(
                "decisions",
                "Decisions of earlier conferences",
                (Source("child_protection.ConferenceChild", _DECIDED),),
                usual=False,
            ),
            WHERE,
        ),
        _invited,
    ),
    PackKind(
        "protection_plan",
        "Child protection plan",
        Plan._meta.label,
        (
            WHO,
            Part(
                "plan",
                "The plan",
                (Source(Plan._meta.label, ("start_date", "latest_category", "end_date", "end_reason"), itself),),
            ),
            Part("actions", "What is to be done", (Source("child_protection.PlanAction", _PLAN_LINES, _of_the_plan),)),
            Part(
                "decision",
                "Why the conference decided so",
                (Source("child_protection.ConferenceChild", _DECIDED, _of_the_plan),),
            ),
            Part(
                "core_groups",
                "Core groups",
                (
                    Source(
                        "child_protection.CoreGroup",
                        ("meeting_date", "summary", "child_views", "next_meeting_date"),
                        _of_the_plan,
                    ),
                ),
                usual=False,
            ),
            WHERE,
        ),
        _in_the_plan,
    ),
)
