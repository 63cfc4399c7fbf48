"""What the process tells Prometheus, and who may read it."""

import hmac
from collections.abc import Iterable

from graphql import OperationDefinitionNode
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from edge.peers import is_loopback
from schema.credentials import bearer_of
from settings import Settings

OTHER = "other"


class Meters:
    """The counters of one application, in a registry of their own; labels come from bounded sets only."""

    def __init__(self, operation_names: frozenset[str]) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._names = operation_names
        self.requests = Counter(
            "beian_requests", "HTTP requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "beian_request_seconds",
            "Seconds until an HTTP answer was sent.",
            ["route"],
            registry=self.registry,
        )
        self.operations = Histogram(
            "beian_operation_seconds",
            "Seconds that a GraphQL operation took; the names are those of the saved operations.",
            ["kind", "name"],
            registry=self.registry,
        )
        self.errors = Counter(
            "beian_graphql_errors", "Top-level errors by code.", ["code"], registry=self.registry
        )
        self.sockets = Gauge("beian_sockets", "Open WebSockets.", registry=self.registry)

    def observe_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts one HTTP answer under its route's pattern, never under the path that was asked."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def observe_operation(self, operation: OperationDefinitionNode, seconds: float) -> None:
        """Counts one operation under its name where it is a saved one."""
        name = operation.name.value if operation.name else OTHER
        self.operations.labels(operation.operation.value, name if name in self._names else OTHER).observe(
            seconds
        )

    def count_errors(self, codes: Iterable[str]) -> None:
        """Counts top-level errors."""
        for code in codes:
            self.errors.labels(code).inc()

    def render(self) -> bytes:
        """Gives the text that Prometheus reads."""
        return generate_latest(self.registry)


def may_read(request: Request, settings: Settings) -> bool:
    """Whether the caller is this machine, or has the token of `BEIAN_METRICS_TOKEN`."""
    if is_loopback(request):
        return True
    token = bearer_of(request.headers.get("authorization"))
    if settings.metrics_token is None or token is None:
        return False
    return hmac.compare_digest(token.encode(), settings.metrics_token.get_secret_value().encode())


async def metrics(request: Request) -> Response:
    """`GET /metrics`: the meters, or 404 to those who may not read them."""
    if not may_read(request, request.app.state.settings):
        return PlainTextResponse("Not Found", status_code=404)
    meters: Meters = request.app.state.meters
    return Response(meters.render(), headers={"content-type": CONTENT_TYPE_LATEST})
