"""The authority played in this process: it takes uploads, decides after a delay, and forgets nothing when killed.

How it decides: `reviews/`. What it has on file: `library.py`, begun with the records of other providers and found by
`catalogue.py`; the numbers it gives: `numbering.py`. Where it is kept: `ledger.py`, one SQLite file, its personal data
sealed by `vault.py`. The counter one speaks to: `counter.py`.
"""
