"""Real processes of the front door, each with a data folder and a port of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.serving import ROOT, environment, free_port

END_SECONDS = 10


def run(var: Path, *arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one verb to its end."""
    return subprocess.run(
        [sys.executable, "server.py", *arguments],
        cwd=ROOT,
        env=environment(var, **settings),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


class Running:
    """A server of our own, and where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.place = f"127.0.0.1:{port}"
        self.url = f"http://{self.place}"

    def wait_until_ready(self, status: int = 200) -> None:
        """Wait for /readyz to answer with that status."""
        started = time.monotonic()
        while time.monotonic() - started < 60:
            assert self.process.poll() is None, self.process.communicate()[1]
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False).status_code == status:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"/readyz not {status} within 60 s")

    def processor_seconds(self) -> float:
        """What the process has used of the processor: its start, less what a busy machine made it wait."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> tuple[int, str, str]:
        """Send SIGTERM; gives the exit code, stdout and stderr. Fails where it takes longer than 10 s."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=END_SECONDS)
        return self.process.returncode, out, err


@contextmanager
def serving(var: Path, **settings: str) -> Iterator[Running]:
    """A server that is being started; whatever happens, it is gone afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(var, BEIAN_PORT=str(port), **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process, port)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
