"""What of child protection the census and Annex A both state."""

ENQUIRY = ("person", "case", "start_date", "conference_not_required")
PLAN = (
    *("person", "case", "start_date", "end_date"),
    *("initial_category", "latest_category", "declared_previous_plans"),
)
