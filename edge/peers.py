"""Who is at the other end of a connection, and who is this machine itself."""

from ipaddress import ip_address

from starlette.requests import HTTPConnection


def address_of(connection: HTTPConnection) -> str:
    """Gives the peer's network address, the client's where a trusted proxy told it; empty if unknown."""
    return connection.client.host if connection.client else ""


def is_loopback(connection: HTTPConnection) -> bool:
    """Whether the peer is this machine: a loopback address and no `X-Forwarded-For`."""
    if "x-forwarded-for" in connection.headers:
        return False
    try:
        return ip_address(address_of(connection)).is_loopback
    except ValueError:
        return False
