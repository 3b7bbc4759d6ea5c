"""Search among a county's people: how long the search function takes, beside the floor, one look-up of one number by an index."""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from bench.ruler import middle_and_slow, note, processors, throwaway_installation, timed

PEOPLE = 170_000
ROUNDS = 300
AIM = 0.150


def main(people: int) -> None:
    """Prints one line for each kind of question."""
    note(f"Search: {people:,} people, {processors()}, embedded PostgreSQL")
    with throwaway_installation():
        _measure(people)


def _measure(count: int) -> None:
    from django.db import connection

    from sightline.core.finding import index

    timed("load by COPY, index kept by triggers", lambda: load_people(count))
    timed("sound the words", index.sound_new_words)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    checked, _ = timed("check the index", index.check)
    note(f"{checked.entries:,} entries, {'well' if checked.well else 'NOT WELL'}")
    people = people_drawn()
    floor = _asked("floor: one number by index", [partial(_floor, one["nhs"]) for one in people], 0.0)
    for title, question in questions().items():
        _asked(title, [partial(_search, question(one)) for one in people], floor)
    every = list(questions().values())
    mixed = [partial(_search, every[place % len(every)](one)) for place, one in enumerate(people)]
    p95 = _asked("a mix of all", mixed, floor)
    note(f"The aim is a p95 under {AIM * 1000:.0f} ms: {'met' if p95 < AIM else 'MISSED'}")


def load_people(count: int) -> None:
    """People with a name, a number and a home each, in households of three."""
    from sightline.core.organisations.models import Organisation
    from sightline.core.people.models import Identifier, Person, PersonAddress, PersonName
    from sightline.core.places.models import Place
    from sightline.engine.actions.bulk import Batch, Provenance, load, reserve
    from sightline.engine.synthetic.chance import Chance
    from sightline.engine.synthetic.naming import Names, nhs_number

    chance = Chance("bench")
    names, agency = (
        Names(chance),
        Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028"),
    )
    ids, homes = reserve(Person, count), reserve(Place, count // 3 + 1)
    born = [date(1960, 1, 1) + timedelta(days=chance.between(0, 20_000)) for _ in ids]
    places = [
        (home, f"{home % 199 + 1} {names.surname()} Street", f"ZZ{home % 89 + 1} {home % 9}{_letters(home)}")
        for home in homes
    ]
    surnames = [names.surname() for _ in homes]
    load(
        "synthetic.load",
        [
            Batch(Place, ("id", "line_1", "postcode"), places),
            Batch(Person, ("id", "birth_date", "sex"), [(id, day, "U") for id, day in zip(ids, born, strict=True)]),
            Batch(
                PersonName,
                ("person_id", "forename", "surname"),
                [(id, names.forename("U"), surnames[place // 3]) for place, id in enumerate(ids)],
            ),
            Batch(
                Identifier,
                ("person_id", "scheme", "value"),
                [(id, "nhs", nhs_number(place * 5)) for place, id in enumerate(ids)],
            ),
            Batch(
                PersonAddress,
                ("person_id", "place_id", "kind", "start_date"),
                [(id, homes[place // 3], "home", born[place]) for place, id in enumerate(ids)],
            ),
        ],
        Provenance(agency.pk, "synthetic"),
        by="bench",
        because="search bench",
    )


def _letters(number: int) -> str:
    return f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}"


def people_drawn() -> list[dict[str, Any]]:
    """Children drawn by lot, with what is known of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.forename, n.surname, p.birth_date, i.value, l.line_1, l.postcode FROM people_person p"
            " JOIN people_personname n ON n.person_id = p.id"
            " JOIN people_identifier i ON i.person_id = p.id AND i.scheme = 'nhs'"
            " JOIN people_personaddress a ON a.person_id = p.id AND a.kind = 'home' JOIN places_place l ON l.id = a.place_id"
            " ORDER BY md5(p.id::text) LIMIT %s",
            [ROUNDS],
        )
        return [
            dict(zip(("forename", "surname", "born", "nhs", "line", "postcode"), row, strict=True))
            for row in cursor.fetchall()
        ]


def questions() -> dict[str, Callable[[dict[str, Any]], str]]:
    return {
        "forename and surname": lambda one: f"{one['forename']} {one['surname']}",
        "surname and forename, mistyped": lambda one: f"{_mistyped(one['surname'])} {one['forename']}",
        "forename alone": lambda one: str(one["forename"]),
        "surname and year": lambda one: f"{one['surname']} {one['born'].year}",
        "name and date of birth": lambda one: f"{one['forename']} {one['surname']} {one['born']:%d/%m/%Y}",
        "date of birth": lambda one: f"{one['born']:%d %b %Y}",
        "NHS number": lambda one: f"{one['nhs'][:3]} {one['nhs'][3:6]} {one['nhs'][6:]}",
        "postcode": lambda one: str(one["postcode"]),
        "postcode district and surname": lambda one: f"{one['postcode'].split()[0]} {one['surname']}",
        "first line of an address": lambda one: str(one["line"]),
    }


def _mistyped(word: str) -> str:
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def _search(text: str) -> None:
    from sightline.core.finding.asked import read
    from sightline.core.finding.search import matches

    matches(read(text, date(2017, 3, 31)))


def _floor(number: str) -> None:
    from sightline.core.people.models import Identifier

    list(Identifier.objects.filter(scheme="nhs", value=number).values_list("person_id"))


def _asked(title: str, questions: list[Callable[[], None]], floor: float) -> float:
    """Ask each, print the middle and the slow end, and give the p95."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        question()
        taken.append(time.perf_counter() - started)
    p50, p95 = middle_and_slow(taken)
    ratio = f"   {p95 / floor:6.0f} x the floor" if floor else ""
    note(f"{title:<40} p50 {p50 * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms{ratio}")
    return p95


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
