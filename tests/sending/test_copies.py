"""Packs and copies, from preparing to receipt: what each recipient reads, and that a second person has read it first."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.models import Entry
from sightline.core.sending.models import Copy, CopyRedaction, Pack
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.sending import copies

from .conftest import SECRETS, Scene, fresh

Act = Callable[..., Any]
TODAY = timezone.localdate()


def text_of(copy: Copy) -> str:
    """Everything that the recipient of a copy would read."""
    return json.dumps(copies.given(copies.view(copy, TODAY)), ensure_ascii=False)


def sent_to_worker(act: Act, scene: Scene, prepare: Act, checked: Act) -> Copy:
    copy = checked(prepare(role="POLICE", worker=scene.recipient.worker_id))
    act(scene.preparer, "sending.send", copy)
    return fresh(copy)


# --- The second person ---


def test_nothing_is_sent_before_a_second_person_has_checked_it(act: Act, scene: Scene, prepare: Act) -> None:
    copy = prepare(name="Mara Invented")
    for action in ("sending.send", "sending.check"):
        with pytest.raises(NotNow):
            act(scene.preparer, action, copy)
    act(scene.preparer, "sending.submit", copy)
    with pytest.raises(Invalid, match="another person has to check"):
        act(scene.preparer, "sending.check", fresh(copy), places_read=True)
    with pytest.raises(Invalid, match="every free text"):
        act(scene.checker, "sending.check", fresh(copy))
    act(scene.checker, "sending.check", fresh(copy), places_read=True)
    with pytest.raises(Invalid, match="no sign-in"):
        act(scene.preparer, "sending.send", fresh(copy))
    act(scene.preparer, "sending.send", fresh(copy), channel="handed_over", sent_note="At the office")
    assert (fresh(copy).sent_by, fresh(copy).channel) == ("preparer", "handed_over")


def test_whoever_decided_about_a_copy_does_not_check_it(act: Act, scene: Scene, prepare: Act) -> None:
    copy = prepare(name="Mara Invented")
    act(scene.checker, "sending.redact", copy=copy.pk, passage="Room 3", reason="not_needed")
    act(scene.preparer, "sending.submit", copy)
    with pytest.raises(Invalid, match="another person has to check"):
        act(scene.checker, "sending.check", fresh(copy), places_read=True)


def test_a_copy_that_waits_for_the_check_is_not_changed_but_sent_back(act: Act, scene: Scene, prepare: Act) -> None:
    copy = prepare(name="Mara Invented")
    act(scene.preparer, "sending.submit", copy)
    with pytest.raises(Invalid, match="sent back before it is changed"):
        act(scene.preparer, "sending.redact", copy=copy.pk, passage="Room 3", reason="not_needed")
    act(scene.checker, "sending.send_back", fresh(copy), return_reason="The venue is not needed")
    act(scene.preparer, "sending.redact", copy=copy.pk, passage="Room 3", reason="not_needed")
    assert "Room 3" not in text_of(fresh(copy))


def test_what_changed_since_the_check_is_checked_again(
    act: Act, make: Act, scene: Scene, prepare: Act, checked: Act
) -> None:
    copy = checked(prepare(name="Health visitor", role="HEALTH_VISITOR"))
    # A place becomes known that the text had named all along.
    place = make("places.Place", line_1="Room 3", postcode="")
    make("people.PersonAddress", person=scene.child, place=place, kind="placement", start_date="2024-03-05")
    with pytest.raises(Invalid, match="changed since the check"):
        act(scene.preparer, "sending.send", copy, channel="post")


# --- What is left out ---


def test_each_recipient_has_redactions_of_their_own(act: Act, scene: Scene, prepare: Act) -> None:
    first = prepare(name="Mara Invented")
    act(scene.preparer, "sending.add_recipients", first.pack, recipients=[{"role": "GP", "name": "Doctor"}])
    second = Copy.objects.exclude(pk=first.pk).get()
    act(scene.preparer, "sending.redact", copy=first.pk, passage="threatened to\nfind them", reason="safety")
    act(scene.preparer, "sending.redact", copy=first.pk, part="invitation", reason="not_needed")
    assert "threatened" not in text_of(first)
    assert "Room 3" not in text_of(first)
    assert "threatened" in text_of(second)
    assert "Room 3" in text_of(second)


def test_a_redaction_names_something_in_the_pack_and_can_be_taken_back(act: Act, scene: Scene, prepare: Act) -> None:
    copy = prepare(name="Mara Invented")
    with pytest.raises(Invalid, match="do not stand in the pack"):
        act(scene.preparer, "sending.redact", copy=copy.pk, passage="Nothing of the kind", reason="safety")
    with pytest.raises(Invalid, match="Choose what"):
        act(scene.preparer, "sending.redact", copy=copy.pk, part="none", reason="safety")
    with pytest.raises(Invalid, match="missing"):
        act(scene.preparer, "sending.redact", copy=copy.pk, part="who")
    made = act(scene.preparer, "sending.redact", copy=copy.pk, part="who", reason="safety").record
    assert "Ada" not in text_of(copy).replace(SECRETS[0], "").split("Who the children are")[-1][:20]
    act(scene.preparer, "sending.undo", made)
    assert "Who the children are" in text_of(copy)


# --- The address guard ---


def test_no_protected_place_reaches_the_other_household(scene: Scene, prepare: Act) -> None:
    copy = prepare(relative=scene.father.pk)
    said = text_of(copy)
    for secret in (*SECRETS, "elm", "st163aa", "960 123", "960999", "OAK PRIMARY"):
        assert secret.casefold() not in said.casefold()
    assert "Father threatened to find them" in said
    shown = copies.view(copy, TODAY)
    assert shown.guard.signs == ("An assessment found domestic abuse.",)
    assert {item.text for item in shown.withheld} == {
        *("14 Elm Road, ST16 3AA", "Oak Primary School", "01632 960123", "2 Birch Lane, ST17 4BB"),
    } - {"2 Birch Lane, ST17 4BB"}


def test_the_guard_withholds_from_every_recipient_until_two_people_allow_it(
    act: Act, scene: Scene, prepare: Act
) -> None:
    copy = prepare(name="Health visitor", role="HEALTH_VISITOR")
    assert "Elm" not in text_of(copy)
    with pytest.raises(Invalid, match="at least 20 characters"):
        act(scene.preparer, "sending.give", copy=copy.pk, passage="14 Elm Road, ST16 3AA", note="Needed")
    with pytest.raises(Invalid, match="not withheld"):
        act(
            scene.preparer,
            "sending.give",
            copy=copy.pk,
            passage="9 Nowhere",
            note="She visits the family at home there.",
        )
    act(
        *(scene.preparer, "sending.give"),
        copy=copy.pk,
        passage="14 Elm Road, ST16 3AA",
        note="She visits the family at home; mother agreed.",
    )
    said = text_of(copy)
    assert "elm rd" in said
    assert "st163aa" in said
    assert "OAK PRIMARY" not in said
    act(scene.preparer, "sending.submit", copy)
    act(scene.checker, "sending.check", fresh(copy), places_read=True)
    assert "elm rd" in fresh(copy).content


@pytest.mark.parametrize("sign", ["factor", "contact", "protection", "unsafe", "seal"])
def test_each_sign_puts_the_guard_up(sign: str, make: Act, change: Act, scene: Scene, prepare: Act) -> None:
    from sightline.pathways.assessment.models import AssessmentFactor

    factor = AssessmentFactor.objects.get()
    if sign != "factor":
        change(factor, factor="1A")
    copy = prepare(relative=scene.father.pk)
    if sign == "factor":
        assert copies.view(copy, TODAY).guard.up
        return
    assert not copies.view(copy, TODAY).guard.up
    assert "14 Elm Road" in text_of(copy)
    if sign == "contact":
        make(
            *("front_door.Contact",),
            person=scene.mother,
            contact_date="2024-03-01",
            source="1A",
            presenting_issue="DOMESTIC_ABUSE",
        )
    if sign == "protection":
        made = {"reason": "Father must not learn where she lives.", "start_date": "2024-03-01"}
        make("sending.ProtectedWhereabouts", person=scene.mother, **made)
    if sign == "unsafe":
        make("people.ContactPoint", person=scene.mother, kind="email", value="m@example.org", safe_to_use="no")
    if sign == "seal":
        of = {"ask": scene.checker.worker, "reason": "Sealed", "start_date": "2024-03-01"}
        make("restrictions.Seal", person=scene.mother, policy="hidden", **of)
    assert copies.view(copy, TODAY).guard.up
    assert "Elm" not in text_of(copy)


# --- Sending, receipt, withdrawal: the preparer, the recipient, a stranger ---


def test_three_people(act: Act, scene: Scene, prepare: Act, checked: Act) -> None:
    copy = checked(prepare(role="POLICE", worker=scene.recipient.worker_id))

    def sees(user: User) -> tuple[bool, bool, bool]:
        again = User.objects.get(pk=user.pk)
        return tuple(visible_rows(again, model).exists() for model in (Pack, Copy, CopyRedaction))  # type: ignore[return-value]

    assert sees(scene.recipient) == (False, False, False)
    act(scene.preparer, "sending.redact", copy=prepare(name="Another").pk, passage="Room 3", reason="safety")
    act(scene.preparer, "sending.send", copy)
    assert sees(scene.preparer) == (True, True, True)
    assert sees(scene.recipient) == (False, True, False)
    assert [one.pk for one in visible_rows(scene.recipient, Copy)] == [copy.pk]
    assert sees(scene.stranger) == (False, False, False)
    act(scene.recipient, "sending.open", fresh(copy))
    assert fresh(copy).received_by == "recipient"
    for action in ("sending.withdraw", "sending.send_back"):
        with pytest.raises(NotPermitted):
            act(scene.recipient, action, fresh(copy))
    act(scene.preparer, "sending.withdraw", fresh(copy), withdrawn_reason="Sent to the wrong officer")
    assert sees(scene.recipient) == (False, False, False)


def test_only_the_recipients_own_opening_is_a_receipt(act: Act, scene: Scene, prepare: Act, checked: Act) -> None:
    copy = sent_to_worker(act, scene, prepare, checked)
    with pytest.raises(Invalid, match="recipient's own opening"):
        act(scene.checker, "sending.open", copy)
    with pytest.raises(Invalid, match="opening is the receipt"):
        act(scene.checker, "sending.confirm_receipt", copy, received_note="She said so")
    act(scene.recipient, "sending.open", copy)
    with pytest.raises(NotNow):
        act(scene.recipient, "sending.open", fresh(copy))


def test_receipt_of_what_went_by_post_is_recorded_by_hand(act: Act, scene: Scene, prepare: Act, checked: Act) -> None:
    copy = checked(prepare(name="Mara Invented"))
    with pytest.raises(Invalid, match="in the future"):
        act(scene.preparer, "sending.send", copy, channel="post", sent_at=timezone.now() + timedelta(days=1))
    act(scene.preparer, "sending.send", copy, channel="post")
    act(scene.preparer, "sending.confirm_receipt", fresh(copy), received_note="By telephone")
    assert fresh(copy).received_by == "preparer"


def test_one_whom_a_seal_or_a_conflict_bars_is_sent_nothing(
    act: Act, make: Act, scene: Scene, prepare: Act, checked: Act
) -> None:
    copy = checked(prepare(role="POLICE", worker=scene.recipient.worker_id))
    of = {"worker": scene.recipient.worker, "reason": "A cousin", "start_date": "2024-01-01"}
    conflict = make("restrictions.ConflictOfInterest", person=scene.child, **of)
    with pytest.raises(Invalid, match="may not be sent"):
        act(scene.preparer, "sending.send", copy)
    with pytest.raises(Invalid, match="may not be sent"):
        prepare(role="POLICE", worker=scene.recipient.worker_id)
    del conflict


def test_a_conflict_closes_what_was_sent(act: Act, make: Act, scene: Scene, prepare: Act, checked: Act) -> None:
    sent_to_worker(act, scene, prepare, checked)
    of = {"worker": scene.recipient.worker, "reason": "A cousin", "start_date": "2024-01-01"}
    assert visible_rows(scene.recipient, Copy).exists()
    make("restrictions.ConflictOfInterest", person=scene.child, **of)
    assert not visible_rows(User.objects.get(pk=scene.recipient.pk), Copy).exists()


def test_a_sealed_record_is_in_no_pack_even_for_members_of_the_seal(
    act: Act, make: Act, scene: Scene, prepare: Act
) -> None:
    copy = prepare(name="Mara Invented")
    assert "Ada is safe" in text_of(copy)
    of = {"ask": scene.checker.worker, "reason": "Sealed", "start_date": "2024-03-01", "policy": "hidden"}
    seal = make("restrictions.Seal", record_table="child_protection_plan", record_id=scene.plan.pk, **of)
    make("restrictions.SealMember", seal=seal, worker=scene.preparer.worker, start_date="2024-03-01")
    again = prepare(name="Mara Invented")
    assert "Ada is safe" not in again.pack.content
    # What was prepared before shows it no more.
    assert "Ada is safe" not in text_of(copy)


def test_what_was_kept_from_whom_is_in_no_subject_access_pack(act: Act, scene: Scene, prepare: Act) -> None:
    from sightline.core.rights.models import AccessRequest
    from sightline.engine.rights import packs

    copy = prepare(relative=scene.father.pk)
    act(scene.preparer, "sending.redact", copy=copy.pk, passage="14, elm rd", reason="safety")
    given = json.dumps(packs.content(scene.father, AccessRequest(), TODAY))
    assert "sending_" not in given
    assert "elm" not in given.casefold()


def test_a_pack_about_two_children_is_for_those_who_see_both(make: Act, scene: Scene, prepare: Act) -> None:
    prepare(name="Mara Invented")
    other = make("people.Person", birth_date="2019-01-01")
    assert visible_rows(scene.preparer, Pack).exists()
    make("sending.PackChild", person=other, pack=Pack.objects.get())
    assert not visible_rows(User.objects.get(pk=scene.preparer.pk), Pack).exists()


def test_every_step_is_audited(act: Act, scene: Scene, prepare: Act, checked: Act) -> None:
    copy = sent_to_worker(act, scene, prepare, checked)
    act(scene.recipient, "sending.open", copy)
    steps = Entry.objects.filter(what="write", about__startswith="sending.").order_by("id")
    assert [(one.who, one.about) for one in steps] == [
        *(("preparer", "sending.prepare"), ("preparer", "sending.submit"), ("checker", "sending.check")),
        *(("preparer", "sending.send"), ("recipient", "sending.open")),
    ]
    assert all(one.details["people"] == [scene.child.pk] for one in steps)


def test_only_roles_that_send_may_prepare(act: Act, scene: Scene) -> None:
    for user in (scene.recipient, scene.stranger):
        with pytest.raises((NotPermitted, Invalid)):
            act(
                *(user, "sending.prepare"),
                kind="conference",
                record_table=scene.planned._meta.db_table,
                record_id=scene.planned.pk,
                parts="who",
                recipients=[{"role": "PARENT", "name": "x"}],
            )
