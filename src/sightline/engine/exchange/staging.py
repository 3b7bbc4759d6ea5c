"""The SQL that brings staged rows of one record type into its table: generated from the model, once for each import.

Each type has a temporary table of the same fields. Rows know each other by a number within the chunk (`n`, and `<link>_n`), and get their
id from the real table's sequence, or that of the row they restate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, LiteralString

from django.apps import apps
from django.db.models import Field, ForeignKey
from psycopg import sql

from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.engine.exchange import checks
from sightline.engine.exchange.child import Draft

Sql = sql.Composed
PROVENANCE = ("id", "agency", "source_system", "source_id", "recorded_at")
#: Fields of a person that a file which does not state them leaves as they are.
KEPT_UNSTATED = {(Person, "sex"), (Person, "ethnicity")}


def phrase(text: LiteralString, **parts: sql.Composable) -> Sql:
    """A statement with its names filled in."""
    return sql.SQL(text).format(**parts)


def name(text: str) -> sql.Identifier:
    """A table or a column."""
    return sql.Identifier(text)


def stage_of(model: type[Record]) -> str:
    """The temporary table of a record type."""
    return f"stage_{model._meta.db_table}"


def statement(build: Callable[[Stage], Sql]) -> cached_property[str]:
    """A statement that is put together once for each import."""
    return cached_property(lambda stage: build(stage).as_string())


class Stage:
    """One record type in one import."""

    def __init__(self, model: type[Record], stated: tuple[str, ...], staged: Iterable[type[Record]]) -> None:
        self.model = model
        self.stated = stated
        self.table = model._meta.db_table
        self.stage = stage_of(model)
        self.fields: list[Field[Any, Any]] = [model._meta.get_field(one) for one in stated]  # type: ignore[misc]
        self.links: dict[str, type[Record]] = {
            one.name: one.related_model  # type: ignore[misc]
            for one in self.fields
            if isinstance(one, ForeignKey)
        }
        self.has_person = "person" in self.links
        self._staged = set(staged)
        self._names = {"t": name(self.table), "s": name(self.stage)}

    # Writing drafts down.

    def line(self, draft: Draft, child: int) -> str:
        """A draft as a line of COPY text."""
        fields = draft.fields
        cells = [str(draft.number), str(child), str(draft.row.line), escaped(draft.key)]
        for field in self.stated:
            value = fields.get(field)
            if value is None:
                cells.append("\\N")
            elif isinstance(value, str):
                cells.append(escaped(value))
            elif isinstance(value, Draft):
                cells.append(str(value.number))
            else:
                cells.append(str(value))
        return "\t".join(cells)

    @statement
    def copy(self) -> Sql:
        """Takes lines in."""
        columns = ["n", "child", "line", "source_id", *(self._column(field) for field in self.stated)]
        return phrase("COPY {s} ({columns}) FROM STDIN", **self._names, columns=sql.SQL(", ").join(map(name, columns)))

    def create(self, sequence: str) -> list[Sql]:
        """Makes the temporary table; rows get their ids from the sequence."""
        fields = sql.SQL(", ").join(
            phrase("0::int AS {c}", c=name(self._column(field))) if field in self.links else name(field)
            for field in self.stated
        )
        return [
            phrase(
                "CREATE TEMP TABLE {s} ON COMMIT DROP AS SELECT 0::int AS n, 0::int AS child, 0::int AS line,"
                " ''::text AS source_id, 0::bigint AS id, ''::text AS was, false AS differs, {fields} FROM {t} WHERE false",
                **self._names,
                fields=fields,
            ),
            # The sequence by name: looked up in a default, it would be looked up for every row.
            phrase("ALTER TABLE {s} ALTER id SET DEFAULT nextval({q})", **self._names, q=sql.Literal(sequence)),
        ]

    # Bringing them into the record.

    @statement
    def match(self) -> Sql:
        """Finds the rows that the staged ones restate, from any file of the same format and area, and whether they say something else."""
        # OFFSET 0 keeps the look-up a look-up: joined freely, every chunk would read the whole table.
        return phrase(
            "UPDATE {s} u SET id = f.id, was = f.source_system, differs = f.differs FROM ("
            " SELECT s.n, t.id, t.source_system, ({old}) IS DISTINCT FROM ({new}) AS differs FROM {s} s {joins} CROSS JOIN LATERAL ("
            "  SELECT * FROM {t} t WHERE t.source_system = ANY(%(mine)s) AND t.source_id = s.source_id OFFSET 0) t"
            " ) f WHERE f.n = u.n",
            **self._names,
            old=self._old(),
            new=self._new(),
            joins=self._joins(),
        )

    @statement
    def compare(self) -> Sql:
        """Marks the rows, already matched, that say something else than the record."""
        return phrase(
            "UPDATE {s} s SET differs = ({old}) IS DISTINCT FROM ({new}) FROM {t} t WHERE t.id = s.id AND s.was = ANY(%(updatable)s)",
            **self._names,
            old=self._old(),
            new=self._new(),
        )

    @statement
    def census(self) -> Sql:
        """Counts the staged rows: new, matched, differing, held by a later file."""
        return phrase(
            "SELECT count(*) FILTER (WHERE was IS NULL), count(was), count(*) FILTER (WHERE differs AND was = ANY(%(updatable)s)),"
            " count(*) FILTER (WHERE was = ANY(%(later)s)) FROM {s}",
            **self._names,
        )

    @statement
    def insert(self) -> Sql:
        """Writes the rows that are new."""
        others = [
            field
            for field in self.model._meta.concrete_fields
            if field.name not in PROVENANCE and field.name not in self.stated and not field.null
        ]
        columns = [field.attname for field in (*self.fields, *others)]
        values = [self._value(field) for field in self.stated] + [sql.Literal(field.get_default()) for field in others]
        return phrase(
            "INSERT INTO {t} (id, agency_id, source_system, source_id, recorded_at, {columns})"
            " SELECT s.id, %(agency)s, %(system)s, s.source_id, %(at)s, {values} FROM {s} s {joins} WHERE s.was IS NULL",
            **self._names,
            columns=sql.SQL(", ").join(map(name, columns)),
            values=sql.SQL(", ").join(values),
            joins=self._joins(),
        )

    @cached_property
    def updates(self) -> list[str]:
        """Corrects the rows that differ. Spells that become shorter go first, so that none overlaps another on the way."""
        overlaps = checks.rules_of(self.model).overlaps
        if not overlaps:
            return [self._update(sql.SQL("true")).as_string()]
        end = name(overlaps[0].end)
        return [
            self._update(phrase("s.{e} IS NOT NULL AND (t.{e} IS NULL OR s.{e} < t.{e})", e=end)).as_string(),
            self._update(sql.SQL("true")).as_string(),
        ]

    @statement
    def take_over(self) -> Sql:
        """Makes the latest file that states a row its source."""
        return phrase(
            "UPDATE {t} t SET source_system = %(system)s FROM {s} s"
            " WHERE t.id = s.id AND s.was = ANY(%(updatable)s) AND t.source_system <> %(system)s",
            **self._names,
        )

    @cached_property
    def conflicts(self) -> list[str]:
        """Finds staged rows that a row which stays would not let in: `child` and `line`."""
        rules = checks.rules_of(self.model)
        found = [self._conflict(overlap.same, overlap) for overlap in rules.overlaps]
        found += [self._conflict(fields, None) for fields in rules.unique]
        return [one.as_string() for one in found]

    @statement
    def missing(self) -> Sql:
        """What the same source said of the staged children and says no more: ids."""
        return phrase(
            "SELECT t.id FROM {p} p CROSS JOIN LATERAL ("
            " SELECT t.id FROM {t} t WHERE t.person_id = p.id AND t.source_system = %(system)s OFFSET 0) t"
            " EXCEPT SELECT s.id FROM {s} s",
            **self._names,
            p=name(stage_of(Person)),
        )

    @statement
    def unseen(self) -> Sql:
        """What the same source said of children that it no longer names: ids."""
        if not self.has_person and self.model is not Person:
            # Only records of children refer to it: when none does any more, it is gone.
            return phrase(
                "SELECT t.id FROM {t} t WHERE t.source_system = %(system)s AND {free}", **self._names, free=self._free()
            )
        return phrase(
            "SELECT t.id FROM {t} t WHERE t.source_system = %(system)s AND NOT EXISTS (SELECT FROM seen z WHERE z.person_id = t.{person})",
            **self._names,
            person=name("person_id" if self.has_person else "id"),
        )

    @statement
    def drop(self) -> Sql:
        """Removes those of the rows named that nothing else refers to."""
        return phrase(
            "DELETE FROM {t} t WHERE t.id = ANY(%(ids)s::bigint[]) AND {free} RETURNING t.recorded_at = %(at)s",
            **self._names,
            free=self._free(),
        )

    # Parts of statements.

    def _column(self, field: str) -> str:
        return f"{field}_n" if field in self.links else field

    def _joins(self) -> sql.Composable:
        return sql.SQL(" ").join(
            phrase(
                "LEFT JOIN {p} {l} ON {l}.n = s.{c}", p=name(stage_of(to)), l=name(f"l_{field}"), c=name(f"{field}_n")
            )
            for field, to in self.links.items()
        )

    def _value(self, field: str, *, unstated: sql.Composable | None = None) -> sql.Composable:
        """The value of a staged row; where the column needs one and the file gives none, the default."""
        if field in self.links:
            return phrase("{l}.id", l=name(f"l_{field}"))
        meta = self.model._meta.get_field(field)
        value = phrase("s.{f}", f=name(field))
        if isinstance(meta, Field) and not meta.null and meta.has_default():
            return phrase("coalesce({v}, {d})", v=value, d=unstated or sql.Literal(meta.get_default()))
        return value

    def _standing(self, field: str) -> sql.Composable:
        """The value that a staged row will have: where the return does not say it, that of the row on record, or none of a new one."""
        if field in self.stated:
            return self._value(field)
        return phrase("(SELECT o.{f} FROM {t} o WHERE o.id = s.id)", f=name(field), **self._names)

    def _update(self, when: sql.Composable) -> Sql:
        return phrase(
            "UPDATE {t} t SET ({columns}) = ROW({new}), source_system = %(system)s FROM {s} s {joins}"
            " WHERE t.id = s.id AND s.differs AND s.was = ANY(%(updatable)s) AND ({old}) IS DISTINCT FROM ({new}) AND {when}",
            **self._names,
            columns=sql.SQL(", ").join(name(field.attname) for field in self.fields),
            old=self._old(),
            new=self._new(),
            joins=self._joins(),
            when=when,
        )

    def _old(self) -> sql.Composable:
        return sql.SQL(", ").join(phrase("t.{c}", c=name(field.attname)) for field in self.fields)

    def _new(self) -> sql.Composable:
        return sql.SQL(", ").join(
            self._value(
                field, unstated=phrase("t.{f}", f=name(field)) if (self.model, field) in KEPT_UNSTATED else None
            )
            for field in self.stated
        )

    def _conflict(self, same: tuple[str, ...], overlap: checks.Overlap | None) -> Sql:
        equal = [
            phrase("t.{c} = {v}", c=name(self.model._meta.get_field(field).attname), v=self._value(field))  # type: ignore[union-attr]
            for field in same
        ]
        if overlap:
            span = {"start": name(overlap.start), "end": name(overlap.end)}
            ours = {"from": self._standing(overlap.start), "to": self._standing(overlap.end)}
            equal.append(phrase("daterange(t.{start}, t.{end}) && daterange({from}, {to})", **span, **ours))
        return phrase(
            "SELECT DISTINCT s.child, s.line FROM {s} s {joins} CROSS JOIN LATERAL ("
            "  SELECT t.id, t.source_system FROM {t} t WHERE {equal} OFFSET 0) t LEFT JOIN {s} x ON x.id = t.id"
            " WHERE (s.was IS NULL OR s.differs AND s.was <> ALL(%(later)s))"
            " AND (x.n IS NULL AND t.source_system <> %(system)s OR x.was = ANY(%(later)s))",
            **self._names,
            joins=self._joins(),
            equal=sql.SQL(" AND ").join(equal),
        )

    def _free(self) -> Sql:
        """No row that stays refers to it. What is derived from records, without a link that is checked, goes with them and keeps nothing."""
        tests = [sql.SQL("true").format()]
        for other in apps.get_models():
            for field in other._meta.concrete_fields:
                if isinstance(field, ForeignKey) and field.related_model is self.model and _is_checked(field):
                    staged = other in self._staged and field.name != "previous"
                    text: LiteralString = (
                        "NOT EXISTS (SELECT FROM {r} r LEFT JOIN {x} x ON x.id = r.id WHERE r.{c} = t.id AND x.n IS NULL)"
                        if staged
                        else "NOT EXISTS (SELECT FROM {r} r WHERE r.{c} = t.id)"
                    )
                    names = {"r": name(other._meta.db_table), "c": name(field.attname)}
                    if staged:
                        names["x"] = name(stage_of(other))  # type: ignore[arg-type]
                    tests.append(phrase(text, **names))
        return sql.SQL(" AND ").join(tests)


def _is_checked(link: ForeignKey[Any, Any]) -> bool:
    """Whether the database holds the link to its target; what is derived does without."""
    return bool(getattr(link, "db_constraint", True))


def escaped(text: str) -> str:
    """Text as COPY wants it."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


@cache
def match_people() -> str:
    """Finds the persons whom the staged children are.

    A child is the person who has its reference in the area, and an adopter the person who has theirs: from any file of the same format; from a
    file of another format where the sex and the date of birth agree, unknown sex and unborn children agreeing with any.
    """
    return phrase(
        "UPDATE {s} s SET id = c.person_id, was = c.source_system FROM ("
        " SELECT DISTINCT ON (s.n) s.n, p.id AS person_id, p.source_system"
        " FROM {s} s JOIN {i} si ON si.person_n = s.n AND si.scheme IN ('local', 'adopter') CROSS JOIN LATERAL ("
        "  SELECT i.person_id, i.source_system FROM {identifier} i"
        "  WHERE i.scheme = si.scheme AND i.value = si.value AND i.agency_id = %(agency)s OFFSET 0) i"
        " JOIN {person} p ON p.id = i.person_id"
        " WHERE i.source_system = ANY(%(mine)s) OR ((p.birth_date = s.birth_date OR p.birth_date IS NULL OR s.birth_date IS NULL)"
        "   AND (p.sex = s.sex OR p.sex = 'U' OR s.sex IS NULL OR s.sex = 'U'))"
        " ORDER BY s.n, (i.source_system = ANY(%(mine)s)) DESC, p.id) c WHERE c.n = s.n",
        **_people_tables(),
    ).as_string()


@cache
def strangers() -> str:
    """Counts the staged children whose reference another person of the area has, who does not agree with them."""
    return phrase(
        "SELECT count(DISTINCT s.n) FROM {s} s JOIN {i} si ON si.person_n = s.n AND si.scheme IN ('local', 'adopter') CROSS JOIN LATERAL ("
        "  SELECT i.person_id, i.source_system FROM {identifier} i"
        "  WHERE i.scheme = si.scheme AND i.value = si.value AND i.agency_id = %(agency)s OFFSET 0) i"
        " WHERE i.person_id <> s.id AND i.source_system <> ALL(%(mine)s)",
        **_people_tables(),
    ).as_string()


def _people_tables() -> dict[str, sql.Composable]:
    from sightline.core.people.models import Identifier

    return {
        "s": name(stage_of(Person)),
        "i": name(stage_of(Identifier)),
        "identifier": name(Identifier._meta.db_table),
        "person": name(Person._meta.db_table),
    }
