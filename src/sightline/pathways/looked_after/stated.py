"""What of care the returns state that tell of every episode: the SSDA903 set and the Standard Safeguarding Dataset."""

PERIOD = (
    *("person", "start_date", "end_date", "end_reason", "category_of_need", "home_postcode"),
    *("previous_permanence", "previous_permanence_authority", "previous_permanence_date"),
)
PLACEMENT = (
    *("person", "period", "start_date", "end_date", "placement_type", "provider", "urn"),
    *("postcode", "authority", "distance_miles", "change_reason"),
)
EPISODE = (*("person", "period", "placement", "start_date", "start_reason", "legal_status", "end_date", "end_reason"),)
