"""Why the edge turns a request away: the sentences in both languages and the GraphQL-shaped answer."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

SENTENCES: dict[str, tuple[str, str]] = {
    "method": ("只接受 GET 和 POST 请求。", "Only GET and POST are accepted."),
    "mutation_by_get": ("变更操作必须用 POST 提交。", "Mutations must be sent by POST."),
    "media_type": ("请求体的类型必须是 application/json。", "The body must be application/json."),
    "charset": ("请求体的字符集必须是 UTF-8。", "The body's character set must be UTF-8."),
    "origin": ("拒绝来自其他网站的请求。", "Requests from other sites are refused."),
    "too_large": ("请求体超过 256 KiB。", "The body is larger than 256 KiB."),
    "cut_off": ("请求体在传输中断。", "The body broke off."),
    "utf8": ("请求体不是有效的 UTF-8。", "The body is not valid UTF-8."),
    "json": ("请求体不是有效的 JSON。", "The body is not valid JSON."),
    "not_object": ("请求必须是一个 JSON 对象。", "The request must be a JSON object."),
    "nesting": ("JSON 嵌套超过 32 层。", "The JSON is nested more than 32 levels deep."),
    "duplicate_key": ("JSON 对象中有重复的键。", "A JSON object has the same key twice."),
    "number": ("JSON 中的数字过大或不是有效数字。", "A number in the JSON is too large or not a number."),
    "characters": (
        "JSON 文本含有空字符或不成对的代理字符。",
        "A text in the JSON holds NUL or a lone surrogate.",
    ),
    "no_query": ("请求中没有 query。", "The request has no query."),
    "query": ("query 必须是文本。", "query must be a string."),
    "variables": ("variables 必须是对象。", "variables must be an object."),
    "operation_name": ("operationName 必须是文本。", "operationName must be a string."),
    "extensions": ("extensions 必须是对象。", "extensions must be an object."),
    "parameters": ("网址中的参数重复或无效。", "A parameter in the address is repeated or not valid."),
    "which_operation": (
        "文档中有多个操作，必须给出 operationName。",
        "The document has several operations: operationName must say which.",
    ),
    "unknown_operation": ("文档中没有名为 operationName 的操作。", "The document has no such operation."),
    "subscription_by_post": (
        "订阅请使用 WebSocket（graphql-transport-ws）。",
        "Subscriptions go over a WebSocket (graphql-transport-ws).",
    ),
    "mutation_by_socket": (
        "变更操作不能通过 WebSocket 提交，请用 POST。",
        "Mutations go by POST, not by socket.",
    ),
    "too_many_operations": ("此连接上的操作过多。", "Too many operations on this socket."),
    "introspection": ("登录后才能查询接口结构。", "Sign in to ask for the schema."),
    "credential": ("登录凭证无效、已过期或已撤销。", "The credential is wrong, expired or revoked."),
    "away": ("服务暂时不可用，请稍后重试。", "The service is unavailable for the moment; try again."),
    "timeout": ("处理超时。", "It took too long."),
    "fault": ("服务器内部错误。", "Something went wrong on the server."),
    "sign_in": ("请先登录。", "Sign in first."),
    "forbidden": ("您无权进行此操作。", "This step is not yours to take."),
    "file_type": ("只接受 JPEG 和 PNG 图片。", "Only JPEG and PNG pictures are taken."),
    "file_too_large": ("文件超过 10 MiB。", "The file is larger than 10 MiB."),
    "file_name": ("文件名无效。", "The file name is not valid."),
    "file_missing": ("没有找到该文件。", "There is no such file."),
    "file_slow": ("文件上传过慢。", "The file came too slowly."),
    "uploads_busy": ("正在处理的文件过多，请稍后重试。", "Too many files are being taken in; try again."),
    "picture_FORMAT": (
        "文件内容不是所声明的图片格式。",
        "The content is not a picture of the declared type.",
    ),
    "picture_BROKEN": ("图片不完整或已损坏。", "The picture is cut off or damaged."),
    "picture_FOREIGN": ("文件中除图片外还有其他内容。", "The file holds something else beside the picture."),
    "picture_FRAMES": ("不接受动画或多帧图片。", "Animated pictures and several frames are not taken."),
    "picture_PIXELS": (
        "图片的像素过多，请缩小后上传。",
        "The picture has too many pixels; send a smaller one.",
    ),
    "picture_TIME": (
        "图片处理超时，请缩小后上传。",
        "The picture takes too long to read; send a smaller one.",
    ),
    "too_deep": ("文档嵌套过深。", "The document is nested too deeply."),
}


def say(sentence: str, *, english: bool) -> str:
    """Gives the sentence of that key in the caller's language."""
    return SENTENCES[sentence][1 if english else 0]


class TurnedAway(Exception):
    """A request that the edge turns away: which sentence, which `extensions.code`, which HTTP status."""

    def __init__(
        self,
        sentence: str,
        code: str = "BAD_REQUEST",
        status: int = 400,
        *,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    def answer(self, *, english: bool) -> Response:
        """Gives the HTTP response: a GraphQL body with one error and no `data`."""
        error = {
            "message": say(self.sentence, english=english),
            "extensions": {"code": self.code, **self.extensions},
        }
        return Response(
            orjson.dumps({"errors": [error]}),
            status_code=self.status,
            headers=self.headers,
            media_type="application/json",
        )
