"""Whether the process lives, and whether it can take requests now."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models.database import ping
from models.faults import StoreAway


async def healthz(request: Request) -> Response:
    """`GET /healthz`: 200 as long as the process answers at all."""
    return JSONResponse({"status": "alive"})


async def readyz(request: Request) -> Response:
    """`GET /readyz`: 200 when requests can be served; 503 while draining or while the database is away."""
    if request.app.state.draining:
        return JSONResponse({"status": "draining"}, status_code=503)
    try:
        await ping()
    except StoreAway as error:
        headers = {"retry-after": str(error.retry_after)}
        return JSONResponse({"status": "database away"}, status_code=503, headers=headers)
    return JSONResponse({"status": "ready"})
