"""Whole filings (整份备案): one for each number, valid to the last checksum, the same on every machine."""

from random import Random

from demo.draw import lot
from demo.firms import Firm, firm
from demo.hosts import website
from demo.people import Person, person
from demo.places import Place, county_count, office_phone, place, street_address
from rules.form import ContactForm, FilingForm, SubjectForm, WebsiteForm
from rules.provinces import provinces

PERSON_NATURE = "5"
_RESIDENT_ID = "2"
_MOST_WEBSITES = 3
_PERSONAL_SHARE = 0.2
_PERSONAL_SITES = (
    ("晨光随笔", "chenguang"),
    ("静水小筑", "jingshui"),
    ("山间手记", "shanjian"),
    ("拾光相册", "shiguang"),
    ("夜航札记", "yehang"),
    ("半亩花田", "banmu"),
)
_SITE_WORDS = ("官网", "服务平台", "展示平台")


def filing_form(index: int, seed: int = 0) -> FilingForm:
    """The first filing of subject number `index`, from 0 to beyond a million, without a finding that blocks.

    Provinces take turns. No two indexes of one seed share a certificate number, a domain or a home page.
    """
    chance = lot(seed, index)
    turn = index // len(provinces())
    where = place(index, turn)
    round_ = turn // county_count(where.province.code)
    people = person(chance, where, round_)
    if chance.random() < _PERSONAL_SHARE:
        return _personal(chance, where, people, index)
    return _organised(chance, where, people, firm(chance, where, index), index)


def _personal(chance: Random, where: Place, who: Person, index: int) -> FilingForm:
    """A person's filing: a single website, no office phone, an ID for certificate."""
    address = street_address(chance, where)
    principal = _contact(who, None)
    name, latin = chance.choice(_PERSONAL_SITES)
    site = website(chance, name, latin, index * _MOST_WEBSITES, principal, where.province.server_location)
    subject = SubjectForm(
        name=who.name,
        unit_nature=PERSON_NATURE,
        certificate_type=_RESIDENT_ID,
        certificate_number=who.resident_id,
        certificate_address=address,
        division=where.division,
        address=address,
        principal=principal,
    )
    return FilingForm("NEW_FILING", subject, (site,))


def _organised(chance: Random, where: Place, who: Person, body: Firm, index: int) -> FilingForm:
    """An organisation's filing: one to three websites, each named after it."""
    address = street_address(chance, where)
    principal = _contact(who, office_phone(chance, where))
    subject = SubjectForm(
        name=body.name,
        unit_nature=body.kind.unit_nature,
        certificate_type=body.kind.certificate_type,
        certificate_number=body.credit_code,
        certificate_address=address,
        investor=who.name if chance.random() < 0.5 else None,
        division=where.division,
        address=address,
        principal=principal,
    )
    count = chance.choices(range(1, _MOST_WEBSITES + 1), (7, 2, 1))[0]
    sites = (_site(chance, where, body, principal, index, turn) for turn in range(count))
    return FilingForm("NEW_FILING", subject, tuple(sites))


def _site(
    chance: Random, where: Place, body: Firm, principal: ContactForm, index: int, turn: int
) -> WebsiteForm:
    name = body.brand + _SITE_WORDS[turn]
    number = index * _MOST_WEBSITES + turn
    return website(chance, name, body.latin, number, principal, where.province.server_location)


def _contact(who: Person, phone: str | None) -> ContactForm:
    return ContactForm(
        name=who.name,
        office_phone=phone,
        mobile=who.mobile,
        email=who.email,
        certificate_type=_RESIDENT_ID,
        certificate_number=who.resident_id,
    )
