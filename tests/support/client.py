"""A client like anybody's: saved operations over HTTP with a session's cookie, and a subscription over a socket."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

QUERIES = Path(__file__).resolve().parents[2] / "queries"


def saved(name: str) -> str:
    """The saved operation of that name with the fragments it needs."""
    text = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
    parts, waiting = {name: text}, [text]
    while waiting:
        for fragment in re.findall(r"\.\.\.\s*([a-z]\w+)", waiting.pop()):
            if fragment not in parts and fragment != "on":
                parts[fragment] = (QUERIES / "fragments" / f"{fragment}.graphql").read_text(encoding="utf-8")
                waiting.append(parts[fragment])
    return "\n".join(parts.values())


class Client:
    """One person's browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

    async def send(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a document; gives the whole GraphQL answer."""
        reply = await self.http.post("/graphql", json={"query": query, "variables": variables or {}})
        answer: dict[str, Any] = reply.json()
        return answer

    async def ask(self, name: str, **variables: Any) -> Any:
        """Run a saved operation; gives its root field, and fails on any top-level error."""
        answer = await self.send(saved(name), variables)
        assert "errors" not in answer, answer["errors"]
        (value,) = answer["data"].values()
        return value

    async def do(self, mutation: str, **given: Any) -> Any:
        """Run a saved mutation that must not be refused; gives its payload."""
        payload = await self.ask(mutation, input=given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(self, mutation: str, **given: Any) -> list[dict[str, Any]]:
        """Run a saved mutation that must be refused; gives its errors."""
        errors: list[dict[str, Any]] = (await self.ask(mutation, input=given))["errors"]
        assert errors, f"{mutation} was not refused"
        return errors

    async def login(self, username: str, password: str) -> "Client":
        """Sign in."""
        await self.do("login", username=username, password=password)
        return self

    def watch(self, name: str, **variables: Any) -> "Watcher":
        """Subscribe by a saved operation, with this session's cookie."""
        cookie = "; ".join(f"{key}={value}" for key, value in self.http.cookies.items())
        return Watcher(self.url, cookie, saved(name), variables)

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()


class Watcher:
    """A subscription over graphql-transport-ws; what it received is kept in `events`."""

    def __init__(self, url: str, cookie: str, query: str, variables: dict[str, Any]) -> None:
        self.url, self.cookie = url, cookie
        self.payload = {"query": query, "variables": variables}
        self.events: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Watcher":
        self._socket = await connect(
            f"{self.url.replace('http', 'ws')}/graphql",
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookie, "Origin": self.url},
            proxy=None,
        )
        await self._socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await self._socket.recv())["type"] == "connection_ack"
        await self._socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": self.payload}))
        self._task = asyncio.create_task(self._read(self._socket))
        return self

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            message = json.loads(text)
            assert message["type"] in ("next", "complete", "ping"), message
            if message["type"] == "next":
                assert "errors" not in message["payload"], message
                self.events.append(next(iter(message["payload"]["data"].values())))
        self.closed_with = socket.close_code

    async def until(self, condition: Any, seconds: float = 20) -> None:
        """Wait until the received events satisfy `condition`."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition(self.events):
            assert asyncio.get_running_loop().time() < deadline, [event["action"] for event in self.events]
            if self._task is not None and self._task.done():
                self._task.result()
            await asyncio.sleep(0.02)

    async def cut(self) -> None:
        """Lose the connection without a word."""
        assert self._socket is not None
        self._socket.transport.abort()

    async def __aexit__(self, *error: object) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
