"""The server's own plain pages: the landing page, the forms of the entrance, the console."""

from pathlib import Path
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from edge.graphiql_build import STATIC, how_it_went, is_built
from edge.saved import saved

PAGES = Path(__file__).resolve().parent / "pages"


async def landing(request: Request) -> Response:
    """`GET /`: what this is, and where to go."""
    return _page("landing")


async def signin(request: Request) -> Response:
    """`GET /app/login?next=PATH`: the sign-in form; its script takes `next` only as a path of this origin."""
    return _page("signin")


async def register(request: Request) -> Response:
    """`GET /app/register`: the form by which an applicant registers (注册)."""
    return _page("register")


async def forgot(request: Request) -> Response:
    """`GET /app/forgot`: the form that has a reset link mailed (忘记密码)."""
    return _page("forgot")


async def reset(request: Request) -> Response:
    """`GET /app/reset?token=TOKEN`: where the mailed link leads; its script takes the token out of the address."""
    return _page("reset")


async def filing(request: Request) -> Response:
    """`GET /app/filings/ID`: where mails about a filing lead; opens it in the console."""
    variables = orjson.dumps({"id": request.path_params["filing_id"]}).decode()
    return RedirectResponse(f"/graphiql#op=filing&vars={quote(variables)}", status_code=302)


async def graphiql(request: Request) -> Response:
    """`GET /graphiql`: the console; while its files are missing, why, and how to fetch them."""
    if is_built():
        return _page("graphiql")
    page = (PAGES / "missing.html").read_text(encoding="utf-8")
    return HTMLResponse(page.replace("{{reason}}", _escape(how_it_went())), status_code=503)


async def settings_of_pages(request: Request) -> Response:
    """`GET /pages/settings.json`: what the pages' scripts must know of the settings."""
    return JSONResponse({"captcha": request.app.state.settings.captcha})


def _page(name: str) -> Response:
    return FileResponse(PAGES / f"{name}.html", media_type="text/html")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def page_routes() -> list[BaseRoute]:
    """Gives the pages' routes and their files."""
    return [
        Route("/", landing),
        Route("/app/login", signin),
        Route("/app/register", register),
        Route("/app/forgot", forgot),
        Route("/app/reset", reset),
        Route("/app/filings/{filing_id}", filing),
        Route("/graphiql", graphiql),
        Route("/graphiql/operations.json", saved),
        Route("/pages/settings.json", settings_of_pages),
        Mount("/pages", StaticFiles(directory=PAGES)),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
