"""The barrier between an adopted child's two identities: what is on its other side is never shown together with a person."""

from __future__ import annotations

from django.db.models import Q

from sightline.core.restrictions.models import AdoptedIdentity


def identity_barrier(person_id: int) -> set[int]:
    """The people who must never be shown, joined, related or merged with a person, whoever asks; of a child adopted twice, all others.

    The answer itself gives the link away: use it to leave out or to refuse, and show neither it nor why.
    """
    known, new = {person_id}, {person_id}
    while new:
        links = AdoptedIdentity.objects.filter(Q(before__in=new) | Q(after__in=new), end_date=None)
        new = {id for pair in links.values_list("before_id", "after_id") for id in pair} - known
        known |= new
    return known - {person_id}
