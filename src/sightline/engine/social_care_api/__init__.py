"""The Department's children's social care API: what of the record is told, what has changed since it was last accepted, and sending it.

Pathways declare their blocks in `social_care_api.py`; `schema` reads from the published schema how the blocks stand in each other.
"""
