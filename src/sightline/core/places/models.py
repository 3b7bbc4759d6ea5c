"""Places: addresses of people and of placements."""

from __future__ import annotations

from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class Place(Record):
    """An address, with the district and authority that its postcode lies in."""

    line_1 = f.Text("First line", f.IDENTIFYING)
    postcode = f.Code("Postcode", f.IDENTIFYING, item="SSD addr_address_postcode")
    district = f.Code("District (GSS code)", f.PERSONAL, default="", help="From the postcode table.")
    authority = f.Code("Authority (GSS code)", f.PERSONAL, default="", help="From the postcode table.")
    kind = f.Code("Kind of place", f.OPEN, codes="place_kind", default="home")

    class Meta:
        constraints = (from_source("place"),)
