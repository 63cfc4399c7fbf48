"""Who counts as this machine: a loopback address and no forwarded one."""

import pytest
from starlette.requests import Request

from edge.peers import is_loopback


def request(client: str | None, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    peer = (client, 5000) if client else None
    return Request({"type": "http", "headers": raw, "client": peer, "method": "GET", "path": "/"})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1"])
def test_a_loopback_peer_is_this_machine(address: str) -> None:
    assert is_loopback(request(address))


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.1", "2001:db8::1", "testclient", None])
def test_any_other_peer_is_not(address: str | None) -> None:
    assert not is_loopback(request(address))


def test_whoever_was_forwarded_is_not_this_machine() -> None:
    assert not is_loopback(request("127.0.0.1", x_forwarded_for="127.0.0.1"))
