"""Which POST may change something: the contract's rule on Origin, Sec-Fetch-Site and the content type."""

import pytest

from edge.origin import check_post, is_own_origin
from edge.refusals import TurnedAway

OURS = "https://beian.example.cn"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        JSON,
        {"content-type": "Application/JSON; charset=UTF-8"},
        {"content-type": 'application/json; charset="utf-8"'},
        {**JSON, "origin": OURS},
        {**JSON, "origin": OURS, "sec-fetch-site": "same-origin"},
        {**JSON, "sec-fetch-site": "none"},
    ],
)
def test_our_own_pages_and_programs_pass(headers: dict[str, str]) -> None:
    check_post(headers, OURS)


@pytest.mark.parametrize(
    ("headers", "sentence", "status"),
    [
        ({**JSON, "origin": "https://evil.example"}, "origin", 403),
        ({**JSON, "origin": "null"}, "origin", 403),
        ({**JSON, "origin": ""}, "origin", 403),
        ({**JSON, "origin": "http://beian.example.cn"}, "origin", 403),
        ({**JSON, "origin": "https://beian.example.cn.evil.example"}, "origin", 403),
        ({**JSON, "origin": OURS, "sec-fetch-site": "cross-site"}, "origin", 403),
        ({**JSON, "sec-fetch-site": "same-site"}, "origin", 403),
        ({}, "media_type", 415),
        ({"content-type": "text/plain"}, "media_type", 415),
        ({"content-type": "text/plain; x=application/json"}, "media_type", 415),
        ({"content-type": "application/x-www-form-urlencoded"}, "media_type", 415),
        ({"content-type": "multipart/form-data; boundary=x"}, "media_type", 415),
        ({"content-type": "application/jsonp"}, "media_type", 415),
        ({"content-type": "application/json; charset=gbk"}, "charset", 415),
    ],
)
def test_what_another_site_can_send_does_not_pass(
    headers: dict[str, str], sentence: str, status: int
) -> None:
    with pytest.raises(TurnedAway) as refusal:
        check_post(headers, OURS)

    assert (refusal.value.sentence, refusal.value.status) == (sentence, status)


def test_a_socket_without_an_origin_is_no_browsers() -> None:
    assert is_own_origin({}, OURS)
    assert is_own_origin({"origin": OURS}, OURS)
    assert not is_own_origin({"origin": "http://beian.example.cn"}, OURS)
