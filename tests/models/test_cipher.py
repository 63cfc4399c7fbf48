"""Sealed values: they open in their place with their key, and nowhere else."""

import base64

import pytest

from models.cipher import PREFIX, Cipher, CipherError

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
CIPHER = Cipher({"k1": OLD}, INDEX)


def test_a_value_opens_as_it_was_whatever_its_script() -> None:
    for text in ("", "210202195501010015", "韩望潮 😀", "a" * 5000, "\x00"):
        sealed = CIPHER.seal(text, "subject.name")
        assert sealed.startswith("\x01e1.k1.")
        assert CIPHER.open(sealed, "subject.name") == text


def test_one_value_is_never_sealed_alike_twice() -> None:
    assert len({CIPHER.seal("13912345678", "x.y") for _ in range(100)}) == 100


def test_a_value_that_was_moved_does_not_open() -> None:
    sealed = CIPHER.seal("13912345678", "subject.principal_mobile")
    for place in ("website.principal_mobile", "subject.principal_office_phone", ""):
        with pytest.raises(CipherError, match="does not open"):
            CIPHER.open(sealed, place)


def test_a_value_that_was_altered_or_cut_does_not_open() -> None:
    sealed = CIPHER.seal("13912345678", "x.y")
    head, _, body = sealed.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    for place in range(len(raw)):
        bent = bytes(byte ^ (place == at) for at, byte in enumerate(raw))
        with pytest.raises(CipherError):
            CIPHER.open(f"{head}.{base64.urlsafe_b64encode(bent).decode()}", "x.y")
    for text in (sealed[:-4], PREFIX, "", "13912345678", f"{PREFIX}k1.", f"{PREFIX}k9.{body}"):
        with pytest.raises(CipherError):
            CIPHER.open(text, "x.y")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    both = Cipher({"k2": NEW, "k1": OLD}, INDEX)
    assert both.open(CIPHER.seal("韩", "x.y"), "x.y") == "韩"
    fresh = both.seal("韩", "x.y")
    assert fresh.startswith("\x01e1.k2.")
    with pytest.raises(CipherError):
        CIPHER.open(fresh, "x.y")


def test_what_is_wrong_is_told_without_the_value() -> None:
    with pytest.raises(CipherError) as told:
        CIPHER.open("210202195501010015", "subject.certificate_number")
    assert str(told.value) == "a value of subject.certificate_number does not open with the keys at hand"


def test_the_blind_index_knows_a_value_whatever_its_width_and_case() -> None:
    index = CIPHER.index("21020219550101001X")
    assert len(index) == 32
    for spelling in ("21020219550101001x", " 21020219550101001X ", "２１０２０２19550101001Ｘ"):
        assert CIPHER.index(spelling) == index
    assert CIPHER.index("210202195501010011") != index
    assert Cipher({"k1": OLD}, b"j" * 32).index("21020219550101001X") != index
