"""The console's files: taken from the locked packages, and what is said when they cannot be had."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from edge import graphiql_build
from edge.browser_pages import page_routes
from edge.graphiql_build import NPM, build, is_built

PAGES = Path(graphiql_build.__file__).parent / "pages"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=page_routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout whose files have not been fetched yet."""
    monkeypatch.setattr(graphiql_build, "STATIC", tmp_path)
    monkeypatch.setattr(graphiql_build, "STAMP", tmp_path / ".stamp")
    return tmp_path


def test_every_locked_package_has_its_address_and_its_hash() -> None:
    lock = json.loads((NPM / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages["node_modules/graphiql"]["version"] == "3.8.3"
    assert packages["node_modules/react"]["version"].startswith("18.")
    assert all(entry["resolved"].startswith("https://registry.npmjs.org/") for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


async def test_without_npm_the_page_says_why_and_the_rest_works(
    client: httpx.AsyncClient,
    empty: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")

    await build()

    assert not is_built()
    page = await client.get("/graphiql")
    assert page.status_code == 503
    assert "npm ci failed" in page.text
    assert "set npm_config_registry to a mirror" in page.text
    assert "npm ci failed" in capsys.readouterr().err
    assert (await client.get("/")).status_code == 200


async def test_what_an_older_lock_file_gave_is_stale(empty: Path) -> None:
    (empty / ".stamp").write_text("0" * 64, encoding="ascii")

    assert not is_built()


async def test_files_that_are_there_are_served_from_our_own_origin_alone(
    client: httpx.AsyncClient, empty: Path
) -> None:
    (empty / ".stamp").write_text(graphiql_build.wanted_stamp(), encoding="ascii")

    page = await client.get("/graphiql")

    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")


@pytest.mark.parametrize("name", ["landing.html", "signin.html", "graphiql.html", "missing.html"])
def test_a_page_holds_no_script_of_its_own_and_names_no_other_site(name: str) -> None:
    text = (PAGES / name).read_text(encoding="utf-8")

    assert "<script>" not in text
    assert " on" not in text.replace(" one", "").replace(" online", "") or 'onclick="' not in text
    assert "http://" not in text
    assert "https://" not in text


async def test_the_sign_in_form_and_its_files_are_served(client: httpx.AsyncClient) -> None:
    form = await client.get("/app/login?next=/graphiql")

    assert form.status_code == 200
    for path in ("/pages/signin.js", "/pages/pages.css"):
        assert path in form.text
        assert (await client.get(path)).status_code == 200
