"""The index in the database: from what it follows, the triggers that keep it, its rebuild and its check.

Views say what should stand in the index; triggers on the record tables make it so within each statement, so that single saves, imports
and bulk loads cannot go past it. Nothing here is written by hand. Why it is the database that does this: docs/decisions/0011-finding.md.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from sightline.core.finding.models import Entry
from sightline.core.finding.words import APOSTROPHES, BETWEEN, LETTERS, MARKS, sounds

ENTRY = Entry._meta.db_table
#: A word of a name is kept to this length: an index key has a limit, and a name typed by mistake may have none.
LONGEST = 60

_LITERALS = {
    "marks": sql.Literal(f"[{MARKS}]"),
    "apostrophes": sql.Literal(f"[{APOSTROPHES}]"),
    "between": sql.Literal(f"[{BETWEEN}]+"),
    "longest": sql.Literal(LONGEST),
}


def _plain(given: str) -> sql.Composable:
    """The expression that takes accents off and makes small letters, as `words.plain` does."""
    found: sql.Composable = sql.SQL("lower(regexp_replace(normalize({}, NFKD), {}, '', 'g'))").format(
        sql.SQL(given), _LITERALS["marks"]
    )
    for odd, usual in LETTERS.items():
        found = sql.SQL("replace({}, {}, {})").format(found, sql.Literal(odd), sql.Literal(usual))
    return found


def _functions() -> list[sql.Composable]:
    return [
        sql.SQL(
            "CREATE OR REPLACE FUNCTION finding_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
            # Nearly every name is plain already.
            " SELECT CASE WHEN given ~ '^[ -~]*$' THEN lower(given) ELSE {} END $$"
        ).format(_plain("given")),
        # The words of a name as it is, without apostrophes; its parts at apostrophes; and all of it as one word.
        sql.SQL(
            "CREATE OR REPLACE FUNCTION finding_words(given text) RETURNS SETOF text"
            " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
            " WITH plain AS (SELECT finding_plain(left(given, 400)) AS t),"
            " whole AS (SELECT regexp_replace(t, {apostrophes}, '', 'g') AS t, t ~ {apostrophes} AS parted, t AS was FROM plain)"
            " SELECT left(w, {longest}) FROM whole, regexp_split_to_table(whole.t, {between}) w WHERE w <> ''"
            " UNION SELECT left(w, {longest}) FROM whole,"
            "   regexp_split_to_table(regexp_replace(whole.was, {apostrophes}, ' ', 'g'), {between}) w"
            "   WHERE whole.parted AND length(w) > 1"
            " UNION SELECT left(regexp_replace(whole.t, {between}, '', 'g'), {longest}) FROM whole WHERE whole.t ~ {between}"
            "   AND regexp_replace(whole.t, {between}, '', 'g') <> '' $$"
        ).format(**_LITERALS),
        sql.SQL(
            "CREATE OR REPLACE FUNCTION finding_digits(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
            " SELECT regexp_replace(regexp_replace(given, '[^0-9]', '', 'g'), '^(0044|44|0)(?=[0-9]{{9,10}}$)', '') $$"
        ).format(),
        sql.SQL(
            "CREATE OR REPLACE FUNCTION finding_compact(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
            # Most numbers are compact already.
            " SELECT CASE WHEN given ~ '^[A-Za-z0-9]*$' THEN left(upper(given), 120)"
            " ELSE left(upper(regexp_replace(finding_plain(given), {between}, '', 'g')), 120) END $$"
        ).format(**_LITERALS),
        sql.SQL(
            "CREATE OR REPLACE FUNCTION finding_line(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
            " SELECT left(btrim(regexp_replace(regexp_replace(finding_plain(left(given, 400)), {apostrophes}, '', 'g'),"
            " {between}, ' ', 'g')), 160) $$"
        ).format(**_LITERALS),
    ]


@dataclass(frozen=True)
class Source:
    """What one record table puts into the index: the kinds of entry, what to select of its rows, and how they name their people."""

    table: str
    kinds: tuple[str, ...]
    select: str
    people: str = "SELECT person_id FROM {rows}"
    #: Whether a person has one row there, so that nothing of a new one can stand in the index already.
    single: bool = False

    @property
    def view(self) -> str:
        return f"finding_of_{self.table}"


_LIVES = "SELECT person_id FROM people_personaddress WHERE place_id IN (SELECT id FROM {rows})"
_BELONGS = "SELECT person_id FROM people_householdmember WHERE household_id IN (SELECT id FROM {rows})"
_ADDRESSES = """
    SELECT a.person_id, e.kind, e.key
    FROM {rows} a JOIN places_place p ON p.id = a.place_id
    CROSS JOIN LATERAL (VALUES
        ('address', finding_line(p.line_1)), ('postcode', finding_compact(p.postcode)),
        -- The outward part: all but the last three characters.
        ('district', CASE WHEN length(finding_compact(p.postcode)) > 4
                          THEN left(finding_compact(p.postcode), -3) ELSE finding_compact(p.postcode) END)
    ) e(kind, key) WHERE e.key <> ''"""
_HOUSEHOLDS = """
    SELECT m.person_id, 'reference', finding_compact(h.reference)
    FROM {rows} m JOIN people_household h ON h.id = m.household_id WHERE finding_compact(h.reference) <> ''"""

SOURCES = (
    Source(
        "people_person",
        ("born", "due", "source"),
        """SELECT p.id, e.kind, e.key FROM {rows} p CROSS JOIN LATERAL (VALUES
               ('born', p.birth_date::text), ('due', p.expected_birth_date::text), ('source', finding_compact(p.source_id))
           ) e(kind, key) WHERE e.key <> ''""",
        "SELECT id FROM {rows}",
        single=True,
    ),
    Source(
        "people_personname",
        ("name",),
        "SELECT n.person_id, 'name', w FROM {rows} n, finding_words(n.forename) w"
        " UNION ALL SELECT n.person_id, 'name', w FROM {rows} n, finding_words(n.surname) w",
    ),
    Source(
        "people_identifier",
        ("number",),
        "SELECT i.person_id, 'number', finding_compact(i.value) FROM {rows} i"
        " WHERE i.scheme <> 'upn_unknown' AND finding_compact(i.value) <> ''",
    ),
    Source("people_personaddress", ("address", "postcode", "district"), _ADDRESSES),
    Source("places_place", (), _ADDRESSES, _LIVES),
    Source(
        "people_contactpoint",
        ("phone", "email"),
        """SELECT c.person_id, e.kind, e.key FROM {rows} c CROSS JOIN LATERAL (VALUES
               ('phone', CASE WHEN c.kind <> 'email' THEN left(finding_digits(c.value), 20) END),
               ('email', CASE WHEN c.kind = 'email' OR c.value LIKE '%@%' THEN left(lower(btrim(c.value)), 120) END)
           ) e(kind, key) WHERE e.key <> ''""",
    ),
    Source("people_householdmember", ("reference",), _HOUSEHOLDS),
    Source("people_household", (), _HOUSEHOLDS, _BELONGS),
    # A record that was merged into another is found no more, whatever stayed with it; one that was un-merged is found again.
    Source("people_merge", (), "", "SELECT gone_id AS person_id FROM {rows}"),
)

_MERGED = "SELECT FROM people_merge m WHERE m.gone_id = {person} AND m.merged_at IS NOT NULL AND m.undone_at IS NULL"
#: The tables by whose rows other sources' entries are worked out anew.
_ALSO = {
    "places_place": ("people_personaddress",),
    "people_household": ("people_householdmember",),
    "people_merge": tuple(source.table for source in SOURCES if source.kinds),
}


def _entries(source: Source, rows: str) -> str:
    """What these rows put into the index."""
    return (
        "SELECT person_id, kind::varchar(12) AS kind, key::varchar(200) AS key"
        f" FROM ({source.select.format(rows=rows)}) s(person_id, kind, key) WHERE NOT EXISTS ({_MERGED.format(person='s.person_id')})"
    )


def _view(source: Source) -> sql.Composable:
    return sql.SQL("CREATE OR REPLACE VIEW {view} AS {entries}").format(
        view=sql.Identifier(source.view), entries=sql.SQL(_entries(source, source.table))
    )


def _written(source: Source, operation: str) -> sql.Composable:
    """The trigger function of one table: what follows for the people whom the rows concern."""
    rows = {"insert": ("new_rows",), "update": ("new_rows", "old_rows"), "delete": ("old_rows",)}[operation]
    people = " UNION ".join(source.people.format(rows=name) for name in rows)
    by_table = {each.table: each for each in SOURCES}
    steps = []
    for table in _ALSO.get(source.table, (source.table,)):
        of = by_table[table]
        # A new row only adds, unless it says that a person is merged.
        if operation != "insert" or source.table == "people_merge":
            kinds = ", ".join(f"'{kind}'" for kind in of.kinds)
            steps.append(f"DELETE FROM {ENTRY} WHERE kind IN ({kinds}) AND person_id IN ({people})")
        if operation == "insert" and source.table in ("places_place", "people_household"):
            continue  # nobody lives there yet
        new = operation == "insert" and of is source
        entries = _entries(of, "new_rows") if new else f"SELECT * FROM {of.view} WHERE person_id IN ({people})"
        every, twice = ("", "") if new and of.single else ("DISTINCT", "ON CONFLICT DO NOTHING")
        steps.append(
            # In the order of the key, which the index takes in a fifth faster.
            f"INSERT INTO {ENTRY} (person_id, kind, key) SELECT {every} person_id, kind, key FROM ({entries}) e ORDER BY 2, 3 {twice}"
        )
        if "name" in of.kinds:
            steps.append(
                f"INSERT INTO finding_word (word) SELECT DISTINCT key FROM {ENTRY} WHERE kind = 'name'"
                f" AND person_id IN ({people}) ORDER BY 1 ON CONFLICT DO NOTHING"
            )
    # EXECUTE plans each statement for the rows it has: one row and a whole county want different plans.
    body = sql.SQL(" ").join(sql.SQL("EXECUTE {};").format(sql.Literal(step)) for step in steps)
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    ).format(name=sql.Identifier(f"finding_{operation}_{source.table}"), body=body)


_REFERENCING = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def install(**_signal: object) -> None:
    """Put functions, views and triggers in place. Safe to repeat; runs after every migrate."""
    existing = set(connection.introspection.table_names())
    if not {ENTRY, *(source.table for source in SOURCES)} <= existing:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _functions():
            cursor.execute(statement)
        for source in SOURCES:
            if source.kinds:
                cursor.execute(_view(source))
        for source in SOURCES:
            for operation, clause in _REFERENCING.items():
                cursor.execute(_written(source, operation))
                cursor.execute(_trigger(source, operation, clause))
    if _is_stale():
        rebuild()


def _trigger(source: Source, operation: str, clause: str) -> sql.Composable:
    return sql.SQL(
        "CREATE OR REPLACE TRIGGER {name} " + clause + " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ).format(
        name=sql.Identifier(f"finding_{operation}"),
        table=sql.Identifier(source.table),
        function=sql.Identifier(f"finding_{operation}_{source.table}"),
    )


def _is_stale() -> bool:
    """Whether there are people and no index: an installation that is older than the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM people_personname) AND NOT EXISTS (SELECT FROM finding_entry WHERE kind = 'name')"
        )
        return bool(cursor.fetchone()[0])


def _should_be() -> str:
    return " UNION ".join(f"SELECT person_id, kind, key FROM {source.view}" for source in SOURCES if source.kinds)


def rebuild() -> int:
    """Make the index anew from the records. Returns how many entries it has."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Writers wait until it is done, and then add their own.
        cursor.execute("LOCK TABLE finding_entry IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM finding_entry")
        cursor.execute(f"INSERT INTO finding_entry (person_id, kind, key) {_should_be()} ORDER BY 2, 3, 1")
        count = int(cursor.rowcount)
        cursor.execute("DELETE FROM finding_word")
        cursor.execute("INSERT INTO finding_word (word) SELECT DISTINCT key FROM finding_entry WHERE kind = 'name'")
        sound_new_words()
        cursor.execute("ANALYZE finding_entry")
        cursor.execute("ANALYZE finding_word")
    return count


@dataclass(frozen=True)
class Checked:
    """How the index compares with the records: entries that are missing, that should not be there, and words without or with wrong sounds."""

    entries: int
    missing: int
    surplus: int
    words: int

    @property
    def well(self) -> bool:
        return not (self.missing or self.surplus or self.words)


def check() -> Checked:
    """Compare the index with what the records say it should hold. Writes nothing."""
    counts = []
    held, should = "SELECT person_id, kind, key FROM finding_entry", _should_be()
    with connection.cursor() as cursor:
        for query in (held, f"({should}) EXCEPT ({held})", f"({held}) EXCEPT ({should})"):
            cursor.execute(f"SELECT count(*) FROM ({query}) q")
            counts.append(int(cursor.fetchone()[0]))
        cursor.execute(
            "SELECT count(*) FROM (SELECT key FROM finding_entry WHERE kind = 'name' EXCEPT SELECT word FROM finding_word) q"
        )
        wrong = int(cursor.fetchone()[0])
        cursor.execute("SELECT word, sounds FROM finding_word WHERE sounds IS NOT NULL")
        wrong += sum(set(held_sounds) != set(sounds(word)) for word, held_sounds in cursor.fetchall())
    return Checked(counts[0], counts[1], counts[2], wrong)


def sound_new_words() -> int:
    """Work out what the words sound like that have come into names since the last time. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM finding_word WHERE sounds IS NULL ORDER BY word")
        new = [word for (word,) in cursor.fetchall()]
        if new:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS finding_heard (word text, sounds text[])")
            with cursor.copy("COPY finding_heard (word, sounds) FROM STDIN") as copy:
                for word in new:
                    copy.write_row((word, sounds(word)))
            cursor.execute(
                "UPDATE finding_word w SET sounds = h.sounds FROM finding_heard h WHERE h.word = w.word AND w.sounds IS NULL"
            )
            cursor.execute("DROP TABLE finding_heard")
    return len(new)
