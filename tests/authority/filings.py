"""Filings as a provider would report them, for the tests of the desk; every figure is invented."""

from dataclasses import replace

from authority.messages import (
    Access,
    Address,
    Certificate,
    Contact,
    Domain,
    IpRange,
    NewFiling,
    PreApproval,
    Subject,
    Website,
)

ZHANG = Contact("张三", "086-0411-55550000", "13800000000", "zhangsan@example.com", 2, "210202199001010010")


def make_website(serial: int, name: str = "海岸测试官网", home_url: str | None = None) -> Website:
    """A website whose ids and domain come from `serial`."""
    return Website(
        provider_id=serial,
        authority_id=None,
        number=None,
        name=name,
        pre_approvals=(PreApproval(5, "文审字001"),),
        service_contents=(8,),
        languages=(1,),
        domains=(Domain(serial + 1, None, f"haian-{serial}.com"),),
        accesses=(
            Access(
                serial + 2,
                None,
                None,
                (3,),
                (19,),
                (IpRange(serial + 3, None, "203.0.113.10", "203.0.113.12"),),
            ),
        ),
        principal=ZHANG,
        home_url=home_url,
        remark=None,
    )


def make_filing(serial: int = 100, province: int = 210000, websites: int = 1) -> NewFiling:
    """A new filing whose ids, certificate and domains come from `serial`, which steps by 100."""
    subject = Subject(
        provider_id=serial,
        authority_id=None,
        number=None,
        name=f"大连海岸测试科技{serial}有限公司",
        unit_nature=4,
        investor="李四",
        address=Address(province, province + 200, province + 202, "示例路1号2楼"),
        certificate=Certificate(1, f"9121020000000{serial:04d}J", "辽宁省大连市中山区示例路1号"),
        principal=ZHANG,
        mode=1,
        remark=None,
    )
    return NewFiling(subject, tuple(make_website(serial + 10 * n) for n in range(1, websites + 1)))


def with_website(filing: NewFiling, **changes: object) -> NewFiling:
    """The filing with its first website changed."""
    return replace(filing, websites=(replace(filing.websites[0], **changes), *filing.websites[1:]))  # type: ignore[arg-type]


def with_subject(filing: NewFiling, **changes: object) -> NewFiling:
    """The filing with its subject changed."""
    return replace(filing, subject=replace(filing.subject, **changes))  # type: ignore[arg-type]
