"""A finding (检查结果): one thing that is not as the law wants it, with its place, its words and its source."""

from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str, ...]


class Severity(StrEnum):
    """How much a finding weighs: only ERROR blocks a submission."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    INFO = "INFO"


@dataclass(frozen=True, slots=True)
class Words:
    """The same short text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `rule` is the regulator's code (`MIIT-1041`) where there is one, else an own id (`BEIAN-REQUIRED`).

    `path` leads to the field with the names of the API, by ids where there are ids. The messages and the
    suggestion never hold the value of a personal field.
    """

    rule: str
    severity: Severity
    path: Path
    message_zh: str
    message_en: str
    suggestion: str | None
    source: str

    def message(self, language: str) -> str:
        """The message in `language`: English for `en` and its kinds, Chinese for all else."""
        return self.message_en if language.lower().startswith("en") else self.message_zh


def blocks(findings: list[Finding]) -> bool:
    """Whether one of the findings stands in the way of a submission."""
    return any(finding.severity is Severity.ERROR for finding in findings)
