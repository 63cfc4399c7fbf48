"""A filing without a finding, typed by hand, and short ways to alter and judge it."""

from dataclasses import replace
from datetime import date
from ipaddress import IPv4Network
from typing import Any

from rules.check import check
from rules.codes import CodeBook
from rules.findings import Finding
from rules.form import AccessForm, ContactForm, FilingForm, IpRangeForm, SubjectForm, WebsiteForm
from rules.law import Law, law_on
from rules.library import Library
from rules.switches import Switch

TODAY = date(2026, 3, 2)
BOOK = CodeBook.shipped()
LAW = law_on(TODAY, BOOK)

PRINCIPAL = ContactForm(
    name="张三",
    office_phone="086-0411-82345678",
    mobile="13800000000",
    email="zhangsan@example.com",
    certificate_type="2",
    certificate_number="210202199001010010",
)
SUBJECT = SubjectForm(
    id="S1",
    name="大连海岸测试科技有限公司",
    unit_nature="4",
    certificate_type="1",
    certificate_number="91210200000000001J",
    certificate_address="辽宁省大连市中山区示例路1号",
    investor="李四",
    division="210202",
    address="示例路1号2楼201室",
    principal=PRINCIPAL,
)
ACCESS = AccessForm(
    id="A1",
    methods=("3",),
    server_locations=("19",),
    ip_ranges=(IpRangeForm("203.0.113.10", "203.0.113.10"),),
)
WEBSITE = WebsiteForm(
    id="W1",
    name="海岸测试官网",
    home_url="www.example.com",
    domains=("example.com",),
    service_contents=("8",),
    languages=("1",),
    principal=PRINCIPAL,
    access=ACCESS,
)
FORM = FilingForm("NEW_FILING", SUBJECT, (WEBSITE,))
OLD_SUBJECT = replace(  # in force since a time with other rules: nothing of it would pass today
    SUBJECT,
    certificate_type="77",
    certificate_number="1" * 200,
    certificate_address=None,
    investor="海岸😀",
    remark="a\nb",
    principal=replace(PRINCIPAL, mobile="1380000000", email="138****0000"),
)
OLD_WEBSITE = replace(  # the same of a website, its access aside
    WEBSITE,
    name="x",
    home_url="http://www.example.com",
    domains=("www.example.com",),
    languages=("99",),
    principal=None,
    remark="海岸😀",
)
PERSON = replace(
    SUBJECT,
    name="张三",
    unit_nature="5",
    certificate_type="2",
    certificate_number="210202199001010010",
    investor=None,
)


def of(subject: SubjectForm = SUBJECT, *websites: WebsiteForm) -> FilingForm:
    """A first filing of these parts; without websites the sample's."""
    return FilingForm("NEW_FILING", subject, websites or (WEBSITE,))


def with_subject(**changes: Any) -> FilingForm:
    """The sample with its subject altered."""
    return of(replace(SUBJECT, **changes))


def with_principal(**changes: Any) -> FilingForm:
    """The sample with its subject's principal altered."""
    return with_subject(principal=replace(PRINCIPAL, **changes))


def with_website(**changes: Any) -> FilingForm:
    """The sample with its website altered."""
    return of(SUBJECT, replace(WEBSITE, **changes))


def with_access(**changes: Any) -> FilingForm:
    """The sample with its access altered."""
    return with_website(access=replace(ACCESS, **changes))


def with_ranges(*ranges: tuple[str, str]) -> FilingForm:
    """The sample with other IP ranges."""
    return with_access(ip_ranges=tuple(IpRangeForm(start, end) for start, end in ranges))


def law_with(
    *switches: Switch, ip_ranges: tuple[str, ...] = (), book: CodeBook = BOOK, day: date = TODAY
) -> Law:
    """The law of a day with these switches, networks and codes."""
    return law_on(day, book, switches=switches, ip_ranges=[IPv4Network(text) for text in ip_ranges])


def findings(form: FilingForm, law: Law = LAW, library: Library | None = None) -> list[Finding]:
    """What the check finds in a form on the sample's day."""
    return check(form, law, library or Library(), TODAY)


def told(form: FilingForm, law: Law = LAW, library: Library | None = None) -> list[tuple[str, str]]:
    """Rule and path of each finding, the path written with slashes."""
    return [(finding.rule, "/".join(finding.path)) for finding in findings(form, law, library)]
