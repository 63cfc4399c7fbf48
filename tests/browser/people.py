"""Somebody elsewhere: a client over plain HTTP, who needs no event loop and so can act beside a browser."""

from typing import Any

import httpx

from tests.support.client import saved

PASSWORD = "a long enough passphrase"


class Elsewhere:
    """One signed-in account that uses saved operations."""

    def __init__(self, url: str, username: str) -> None:
        self.username = username
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def do(self, mutation: str, **given: Any) -> dict[str, Any]:
        """Run a saved mutation that must not be refused; gives its payload."""
        reply = self.http.post("/graphql", json={"query": saved(mutation), "variables": {"input": given}})
        payload: dict[str, Any] = reply.json()["data"][mutation]
        assert payload["errors"] == [], payload["errors"]
        return payload

    def register(self) -> "Elsewhere":
        """Register the account, and sign in to it."""
        self.do("register", username=self.username, password=PASSWORD, email=f"{self.username}@example.com")
        self.do("login", username=self.username, password=PASSWORD)
        return self
