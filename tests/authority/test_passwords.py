"""The filing password as it travels in an upload."""

from authority.passwords import travelling


def test_a_password_travels_as_its_md5_in_hex() -> None:
    assert travelling("Ab3dE9") == "12bd84a7c79a5c203a7c51397a5794fd"


def test_a_password_that_no_authority_issued_travels_all_the_same() -> None:
    assert travelling("Ab3\N{GRINNING FACE}") == travelling("Ab3?")
