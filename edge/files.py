"""Files (文件): pictures come in as raw bodies, and go out to those who may see them."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from urllib.parse import quote, unquote_to_bytes

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from edge.masking import refusal_for
from edge.origin import check_origin
from edge.refusals import TurnedAway
from models.attachment import StoredFile
from models.node_ids import node_id
from models.refusal import Problem, Refused
from models.states import TokenScope
from schema.context import Context
from schema.credentials import prefers_english
from workflow.darkroom import DarkroomFull, UnfitPicture
from workflow.files import LONGEST_NAME, keep_file, may_upload, read_file

MAX_BYTES = 10 * 1024 * 1024
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
BODY_SECONDS = 60
AT_ONCE = 10  # bodies held in memory
AT_ONCE_EACH = 4  # of one account
BUSY_SECONDS = 2
STATUSES = {"NOT_PERMITTED": 403, "NOT_FOUND": 404, "THROTTLED": 429}

_coming: Counter[int] = Counter()


def file_routes() -> list[Route]:
    """The routes of files."""
    return [Route("/files", upload, methods=["POST"]), Route("/files/{file_id}", download)]


async def upload(request: Request) -> Response:
    """`POST /files`: one raw JPEG or PNG of at most 10 MiB, its name percent-encoded in `X-Filename`.

    201 with id, sha256, width and height of the picture as it was drawn anew; 401 without a session or token of scope
    FILE, 403, 413, 415 for another type, 422 for an unfit picture, 429 and 503 with `Retry-After`.
    """
    english = prefers_english(request.headers)
    try:
        return await _take_in(request)
    except Refused as refused:
        return _refusal(refused.problems[0], english=english)
    except UnfitPicture as unfit:
        status = 415 if unfit.reason == "FORMAT" else 422
        refusal = TurnedAway(f"picture_{unfit.reason}", "UNFIT_PICTURE", status)
        return refusal.answer(english=english)
    except DarkroomFull:
        return _busy().answer(english=english)
    except Exception as error:  # masked with an id, as on every way in
        return refusal_for(error).answer(english=english)


async def download(request: Request) -> Response:
    """`GET /files/ID`: the picture as a download; 404 alike for what is unknown, malformed or not the caller's."""
    english = prefers_english(request.headers)
    try:
        context = await _context(request, TokenScope.READ)
        document = await read_file(context.actor, request.path_params["file_id"])
    except Refused:
        return TurnedAway("file_missing", "NOT_FOUND", 404).answer(english=english)
    except Exception as error:  # masked with an id, as on every way in
        return refusal_for(error).answer(english=english)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(_shown_name(document.file), safe='')}",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(document.data, media_type=document.file.media_type, headers=headers)


async def _take_in(request: Request) -> Response:
    check_origin(request.headers, request.app.state.settings.public_url)
    context = await _context(request, TokenScope.FILE)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in SUFFIXES:
        raise TurnedAway("file_type", "UNSUPPORTED_MEDIA_TYPE", 415)
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:12]) > MAX_BYTES:
        raise TurnedAway("file_too_large", "PAYLOAD_TOO_LARGE", 413)
    name = _given_name(request.headers.get("x-filename"))
    with _place_for(context.known_caller.account_id):
        await may_upload(context.actor)
        file = await keep_file(context.actor, await _read_body(request), media_type, name)
    number = node_id(StoredFile, file.id)
    told = {"id": number, "sha256": file.sha256, "width": file.width, "height": file.height}
    headers = {"location": f"/files/{number}"}
    return Response(orjson.dumps(told), status_code=201, headers=headers, media_type="application/json")


async def _context(request: Request, scope: TokenScope) -> Context:
    """Whoever stands behind the request; raises TurnedAway for a visitor and for a token without the scope."""
    state = request.app.state
    context: Context = await state.make_context(request, None, state.settings)
    if context.caller is None:
        raise TurnedAway("sign_in", "UNAUTHENTICATED", 401, headers={"www-authenticate": "Bearer"})
    if not context.is_within(scope):
        raise TurnedAway("forbidden", "FORBIDDEN", 403)
    return context


async def _read_body(request: Request) -> bytes:
    """The body; raises TurnedAway above 10 MiB, without reading the rest, and for one that takes a minute."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise TurnedAway("file_too_large", "PAYLOAD_TOO_LARGE", 413)
    except ClientDisconnect:
        raise TurnedAway("cut_off") from None
    except TimeoutError:
        raise TurnedAway("file_slow", "TIMEOUT", 408) from None
    return bytes(body)


@contextmanager
def _place_for(account_id: int) -> Iterator[None]:
    """A place among the bodies that are held at a time; raises TurnedAway where there is none."""
    if _coming.total() >= AT_ONCE or _coming[account_id] >= AT_ONCE_EACH:
        raise _busy()
    _coming[account_id] += 1
    try:
        yield
    finally:
        _coming[account_id] -= 1
        if not _coming[account_id]:
            del _coming[account_id]


def _busy() -> TurnedAway:
    return TurnedAway(
        "uploads_busy",
        "UNAVAILABLE",
        503,
        headers={"retry-after": str(BUSY_SECONDS)},
        extensions={"retryAfter": BUSY_SECONDS},
    )


def _given_name(header: str | None) -> str | None:
    """The last part of the name that the client gives; raises TurnedAway for one that cannot be shown."""
    if header is None:
        return None
    try:
        name = unquote_to_bytes(header).decode("utf-8").replace("\\", "/").rpartition("/")[2].strip()
    except UnicodeError:
        raise TurnedAway("file_name") from None
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise TurnedAway("file_name")
    return name or None


def _shown_name(file: StoredFile) -> str:
    """The name to save it under, ending as its media type wants."""
    stem = PurePosixPath(file.filename).stem if file.filename else node_id(StoredFile, file.id)
    return f"{stem}{SUFFIXES[file.media_type]}"


def _refusal(problem: Problem, *, english: bool) -> Response:
    """The answer to an expected refusal, in the shape of all that the edge turns away."""
    after = problem.retry_after
    extensions = {"code": problem.code} | ({"retryAfter": after} if after is not None else {})
    headers = {} if after is None else {"retry-after": str(after)}
    error = {"message": problem.en if english else problem.zh, "extensions": extensions}
    body = orjson.dumps({"errors": [error]})
    return Response(
        body, status_code=STATUSES.get(problem.code, 409), headers=headers, media_type="application/json"
    )
