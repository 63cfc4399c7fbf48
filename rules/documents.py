"""Documents (证件材料): which papers a filing needs by its kind, its organiser and its certificates, and which are missing."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from rules.case import Case
from rules.catalogue import DOCUMENT
from rules.codes import ATTACHMENT_USE, Code
from rules.fields import website_key
from rules.findings import Finding, Path, Severity, Words
from rules.form import PreApprovalForm, WebsiteForm
from rules.shipped import read

# what a pre-approval's own documents are for: the authority has no code for that, they travel with the paper
PAPER_USE = Code(table=ATTACHMENT_USE, code="paper", zh="前置审批文件", en="pre-approval paper")


def judge_documents(case: Case) -> Iterator[Finding]:
    """A finding for each document that is missing, where whoever asks has looked for documents at all.

    A warning, an error where the law requires documents.
    """
    if case.form.documents is None:
        return
    for need in read("documents")["items"]:
        if case.form.kind in need["kinds"] and need["individual"] in (None, case.individual):
            for finding in _missing(case, need):
                yield (
                    dataclasses.replace(finding, severity=Severity.ERROR)
                    if case.law.documents_required
                    else finding
                )


def _missing(case: Case, need: Mapping[str, Any]) -> Iterator[Finding]:
    if need["owner"] == "subject":
        if case.individual is not None:
            yield from _missing_at(case, need, case.form.subject.id, ("subject",))
        return
    for position, website in enumerate(case.form.websites):
        path = ("websites", website_key(website, position))
        if need["owner"] == "website":
            yield from _missing_at(case, need, website.id, path)
        else:
            yield from _missing_papers(case, website, path)


def _missing_at(case: Case, need: Mapping[str, Any], owner: str | None, path: Path) -> Iterator[Finding]:
    pages = 2 if _certificate(case, need["certificate"]) in need["two_sided"] else 1
    there = sum(
        document.owner == owner and document.use == need["use"] for document in case.form.documents or ()
    )
    if there < pages:
        yield DOCUMENT.at((*path, "attachments"), _words(case, need["use"], pages))


def _certificate(case: Case, whose: str | None) -> str | None:
    """The certificate type of the organiser or of the subject's principal."""
    subject = case.form.subject
    if whose == "principal":
        return subject.principal.certificate_type if subject.principal else None
    return subject.certificate_type if whose == "organiser" else None


def _words(case: Case, use: str, pages: int) -> Words:
    code = case.law.codes.find(ATTACHMENT_USE, use)
    zh, en = (use, use) if code is None else (code.zh, code.en or code.zh)
    return Words(f"{zh}（正反两面）", f"{en}, both sides") if pages > 1 else Words(zh, en)


def _missing_papers(case: Case, website: WebsiteForm, path: Path) -> Iterator[Finding]:
    there: set[PreApprovalForm | None] = {
        document.paper for document in case.form.documents or () if document.owner == website.id
    }
    for position, paper in enumerate(website.pre_approvals):
        if paper not in there:
            words = Words(PAPER_USE.zh, PAPER_USE.en or PAPER_USE.zh)
            yield DOCUMENT.at((*path, "preApprovals", str(position), "attachments"), words)
