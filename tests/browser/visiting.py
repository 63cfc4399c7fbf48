"""A visitor's browser window: what leaves our origin is stopped, and all that a page does wrong is kept."""

import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, WebSocket

# the policy's breaches, said where every other fault of a page is said
TELL_BREACHES = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} stopped ${event.blockedURI}`))"""


class Visit:
    """One window on our server. `foreign`: requests to other origins, `faults`: errors of page and policy."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self.requested: list[str] = []
        self.sent: list[str] = []  # the frames that went out on sockets
        self.context: BrowserContext = browser.new_context(locale="zh-CN", **options)
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(TELL_BREACHES)
        self.context.route("**/*", self._let_home)
        self.context.on("page", self._listen)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> Page:
        """Go to a path of our server; gives the page."""
        self.page.goto(self.url + path)
        return self.page

    def wait_until_sent(self, text: str) -> None:
        """Wait until a frame with that text has gone out on a socket."""
        deadline = time.monotonic() + 15
        while not any(text in frame for frame in self.sent):
            assert time.monotonic() < deadline, self.sent
            self.page.wait_for_timeout(20)

    def session_cookies(self) -> list[str]:
        """The names of the cookies that the window holds."""
        return [str(cookie.get("name")) for cookie in self.context.cookies()]

    def close(self) -> None:
        """Close the window; fails where a page asked another origin or did anything wrong."""
        self.context.close()
        assert self.foreign == []
        assert self.faults == []

    def _let_home(self, route: Route) -> None:
        address = route.request.url
        self.requested.append(address)
        if address.startswith(f"{self.url}/"):
            route.continue_()
        else:
            self.foreign.append(address)
            route.abort()

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("websocket", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _watch(self, socket: WebSocket) -> None:
        self.requested.append(socket.url)
        if not socket.url.startswith(f"{self.url.replace('http', 'ws', 1)}/"):
            self.foreign.append(socket.url)
        socket.on("framesent", lambda frame: self.sent.append(str(frame)))
