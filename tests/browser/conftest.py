"""What a browser test starts with: a browser, a real server with the console's files, and a window on it."""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.finding import NoBrowser, Program, find_browser, node
from tests.browser.people import Elsewhere
from tests.browser.visiting import Visit
from tests.support.serving import Server

PROVIDER = {
    "BEIAN_PROVIDER_NAME": "滨海云接入有限公司",
    "BEIAN_PROVIDER_TELEPHONE": "400-000-0000",
    "BEIAN_PROVIDER_SERVICE_HOURS": "周一至周五 8:30-17:30",
}
BUILD_SECONDS = 90
PATIENCE_MILLISECONDS = 15_000
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def program() -> Program:
    """The browser's program; where none can be had, the test fails with a sentence that says how to get one."""
    try:
        return find_browser()
    except NoBrowser as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def browser(program: Program) -> Iterator[Browser]:
    """A running browser. It ends with the module: while Playwright runs, no asyncio test could."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with pytest.MonkeyPatch.context() as patch:
        runtime = node()
        if runtime:
            # Playwright's own Node needs a library that a bare system lacks
            patch.setenv("PLAYWRIGHT_NODEJS_PATH", runtime)
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(
                executable_path=program.path, env={**os.environ, **program.environment}
            )
            yield running
            running.close()


@pytest.fixture(scope="session")
def server(scratch: Path) -> Iterator[Server]:
    """A server without captcha, whose console is built."""
    yield from serve(scratch / "browser", captcha="off")


@pytest.fixture(scope="session")
def guarded_server(scratch: Path) -> Iterator[Server]:
    """A server that asks for a captcha."""
    yield from serve(scratch / "browser-captcha", captcha="on")


def serve(folder: Path, captcha: str) -> Iterator[Server]:
    """Give a server on a database of its own, and end it."""
    folder.mkdir()
    running = Server(folder, BEIAN_WEB="on", **PROVIDER)
    try:
        running.start(BEIAN_CAPTCHA=captcha)
        wait_until_built(running)
        yield running
    finally:
        running.close()


def wait_until_built(server: Server) -> None:
    """Wait until npm has fetched the console's files; fails with what the page says where it cannot."""
    deadline = time.monotonic() + BUILD_SECONDS
    while (page := httpx.get(f"{server.url}/graphiql", trust_env=False)).status_code != 200:
        assert time.monotonic() < deadline, page.text
        assert "npm ci failed" not in page.text, page.text
        time.sleep(0.2)


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A window on the server, at the end of which no other origin was asked and no page did wrong."""
    window = Visit(browser, server.url)
    yield window
    window.close()


@pytest.fixture
def applicant(server: Server) -> Iterator[Elsewhere]:
    """Somebody who has registered, at work elsewhere."""
    person = Elsewhere(server.url, f"applicant{next(_numbers)}").register()
    yield person
    person.http.close()
