"""The metrics: who may read them, and that their labels are bounded."""

import httpx
import pytest
from graphql import OperationDefinitionNode, parse
from starlette.applications import Starlette
from starlette.routing import Route

from edge.metrics import Meters, metrics
from settings import load

TOKEN = "a-token-for-prometheus"


async def read(client: tuple[str, int], headers: dict[str, str], *, token: str | None) -> httpx.Response:
    app = Starlette(routes=[Route("/metrics", metrics)])
    app.state.settings = load(metrics_token=token)
    app.state.meters = Meters(frozenset())
    transport = httpx.ASGITransport(app, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get("/metrics", headers=headers)


async def test_this_machine_reads_them() -> None:
    answer = await read(("127.0.0.1", 5000), {}, token=None)

    assert answer.status_code == 200
    assert "process_resident_memory_bytes" in answer.text


@pytest.mark.parametrize(
    ("address", "headers", "token"),
    [
        ("10.0.0.1", {}, None),
        ("10.0.0.1", {}, TOKEN),
        ("10.0.0.1", {"authorization": f"Bearer {TOKEN}x"}, TOKEN),
        ("10.0.0.1", {"authorization": f"Bearer {TOKEN}"}, None),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, None),
    ],
)
async def test_others_are_told_that_there_is_nothing(
    address: str, headers: dict[str, str], token: str | None
) -> None:
    answer = await read((address, 5000), headers, token=token)

    assert (answer.status_code, answer.text) == (404, "Not Found")


async def test_the_token_opens_them() -> None:
    answer = await read(("10.0.0.1", 5000), {"authorization": f"Bearer {TOKEN}"}, token=TOKEN)

    assert answer.status_code == 200


def test_only_saved_operations_are_counted_by_name() -> None:
    meters = Meters(frozenset({"Viewer"}))
    for text in ("query Viewer { ok }", "query Mine13800138000 { ok }", "{ ok }"):
        (operation,) = parse(text).definitions
        assert isinstance(operation, OperationDefinitionNode)
        meters.observe_operation(operation, 0.1)

    text = meters.render().decode()

    assert 'beian_operation_seconds_count{kind="query",name="Viewer"} 1.0' in text
    assert 'beian_operation_seconds_count{kind="query",name="other"} 2.0' in text
    assert "13800138000" not in text
