"""What can be typed into the search box, and who is found by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.finding.asked import read
from sightline.core.finding.find import Found, find
from sightline.core.finding.guards import Policy
from sightline.engine.actions.engine import System
from sightline.engine.actions.refusals import Invalid

from .conftest import Make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def amelia(person: Make) -> Any:
    """The one to be found, among others."""
    person("Emily", "Acornsample", "2011-05-05", nhs="9990000026", postcode="ZZ98 1AA", line_1="3 Elsewhere Close")
    person("Oscar", "Briarmock", "2009-02-01", postcode="ZZ98 1AB", line_1="4 Elsewhere Close")
    return person(
        "Amelia",
        "Acorn-Mock",
        "2010-02-01",
        nhs="9990000018",
        upn="Z999000000001",
        local="LOC00042",
        line_1="12 Nowhere Street",
        postcode="ZZ99 9ZZ",
        phone="07700 900123",
        email="Family@Example.org",
    )


@pytest.fixture
def search(worker_of: Callable[..., User], amelia: Any) -> Callable[[str], Found]:
    """The search of a worker who sees her and nobody else."""
    user = worker_of("social_worker", amelia)
    return lambda text: find(user, text)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Amelia Acorn-Mock", "same name"),
        ("acorn mock amelia", "same name"),
        ("Acornmock", "same name"),
        ("amelia", "same name"),
        ("Millie Acornmock", "another form of the name: amelia"),
        ("Amelea Acornmok", "another spelling of the name: amelia"),
        ("Ameila Acron-Mock", "sounds alike: amelia"),
        ("Àmélïa ACORN–MOCK", "same name"),
        ("a acornmock", "same initial"),
        ("amelia 2010", "born in 2010"),
        ("amelia aged 16", "of that age"),
        ("amelia 16", "of that age"),
        ("01/02/2010", "same date of birth"),
        ("1.2.2010", "same date of birth"),
        ("1 Feb 2010", "same date of birth"),
        ("1st February, 2010", "same date of birth"),
        ("2010-02-01", "same date of birth"),
        ("1/2/10", "same date of birth"),
        ("02/01/2010", "day and month changed round"),
        ("amelia 02/02/2010", "differs in one figure"),
        ("999 000 0018", "same number"),
        ("9990000018", "same number"),
        ("999-000-0018", "same number"),
        ("z999000000001", "same number"),
        ("loc00042", "same number"),
        ("07700 900 123", "same telephone number"),
        ("+44 7700 900123", "same telephone number"),
        ("family@example.org", "same e-mail address"),
        ("12 nowhere street", "like the address"),
        ("Nowhere Street", "like the address"),
        ("zz99 9zz", "same postcode"),
        ("ZZ99 acornmock", "same postcode district"),
        ("acornmock zz999zz 2010", "same postcode"),
    ],
)
def test_each_kind_of_input_finds_her(search: Callable[[str], Found], amelia: Any, typed: str, why: str) -> None:
    found = search(typed)
    assert [hit.person for hit in found.hits] == [amelia.pk]
    assert any(why in each for each in found.hits[0].why), found.hits[0].why


def test_a_record_number_finds_her(search: Callable[[str], Found], amelia: Any) -> None:
    for typed in (f"{amelia.pk}", f"#{amelia.pk}", f"person {amelia.pk}", f"P{amelia.pk}"):
        assert [hit.person for hit in search(typed).hits] == [amelia.pk], typed


@pytest.mark.parametrize("typed", ["amelia 2012", "amelia aged 3", "acornmock zz98", "9990000026", "nobody", "", "   "])
def test_what_narrows_to_nobody_finds_nobody(search: Callable[[str], Found], typed: str) -> None:
    assert search(typed).total == 0


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE people_person; --",
        "<script>alert(1)</script>",
        "%",
        "_" * 50,
        "a" * 10_000,
        "1" * 10_000,
        "😀😀 👪",
        "محمد بن علي",
        "\u202e\u202dabc",
        "\x00null\x00",
        "99/99/9999",
        "00/00/0000",
        "{{7*7}} ${7*7}",
        "\\' OR 1=1",
        "(*)?+[a-",
        "0",
        "²³¼",
        "٣١/٠٢/٢٠١٠",
        "age 999 aged 200 years",
        "#99999999999999999999999",
        "P9223372036854775808 12345678901234567890",
        "-1",
    ],
)
def test_hostile_input_finds_nobody_and_breaks_nothing(search: Callable[[str], Found], typed: str) -> None:
    assert search(typed).total == 0


def test_nobody_else_is_found(search: Callable[[str], Found]) -> None:
    """Her worker sees her and not the others, nor how many they are."""
    assert search("emily acornsample").total == 0
    assert search("oscar").total == 0
    assert search("oscar").restricted == ()


def test_who_knows_whom_they_look_for_is_told_whom_to_ask(
    search: Callable[[str], Found], worker_of: Callable[..., User], person: Make, settings: Any
) -> None:
    theirs = person("Kezia", "Gablefictive", "2012-12-12", nhs="9990000034")
    other = worker_of("social_worker", theirs)
    for typed in ("kezia gablefictive", "gablefictive 12/12/2012", "9990000034"):
        found = search(typed)
        assert found.hits == ()
        assert [(one.person, one.ask) for one in found.restricted] == [(theirs.pk, f"Team of {other.username}")], typed
    assert search("gablefictive").restricted == ()  # a surname is no acquaintance
    settings.RESTRICTED_HITS = Policy.NOTHING
    assert search("kezia gablefictive").restricted == ()


def test_a_hidden_seal_hides_and_a_masked_one_says_ask(
    search: Callable[[str], Found], worker_of: Callable[..., User], person: Make, seal: Any
) -> None:
    keeper = worker_of("team_manager")
    hidden, masked = person("Nia", "Hollowmock", "2012-12-12"), person("Nia", "Ivorymock", "2012-12-12")
    seal(hidden, "hidden", keeper)
    seal(masked, "masked", keeper)
    assert search("nia hollowmock").restricted == ()
    assert [one.person for one in search("nia ivorymock").restricted] == [masked.pk]


def test_a_seal_hides_from_the_worker_who_had_the_case(
    search: Callable[[str], Found], worker_of: Callable[..., User], amelia: Any, seal: Any
) -> None:
    seal(amelia, "hidden", worker_of("team_manager"))
    for typed in ("amelia acorn-mock", "9990000018", f"{amelia.pk}"):
        found = search(typed)
        assert (found.total, found.restricted) == (0, ()), typed


def test_an_adopted_childs_two_identities_are_never_shown_together(
    worker_of: Callable[..., User], person: Make, make: Make
) -> None:
    before, after = person("Lily", "Jaspermock", "2014-05-06"), person("Lily", "Larchmock", "2014-05-06")
    make("restrictions.AdoptedIdentity", before=before, after=after, start_date="2016-01-01")
    user = worker_of("social_worker", before, after)
    for typed in ("lily 06/05/2014", "lily", "lily jaspermock", "lily larchmock"):
        found = find(user, typed)
        told = {hit.person for hit in found.hits} | {one.person for one in found.restricted}
        assert not {before.pk, after.pk} <= told, typed


def test_a_shared_name_does_not_share_the_address(
    worker_of: Callable[..., User], make: Make, amelia: Any, agency: Any
) -> None:
    """A partner with whom a part of the record is shared finds her by name and not by where she lives."""
    partner = type(agency).objects.create(name="Anyshire Police", kind="police", area="E10000028")
    user = worker_of("mash_partner")
    user.worker.agency = partner
    with_action(make, user)
    decision = make(
        "restrictions.SharingDecision",
        person=amelia,
        partner=partner,
        purpose="An enquiry.",
        lawful_basis="public_task",
        start_date="2017-01-01",
        end_date="2099-01-01",
    )
    make("restrictions.SharedStream", decision=decision, stream="assessment")
    assert [hit.person for hit in find(user, "amelia acornmock").hits] == [amelia.pk]
    assert find(user, "amelia acornmock").hits[0].address == ""
    for typed in ("12 nowhere street", "zz99 9zz", "07700 900123", "amelia zz99 9zz"):
        assert find(user, typed).hits == (), typed


def with_action(make: Make, user: User) -> None:
    """Saves the user's worker as an action would."""
    from sightline.core.records.writing import writing

    with writing("test", by="tester", because="test"):
        user.worker.save()


def test_the_order_is_the_same_every_time_and_pages_do_not_overlap(
    worker_of: Callable[..., User], person: Make
) -> None:
    people = [person("Rosa", "Meadowmock", f"201{number % 10}-01-01") for number in range(45)]
    user = worker_of("social_worker", *people)
    pages = [[hit.person for hit in find(user, "rosa meadowmock", number).hits] for number in (1, 2, 3, 4)]
    assert [len(each) for each in pages] == [20, 20, 5, 0]
    assert sorted(id for each in pages for id in each) == sorted(one.pk for one in people)
    assert find(user, "rosa meadowmock").total == 45
    assert [hit.person for hit in find(user, "rosa meadowmock", 2).hits] == pages[1]


def test_a_former_name_finds_and_says_so(worker_of: Callable[..., User], person: Make, make: Make) -> None:
    one = person("Maja", "Nettlemock", "2010-01-01")
    make("people.PersonName", person=one, forename="Maja", surname="Orchardmock", kind="former")
    found = find(worker_of("social_worker", one), "orchardmock")
    assert found.hits[0].name == "Maja Nettlemock"
    assert "under the name Maja Orchardmock" in found.hits[0].why


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("mohamed", "Muhammad"),
        ("yousef", "Yusuf"),
        ("siobhan", "Shivaun"),
        ("kathryn", "Catherine"),
        ("chowdhury", "Choudhury"),
        ("kasia", "Katarzyna"),
        ("oneill", "O’Neill"),
        ("o neill", "O'Neill"),
        ("macdonald", "Mac Donald"),
        ("zolc", "Żółć"),
        ("jonson", "Johnson"),
        ("aishah", "Aisha"),
        ("bob", "Robert"),
    ],
)
def test_names_that_are_one_name(worker_of: Callable[..., User], person: Make, typed: str, stored: str) -> None:
    one = person(stored, "", "2010-01-01")
    person("Xanthe", "Quillmock", "2010-01-01")
    assert [hit.person for hit in find(worker_of("social_worker", one), typed).hits] == [one.pk]


# --- Reading what was typed ---


def test_a_date_of_two_figures_is_the_last_such_year() -> None:
    assert read("1/2/27", TODAY).born == date(1927, 2, 1)
    assert read("1/2/26", TODAY).born == date(2026, 2, 1)


def test_a_day_that_there_is_not_is_read_as_its_year() -> None:
    asked = read("31/02/2010", TODAY)
    assert (asked.born, asked.span) == (None, (date(2010, 1, 1), date(2010, 12, 31)))


def test_an_age_is_a_year_of_births() -> None:
    assert read("smith 10", TODAY).span == (date(2015, 11, 25), date(2016, 11, 24))
    assert read("born 2016", TODAY).span == (date(2016, 1, 1), date(2016, 12, 31))


# --- Search before create ---


def test_registering_someone_like_a_known_person_asks_first(amelia: Any, system: System, act: Any) -> None:
    values = {"forename": "Amelia", "surname": "Acornmock", "birth_date": "2010-02-01", "sex": "F"}
    with pytest.raises(Invalid, match="known already") as refused:
        act(system, "people.register", **values)
    assert [fault.input for fault in refused.value.faults] == ["none_of_these"]
    done = act(system, "people.register", **values, none_of_these=True)
    # Those two are not asked about again.
    judged = [record for record in done.written if record._meta.label == "people.Judgement"]
    assert [record.other_id for record in judged] == [amelia.pk]


def test_somebody_new_is_registered_at_once(amelia: Any, system: System, act: Any) -> None:
    for values in (
        {"forename": "Theo", "surname": "Pebblemock", "birth_date": "2010-02-01", "sex": "M"},
        {"forename": "Emily", "surname": "Acornmock", "birth_date": "2015-07-08", "sex": "F"},
    ):
        act(system, "people.register", **values)


def test_a_hidden_seal_does_not_show_when_registering(
    amelia: Any, worker_of: Callable[..., User], seal: Any, act: Any
) -> None:
    seal(amelia, "hidden", worker_of("team_manager"))
    values = {"forename": "Amelia", "surname": "Acornmock", "birth_date": "2010-02-01", "sex": "F"}
    act(worker_of("contact_officer"), "people.register", **values)
