"""Surroundings: what is open around a record or a filing of one subject, and which open filing holds a record."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tortoise.connection import get_connection

from models.access import Access
from models.database import READER
from models.filing import Filing
from models.node_ids import node_id
from models.states import OPEN_STATUSES, FilingKind, RecordStatus
from models.subject import Subject
from models.website import Website
from workflow.coexistence import Rival
from workflow.forms import BRINGING
from workflow.targets import record_of

K = FilingKind
Record = Subject | Website | Access


@dataclass(frozen=True)
class OpenFiling:
    """An open filing: `named` are its targets, `touched` also what they hang on, up to the website."""

    filing: Filing
    named: frozenset[str]
    touched: frozenset[str]

    def touches(self, record: str, website: str | None = None) -> bool:
        """Whether it is about this record: a first filing and a subject's cancellation are about everything.

        Of an access also its `website` counts where that is brought or cancelled whole.
        """
        whole = self.filing.kind in (K.ADD_WEBSITE, K.CANCEL_WEBSITE) and website in self.touched
        return self.filing.kind in (K.NEW_FILING, K.CANCEL_SUBJECT) or record in self.touched or whole


@dataclass(frozen=True)
class Surroundings:
    """What is open of one subject, the oldest first."""

    open: Sequence[OpenFiling] = field(default=())

    def rivals(self, filing: Filing | None = None) -> list[Rival]:
        """The open filings but this one, as the matrix looks at them."""
        return [
            Rival(other.filing, other.touched)
            for other in self.open
            if filing is None or other.filing.id != filing.id
        ]

    def holder(self, record: Record) -> Filing | None:
        """The open filing in which this record is drafted, or a change of it proposed; None where there is none."""
        names = {record_of(record)}
        if isinstance(record, Access):
            names.add(node_id(Website, record.website_id))
        if record.status is RecordStatus.FILED:
            return self._first((K.CHANGE,), {record_of(record)})
        if record.status is not RecordStatus.DRAFT:
            return None
        return self._first(BRINGING, names) or self._first((K.NEW_FILING,), None)

    def attacher(self, record: Record) -> Filing | None:
        """The open filing to which a document of this record belongs: an added access brings its website's too."""
        return self.holder(record) or self._first((K.ADD_ACCESS,), {record_of(record)}, touched=True)

    def adder(self, subject: Subject, filing_id: str | None = None) -> Filing | None:
        """The open filing to which a website may be added: the one named, or the oldest that takes websites."""
        kinds = (K.NEW_FILING,) if subject.status is RecordStatus.DRAFT else (K.ADD_WEBSITE,)
        for other in self.open:
            if other.filing.kind in kinds and filing_id in (None, node_id(Filing, other.filing.id)):
                return other.filing
        return None

    def _first(
        self, kinds: Iterable[FilingKind], names: set[str] | None, *, touched: bool = False
    ) -> Filing | None:
        wanted = tuple(kinds)
        for other in self.open:
            known = other.touched if touched else other.named
            if other.filing.kind in wanted and (names is None or names & known):
                return other.filing
        return None


async def load_surroundings(subject_ids: Sequence[int]) -> dict[int, Surroundings]:
    """The surroundings of subjects by row number, in one statement."""
    wanted = sorted(set(subject_ids))
    if not wanted:
        return {}
    statuses = ", ".join(f"'{status.value}'" for status in sorted(OPEN_STATUSES))
    rows = await get_connection(READER).execute_query_dict(
        _OPEN.format(subjects=", ".join(str(int(number)) for number in wanted), statuses=statuses)
    )
    filings: dict[int, Filing] = {}
    named: dict[int, set[str]] = defaultdict(set)
    touched: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        own = {name: value for name, value in row.items() if name not in ("named", "served")}
        filing = filings.setdefault(row["id"], Filing._init_from_db(**own))
        if row["named"] is not None:
            named[filing.id].add(row["named"])
            touched[filing.id].add(row["named"])
        if row["served"] is not None:
            touched[filing.id].add(node_id(Website, row["served"]))
    found: dict[int, list[OpenFiling]] = defaultdict(list)
    for filing in filings.values():
        opened = OpenFiling(filing, frozenset(named[filing.id]), frozenset(touched[filing.id]))
        found[filing.subject_id].append(opened)
    return {number: Surroundings(found[number]) for number in wanted}


# open filings with each record that they name, and of an access the website that it serves
_OPEN = """
SELECT filing.*, target.record AS named, access.website_id AS served
FROM filing
LEFT JOIN filing_target target ON target.filing_id = filing.id
LEFT JOIN access ON access.id =
  CASE WHEN target.record LIKE 'axs_%' THEN CAST(substr(target.record, 5) AS BIGINT) END
WHERE filing.subject_id IN ({subjects}) AND filing.status IN ({statuses})
ORDER BY filing.id, target.id
"""
