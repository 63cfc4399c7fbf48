"""Indexes of what came after the first approval, which the generator cannot say."""

from tortoise import migrations

from models.migration_operations import RunSQLOn

BOTH = [
    "CREATE UNIQUE INDEX uq_access_provider ON access (provider_id)",
    "CREATE INDEX ix_attachment_file ON attachment (file_id)",
    "CREATE INDEX ix_stored_file_account ON stored_file (account_id, unattached_since)",
    "CREATE INDEX ix_joint_act_subject ON joint_act (subject_id)",
    "CREATE INDEX ix_password_grant_subject ON password_grant (subject_id)",
    "CREATE INDEX ix_presence_filing ON presence (filing_id)",
    "CREATE INDEX ix_filing_due_at ON filing (due_at, id)",
    # moves of a filing in a stretch of days, for the figures
    "CREATE INDEX ix_event_moved ON filing_event (at) WHERE after IS NOT NULL",
    "CREATE INDEX ix_note_created ON note (created_at)",
    # rows whose principal's mobile was written before it had an index
    "CREATE INDEX ix_subject_mobile_unindexed ON subject (id)"
    " WHERE principal_mobile IS NOT NULL AND principal_mobile_index IS NULL",
    "CREATE INDEX ix_website_mobile_unindexed ON website (id)"
    " WHERE principal_mobile IS NOT NULL AND principal_mobile_index IS NULL",
    "CREATE INDEX ix_gate_host_subject ON gate_host (subject_id)",
]

# what was in force before the gate kept a list: nothing is told of it, it is on the list from the beginning
LIST_WHAT_IS_IN_FORCE = """
INSERT INTO gate_host (key, subject_id, decision, reason, filing_number, changed_at)
SELECT key, subject_id, 'ALLOW', 'FILED', filing_number, updated_at FROM (
  SELECT d.key, w.subject_id, w.filing_number, w.updated_at,
         ROW_NUMBER() OVER (PARTITION BY d.key ORDER BY w.id DESC) AS place
  FROM website_domain d
  JOIN website w ON w.id = d.website_id AND w.status = 'FILED'
  JOIN subject s ON s.id = w.subject_id AND s.status = 'FILED'
  JOIN access a ON a.website_id = w.id AND NOT a.archived AND a.status = 'FILED'
  WHERE d.status = 'FILED' AND d.key IS NOT NULL
) AS found WHERE place = 1
"""
ORDER_OF_GATE_CHANGES = [
    "ALTER TABLE gate_change ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX ix_gate_change_cursor ON gate_change (xid, id)",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0003_after_approval")]

    operations = [
        RunSQLOn("sqlite", [*BOTH, LIST_WHAT_IS_IN_FORCE]),
        RunSQLOn("postgres", [*BOTH, *ORDER_OF_GATE_CHANGES, LIST_WHAT_IS_IN_FORCE]),
    ]
