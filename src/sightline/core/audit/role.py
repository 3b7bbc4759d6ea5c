"""The application's own database user: it reads and writes records, and can add to the audit and the history, never alter them.

`migrate` runs as the owner of the tables and grants these rights; `serve` connects as this user, who owns nothing and is no superuser. So whoever
takes over the web application cannot rewrite what was noted about them: triggers can be switched off by an owner, a missing right cannot.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from psycopg import sql

#: Tables to which the application only ever adds.
ADD_ONLY = ("audit_entry", "audit_seal", "records_change")
READ_ONLY = ("django_migrations",)

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # Other apps make views and tables after this has run.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
#: From PostgreSQL 17 on a user without ownership may be let analyse a table; before, its ANALYZE is passed over with a warning.
_MAINTAIN = 170_000


def install_after_migrate(**_signal: object) -> None:
    """Make the user where that can be done, and grant what it needs. Safe to repeat."""
    role = settings.APP_DATABASE_ROLE
    if not _can_grant(role):
        return
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        for table in (name for name in (*ADD_ONLY, *READ_ONLY) if name in existing):
            names = {"role": sql.Identifier(role), "table": sql.Identifier(table)}
            cursor.execute(sql.SQL("REVOKE ALL ON {table} FROM {role}").format(**names))
            allowed = "SELECT, INSERT" if table in ADD_ONLY else "SELECT"
            cursor.execute(sql.SQL("GRANT " + allowed + " ON {table} TO {role}").format(**names))
        cursor.execute("SELECT current_setting('server_version_num')::int")
        if cursor.fetchone()[0] >= _MAINTAIN:
            for table in sorted(name for name in existing if name.startswith("deadlines_")):
                grant = sql.SQL("GRANT MAINTAIN ON {table} TO {role}")
                cursor.execute(grant.format(role=sql.Identifier(role), table=sql.Identifier(table)))


def _can_grant(role: str) -> bool:
    """Whether the user is there, or could be made here. The owner itself is no separate user, and gets no grants."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = %s, EXISTS (SELECT FROM pg_roles WHERE rolname = %s),"
            " (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)",
            [role, role],
        )
        itself, there, may_make = cursor.fetchone()
        if itself:
            return False
        if not there and may_make:
            # Two installations on one server may migrate at the same time.
            make = "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            cursor.execute(sql.SQL(make).format(role=sql.Identifier(role)))
        return bool(there or may_make)


def weaknesses() -> list[str]:
    """What the user we are connected as could do to the audit and must not be able to; none when all is well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, current_user FROM pg_roles WHERE rolname = current_user")
        superuser, name = cursor.fetchone()
        if superuser:
            return [f"the user {name} is a superuser"]
        cursor.execute(
            "SELECT c.relname, r.may FROM pg_class c, LATERAL (VALUES"
            " ('change', has_table_privilege(c.oid, 'UPDATE')), ('delete', has_table_privilege(c.oid, 'DELETE')),"
            " ('empty', has_table_privilege(c.oid, 'TRUNCATE')), ('own', pg_has_role(c.relowner, 'USAGE'))) r (may, so)"
            " WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace AND r.so ORDER BY 1, 2",
            [list(ADD_ONLY)],
        )
        return [f"the user {name} may {may} {table}" for table, may in cursor.fetchall()]
