"""`serve`: migrates, serves, and ends well when it is told to."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module

import structlog
import uvicorn
from starlette.applications import Starlette

from accounts.administration import bootstrap_admin
from commands.memory import tune_memory
from commands.opening import CommandFailed, Verbs, add_verb, opened, read_settings, run_to_end
from settings import Settings
from workflow.articles import load_shipped_articles
from workflow.canned_reasons import load_shipped_reasons
from workflow.codes import load_shipped_codes

DRAIN_SECONDS = 5
MAX_SOCKET_MESSAGE = 64 * 1024
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """A uvicorn that ends with exit code 0 on SIGTERM, and says when it is ready and when no more."""

    def __init__(self, config: uvicorn.Config, app: Starlette, settings: Settings) -> None:
        super().__init__(config)
        self.app = app
        self.settings = settings

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Takes SIGTERM and SIGINT as a wish to end; unlike uvicorn it does not raise them again afterwards."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.end)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    def end(self) -> None:
        """Begins the end: not ready any more, sockets told to come back (1012), requests finished, then all else."""
        self.app.state.draining = True
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then prints the one line with the URLs."""
        await super().startup(sockets=sockets)
        url = self.settings.public_url
        print(f"Beian is ready: {url}/  GraphQL {url}/graphql  console {url}/graphiql", flush=True)


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    add_verb(
        verbs, "serve", run, "migrate, then serve (the default); role `worker` only carries mail and reports"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves until SIGTERM or SIGINT; gives 0. Raises CommandFailed where it cannot start."""
    tune_memory()
    settings = read_settings()
    warn(settings)
    prepare_apart(settings)
    if settings.role == "worker":
        run_to_end(work(settings))
    else:
        serve(settings)
    return 0


def prepare_apart(settings: Settings) -> None:
    """Prepares in a process of its own, so that what migrating needs of memory is given back before serving.

    Raises SystemExit, where the other process has said why in one line.
    """
    if not hasattr(os, "fork"):
        run_to_end(prepare(settings))
        return
    child = os.fork()  # before any thread or loop was started here
    if child == 0:
        code = 1
        try:
            run_to_end(prepare(settings))
            code = 0
        except CommandFailed as failed:
            print(failed, file=sys.stderr)
        except Exception:  # the child ends without the interpreter's own way out, which would tell it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    import_module(
        "edge.app"
    )  # a second's work, which serve() and work() need next; on the other core meanwhile
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise SystemExit(1)


async def prepare(settings: Settings) -> None:
    """Migrates, loads the shipped codes and articles where there are none, and makes the first administrator if told to."""
    async with opened(settings):
        await load_shipped_codes()
        await load_shipped_articles()
        await load_shipped_reasons()
        await bootstrap_admin(settings)


def serve(settings: Settings) -> None:
    """Serves until it is told to end."""
    from edge.app import make_app  # read by prepare_apart(), while the other process migrates

    app = make_app(settings)
    listener = listen(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        timeout_keep_alive=5,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ws_max_size=MAX_SOCKET_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="on",
    )
    server = Server(config, app, settings)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[listener]))


def listen(settings: Settings) -> socket.socket:
    """Gives the listening socket; raises CommandFailed where the address cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CommandFailed(f"cannot listen on {settings.host} port {settings.port}: {reason}") from error


async def work(settings: Settings) -> None:
    """Carries mail and reports until it is told to end."""
    from edge.app import carry, settle_down  # as in serve()

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    async with opened(settings):
        couriers = asyncio.create_task(carry(settings, stop))
        print("Beian is ready: worker, no listener", flush=True)
        await stop.wait()
        await settle_down([couriers])


def warn(settings: Settings) -> None:
    """Says on stderr what weakens the installation."""
    warnings = []
    if not settings.captcha:
        warnings.append("BEIAN_CAPTCHA is off: anyone may try passwords and register by program")
    if not settings.is_https and not settings.is_loopback:
        warnings.append("BEIAN_PUBLIC_URL is http: passwords and sessions travel in the clear")
    if settings.host in ("0.0.0.0", "::") and settings.host in settings.public_url:  # noqa: S104 - compared only
        warnings.append("BEIAN_PUBLIC_URL is not set: browsers will be refused under any other address")
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr, flush=True)
