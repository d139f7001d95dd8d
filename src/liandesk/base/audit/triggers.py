"""Triggers that make a table append-only on both databases, whoever holds the connection: the log, a case's events."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ["audit_auditevent", "audit_auditlink"]
"""Tables that are append-only: those of the log; an app above adds its own."""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def create(connection: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> None:
    """Forbid UPDATE, DELETE and TRUNCATE on tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in tables:
            for statement in _create_statements(connection.vendor, table):
                cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> None:
    """Lift the triggers, for undoing the migration."""
    with connection.cursor() as cursor:
        for table in tables:
            for name in _names(connection.vendor, table):
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _names(vendor: str, table: str) -> list[str]:
    events = ("change", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [f"{table}_no_{event}" for event in events]


def _create_statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for event in ("update", "delete")
    ]
