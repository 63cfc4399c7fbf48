"""Invented organisations: credit codes that are right to both check characters and all different."""

from demo.firms import KINDS, credit_code
from rules.certificate import is_credit_code, is_organisation_code
from rules.codes import CERTIFICATE_TYPE, UNIT_NATURE, CodeBook


def test_credit_codes_of_one_county_are_right_and_differ() -> None:
    codes = {credit_code("91", "210202", number) for number in range(2_000)}
    assert len(codes) == 2_000
    for code in codes:
        assert is_credit_code(code)
        assert is_organisation_code(f"{code[8:16]}-{code[16]}")


def test_each_kind_has_a_nature_and_a_certificate_that_fit() -> None:
    book = CodeBook.shipped()
    for kind in KINDS:
        certificate = book.find(CERTIFICATE_TYPE, kind.certificate_type)
        assert certificate is not None
        assert book.find(UNIT_NATURE, kind.unit_nature) is not None
        assert book.fits(certificate, kind.unit_nature)
