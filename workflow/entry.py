"""Entry: what a client typed, laid over what is there, and refused where it could not even be stored."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from models.refusal import Invalid, Problem, Refused
from models.states import FilingKind
from rules.findings import Finding
from rules.form import (
    AccessForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)
from rules.storable import storable
from workflow.judgement import law

Given = Mapping[str, Any]
Form = TypeVar("Form", SubjectForm, WebsiteForm, AccessForm, ContactForm)
_SUBJECT_PATH = ("subject",)


def _laid_over(form: Form, given: Given) -> Form:
    known = {field.name for field in dataclasses.fields(form)} - {"id", "access", "principal"}
    return dataclasses.replace(form, **{name: value for name, value in given.items() if name in known})


def _with_principal(form: Any, given: Given) -> Any:
    if "principal" not in given:
        return form
    typed = given["principal"]
    principal = None if typed is None else _laid_over(form.principal or ContactForm(), typed)
    return dataclasses.replace(form, principal=principal)


def subject_entry(form: SubjectForm, given: Given) -> SubjectForm:
    """The subject with what was given laid over it: absent is unchanged, None clears."""
    entered: SubjectForm = _with_principal(_laid_over(form, given), given)
    _require_name(entered.name, (*_SUBJECT_PATH, "name"))
    return entered


def website_entry(form: WebsiteForm, given: Given) -> WebsiteForm:
    """The website with what was given laid over it; a list that is given replaces the whole list."""
    lists: dict[str, Any] = {
        name: tuple(given[name] or ())
        for name in ("domains", "service_contents", "languages")
        if name in given
    }
    if "pre_approvals" in given:
        lists["pre_approvals"] = tuple(
            PreApprovalForm(paper["type"], paper["number"]) for paper in given["pre_approvals"] or ()
        )
    entered: WebsiteForm = _with_principal(_laid_over(form, {**given, **lists}), given)
    if given.get("access") is not None:
        entered = dataclasses.replace(entered, access=access_entry(AccessForm(), given["access"]))
    _require_name(entered.name, ("websites", entered.id or "0", "name"))
    return entered


def access_entry(form: AccessForm, given: Given) -> AccessForm:
    """The access with what was given laid over it; a range without an end is one address."""
    lists: dict[str, Any] = {
        name: tuple(given[name] or ()) for name in ("methods", "server_locations") if name in given
    }
    if "ip_ranges" in given:
        lists["ip_ranges"] = tuple(
            IpRangeForm(part["start"], part.get("end") or part["start"]) for part in given["ip_ranges"] or ()
        )
    return dataclasses.replace(form, **lists)


def _require_name(name: str | None, path: Sequence[str]) -> None:
    if name is None or not name.strip():
        raise Invalid(path, "名称不能为空", "a name is required", rule="BEIAN-REQUIRED")


async def refuse_unstorable(subject: SubjectForm | None, websites: Sequence[WebsiteForm] = ()) -> None:
    """Raise Refused with one INVALID problem for everything that a draft may not store."""
    await refuse_unstorable_form(
        FilingForm(
            kind=FilingKind.NEW_FILING.value, subject=subject or SubjectForm(), websites=tuple(websites)
        )
    )


async def refuse_unstorable_form(form: FilingForm) -> None:
    """Raise Refused with one INVALID problem for everything of a form that may not be stored."""
    findings = storable(form, await law())
    if findings:
        raise Refused(*(_invalid(finding) for finding in findings))


def _invalid(finding: Finding) -> Problem:
    return Problem(
        "INVALID",
        finding.message_zh,
        finding.message_en,
        path=finding.path,
        rule=finding.rule,
        suggestion=finding.suggestion,
    )
