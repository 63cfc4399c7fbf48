"""Indexes that the generator cannot say: partial ones, full text over bigrams, and the commit-safe event cursor."""

from tortoise import migrations

from models.migration_operations import RunSQLOn

BOTH = [
    "CREATE UNIQUE INDEX uq_access_website ON access (website_id) WHERE NOT archived",
    "CREATE INDEX ix_ip_range_access ON ip_range (access_id)",
    "CREATE INDEX ix_pre_approval_website ON pre_approval (website_id)",
    "CREATE INDEX ix_subject_owner ON subject (owner_id, id)",
    "CREATE INDEX ix_subject_name ON subject (name, id)",
    "CREATE INDEX ix_subject_updated ON subject (updated_at, id)",
    "CREATE INDEX ix_filing_subject ON filing (subject_id, id)",
    "CREATE INDEX ix_filing_owner ON filing (owner_id, id)",
    "CREATE INDEX ix_filing_due ON filing (status, due_at, id)",
    "CREATE INDEX ix_filing_submitted ON filing (submitted_at, id)",
    "CREATE INDEX ix_note_filing ON note (filing_id, id)",
    "CREATE INDEX ix_event_subject ON filing_event (subject_id, id)",
    "CREATE INDEX ix_event_filing ON filing_event (filing_id, id)",
    "CREATE INDEX ix_session_account ON session (account_id)",
    "CREATE INDEX ix_api_token_account ON api_token (account_id)",
]


def _full_text(table: str) -> list[str]:
    """FTS5 over the column `grams` of `table`, kept by triggers."""
    return [
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5(grams, content='{table}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {table}_fts_ai AFTER INSERT ON {table} BEGIN "
        f"INSERT INTO {table}_fts(rowid, grams) VALUES (new.id, new.grams); END",
        f"CREATE TRIGGER {table}_fts_ad AFTER DELETE ON {table} BEGIN "
        f"INSERT INTO {table}_fts({table}_fts, rowid, grams) VALUES ('delete', old.id, old.grams); END",
        f"CREATE TRIGGER {table}_fts_au AFTER UPDATE OF grams ON {table} BEGIN "
        f"INSERT INTO {table}_fts({table}_fts, rowid, grams) VALUES ('delete', old.id, old.grams); "
        f"INSERT INTO {table}_fts(rowid, grams) VALUES (new.id, new.grams); END",
    ]


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        RunSQLOn("sqlite", [*BOTH, *_full_text("subject"), *_full_text("website")]),
        RunSQLOn(
            "postgres",
            [
                *BOTH,
                "CREATE INDEX ix_subject_grams ON subject USING gin (to_tsvector('simple', grams))",
                "CREATE INDEX ix_website_grams ON website USING gin (to_tsvector('simple', grams))",
                "ALTER TABLE filing_event ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
                "CREATE INDEX ix_event_cursor ON filing_event (xid, id)",
            ],
        ),
    ]
