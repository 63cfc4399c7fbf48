"""The application: routes, middleware, and what lives as long as the process serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from accounts.housekeeping import delete_expired
from accounts.touches import drain_touches
from edge.browser_pages import page_routes
from edge.captcha import captcha
from edge.faults import FaultNet
from edge.files import file_routes
from edge.gate import gate
from edge.graphiql_build import build
from edge.headers import SecurityHeaders
from edge.health import healthz, readyz
from edge.logs import RequestLog
from edge.manual import manual
from edge.metrics import Meters, metrics
from edge.saved import operation_names
from edge.view import GraphQLView
from models.database import close_database, open_database
from models.unit_of_work import drain
from schema.context import make_context
from schema.schema import schema
from settings import Settings
from workflow.runner import run_couriers
from workflow.watch import stop_tailer

COURIER_SECONDS = 3
HOUR_SECONDS = 3600


def make_app(settings: Settings) -> Starlette:
    """Gives the application for these settings; its lifespan opens the database and starts the couriers."""
    meters = Meters(operation_names())
    view = GraphQLView(schema, make_context, settings, meters)
    app = Starlette(
        routes=[
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route("/gate", gate),
            Route("/captcha/{captcha_id}", captcha),
            Route("/manual", manual),
            *file_routes(),
            *page_routes(),
        ],
        middleware=[
            Middleware(RequestLog, meters=meters),
            Middleware(SecurityHeaders, settings=settings),
            Middleware(FaultNet),
        ],
        lifespan=live,
    )
    app.state.settings = settings
    app.state.meters = meters
    app.state.make_context = make_context
    app.state.draining = False
    return app


@asynccontextmanager
async def live(app: Starlette) -> AsyncIterator[None]:
    """Opens the database, runs couriers and the console's build beside the requests, and ends them in order."""
    settings: Settings = app.state.settings
    await open_database(settings)
    stop = asyncio.Event()
    companions = [asyncio.create_task(carry(settings, stop))] if settings.role == "all" else []
    building = asyncio.create_task(build()) if settings.web else None
    try:
        yield
    finally:
        stop.set()
        if building is not None:
            building.cancel()
            with suppress(asyncio.CancelledError):
                await building
        await settle_down(companions)
        await close_database()


async def carry(settings: Settings, stop: asyncio.Event) -> None:
    """Runs the couriers, and the forgetting of what is over of signing in, until `stop`."""
    await run_couriers(settings, stop, partial(forget_expired, stop))


async def forget_expired(stop: asyncio.Event) -> None:
    """Deletes what is over of signing in, every hour until `stop`."""
    while not stop.is_set():
        await delete_expired()
        with suppress(TimeoutError):
            async with asyncio.timeout(HOUR_SECONDS):
                await stop.wait()


async def settle_down(companions: list[asyncio.Task[None]]) -> None:
    """Ends the couriers, then waits until all that is being written is written and announced; close the database after it."""
    await end_companions(companions)
    await drain_touches()
    await drain()
    await stop_tailer()


async def end_companions(tasks: list[asyncio.Task[None]]) -> None:
    """Waits for the couriers to lay down what they carry; after 3 s their leases run out instead."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=COURIER_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
