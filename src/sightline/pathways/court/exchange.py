"""Pre-proceedings and family group decision making in the children in need census, kept as received until it has a record.

Its shape is from an example of 2026-27: which of its fields are required, and the codes of its outcome, are still to be published.
"""

from __future__ import annotations

from sightline.engine.exchange.declarations import Builder, Table, day, flag, text, whole

TABLES = (
    Table(
        "cin",
        "PreProceedingsandFGDM",
        columns=(
            day("PPStartDate", future=True),
            day("LBPSentDate", future=True),
            flag("FGDMMeetingOffer"),
            flag("FGDMMeetingFac"),
            day("InitialPPMeetingDate", future=True),
            whole("ReviewMeetingsCount"),
            day("StepDecisionDate", future=True),
            text("PPOutcome"),
            day("CourtAppDate", future=True),
            day("LetterInitCPDate", future=True),
        ),
        within="CINdetails",
        recorded=False,
        since=2027,
    ),
)
BUILDERS: tuple[Builder, ...] = ()
