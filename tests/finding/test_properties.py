"""What holds of any name, any history of writes and any two people, tried on generated ones."""

from __future__ import annotations

import string
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sightline.core.finding import index
from sightline.core.finding.asked import read
from sightline.core.finding.nicknames import stands_for
from sightline.core.finding.search import matches
from sightline.core.finding.words import plain, split
from sightline.core.organisations.models import Organisation
from sightline.core.people import merging
from sightline.core.people.models import Merge, Person
from sightline.core.records.writing import writing
from sightline.engine.actions.bulk import Batch, Provenance, load, reserve
from sightline.engine.actions.engine import System, perform
from sightline.engine.actions.refusals import Invalid
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.naming import Names

from ..web.county import build
from .content import content

pytestmark = pytest.mark.django_db
quick = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
few = settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
MANY = 5_000
FIRST = date(2000, 1, 1)


# --- Typing slips ---


def transposed(word: str, at: int, _letter: str) -> str:
    at = at % (len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def left_out(word: str, at: int, _letter: str) -> str:
    at = at % len(word)
    return word[:at] + word[at + 1 :]


def put_in(word: str, at: int, letter: str) -> str:
    at = at % (len(word) + 1)
    return word[:at] + letter + word[at:]


def changed(word: str, at: int, letter: str) -> str:
    at = at % len(word)
    return word[:at] + letter + word[at + 1 :]


def doubled(word: str, at: int, _letter: str) -> str:
    at = at % len(word)
    return word[:at] + word[at] + word[at:]


def hyphenated(word: str, at: int, _letter: str) -> str:
    at = 2 + at % max(len(word) - 3, 1)
    return f"{word[:at]}-{word[at:]}"


def shouted(word: str, _at: int, _letter: str) -> str:
    return word.upper()


SLIPS = (transposed, left_out, put_in, changed, doubled, hyphenated, shouted)


def in_order(forename: str, surname: str) -> str:
    return f"{forename} {surname}"


def turned_round(forename: str, surname: str) -> str:
    return f"{surname}, {forename}"


def one_word(forename: str, surname: str) -> str:
    return f"{forename}-{surname}"


@pytest.fixture
def county_of_names(db: None) -> list[tuple[int, str, str, date]]:
    """So many people with made-up names, through the bulk door, so that triggers make the index."""
    agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")
    names = Names(Chance("names"))
    ids = reserve(Person, MANY)
    people = [
        (id, names.forename("MF"[id % 2]), names.surname(), FIRST + timedelta(days=id * 7919 % 6500)) for id in ids
    ]
    batches = [
        Batch(Person, ("id", "birth_date", "sex"), [(id, born, "U") for id, _, _, born in people]),
        Batch(
            apps.get_model("people.PersonName"),
            ("person_id", "forename", "surname"),
            [(id, forename, surname) for id, forename, surname, _ in people],
        ),
    ]
    load("test", batches, Provenance(agency.pk, "test"), by="tester", because="test")
    return people


def test_a_slip_in_a_name_still_finds_the_person_among_the_first_ten(
    county_of_names: list[tuple[int, str, str, date]],
) -> None:
    assert index.check().missing == 0

    @quick
    @given(
        st.integers(0, MANY - 1),
        st.sampled_from(SLIPS),
        st.booleans(),
        st.integers(0, 30),
        st.sampled_from(string.ascii_lowercase),
        st.sampled_from((in_order, turned_round, one_word)),
    )
    def holds(place: int, slip: Any, of_surname: bool, at: int, letter: str, order: Any) -> None:
        id, forename, surname, born = county_of_names[place]
        if of_surname:
            surname = slip(surname.lower(), at, letter)
        else:
            forename = slip(forename.lower(), at, letter)
        # A slip in a short forename makes another forename; whoever types it knows about how old the child is.
        typed = order(forename, surname) + ("" if of_surname else f" {born.year}")
        assert id in first_ten(typed), typed

    holds()


def test_a_part_of_a_name_with_the_day_of_birth_finds_the_person(
    county_of_names: list[tuple[int, str, str, date]],
) -> None:
    @quick
    @given(st.integers(0, MANY - 1), st.integers(0, 2), st.sampled_from(("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y")))
    def holds(place: int, part: int, form: str) -> None:
        id, forename, surname, born = county_of_names[place]
        others = sorted(stands_for(plain(forename)))
        known = (surname, forename, f"{others[0] if others else forename} {surname}")[part]
        assert id in first_ten(f"{known} {born.strftime(form)}"), known

    holds()


def first_ten(typed: str) -> list[int]:
    return [match.person for match in matches(read(typed, date(2026, 11, 24)))[:10]]


@quick
@given(st.text(max_size=80))
@example("\x00\ufffe' \u02bc ’ -")
def test_the_database_and_the_program_read_words_alike(db: None, text: str) -> None:
    """The words of a stored name are the words of the same name typed, whatever the script."""
    from django.db import connection

    text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT w FROM finding_words(%s) w", [text])
        held = {word for (word,) in cursor.fetchall()}
    assert set(split(text)) <= held | {word for word in split(text) if len(word) > index.LONGEST}


@quick
@given(st.text(max_size=300))
def test_anything_at_all_can_be_typed(db: None, text: str) -> None:
    assert matches(read(text, date(2026, 11, 24))) == []


# --- The index and its rebuild ---

NAMES = st.text(alphabet=string.ascii_letters + " -'’éŁß", max_size=12)
STEP = st.tuples(st.integers(0, 8), st.integers(0, 50), NAMES, st.integers(0, 3000))


@few
@given(st.lists(STEP, min_size=5, max_size=25))
def test_the_index_equals_its_rebuild_after_any_writes(db: None, steps: list[tuple[int, int, str, int]]) -> None:
    with transaction.atomic():
        agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")
        for step in [(0, 0, "Ann", 1), (0, 0, "Bo", 2), *steps]:
            try:
                with transaction.atomic(), writing("test", by="tester", because="test"):
                    write(agency, *step)
            except IntegrityError:
                pass  # two spells overlap, or a row is still used: nothing was written
        assert index.check().well
        held = entries()
        index.rebuild()
        assert entries() == held
        transaction.set_rollback(True)


def write(agency: Organisation, kind: int, which: int, name: str, days: int) -> None:
    """One write of some kind, by the triggers alone."""
    new: dict[str, Any] = {"agency": agency}
    everybody = list(Person.objects.order_by("id"))
    who = everybody[which % len(everybody)] if everybody else None
    day = FIRST + timedelta(days=days)
    model = apps.get_model
    if kind == 0 or who is None:
        who = Person.objects.create(**new, birth_date=day, sex="U")
        model("people.PersonName").objects.create(**new, person=who, forename=name, surname=name[::-1])
    elif kind == 1:
        model("people.PersonName").objects.filter(person=who).update(surname=name)
    elif kind == 2:
        model("people.PersonName").objects.filter(person=who).delete()
    elif kind == 3:
        place = model("places.Place").objects.create(
            **new, line_1=f"{days} {name} Street", postcode=f"ZZ{days % 99} 9ZZ"
        )
        model("people.PersonAddress").objects.create(**new, person=who, place=place, start_date=day)
    elif kind == 4:
        model("places.Place").objects.update(postcode=f"ZZ{days % 99} 1AA", line_1=name)
    elif kind == 5:
        model("people.Identifier").objects.create(**new, person=who, scheme="local", value=name or "L1")
    elif kind == 6:
        who.birth_date = day
        who.source_id = f"{name}-{days}-{which}"
        who.save()
    elif kind == 7:
        home = model("people.Household").objects.create(**new, reference=name)
        model("people.HouseholdMember").objects.create(**new, person=who, household=home, start_date=day)
        model("people.ContactPoint").objects.create(**new, person=who, kind="phone", value=f"0{days}{which}00000")
    else:
        other = everybody[days % len(everybody)]
        if other != who:
            Merge.objects.create(
                **new, person=who, gone=other, reason="Test", merged_at="2026-01-01T00:00Z", merged_by="tester"
            )


def entries() -> set[tuple[int, str, str]]:
    return set(apps.get_model("finding.Entry").objects.values_list("person_id", "kind", "key"))


# --- Merging ---


def test_any_two_people_of_a_county_merge_and_unmerge_without_loss(db: None) -> None:
    """Or they are refused with what to mend, and nothing has changed."""
    county = build(children=24, seed=3)
    system = System("test", Organisation.objects.get().pk)
    people = county.ids("people.Person")
    seen = {"merged": 0, "refused": 0}

    @few
    @given(st.integers(0, 23), st.integers(1, 23))
    @example(0, 1)
    @example(2, 5)
    @example(3, 9)
    def holds(one: int, step: int) -> None:
        kept, gone = (Person.objects.get(pk=people[place % 24]) for place in (one, one + step))
        before = content()
        trial = merging.plan(kept, gone, "tester")
        assert content() == before
        values = {"person": kept, "gone": gone, "reason": "One person."}
        try:
            with transaction.atomic():
                merge = perform("people.merge", by=system, because="test", values=values).record
        except Invalid as refusal:
            assert [fault.what for fault in refusal.faults] == list(dict.fromkeys(each.words for each in trial.clashes))
            seen["refused"] += 1
        else:
            assert not trial.clashes
            assert index.check().well
            undo = {"undone_reason": "Two."}
            perform("people.unmerge", by=system, because="test", values=undo, record=merge)
            seen["merged"] += 1
        assert content() == before

    holds()
    assert min(seen.values()) > 0, seen
