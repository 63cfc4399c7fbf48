"""The server's own plain pages: the landing page, the sign-in form, the console."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from edge.graphiql_build import STATIC, how_it_went, is_built
from edge.saved import saved

PAGES = Path(__file__).resolve().parent / "pages"


async def landing(request: Request) -> Response:
    """`GET /`: what this is, and where to go."""
    return FileResponse(PAGES / "landing.html", media_type="text/html")


async def signin(request: Request) -> Response:
    """`GET /app/login?next=PATH`: the sign-in form; its script takes `next` only as a path of this origin."""
    return FileResponse(PAGES / "signin.html", media_type="text/html")


async def graphiql(request: Request) -> Response:
    """`GET /graphiql`: the console; while its files are missing, why, and how to fetch them."""
    if is_built():
        return FileResponse(PAGES / "graphiql.html", media_type="text/html")
    page = (PAGES / "missing.html").read_text(encoding="utf-8")
    return HTMLResponse(page.replace("{{reason}}", _escape(how_it_went())), status_code=503)


async def settings_of_pages(request: Request) -> Response:
    """`GET /pages/settings.json`: what the pages' scripts must know of the settings."""
    return JSONResponse({"captcha": request.app.state.settings.captcha})


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def page_routes() -> list[BaseRoute]:
    """Gives the pages' routes and their files."""
    return [
        Route("/", landing),
        Route("/app/login", signin),
        Route("/graphiql", graphiql),
        Route("/graphiql/operations.json", saved),
        Route("/pages/settings.json", settings_of_pages),
        Mount("/pages", StaticFiles(directory=PAGES)),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
