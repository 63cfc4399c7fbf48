"""The user manual (备案系统使用文档): `docs/manual.zh.md` and the flow chart as one page that stands alone, to download."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from settings import ROOT, Settings
from workflow.flow_chart import flow_svg

SOURCE = ROOT / "docs" / "manual.zh.md"
PICTURE = "lifecycle.svg"  # as the source names it; drawn anew into the page
TITLE = "备案系统使用文档"
FILENAME = f"{TITLE}.html"
STYLE = """
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; line-height: 1.75;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1, h2, h3 { line-height: 1.3; } h2 { border-bottom: 1px solid #dddddd; padding-bottom: .3rem; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid #cccccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: #f4f4f4; } svg { width: 100%; height: auto; } code { background: #f4f4f4; padding: 0 .2rem; }
footer { margin-top: 3rem; border-top: 1px solid #dddddd; color: #555555; }
@media print { body { margin: 0; max-width: none; } h2, h3 { break-after: avoid; } tr, svg { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Manual:
    """The page in bytes, and the tag that names exactly these."""

    page: bytes
    etag: str


async def manual(request: Request) -> Response:
    """`GET /manual`: the manual as a download, open to all; 304 to who has it already."""
    made = manual_for(request.app.state.settings)
    headers = {
        "etag": made.etag,
        "cache-control": "no-cache",
        "content-disposition": f"attachment; filename=\"beian-manual.html\"; filename*=UTF-8''{quote(FILENAME)}",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if _has_it(request.headers.get("if-none-match", ""), made.etag):
        del headers["content-disposition"]
        return Response(status_code=304, headers=headers)
    return Response(made.page, media_type="text/html", headers=headers)


def manual_for(settings: Settings) -> Manual:
    """The manual as this provider gives it out, made once and kept."""
    return _make(settings.provider_name, settings.provider_telephone, settings.provider_service_hours)


@lru_cache(maxsize=4)
def _make(provider: str, telephone: str, hours: str) -> Manual:
    named = ((provider, "接入商"), (telephone, "服务电话"), (hours, "服务时间"))
    lines = [f"{name}：{escape(value)}" for value, name in named if value]
    page = (
        f'<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{TITLE}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{render(SOURCE.read_text(encoding='utf-8'))}"
        f"<footer>\n<p>{'<br>'.join(lines)}</p>\n</footer>\n</body>\n</html>\n"
    ).encode()
    return Manual(page, f'"{hashlib.sha256(page).hexdigest()[:32]}"')


def render(text: str) -> str:
    """The HTML of the manual's Markdown, the flow chart drawn into it; HTML in the text stays text."""
    from markdown_it import MarkdownIt  # needed once in the life of a process, if at all

    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    markdown.add_render_rule("image", _picture)
    return str(markdown.render(text))


def _picture(renderer: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    """The one picture there is; raises ValueError for any other, which the page could not carry along."""
    source = tokens[index].attrs["src"]
    if source != PICTURE:
        raise ValueError(f"the manual has no picture {source}")
    return flow_svg().strip()


def _has_it(header: str, etag: str) -> bool:
    told = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return etag in told or told == ["*"]
