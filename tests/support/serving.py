"""Servers of our own: real processes on loopback, started and ended by pid, their output in files."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(var: Path, **given: str) -> dict[str, str]:
    """The environment of a process: none of the settings of outside, no npm."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BEIAN_")}
    return {**outside, "BEIAN_VAR_DIR": str(var), "BEIAN_WEB": "off", **given}


class Server:
    """One `server.py` process; started by `start`, and again after `kill` or `stop`, on the same port and data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}/graphql"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"
        self.environment = environment(
            folder / "var",
            BEIAN_PORT=str(self.port),
            BEIAN_CAPTCHA="off",
            BEIAN_SIMULATOR_DELAY="0",
            **settings,
        )

    def start(self, **settings: str) -> "Server":
        """Start the process, and wait until it is ready where it listens."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "server.py"],
                cwd=ROOT,
                env={**self.environment, **settings},
                stdout=log,
                stderr=log,
            )
        if {**self.environment, **settings}.get("BEIAN_ROLE") != "worker":
            self._wait_until_ready()
        return self

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")[-4000:]
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready within 60 s: {self.log.read_text(encoding='utf-8')[-4000:]}")

    def kill(self) -> None:
        """End it by SIGKILL, and wait until it is gone."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        """End it by SIGTERM; gives the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def close(self) -> None:
        """End it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def run(self, *arguments: str, given: str = "", seconds: float = 60) -> str:
        """Run one verb of the command line to its end against the same data; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "server.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
