"""Files over HTTP, on a real server: who may bring and fetch what, and what each wrong body is answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import make_database
from tests.journeys.conftest import PASSWORD
from tests.support.client import Client
from tests.support.drawing import SECRET_PLACE, bomb, draw, encoded, jpeg, photographed, png
from tests.support.serving import Server

MIB = 1024 * 1024
JPEG = {"content-type": "image/jpeg"}


@dataclass
class House:
    """A server with somebody in each role."""

    server: Server
    owner: Client
    other: Client
    reviewer: Client
    admin: Client
    auditor: Client

    @property
    def vault(self) -> Path:
        """Where its files lie."""
        return self.server.folder / "var" / "files"

    def count(self) -> int:
        """How many files lie there."""
        return len(list(self.vault.iterdir())) if self.vault.exists() else 0


@pytest.fixture(scope="module")
async def house(
    request: pytest.FixtureRequest,
    database: str,
    scratch: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[House]:
    """The server and its people, for all tests of this room."""
    folder = tmp_path_factory.mktemp("files")
    url = await make_database(
        database, "files_over_http", folder if database == "sqlite" else scratch, request
    )
    server = Server(folder, BEIAN_DATABASE_URL=url).start()
    people = {name: Client(server.url) for name in ("owner", "other", "reviewer", "admin", "auditor")}
    house = House(server, **people)
    try:
        await _sign_in(house, people)
        yield house
    finally:
        for client in people.values():
            await client.close()
        server.close()


async def _sign_in(house: House, people: dict[str, Client]) -> None:
    for name, client in people.items():
        if name in ("owner", "other"):
            await client.do("register", username=name, password=PASSWORD, email=f"{name}@example.com")
        else:
            house.server.run("account", "create", f"{name}1", "--role", name, given=f"{PASSWORD}\n")
        await client.login(name if name in ("owner", "other") else f"{name}1", PASSWORD)


async def send(client: Client, body: Any, **headers: str) -> httpx.Response:
    """Upload; header names with low lines."""
    given = JPEG | {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.http.post("/files", content=body, headers=given)


async def bring(client: Client, body: bytes | None = None, **headers: str) -> str:
    """Upload what must be taken; gives its id."""
    reply = await send(client, body or jpeg(), **headers)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def code_of(reply: httpx.Response) -> str:
    """The code in the body of an answer."""
    (error,) = reply.json()["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.shows("C78")
async def test_a_picture_is_taken_redrawn_and_given_back_as_a_download(house: House) -> None:
    reply = await send(house.owner, photographed(), x_filename="%E8%BA%AB%E4%BB%BD%E8%AF%81.jpeg")

    assert reply.status_code == 201
    told = reply.json()
    assert set(told) == {"id", "sha256", "width", "height"}
    assert (told["width"], told["height"]) == (200, 320)
    back = await house.owner.http.get(reply.headers["location"])
    assert back.status_code == 200
    assert back.content.startswith(b"\xff\xd8\xff")
    assert SECRET_PLACE not in back.content
    assert back.headers["content-type"] == "image/jpeg"
    assert back.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81.jpg"
    )
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["cache-control"] == "private, no-store"
    assert back.headers["content-security-policy"] == "default-src 'none'; sandbox"
    for path in house.vault.iterdir():
        assert back.content[:200] not in path.read_bytes()


def in_pieces(size: int) -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    yield jpeg()
    for _ in range(size // 65536):
        yield b"\0" * 65536


async def pieces(size: int) -> AsyncIterator[bytes]:
    """The same, as the client wants it."""
    for piece in in_pieces(size):
        yield piece


REFUSED: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "a type that is not taken": (jpeg(), {"content_type": "image/gif"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    "a form": (jpeg(), {"content_type": "multipart/form-data; boundary=x"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    "another type than declared": (png(), {}, 415, "UNFIT_PICTURE"),
    "a GIF renamed": (encoded(draw(), "GIF"), {"content_type": "image/png"}, 415, "UNFIT_PICTURE"),
    "a JPEG that is a page too": (jpeg() + b"<html><script>alert(1)</script>", {}, 422, "UNFIT_PICTURE"),
    "half a picture": (jpeg()[: len(jpeg()) // 2], {}, 422, "UNFIT_PICTURE"),
    "a bomb": (bomb(), {"content_type": "image/png"}, 422, "UNFIT_PICTURE"),
    "11 MiB": (jpeg() + b"\0" * 11 * MIB, {}, 413, "PAYLOAD_TOO_LARGE"),
    "another site's page": (jpeg(), {"origin": "https://evil.example"}, 403, "FORBIDDEN"),
    "another site's request": (jpeg(), {"sec_fetch_site": "cross-site"}, 403, "FORBIDDEN"),
    "a name that is no text": (jpeg(), {"x_filename": "%FF%FE"}, 400, "BAD_REQUEST"),
    "a name with a line end": (jpeg(), {"x_filename": "a%0D%0Ab.jpg"}, 400, "BAD_REQUEST"),
}


@pytest.mark.shows("C78")
@pytest.mark.parametrize("what", REFUSED)
async def test_is_refused_within_two_seconds_and_leaves_nothing(house: House, what: str) -> None:
    body, headers, status, code = REFUSED[what]
    before, started = house.count(), time.monotonic()

    reply = await send(house.owner, body, **headers)

    assert (reply.status_code, code_of(reply)) == (status, code)
    assert time.monotonic() - started < 2.5
    assert house.count() == before


async def test_a_body_of_unknown_length_is_read_no_further_than_10_mib(house: House) -> None:
    before = house.count()
    reply = await send(house.owner, pieces(12 * MIB))
    assert (reply.status_code, code_of(reply)) == (413, "PAYLOAD_TOO_LARGE")
    assert (await send(house.owner, pieces(0))).status_code == 201
    assert house.count() == before + 1


async def test_the_refusal_is_told_in_the_callers_language(house: House) -> None:
    for language, sentence in (("en", "The picture is cut off or damaged."), ("zh", "图片不完整或已损坏。")):
        reply = await send(house.owner, jpeg()[:-2], accept_language=language)
        assert reply.json()["errors"][0]["message"] == sentence


@pytest.mark.shows("C78")
async def test_who_is_not_signed_in_or_files_nothing_brings_nothing(house: House) -> None:
    before = house.count()
    visitor = Client(house.server.url)
    reply = await send(visitor, jpeg())
    assert (reply.status_code, code_of(reply)) == (401, "UNAUTHENTICATED")
    assert (await visitor.http.get("/files/file_1")).status_code == 401
    reply = await send(visitor, jpeg(), authorization="Bearer wrong")
    assert (reply.status_code, code_of(reply)) == (401, "UNAUTHENTICATED")
    for client in (house.admin, house.auditor):
        reply = await send(client, jpeg())
        assert (reply.status_code, code_of(reply)) == (403, "NOT_PERMITTED")
    await visitor.close()
    assert house.count() == before


@pytest.mark.shows("C78")
async def test_a_token_brings_with_scope_file_and_fetches_with_scope_read(house: House) -> None:
    visitor = Client(house.server.url)

    async def token(*scopes: str) -> dict[str, str]:
        payload = await house.owner.do("createApiToken", name="-".join(scopes), scopes=list(scopes), days=1)
        return {"authorization": f"Bearer {payload['token']}"}

    filing, reading = await token("FILE"), await token("READ")
    assert (await send(visitor, jpeg(), **reading)).status_code == 403
    file = await bring(visitor, **filing)
    assert (await visitor.http.get(f"/files/{file}", headers=filing)).status_code == 403
    assert (await visitor.http.get(f"/files/{file}", headers=reading)).status_code == 200
    await visitor.close()


@pytest.mark.shows("C78")
async def test_unknown_foreign_and_malformed_ids_are_answered_alike(house: House) -> None:
    file = await bring(house.owner)
    answers = [
        await client.http.get(f"/files/{named}")
        for client, named in (
            (house.other, file),
            (house.reviewer, file),
            (house.admin, file),
            (house.auditor, file),
            (house.owner, "file_999999"),
            (house.owner, "file_x"),
            (house.owner, "sub_1"),
        )
    ]
    assert {reply.status_code for reply in answers} == {404}
    assert len({reply.text for reply in answers}) == 1
    assert (await house.owner.http.get(f"/files/{file}")).status_code == 200


@pytest.mark.shows("C78")
async def test_a_document_that_is_attached_is_fetched_by_its_url(house: House) -> None:
    made = await house.owner.do("createSubject", name="沈阳海岸科技有限公司")
    subject = made["subject"]
    file = await bring(house.owner)
    payload = await house.owner.do(
        "attachFile", ownerId=subject["id"], version=subject["version"], fileId=file, use="2"
    )
    url = payload["attachment"]["url"]
    assert (await house.owner.http.get(url)).status_code == 200
    assert (await house.other.http.get(url)).status_code == 404
    assert (await house.reviewer.http.get(url)).status_code == 404  # a draft that was never submitted


async def test_one_account_cannot_take_every_place(house: House) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield jpeg()
        await asyncio.sleep(1.5)

    holding = [asyncio.create_task(send(house.owner, slow())) for _ in range(4)]
    await asyncio.sleep(0.7)
    reply = await send(house.owner, jpeg())
    assert (reply.status_code, code_of(reply)) == (503, "UNAVAILABLE")
    assert reply.headers["retry-after"] == "2"
    assert (await send(house.other, jpeg())).status_code == 201
    assert [reply.status_code for reply in await asyncio.gather(*holding)] == [201] * 4
