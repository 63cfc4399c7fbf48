"""The statements behind the figures: each aggregates the ledger in the database, on SQLite and PostgreSQL alike.

Names in braces stand for conditions, for the marks of values, and for what the two databases say differently. Only
filings that were submitted once count: others are nobody's business but their owner's.
"""

from models.database import is_sqlite

_CONDITIONS = {
    # the owner hands it in: also what is opened and submitted in one step, never a step back from a later stage
    "submits": "e.after = 'SUBMITTED' AND (e.before IS NULL OR e.before IN ('DRAFT', 'RETURNED', 'REFUSED'))",
    "returns": "e.before = 'SUBMITTED' AND e.after = 'RETURNED'",
    "accepts": "e.before = 'SUBMITTED' AND e.after = 'ACCEPTED'",
    "moves": "e.after IS NOT NULL AND (e.before IS NULL OR e.before <> e.after)",
}

THROUGHPUT = """
SELECT {day} AS day,
       SUM(CASE WHEN {submits} THEN 1 ELSE 0 END) AS submitted,
       SUM(CASE WHEN e.after = 'RETURNED' THEN 1 ELSE 0 END) AS returned,
       SUM(CASE WHEN {accepts} THEN 1 ELSE 0 END) AS accepted,
       SUM(CASE WHEN e.after = 'APPROVED' THEN 1 ELSE 0 END) AS approved,
       SUM(CASE WHEN e.after = 'REFUSED' THEN 1 ELSE 0 END) AS refused,
       SUM(CASE WHEN e.after = 'ABANDONED' THEN 1 ELSE 0 END) AS abandoned
FROM filing_event e JOIN filing f ON f.id = e.filing_id
WHERE {moves} AND {in_range} AND f.revision > 0 {of_kind}
GROUP BY 1 ORDER BY 1
"""

OPEN_NOW = """
WITH standing AS (
  SELECT f.status, CASE WHEN f.due_at < {now} THEN 1 ELSE 0 END AS overdue,
         COALESCE((SELECT MAX(e.at) FROM filing_event e WHERE e.filing_id = f.id AND {moves}), f.created_at) AS since
  FROM filing f
  WHERE f.status NOT IN ('APPROVED', 'ABANDONED', 'VOIDED') AND f.revision > 0 {of_kind}
), aged AS (SELECT status, overdue, {hours_open} AS hours FROM standing), placed AS (
  SELECT status, overdue, hours, ROW_NUMBER() OVER (PARTITION BY status ORDER BY hours) AS place,
         COUNT(*) OVER (PARTITION BY status) AS n
  FROM aged
)
SELECT status, COUNT(*) AS count, SUM(overdue) AS overdue, MAX(hours) AS oldest,
       MAX(CASE WHEN place = (n + 1) / 2 THEN hours END) AS median,
       MAX(CASE WHEN place = (9 * n + 9) / 10 THEN hours END) AS p90
FROM placed GROUP BY status
"""

# a stay ends with a move in the range; it began with the move before, whenever that was
STAGES = """
WITH touched AS (
  SELECT DISTINCT e.filing_id FROM filing_event e JOIN filing f ON f.id = e.filing_id
  WHERE {moves} AND {in_range} AND f.revision > 0 {of_kind}
), moved AS (
  SELECT e.before, e.at, LAG(e.at) OVER (PARTITION BY e.filing_id ORDER BY e.at, e.id) AS since
  FROM filing_event e WHERE e.filing_id IN (SELECT filing_id FROM touched) AND {moves}
), stays AS (
  SELECT e.before AS status, {hours_stayed} AS hours FROM moved e
  WHERE e.before IS NOT NULL AND e.since IS NOT NULL AND {in_range}
), placed AS (
  SELECT status, hours, ROW_NUMBER() OVER (PARTITION BY status ORDER BY hours) AS place,
         COUNT(*) OVER (PARTITION BY status) AS n
  FROM stays
)
SELECT status, COUNT(*) AS count,
       MAX(CASE WHEN place = (n + 1) / 2 THEN hours END) AS median,
       MAX(CASE WHEN place = (9 * n + 9) / 10 THEN hours END) AS p90
FROM placed GROUP BY status
"""

REASONS = """
SELECT n.rule AS rule, CASE WHEN n.rule IS NULL THEN {part} END AS part, COUNT(*) AS count
FROM note n JOIN filing f ON f.id = n.filing_id
WHERE n.created_at >= {since} AND n.created_at < {until} AND f.revision > 0 {of_kind}
GROUP BY 1, 2 ORDER BY 3 DESC, CASE WHEN n.rule IS NULL THEN 1 ELSE 0 END, 1, 2 LIMIT 20
"""

FIRST_TRY = """
WITH candidates AS (
  SELECT DISTINCT e.filing_id FROM filing_event e JOIN filing f ON f.id = e.filing_id
  WHERE {submits} AND {in_range} AND f.revision > 0 {of_kind}
), lives AS (
  SELECT MIN(CASE WHEN {submits} THEN e.at END) AS first,
         MAX(CASE WHEN {accepts} THEN 1 ELSE 0 END) AS accepted,
         MAX(CASE WHEN {returns} THEN 1 ELSE 0 END) AS returned,
         MAX(CASE WHEN e.after = 'APPROVED' THEN 1 ELSE 0 END) AS approved,
         MAX(CASE WHEN e.after = 'REFUSED' THEN 1 ELSE 0 END) AS refused
  FROM filing_event e JOIN candidates c ON c.filing_id = e.filing_id
  WHERE {moves} GROUP BY e.filing_id
)
SELECT COUNT(*) AS submitted,
       COALESCE(SUM(CASE WHEN accepted + returned > 0 THEN 1 ELSE 0 END), 0) AS decided,
       COALESCE(SUM(CASE WHEN accepted > returned THEN 1 ELSE 0 END), 0) AS passed,
       COALESCE(SUM(CASE WHEN approved + refused > 0 THEN 1 ELSE 0 END), 0) AS authority_decided,
       COALESCE(SUM(CASE WHEN approved > refused THEN 1 ELSE 0 END), 0) AS authority_passed
FROM lives WHERE first >= {since} AND first < {until}
"""

# a decision is measured from the last time that the owner handed it in before it
PEOPLE = """
WITH touched AS (
  SELECT DISTINCT e.filing_id FROM filing_event e JOIN filing f ON f.id = e.filing_id
  WHERE e.action IN ('APPROVE_FILING', 'RETURN_FILING') AND {in_range}
    AND f.revision > 0 {of_kind}
), steps AS (
  SELECT e.account_id, e.action, e.at, MAX(CASE WHEN {submits} THEN e.at END)
         OVER (PARTITION BY e.filing_id ORDER BY e.at, e.id ROWS UNBOUNDED PRECEDING) AS since
  FROM filing_event e WHERE e.filing_id IN (SELECT filing_id FROM touched)
    AND (e.after IS NOT NULL OR e.action = 'APPROVE_FILING')
), decisions AS (
  SELECT e.account_id, e.action, {hours_stayed} AS hours FROM steps e
  WHERE e.action IN ('APPROVE_FILING', 'RETURN_FILING') AND e.since IS NOT NULL AND {in_range}
), placed AS (
  SELECT account_id, action, hours, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY hours) AS place,
         COUNT(*) OVER (PARTITION BY account_id) AS n
  FROM decisions
)
SELECT account_id, SUM(CASE WHEN action = 'APPROVE_FILING' THEN 1 ELSE 0 END) AS approved,
       SUM(CASE WHEN action = 'RETURN_FILING' THEN 1 ELSE 0 END) AS returned,
       MAX(CASE WHEN place = (n + 1) / 2 THEN hours END) AS median
FROM placed GROUP BY account_id ORDER BY COUNT(*) DESC, account_id
"""


def written_out(statement: str, *, names: tuple[str, ...]) -> str:
    """The statement in the dialect of the open database, for values given in the order of `names`.

    `names` are among since, until, now, kind; without kind all kinds count.
    """
    marks = {name: f"?{place}" if is_sqlite() else f"${place}" for place, name in enumerate(names, 1)}
    of_kind = f"AND f.kind = {marks['kind']}" if "kind" in marks else ""
    in_range = f"e.at >= {marks['since']} AND e.at < {marks['until']}" if "since" in marks else ""
    dialect = _dialect(marks.get("now", ""))
    return statement.format(of_kind=of_kind, in_range=in_range, **marks, **_CONDITIONS, **dialect)


def _dialect(now: str) -> dict[str, str]:
    """What the two databases say differently. Beijing has kept UTC+8 all year since 1992."""
    if is_sqlite():
        return {
            "day": "date(e.at, '+8 hours')",
            "hours_stayed": "(julianday(e.at) - julianday(e.since)) * 24",
            "hours_open": f"(julianday({now}) - julianday(since)) * 24",
            "part": "json_extract(n.path, '$[0]')",
        }
    return {
        "day": "to_char(e.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')",
        "hours_stayed": "(EXTRACT(EPOCH FROM e.at - e.since) / 3600)::float8",
        "hours_open": f"(EXTRACT(EPOCH FROM {now}::timestamptz - since) / 3600)::float8",
        "part": "n.path ->> 0",
    }
