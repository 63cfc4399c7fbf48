"""The front door on real processes: one line when ready, 503 while the database is away, exit 0 on SIGTERM."""

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.commands.serving import run, serving


def test_it_is_ready_within_five_seconds_on_an_empty_folder_says_so_in_one_line_and_ends_with_0(
    tmp_path: Path,
) -> None:
    var = tmp_path / "var"
    with serving(var) as server:
        server.wait_until_ready()
        seconds = server.processor_seconds()
        code, out, err = server.end()

    assert seconds < 5
    assert code == 0
    assert (
        out == f"Beian is ready: {server.url}/  GraphQL {server.url}/graphql  console {server.url}/graphiql\n"
    )
    assert all(json.loads(line) for line in err.splitlines())
    assert var.stat().st_mode & 0o777 == 0o700


def test_open_sockets_are_told_to_come_back_and_do_not_delay_the_end(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.wait_until_ready()
        with connect(f"ws://{server.place}/graphql", subprotocols=["graphql-transport-ws"]) as client:  # type: ignore[list-item]
            client.send('{"type":"connection_init"}')
            assert client.recv(timeout=5) == '{"type":"connection_ack"}'
            server.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(timeout=10)
        out, err = server.process.communicate(timeout=10)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert server.process.returncode == 0, err
    assert out.count("\n") == 1


def test_a_wrong_setting_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = run(tmp_path / "var", BEIAN_AUTHORITY="soap")

    assert done.returncode == 2
    assert (done.stdout, done.stderr) == ("", "BEIAN_AUTHORITY: soap is not available yet\n")
    assert not (tmp_path / "var").exists()


def test_a_port_that_is_taken_is_one_line_and_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = run(tmp_path, BEIAN_PORT=port)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"cannot listen on 127.0.0.1 port {port}: Address already in use"


def test_an_unknown_setting_is_pointed_out_and_ignored(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate", BEIAN_PROT="1")

    assert (done.returncode, done.stdout) == (0, "the database is up to date\n")
    assert done.stderr == "warning: BEIAN_PROT is not a setting; did you mean BEIAN_PORT?\n"


def test_what_weakens_the_installation_is_said_loudly(tmp_path: Path) -> None:
    with serving(tmp_path, BEIAN_CAPTCHA="off", BEIAN_PUBLIC_URL="http://beian.example.cn") as server:
        server.wait_until_ready()
        _, _, err = server.end()

    assert "warning: BEIAN_CAPTCHA is off" in err
    assert "warning: BEIAN_PUBLIC_URL is http" in err


def test_the_first_administrator_is_made_by_the_console_and_a_second_of_the_name_is_refused(
    tmp_path: Path,
) -> None:
    password = "correct horse battery staple\n"

    made = run(tmp_path, "account", "create", "boss", "--role", "admin", given=password)
    again = run(tmp_path, "account", "create", "boss", "--role", "admin", given=password)
    token = run(
        tmp_path, "token", "create", "backup", "--account", "boss", "--scopes", "read", "--days", "90"
    )
    unknown = run(tmp_path, "token", "create", "x", "--account", "boss", "--scopes", "WRITE", "--days", "90")

    assert (made.returncode, made.stdout) == (0, "account boss created with role admin\n")
    assert again.returncode == 1
    assert len(again.stderr.splitlines()) == 1
    assert token.returncode == 0
    assert token.stdout.startswith("beian_")
    assert (unknown.returncode, unknown.stderr) == (1, "--scopes: unknown WRITE\n")
    assert "correct horse" not in made.stdout + made.stderr + again.stderr


def test_the_pages_health_and_metrics_of_a_real_server(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.wait_until_ready()
        with httpx.Client(base_url=server.url, trust_env=False) as client:
            pages = {
                path: client.get(path).status_code for path in ("/", "/app/login", "/healthz", "/readyz")
            }
            metrics = client.get("/metrics")
            typename = client.post("/graphql", json={"query": "{ __typename viewer { role } }"})
            hidden = client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
        server.end()

    assert set(pages.values()) == {200}
    assert "beian_requests_total" in metrics.text
    assert hidden.status_code == 404
    assert typename.json() == {"data": {"__typename": "Query", "viewer": None}}


def test_a_worker_has_no_listener_and_ends_with_0(tmp_path: Path) -> None:
    with serving(tmp_path, BEIAN_ROLE="worker") as server:
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == "Beian is ready: worker, no listener\n"
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url, trust_env=False)
        code, _, _ = server.end()

    assert code == 0
