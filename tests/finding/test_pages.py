"""The pages of finding: the search box, registering after a search, likely duplicates, and merging with its undoing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.people.merged import leads_to
from sightline.core.people.models import Judgement, Person, PersonName, Relationship

from .conftest import Make

pytestmark = pytest.mark.django_db
#: However many people are found, a page of them asks so many questions of the database at the most.
CEILING = 45


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def as_user(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return as_user


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_search_shows_whom_one_may_see_and_is_audited(
    sign_in: Any, worker_of: Callable[..., User], person: Make
) -> None:
    hers = person("Amelia", "Acornmock", "2010-02-01", line_1="12 Nowhere Street", postcode="ZZ99 9ZZ")
    theirs = person("Amelia", "Acornmock", "2012-02-01")
    user = worker_of("social_worker", hers)
    other = worker_of("social_worker", theirs)
    answer = sign_in(user).get(reverse("search"), {"q": "amelia acornmock"})
    text = text_of(answer)
    assert "1 person" in text
    assert "12 Nowhere Street, ZZ99 9ZZ" in text
    assert "Children's social care" in text
    assert "same name" in text
    assert "2012" not in text
    assert f"Record {theirs.pk}. Restricted: ask Team of {other.username}" in text
    entry = Entry.objects.filter(what="search").latest("id")
    assert (entry.who, entry.details["query"]) == (user.username, "amelia acornmock")
    assert entry.details["people"] == [hers.pk]
    assert entry.details["told_of"] == [theirs.pk]


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "'; DROP TABLE x; --", "%_%", "{{ 7*7 }}", "\u202eevil", "😀" * 300, "a" * 5000],
)
def test_hostile_text_is_shown_as_text(sign_in: Any, worker_of: Callable[..., User], typed: str) -> None:
    answer = sign_in(worker_of("social_worker")).get(reverse("search"), {"q": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert html.escape(typed[:20], quote=True).replace("&#x27;", "&#39;") in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "two", "99", "\uff19", "1" * 400])
def test_a_page_that_there_is_not(sign_in: Any, worker_of: Callable[..., User], number: str) -> None:
    answer = sign_in(worker_of("social_worker")).get(reverse("search"), {"q": "nobody", "page": number})
    assert answer.status_code == 404


def test_a_page_of_twenty_asks_no_more_questions_than_a_page_of_one(
    sign_in: Any, worker_of: Callable[..., User], person: Make
) -> None:
    people = [person("Rosa", f"Meadowmock{number}", "2010-01-01") for number in range(25)]
    for found, user in ((1, worker_of("social_worker", people[0])), (24, worker_of("social_worker", *people[1:]))):
        client = sign_in(user)
        client.get(reverse("search"), {"q": "rosa"})
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("search"), {"q": "rosa"})
        assert f"{found} p" in text_of(answer)
        assert len(asked) <= CEILING, len(asked)


def test_registering_begins_with_a_search(sign_in: Any, worker_of: Callable[..., User]) -> None:
    client = sign_in(worker_of("contact_officer"))
    answer = client.get(reverse("register-person"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("search"))


def test_registering_asks_about_those_who_are_alike(sign_in: Any, worker_of: Callable[..., User], person: Make) -> None:
    known = person("Amelia", "Acornmock", "2010-02-01")
    client = sign_in(worker_of("contact_officer"))
    address = f"{reverse('register-person')}?q=amelia+acornmock+01/02/2010"
    opened = text_of(client.get(address))
    assert f"Record {known.pk}. Restricted" in opened
    typed = {
        "forename": "Amelia",
        "surname": "Acornmock",
        "sex": "F",
        "birth_date-day": "1",
        "birth_date-month": "2",
        "birth_date-year": "2010",
    }
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "known already" in text_of(refused)
    assert 'value="Acornmock"' in refused.content.decode()  # nothing typed is lost
    # A yes to a page that did not show her counts for nothing.
    assert client.post(address, {**typed, "none_of_these": "True"}).status_code == 422
    assert Person.objects.count() == 1
    done = client.post(address, {**typed, "none_of_these": "True", "looked_at": str(known.pk)})
    assert done.status_code == 302
    assert Judgement.objects.get().other_id == known.pk
    assert PersonName.objects.filter(surname="Acornmock").count() == 2


def test_somebody_new_is_registered_without_a_question(sign_in: Any, worker_of: Callable[..., User]) -> None:
    client = sign_in(worker_of("contact_officer"))
    address = f"{reverse('register-person')}?q=theo+pebblemock"
    assert 'value="Pebblemock"' in client.get(address).content.decode()
    typed = {"forename": "Theo", "surname": "Pebblemock", "sex": "M"}
    assert "date of birth" in text_of(client.post(address, typed)).lower()
    born = {"birth_date-day": "1", "birth_date-month": "2", "birth_date-year": "2010"}
    assert client.post(address, typed | born).status_code == 302
    assert PersonName.objects.get().surname == "Pebblemock"


@pytest.fixture
def pair(person: Make, worker_of: Callable[..., User], allocate: Any) -> tuple[Any, Any, User]:
    """Two records of one child, and a manager who sees both."""
    kept = person("Amelia", "Acornmock", "2010-02-01", postcode="ZZ99 9ZZ", line_1="1 Nowhere Street")
    gone = person("Millie", "Acornmock", "2010-02-01", phone="07700 900123")
    manager = worker_of("team_manager", kept)
    allocate(manager, gone, "leaving_care")
    return kept, gone, manager


def test_duplicates_are_listed_compared_merged_and_unmerged(pair: Any, sign_in: Any) -> None:
    kept, gone, manager = pair
    client = sign_in(manager)
    listed = text_of(client.get(reverse("duplicates")))
    assert "Millie Acornmock" in listed
    assert "another form of the name" in listed
    compare = reverse("merge-compare", args=[kept.pk, gone.pk])
    side_by_side = text_of(client.get(compare))
    assert "07700 900123" in side_by_side
    assert "1 Nowhere Street, ZZ99 9ZZ" in side_by_side
    assert client.post(compare, {"reason": ""}).status_code == 422
    merged = client.post(compare, {"reason": "The school confirms it."})
    assert merged.status_code == 302
    assert leads_to(gone.pk) == kept.pk
    page = client.get(merged["Location"])
    assert "leads to" in text_of(page)
    seen = re.search(r'name="seen" value="(\d+)"', page.content.decode())
    assert seen is not None
    undo = {"act": "people.unmerge", "seen": seen.group(1)}
    assert client.post(merged["Location"], undo).status_code == 422  # it says why
    assert client.post(merged["Location"], undo | {"undone_reason": "Cousins."}).status_code == 302
    assert leads_to(gone.pk) == gone.pk


def test_a_pair_judged_to_be_two_is_not_listed_again(pair: Any, sign_in: Any) -> None:
    kept, gone, manager = pair
    client = sign_in(manager)
    client.post(reverse("merge-compare", args=[kept.pk, gone.pk]), {"two": "1"})
    assert "Millie" not in text_of(client.get(reverse("duplicates")))


def test_an_adopted_childs_identities_are_not_compared(pair: Any, sign_in: Any, make: Make) -> None:
    kept, gone, manager = pair
    make("restrictions.AdoptedIdentity", before=gone, after=kept, start_date="2016-01-01")
    client = sign_in(manager)
    assert "Millie" not in text_of(client.get(reverse("duplicates")))
    for one, other in ((kept, gone), (gone, kept)):
        assert client.get(reverse("merge-compare", args=[one.pk, other.pk])).status_code == 404


def test_a_merged_persons_address_leads_to_the_kept_one(pair: Any, sign_in: Any) -> None:
    kept, gone, manager = pair
    client = sign_in(manager)
    client.post(reverse("merge-compare", args=[kept.pk, gone.pk]), {"reason": "The school confirms it."})
    answer = client.get(reverse("person", args=[gone.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("person", args=[kept.pk]))


def test_strangers_cannot_merge(pair: Any, sign_in: Any, worker_of: Callable[..., User]) -> None:
    kept, gone, _ = pair
    compare = reverse("merge-compare", args=[kept.pk, gone.pk])
    assert sign_in(worker_of("team_manager")).get(compare).status_code == 404
    assert sign_in(worker_of("social_worker")).get(compare).status_code == 403


def _contact(**more: str) -> dict[str, str]:
    """A contact as it is typed, about nobody yet."""
    return {
        "received_date-day": "3",
        "received_date-month": "7",
        "received_date-year": "2017",
        "source": "2A",
        "method": "PHONE",
        "narrative": "Bruises seen.",
        "consent": "GIVEN",
        "lawful_basis": "CONSENT",
        "priority": "RED",
        "checks.rows": "1",
        **more,
    }


class TestAContactAboutAChildWhomOneDoesNotSee:
    """The front door is open to every child: one who is known to others, and one who was just registered."""

    @pytest.fixture
    def officer(self, worker_of: Callable[..., User]) -> User:
        return worker_of("contact_officer")

    @pytest.fixture
    def take(self) -> str:
        return reverse("do", args=["front_door.take_contact"])

    def test_begins_at_the_search_and_shows_nothing_but_the_number(
        self, officer: User, sign_in: Any, person: Make, take: str
    ) -> None:
        known = person("Amelia", "Acornmock", "2010-02-01")
        client = sign_in(officer)
        found = client.get(reverse("search"), {"q": "amelia acornmock"}).content.decode()
        assert f'href="{take}?person={known.pk}"' in found
        form = client.get(take, {"person": known.pk})
        assert form.status_code == 200
        assert f"Include Record {known.pk}" in text_of(form)
        assert "Acornmock" not in form.content.decode()
        assert not Entry.objects.filter(what="read").exists()

    def test_is_taken_and_opens_the_record(self, officer: User, sign_in: Any, person: Make, take: str) -> None:
        known, brother = person("Amelia", "Acornmock", "2010-02-01"), person("Theo", "Acornmock", "2012-02-01")
        client, address = sign_in(officer), f"{take}?person={known.pk}"
        assert client.get(reverse("person", args=[known.pk])).status_code == 404
        one = {"children.0.take": str(known.pk), "children.0.presenting_issue": "NEGLECT"}
        more = client.post(address, _contact(**one, **{"add": "children", "children.number": f"#{brother.pk}"}))
        page = more.content.decode()
        assert more.status_code == 200
        assert f'name="beside" value="{brother.pk}"' in page
        assert "Bruises seen." in page
        two = {"children.1.take": str(brother.pk), "children.1.presenting_issue": "NEGLECT", "beside": str(brother.pk)}
        done = client.post(address, _contact(**one, **two))
        assert done.status_code == 302, text_of(done)
        for child in (known, brother):
            assert client.get(reverse("person", args=[child.pk])).status_code == 200

    def test_follows_a_registration(self, officer: User, sign_in: Any, take: str, settings: Any) -> None:
        settings.RESTRICTED_HITS = "nothing"
        client = sign_in(officer)
        typed = {"forename": "Theo", "surname": "Pebblemock", "sex": "M"}
        born = {"birth_date-day": "1", "birth_date-month": "2", "birth_date-year": "2010"}
        done = client.post(f"{reverse('register-person')}?q=theo+pebblemock", typed | born)
        assert done["Location"] == f"{take}?person={Person.objects.get().pk}"
        assert client.get(done["Location"]).status_code == 200

    def test_is_not_offered_where_the_partnership_tells_nothing_of_others(
        self, officer: User, sign_in: Any, person: Make, take: str, settings: Any
    ) -> None:
        settings.RESTRICTED_HITS = "nothing"
        known = person("Amelia", "Acornmock", "2010-02-01")
        assert sign_in(officer).get(take, {"person": known.pk}).status_code == 404

    @pytest.mark.parametrize("policy", ["hidden", "masked"])
    def test_names_nobody_who_is_closed_to_the_officer(
        self,
        officer: User,
        worker_of: Callable[..., User],
        sign_in: Any,
        person: Make,
        seal: Any,
        take: str,
        policy: str,
    ) -> None:
        closed = person("Amelia", "Acornmock", "2010-02-01")
        seal(closed, policy, worker_of("team_manager"))
        client = sign_in(officer)
        assert client.get(take, {"person": closed.pk}).status_code == 404
        answers = []
        for number in (closed.pk, 10**9):
            answer = client.post(take, _contact(**{"add": "children", "children.number": str(number)}))
            assert answer.status_code == 422
            answers.append(text_of(answer).replace(str(number), "N"))
        assert "There is no such record" in answers[0]
        assert answers[0].count("N") == answers[1].count("N")

    def test_tells_nothing_of_who_lives_with_the_child(
        self, worker_of: Callable[..., User], sign_in: Any, person: Make, make: Make, take: str
    ) -> None:
        own, known = person("Theo", "Acornmock", "2012-02-01"), person("Amelia", "Acornmock", "2010-02-01")
        home = make("people.Household", reference="H1")
        for each in (own, known):
            make("people.HouseholdMember", person=each, household=home, start_date="2017-01-01")
        user = worker_of("social_worker", own)
        assert "Theo" not in text_of(sign_in(user).get(take, {"person": known.pk}))

    def test_other_forms_stay_shut(self, worker_of: Callable[..., User], sign_in: Any, person: Make) -> None:
        known = person("Amelia", "Acornmock", "2010-02-01")
        client = sign_in(worker_of("social_worker"))
        assert client.get(reverse("do", args=["notes.add_note"]), {"person": known.pk}).status_code == 404


class TestARelativeWhomOneRegistered:
    """A mother has no case, so nobody sees her by a reason of their own: whoever registers her may say whose mother she is."""

    @pytest.fixture
    def relate(self) -> str:
        return reverse("do", args=["people.relate"])

    def test_is_named_by_number_and_stands_with_the_family(
        self, worker_of: Callable[..., User], sign_in: Any, person: Make, relate: str
    ) -> None:
        child = person("Theo", "Acornmock", "2012-02-01")
        client = sign_in(worker_of("social_worker", child))
        named = {"forename": "Nadia", "surname": "Pebblemock", "sex": "F"}
        born = {"birth_date-day": "1", "birth_date-month": "2", "birth_date-year": "1988"}
        client.post(f"{reverse('register-person')}?q=nadia+pebblemock", named | born)
        mother = Person.objects.exclude(pk=child.pk).get()
        address, typed = (
            f"{relate}?person={child.pk}",
            {"person": str(child.pk), "kind": "parent", "parental_responsibility": "True"},
        )
        more = client.post(address, {**typed, "add": "other", "other.number": str(mother.pk)})
        assert f'<option value="{mother.pk}" selected' in more.content.decode()
        done = client.post(address, {**typed, "other": str(mother.pk), "beside": str(mother.pk)})
        assert done.status_code == 302, text_of(done)
        assert "Nadia Pebblemock" in text_of(client.get(reverse("person", args=[child.pk])))

    def test_somebody_whom_another_registered_is_not_named(
        self, worker_of: Callable[..., User], sign_in: Any, person: Make, relate: str
    ) -> None:
        child, other = person("Theo", "Acornmock", "2012-02-01"), person("Amelia", "Pebblemock", "1990-02-01")
        client = sign_in(worker_of("social_worker", child))
        address, typed = (
            f"{relate}?person={child.pk}",
            {"person": str(child.pk), "kind": "parent", "parental_responsibility": "True"},
        )
        more = client.post(address, {**typed, "add": "other", "other.number": str(other.pk)})
        assert "There is no such record" in text_of(more)
        done = client.post(address, {**typed, "other": str(other.pk), "beside": str(other.pk)})
        assert done.status_code in (403, 422)
        assert not Relationship.objects.exists()
