"""What a page makes of an act that is refused: words for the page, or no entrance; and never half of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from sightline.core.organisations.models import Organisation
from sightline.engine.actions.refusals import Fault, Invalid, NotNow, NotPermitted, Refused
from sightline.web.acting import acted

pytestmark = pytest.mark.django_db

FAULTS = (Fault("start_date", "This is in the future."), Fault("", "Choose a child."))


def half_done(refusal: Refused) -> str:
    Organisation.objects.create(name="Half done", kind="local_authority", area="E10000028")
    raise refusal


def test_an_act_that_is_done_gives_its_answer() -> None:
    assert acted(lambda: "done") == ("done", ())


@pytest.mark.parametrize(
    ("refusal", "faults"),
    [
        (Invalid("Act", FAULTS), FAULTS),
        (NotNow("The plan has ended.", where="Act", next="Open another."), (Fault("", "The plan has ended."),)),
    ],
)
def test_a_refusal_is_told_and_undone(refusal: Refused, faults: tuple[Fault, ...]) -> None:
    assert acted(lambda: half_done(refusal)) == (None, faults)
    assert not Organisation.objects.filter(name="Half done").exists()


def test_what_a_user_may_not_do_is_no_entrance() -> None:
    """The page of refusals then leaves an entry in the audit."""
    with pytest.raises(PermissionDenied, match="Not yours to do"):
        acted(lambda: half_done(NotPermitted("Not yours to do.", where="Act", next="Ask.")))
    assert not Organisation.objects.filter(name="Half done").exists()
